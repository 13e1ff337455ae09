"""The verbs that a job may run, by name: each takes the job and a progress, and returns what the job's page shows."""

from collections.abc import Callable
from typing import Any

from annotator.actions.asking_again import ask_again
from annotator.actions.indexing import read_all
from annotator.actions.retrieving import retrieve
from annotator.actions.uploading import Gone, bring_in, look_at
from annotator.exchange.reports import BrokenOff
from annotator.exchange.reports import Refused as FileRefused
from annotator.models import Import, Job
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


def look_at_file(job: Job, progress: Progress) -> dict[str, Any]:
    """Read an uploaded file and report on it."""
    try:
        look_at(upload_of(job), job.arguments["batch"], job.arguments.get("mapping", {}), progress)
    except Gone as gone:
        raise Refused("The file is no longer kept; upload it again.") from gone
    return {}


def import_file(job: Job, progress: Progress) -> dict[str, Any]:
    """Import an uploaded file."""
    imported = upload_of(job)
    if imported.state == Import.State.DONE:
        return {}
    try:
        return bring_in(imported, progress)
    except Gone as gone:
        raise Refused("The file is no longer kept; upload it again.") from gone
    except (FileRefused, BrokenOff) as refused:
        raise Refused(str(refused)) from refused


def upload_of(job: Job) -> Import:
    return Import.objects.select_related("project", "by").get(pk=job.arguments["import"])


def ask_in_batch(job: Job, progress: Progress) -> dict[str, Any]:
    """Ask questions again in another batch of the project."""
    assert job.project is not None  # noqa: S101 - started with one
    batch = job.project.batches.filter(pk=job.arguments["batch"]).first()
    if batch is None:
        raise Refused("There is no such batch any more.")
    return {"asked": ask_again(batch, job.arguments["questions"], progress)}


def read_for_search(job: Job, progress: Progress) -> dict[str, Any]:
    """Read what is new in the project, so that a search finds it."""
    assert job.project is not None  # noqa: S101 - started with one
    return {"read": read_all(job.project, progress)}


VERBS: dict[str, Work] = {
    "retrieve": retrieve_lists,
    "look": look_at_file,
    "import": import_file,
    "ask_again": ask_in_batch,
    "index": read_for_search,
}
