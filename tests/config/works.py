"""What jobs do while something is killed: each work is begun, known to be in its middle, and whole once it is done."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from annotator.actions.exporting import export, export_plan
from annotator.actions.kept_files import folder, kept_file
from annotator.actions.queued import corpus_folder
from annotator.actions.uploading import keep_upload, look_at
from annotator.models import Job, Member, Project, Question
from annotator.released import CHUNK
from retrieval.bulk import add_fragments
from retrieval.engines import engine_for
from retrieval.fragments import NewFragment
from retrieval.models import Corpus, Fragment
from scoring.evaluating import Wanted, begin
from scoring.models import Score
from scoring.running import run
from tests.config.killing import KILLS
from tests.config.test_serve import eventually
from tests.conftest import make_project, make_question
from tests.scoring.answered import BAD, GOOD, agree, predicted

QUESTIONS = 1_000
FRAGMENTS = 20_000
JUDGED = CHUNK + CHUNK // 2  # questions, which are scored in two steps
LONG_AGO = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Work:
    """A job, whether it is in its middle, and what must hold once it is done."""

    job: Job
    begun: Callable[[], bool]
    is_whole: Callable[[], bool]


# Makes the work of a manager’s turn; the turn’s number keeps it apart from the others’.
Making = Callable[[Member, int], Work]


def turns(*makings: Making, of: range = range(KILLS)) -> Iterator[tuple[int, Making]]:
    """Yield the turns of a test, each with its work: one kind after the other, and again from the first."""
    return ((turn, makings[turn % len(makings)]) for turn in of)


def waiting(verb: str, project: Project | None = None, by: Member | None = None, **arguments: Any) -> Job:
    """Return a job that waits for so long that a worker looks for it by itself."""
    at = timezone.now() - LONG_AGO
    return Job.objects.create(verb=verb, project=project, by=by, arguments=arguments, created=at, due=at)


def fell_silent(job: Job) -> None:
    """Let it be a while since the worker of a job was killed."""
    Job.objects.filter(pk=job.pk, state="running").update(heartbeat=timezone.now() - LONG_AGO)


def done(job: Job) -> bool:
    job.refresh_from_db()
    assert job.state not in ("failed", "cancelled"), job.error
    return job.state == "done"


def done_and_whole(work: Work) -> None:
    assert eventually(lambda: done(work.job)), work.job.verb
    assert work.is_whole(), work.job.verb


def importing(by: Member, turn: int) -> Work:
    """A file of questions comes into a batch of its own."""
    name = f"file{turn}"
    lines = (json.dumps({"id": f"{name}-{number}", "question": f"What is {number}?"}) for number in range(QUESTIONS))
    kept = keep_upload(SimpleUploadedFile(f"{name}.jsonl", "\n".join(lines).encode()), by, name)
    look_at(kept, name)
    there = Question.objects.filter(external_id__startswith=f"{name}-")
    job = waiting("import", by.project, by, **{"import": kept.pk})
    return Work(job, there.exists, lambda: there.count() == QUESTIONS)


def loading(_by: Member, turn: int) -> Work:
    """A file that takes a moment is loaded into a corpus of its own, and indexed."""
    slug, file = f"killed{turn}", corpus_folder() / "a.jsonl"
    file.parent.mkdir(exist_ok=True)
    file.write_text("\n".join(json.dumps({"title": f"T{number}", "text": text(number)}) for number in range(FRAGMENTS)))
    job = waiting("load_corpus", file=file.name, corpus=slug, about={})
    return Work(job, Fragment.objects.filter(corpus__slug=slug).exists, lambda: all_is_indexed(slug))


def indexing(_by: Member, _turn: int) -> Work:
    """The index of a corpus is built anew."""
    corpus, new = Corpus.objects.get_or_create(slug="stored", defaults={"name": "Stored"})
    if new:
        add_fragments(corpus, (NewFragment(f"T{number}", text(number)) for number in range(FRAGMENTS)))
    job = waiting("reindex", corpus=corpus.slug)
    return Work(job, Job.objects.filter(pk=job.pk, done__gt=0).exists, lambda: all_is_indexed(corpus.slug))


def text(number: int) -> str:
    return f"The text {number}. " * 20


def all_is_indexed(slug: str) -> bool:
    corpus = Corpus.objects.get(slug=slug)
    return (corpus.fragments.count(), engine_for(corpus).info().count) == (FRAGMENTS, FRAGMENTS)


def evaluating(_by: Member, _turn: int) -> Work:
    """Two systems are scored; the first evaluation of all is the one that nobody breaks off."""
    project = Project.objects.filter(slug="judged").first() or make_judged()
    unbroken, evaluation = project.evaluations.get(number=1), begin(project, Wanted())
    scores = Score.objects.filter(question__evaluation=evaluation)

    def is_whole() -> bool:
        evaluation.refresh_from_db()
        once = Score.objects.filter(question__evaluation=unbroken).count()
        return evaluation.board == unbroken.board and scores.count() == once

    return Work(waiting("evaluate", project, evaluation=evaluation.pk), scores.exists, is_whole)


@transaction.atomic
def make_judged() -> Project:
    """Make a project in which there is gold, what people and two systems said, and an evaluation."""
    project = make_project("judged", {"ann": "annotator", "bo": "annotator", "cy": "adjudicator"})
    (ann, bo, cy), batch = project.members.order_by("pk"), project.batches.get()
    first = make_question(batch)
    asked = [first, *(make_question(batch, f"more-{number}", retrieval=first.retrieval) for number in range(1, JUDGED))]
    for one in asked:
        agree(ann, bo, cy, one)
    said: list[dict[str, Any]]
    for name, said in (("good", GOOD), ("poor", BAD)):
        predicted(project, Path(mkdtemp(dir=settings.VAR_DIR)), name, *((one.external_id, said) for one in asked))
    run(begin(project, Wanted()))
    return project


def exporting(by: Member, _turn: int) -> Work:
    """The whole project is written to a file, as it is before somebody has looked at it by that."""
    due, before = b"".join(export(export_plan(by.project, "full"))), set(folder().glob("*"))
    job = waiting("export", by.project, by, format="full")

    def is_whole() -> bool:
        kept = kept_file(job)
        return kept is not None and kept.path.read_bytes() == due

    return Work(job, lambda: set(folder().glob("*")) > before or done(job), is_whole)


def run_job(job: Job, database: str, **more: str) -> "subprocess.Popen[bytes]":
    """Run a job in a process of its own."""
    environment = os.environ | {"DATABASE_URL": database, "PROVISO_VAR": str(settings.VAR_DIR)} | more
    environment["SECRET_KEY"] = settings.SECRET_KEY
    command = [sys.executable, "manage.py", "run_job", str(job.pk)]
    return subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, stderr=subprocess.DEVNULL)
