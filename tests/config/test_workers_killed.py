"""Workers and brokers that are killed in the middle of a job: no job is lost, and none is done twice.

Where time has to pass, the rows are made older.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import which

import pytest
from django.conf import settings
from redis import Redis
from redis.exceptions import RedisError

from annotator import jobs
from annotator.models import Job, Member
from annotator.tasks import run_job
from config.celery import app
from tests.annotator.test_claimers import database_url
from tests.config.killing import KILLS
from tests.config.test_serve import eventually, free_port
from tests.config.works import (
    done_and_whole,
    evaluating,
    exporting,
    fell_silent,
    importing,
    indexing,
    loading,
    turns,
)
from tests.conftest import unavailable


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

    def tell(self, job: Job) -> None:
        """Send the message of a job, which is lost when this is killed."""
        with app.connection_for_write(self.url) as connection:
            app.send_task(run_job.name, (job.pk,), connection=connection)

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
    """A worker as a team starts it. It looks for what waits when it starts, and now and then."""

    def __init__(self, var: Path, broker: str, turns: range = range(KILLS)) -> None:
        more = {"DATABASE_URL": database_url(), "PROVISO_VAR": str(var), "SECRET_KEY": settings.SECRET_KEY}
        self.environment = os.environ | more | ({"CELERY_BROKER_URL": broker} if broker else {})
        self.turns = turns

    @contextmanager
    def running(self) -> Iterator[None]:
        """Let it run for the block, at whose end it is killed."""
        command = [sys.executable, "-m", "celery", "--quiet", "--app", "config", "worker", "--pool", "solo"]
        process = subprocess.Popen(
            [*command, "--loglevel", "CRITICAL"], cwd=settings.BASE_DIR, env=self.environment, start_new_session=True
        )
        try:
            yield
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@pytest.fixture(params=["folder", "redis"])
def worker(request: pytest.FixtureRequest, tmp_path: Path) -> CeleryWorker:
    """A worker over each transport, with half the turns; it is told of no job, as if every message were lost."""
    if request.param == "folder":
        return CeleryWorker(tmp_path, "", range(0, KILLS, 2))
    return CeleryWorker(tmp_path, request.getfixturevalue("redis").url, range(1, KILLS, 2))


@pytest.mark.django_db(transaction=True)
def test_a_job_whose_worker_is_killed_is_done_once_by_the_next(worker: CeleryWorker, mo: Member) -> None:
    for turn, work_of in turns(importing, loading, evaluating, indexing, exporting, of=worker.turns):
        work = work_of(mo, turn)
        with worker.running():
            assert eventually(work.begun)
        fell_silent(work.job)
        with worker.running():
            done_and_whole(work)


@pytest.mark.alike
@pytest.mark.django_db(transaction=True)
def test_a_job_outlives_the_broker_that_is_killed(redis: RedisServer, mo: Member, tmp_path: Path) -> None:
    with CeleryWorker(tmp_path, redis.url).running():
        for turn, work_of in turns(evaluating, loading, importing, indexing):
            work, later = work_of(mo, turn), importing(mo, KILLS + turn)
            redis.tell(work.job)
            redis.tell(later.job)
            assert eventually(work.begun)
            redis.kill()
            redis.start()
            done_and_whole(work)
            done_and_whole(later)
            assert (work.job.attempt, later.job.attempt) == (1, 1)


def test_a_request_goes_on_where_no_broker_is(monkeypatch, caplog):
    """The job is stored, and workers look for it by themselves."""
    monkeypatch.setattr(app.conf, "broker_url", f"redis://127.0.0.1:{free_port()}/0")
    monkeypatch.setattr(app, "_pool", None)
    monkeypatch.setattr(app.amqp, "_producer_pool", None)  # what an earlier test sent by
    jobs.nudge(0)
    assert "No worker could be told" in caplog.text
