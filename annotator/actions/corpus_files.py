"""Corpus files that lie in one folder of the server, put there by hand or by an upload, and their loading."""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile

from annotator.actions.exporting import creating
from annotator.actions.queued import corpus_folder
from annotator.jobs import start_alone
from annotator.models import Job
from retrieval.corpora import CorpusError, format_of


class Taken(Exception):
    """A file of the name lies there already."""


class InUse(Exception):
    """A job waits to read the file, or reads it."""

    def __init__(self, job: int) -> None:
        self.job = job
        super().__init__(f"job {job} reads it")


def lying_with_sizes() -> list[tuple[str, int]]:
    """Return the names and sizes, in bytes, of the files that can be loaded."""
    found = []
    for name in lying():
        with suppress(FileNotFoundError):  # somebody deletes it meanwhile
            found.append((name, (corpus_folder() / name).stat().st_size))
    return found


def delete(name: str) -> None:
    """Delete a file that can be loaded. Raises FileNotFoundError, and InUse where a job goes on with it.

    What was loaded from it stays; a load that was broken off cannot go on without it.
    """
    if name not in lying():
        raise FileNotFoundError(name)
    reads = Job.objects.going().filter(verb="load_corpus", arguments__file=name).first()
    if reads:
        raise InUse(reads.pk)
    (corpus_folder() / name).unlink()


def lying() -> list[str]:
    """Return the names of the files that can be loaded."""
    return sorted(path.name for path in corpus_folder().glob("*") if path.is_file() and is_readable(path.name))


def is_readable(name: str) -> bool:
    """Return whether the ending of a name is one that corpora are read by; hidden files are being written."""
    try:
        format_of(Path(name))
    except CorpusError:
        return False
    return not name.startswith(".")


def keep_corpus_file(upload: "UploadedFile[bytes]") -> str:
    """Keep an upload under its own name, which a load that was broken off goes on by. Raises Taken."""
    path = corpus_folder() / Path(upload.name or "").name
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        raise Taken
    try:
        with creating(path) as file:
            file.writelines(upload.chunks())
    except FileExistsError as error:
        raise Taken from error
    return path.name


def load(name: str, slug: str, about: Mapping[str, str]) -> Job | None:
    """Let a job load a file that lies there into a corpus; None where one works on that corpus already."""
    return start_alone(work_on(slug), "load_corpus", file=name, corpus=slug, about=dict(about))


def reindex(slug: str) -> Job | None:
    """Let a job rebuild the index of a corpus; None where one works on that corpus already."""
    return start_alone(work_on(slug), "reindex", corpus=slug)


def work_on(slug: str) -> str:
    """Return what of all jobs only one at a time does."""
    return f"corpus {slug}"
