"""The verbs that a job may run, by name: each takes the job and a progress, and returns what the job's page shows."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError

from annotator.actions.asking_again import ask_again
from annotator.actions.exporting import CannotExport, export_plan
from annotator.actions.indexing import read_all
from annotator.actions.kept_files import keep
from annotator.actions.looking import taken_out
from annotator.actions.retrieving import retrieve
from annotator.actions.uploading import Gone, bring_in, brought_by, look_at
from annotator.exchange.reports import BrokenOff
from annotator.exchange.reports import Refused as FileRefused
from annotator.models import Annotation, Import, Job
from annotator.querysets import AnnotationQuerySet
from retrieval.corpora import CorpusError
from retrieval.loading import load_corpus, rebuild_index
from retrieval.models import Corpus
from retrieval.progress import Progress

Work = Callable[[Job, Progress], dict[str, Any]]


class Refused(Exception):
    """The work cannot be done, and the message says why to the person who asked for it."""


class NotNow(Refused):
    """As things stand it cannot be done, whatever was said: something is finished, off, full, or was begun."""


def retrieve_lists(job: Job, progress: Progress) -> dict[str, Any]:
    """Freeze a list for each question of the project that has none."""
    corpus = Corpus.objects.filter(slug=job.arguments["corpus"]).first()
    if corpus is None:
        raise Refused(f"There is no corpus “{job.arguments['corpus']}”.")
    frozen = retrieve(job.own_project, corpus, job.arguments["k"], progress)
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
    if imported.state == Import.State.DONE:  # by a worker that died before it said so
        return brought_by(imported)
    try:
        return bring_in(imported, progress)
    except Gone as gone:
        raise Refused("The file is no longer kept; upload it again.") from gone
    except (FileRefused, BrokenOff) as refused:
        raise Refused(str(refused)) from refused


def write_export(job: Job, progress: Progress) -> dict[str, Any]:
    """Write a file of the dataset for whoever asked, who looks at all that it tells of."""
    try:
        plan = export_plan(job.own_project, **job.arguments)
    except CannotExport as error:
        raise Refused(str(error)) from error
    return keep(job, plan.filename, taken_out(job.asker, plan, progress))


def held_in_export(job: Job) -> AnnotationQuerySet:
    """Return what the file of an export will hold: nothing where it cannot be written any more."""
    try:
        return export_plan(job.own_project, **job.arguments).written()
    except CannotExport:
        return Annotation.objects.none()


def rebuild(job: Job, progress: Progress) -> dict[str, Any]:
    """Rebuild the search index of a corpus."""
    corpus = Corpus.objects.filter(slug=job.arguments["corpus"]).first()
    if corpus is None:
        raise Refused(f"There is no corpus “{job.arguments['corpus']}”.")
    return {"corpus": corpus.slug, "indexed": rebuild_index(corpus, progress)}


def load_file(job: Job, progress: Progress) -> dict[str, Any]:
    """Load a file that lies on the server into a corpus; one that was broken off goes on."""
    path = corpus_folder() / job.arguments["file"]
    try:
        loaded = load_corpus(path, job.arguments["corpus"], job.arguments["about"], progress)
    except CorpusError as error:
        raise Refused(str(error).replace(str(path), path.name)) from error
    except ValidationError as error:
        raise Refused("; ".join(f"{field}: {' '.join(said)}" for field, said in error.message_dict.items())) from error
    return {"corpus": loaded.corpus.slug, "new": loaded.new, "known": loaded.known, "passed": loaded.passed}


def corpus_folder() -> Path:
    """Return the folder of the server in which files to be loaded lie."""
    return Path(settings.VAR_DIR) / "corpora"


def upload_of(job: Job) -> Import:
    return Import.objects.select_related("project", "by").get(pk=job.arguments["import"])


def ask_in_batch(job: Job, progress: Progress) -> dict[str, Any]:
    """Ask questions again in another batch of the project."""
    batch = job.own_project.batches.filter(pk=job.arguments["batch"]).first()
    if batch is None:
        raise Refused("There is no such batch any more.")
    return {"asked": ask_again(batch, job.arguments["questions"], progress)}


def read_for_search(job: Job, progress: Progress) -> dict[str, Any]:
    """Read what is new in the project, so that a search finds it."""
    return {"read": read_all(job.own_project, progress)}


VERBS: dict[str, Work] = {
    "retrieve": retrieve_lists,
    "look": look_at_file,
    "import": import_file,
    "ask_again": ask_in_batch,
    "export": write_export,
    "reindex": rebuild,
    "load_corpus": load_file,
    "index": read_for_search,
}
# What the file of a job will hold: whoever asks for it looks at that.
HOLDS: dict[str, Callable[[Job], AnnotationQuerySet]] = {"export": held_in_export}
