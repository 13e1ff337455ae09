"""The verbs that a job may run, by name: each takes the job and a progress, and returns what the job's page shows."""

from collections.abc import Callable
from typing import Any

from annotator.actions.retrieving import retrieve
from annotator.models import Job
from retrieval.models import Corpus
from retrieval.progress import Progress

Work = Callable[[Job, Progress], dict[str, Any]]


class Refused(Exception):
    """The work cannot be done, and the message says why to the person who asked for it."""


def retrieve_lists(job: Job, progress: Progress) -> dict[str, Any]:
    """Freeze a list for each question of the project that has none."""
    assert job.project is not None  # noqa: S101 - started with one
    corpus = Corpus.objects.filter(slug=job.arguments["corpus"]).first()
    if corpus is None:
        raise Refused(f"There is no corpus “{job.arguments['corpus']}”.")
    frozen = retrieve(job.project, corpus, job.arguments["k"], progress)
    return {"frozen": frozen}


VERBS: dict[str, Work] = {"retrieve": retrieve_lists}
