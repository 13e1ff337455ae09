"""Workers and brokers that are killed in the middle of a job: no job is lost, and none is done twice.

``PROVISO_KILLS`` says how often; ``make faults`` kills twenty times. Where time has to pass, the rows are made older.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from shutil import which
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from redis import Redis
from redis.exceptions import RedisError

from annotator import jobs
from annotator.actions.exporting import export, export_plan
from annotator.actions.kept_files import folder, kept_file
from annotator.actions.uploading import keep_upload, look_at
from annotator.models import Job, Member, Project, Question
from config.celery import app
from retrieval.engines import engine_for
from retrieval.models import Corpus, Fragment
from tests.annotator.test_claimers import database_url
from tests.config.test_serve import eventually, free_port
from tests.conftest import unavailable

KILLS = int(os.environ.get("PROVISO_KILLS", "2"))
EACH = (KILLS + 1) // 2  # of the workers over each transport
QUESTIONS = 1_000
FRAGMENTS = 20_000
LONG_AGO = timedelta(minutes=5)


class RedisServer:
    """A Redis of our own that keeps nothing: what was in it is lost when it is killed."""

    def __init__(self, folder: Path) -> None:
        self.port, self.folder = free_port(), folder
        self.start()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        command = ["redis-server", "--port", str(self.port), "--save", "", "--appendonly", "no", "--bind", "127.0.0.1"]
        self.process = subprocess.Popen([*command, "--dir", str(self.folder)], stdout=subprocess.DEVNULL)
        assert eventually(self.answers)

    def answers(self) -> bool:
        try:
            return bool(Redis.from_url(self.url).ping())
        except RedisError:
            return False

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[RedisServer]:
    if which("redis-server") is None:
        unavailable("redis", "no redis-server is installed")
    server = RedisServer(tmp_path)
    yield server
    server.kill()


class CeleryWorker:
    """A worker as a team starts it."""

    def __init__(self, var: Path, broker: str) -> None:
        more = {"DATABASE_URL": database_url(), "PROVISO_VAR": str(var), "SECRET_KEY": settings.SECRET_KEY}
        self.environment = os.environ | more | ({"CELERY_BROKER_URL": broker} if broker else {})
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "celery", "--quiet", "--app", "config", "worker", "--pool", "solo"]
        self.process = subprocess.Popen(
            [*command, "--loglevel", "CRITICAL"], cwd=settings.BASE_DIR, env=self.environment, start_new_session=True
        )

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@pytest.fixture(params=["folder", "redis"])
def worker(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[CeleryWorker]:
    """A worker over each transport; this process tells it of no job, as if every message were lost."""
    broker = request.getfixturevalue("redis").url if request.param == "redis" else ""
    worker = CeleryWorker(tmp_path, broker)
    yield worker
    worker.kill()


def import_job(manager: Member, name: str) -> Job:
    """Return a job that imports a file of questions into a batch of its own."""
    lines = (json.dumps({"id": f"{name}-{number}", "question": f"What is {number}?"}) for number in range(QUESTIONS))
    kept = keep_upload(SimpleUploadedFile(f"{name}.jsonl", "\n".join(lines).encode()), manager, name)
    look_at(kept, name)
    arguments = {"import": kept.pk}
    return Job.objects.create(
        verb="import", project=manager.project, by=manager, arguments=arguments, created=timezone.now() - LONG_AGO
    )


def imported(name: str) -> int:
    return Question.objects.filter(external_id__startswith=f"{name}-").count()


def done(job: Job) -> bool:
    job.refresh_from_db()
    assert job.state not in ("failed", "cancelled"), job.error
    return job.state == "done"


@pytest.mark.django_db(transaction=True)
def test_a_job_whose_worker_is_killed_is_done_once_by_the_next(worker: CeleryWorker, mo: Member) -> None:
    for kill in range(EACH):
        job = import_job(mo, f"file{kill}")
        assert eventually(lambda: imported(f"file{kill}") > 0)  # noqa: B023 - asked before the next turn
        worker.kill()
        assert imported(f"file{kill}") <= QUESTIONS
        Job.objects.filter(pk=job.pk).update(heartbeat=timezone.now() - LONG_AGO)
        worker.start()
        assert eventually(lambda: done(job))  # noqa: B023
        assert imported(f"file{kill}") == QUESTIONS


def corpus_lines() -> bytes:
    """Return the lines of a corpus file that takes a moment to load."""
    said = (json.dumps({"title": f"T{number}", "text": f"The text {number}. " * 20}) for number in range(FRAGMENTS))
    return "\n".join(said).encode()


def waiting(verb: str, project: Project | None = None, by: Member | None = None, **arguments: Any) -> Job:
    created = timezone.now() - LONG_AGO
    return Job.objects.create(verb=verb, project=project, by=by, arguments=arguments, created=created)


def killed_and_done(worker: CeleryWorker, job: Job, begun: Callable[[], bool]) -> None:
    """Kill the worker once the job has begun, and wait for the next to do it."""
    assert eventually(begun)
    worker.kill()
    Job.objects.filter(pk=job.pk, state="running").update(heartbeat=timezone.now() - LONG_AGO)
    worker.start()
    assert eventually(lambda: done(job))


@pytest.mark.django_db(transaction=True)
def test_a_corpus_is_loaded_and_indexed_whole_though_each_worker_is_killed(
    worker: CeleryWorker, tmp_path: Path
) -> None:
    (tmp_path / "corpora").mkdir()
    (tmp_path / "corpora" / "a.jsonl").write_bytes(corpus_lines())
    loading = waiting("load_corpus", file="a.jsonl", corpus="killed", about={})
    killed_and_done(worker, loading, lambda: Fragment.objects.filter(corpus__slug="killed").exists())
    corpus = Corpus.objects.get(slug="killed")
    assert (corpus.fragments.count(), engine_for(corpus).info().count) == (FRAGMENTS, FRAGMENTS)
    indexing = waiting("reindex", corpus="killed")
    killed_and_done(worker, indexing, lambda: Job.objects.get(pk=indexing.pk).state != "waiting")
    assert engine_for(corpus).info().count == FRAGMENTS


@pytest.mark.django_db(transaction=True)
def test_a_file_is_whole_and_the_same_though_the_worker_that_wrote_it_is_killed(
    worker: CeleryWorker, mo: Member
) -> None:
    filling = import_job(mo, "filled")
    assert eventually(lambda: done(filling))
    job = waiting("export", mo.project, mo, format="full")
    killed_and_done(worker, job, lambda: any(folder().glob("*")) or done(job))
    kept = kept_file(job)
    assert kept is not None
    assert kept.path.read_bytes() == b"".join(export(export_plan(mo.project, "full")))


@pytest.mark.django_db(transaction=True)
def test_a_job_outlives_the_broker_that_is_killed(redis: RedisServer, mo: Member, tmp_path: Path) -> None:
    worker = CeleryWorker(tmp_path, redis.url)
    try:
        for kill in range(KILLS):
            job = import_job(mo, f"file{kill}")
            assert eventually(lambda: imported(f"file{kill}") > 0)  # noqa: B023
            waiting = import_job(mo, f"later{kill}")
            redis.kill()
            redis.start()
            assert eventually(lambda: done(job) and done(waiting))  # noqa: B023
            assert (imported(f"file{kill}"), imported(f"later{kill}")) == (QUESTIONS, QUESTIONS)
            assert (job.attempt, waiting.attempt) == (1, 1)
    finally:
        worker.kill()


def test_a_request_goes_on_where_no_broker_is(monkeypatch, caplog):
    """The job is stored, and workers look for it by themselves."""
    monkeypatch.setattr(app.conf, "broker_url", f"redis://127.0.0.1:{free_port()}/0")
    monkeypatch.setattr(app, "_pool", None)
    monkeypatch.setattr(app.amqp, "_producer_pool", None)  # what an earlier test sent by
    jobs.nudge(0)
    assert "No worker could be told" in caplog.text
