"""A file that a manager brings to the import page: kept, looked at, then imported, here or in a job."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from annotator.actions.importing import import_questions, look
from annotator.actions.kept_files import older
from annotator.actions.predictions import import_predictions, look_at_predictions, said_of
from annotator.exchange.fields import fields_found
from annotator.exchange.reports import Refused, Report
from annotator.exchange.shapes import plain
from annotator.exchange.storing_predicted import Run
from annotator.exchange.streaming import NOTHING_MAPPED, delimiter_of
from annotator.exchange.whole.reader import is_whole
from annotator.models import Import, Job, Member
from annotator.record import Source
from retrieval.progress import Progress, silent

SUFFIXES = {".zip", ".json", ".jsonl", ".ndjson", ".csv", ".tsv"}
KEPT_FOR = timedelta(days=7)
State = Import.State


class Gone(Exception):
    """The file is no longer kept: it was imported, refused, or lay there too long."""


def path_of(imported: Import) -> Path:
    """Return where the file is kept, outside what the site serves."""
    suffix = Path(imported.name).suffix.lower()
    return folder() / f"{imported.pk}{suffix if suffix in SUFFIXES else ''}"


def folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "imports"


def keep_upload(upload: "UploadedFile[bytes]", by: Member, batch: str, **more: str) -> Import:
    """Keep an upload until it is imported, and remember into which batch it is to go, and what ``more`` was said."""
    imported = Import.objects.create(
        project_id=by.project_id,
        by=by,
        name=(upload.name or "upload")[-255:],
        size=upload.size or 0,
        report={"into": batch, **more},
        created=timezone.now(),
    )
    path = path_of(imported)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        for chunk in upload.chunks():
            file.write(chunk)
    return imported


def is_small(imported: Import) -> bool:
    """Return whether the file is read and imported within the request, not by a job."""
    return imported.size <= settings.IMPORT_IN_REQUEST_BYTES


def look_at(
    imported: Import, batch: str, mapping: Mapping[str, str] = NOTHING_MAPPED, progress: Progress = silent
) -> None:
    """Read the kept file and store what it holds, what is wrong with it and what is new to ``batch``. Raises Gone.

    A whole export brings batches of its own, so none is named for it. A refused file is let go of, unless another
    mapping of its columns may mend it.
    """
    path = kept_file(imported)
    if run := run_of(imported):
        report = look_at_predictions(path, run, name=imported.name, progress=progress)
        said = said_of(run)
    else:
        batch = "" if is_whole(path, imported.name) else batch
        report = look(path, imported.project, batch, name=imported.name, mapping=mapping, progress=progress)
        said = {"into": batch, "fields": fields_found(path, imported.name, report.shape, mapping)}
    imported.sha256, imported.shape = report.sha256, report.shape
    imported.state = State.REFUSED if report.problems else State.LOOKED_AT
    imported.report = {**report.to_json(), **said}
    imported.save(update_fields=["sha256", "shape", "state", "report"])
    if imported.state == State.REFUSED and not has_columns(imported):
        path.unlink(missing_ok=True)


def run_of(imported: Import) -> Run | None:
    """Return which system's work the file holds; None where it holds questions."""
    said = imported.report
    return Run(imported.project, said["system"], said["into"], Source(said["as"])) if "system" in said else None


def has_columns(imported: Import) -> bool:
    """Return whether it can be said which fields the columns of the file are: it is a table of plain questions."""
    plainly = imported.shape in ("", plain.NAME)
    return plainly and delimiter_of(imported.name) is not None and bool(imported.report.get("fields"))


def bring_in(imported: Import, progress: Progress = silent) -> dict[str, Any]:
    """Import the kept file into the batch it was looked at for, and let go of it.

    Raises Gone; Refused, and then nothing was written; or BrokenOff, and then the file is kept to be imported again.
    """
    path = kept_file(imported)
    seen = {name: imported.report[name] for name in ("into", "fields", "system", "as") if name in imported.report}
    try:
        report = brought_in(imported, path, progress)
    except Refused:
        path.unlink(missing_ok=True)
        raise
    Import.objects.filter(pk=imported.pk).update(report={**report.to_json(), **seen})
    path.unlink(missing_ok=True)
    return brought_by(imported)


def brought_by(imported: Import) -> dict[str, Any]:
    """Return what came of an import, as the page of its job shows it."""
    said = imported.report
    return {"new": said["new"], "unchanged": said["unchanged"], "changed": said["changed_in_all"]}


def brought_in(imported: Import, path: Path, progress: Progress) -> Report:
    """Import a file as what it was said to be."""
    name, by = imported.name, imported.by
    if run := run_of(imported):
        return import_predictions(path, run, by, progress, name=name, imported=imported)
    batch, mapping = imported.report["into"], imported.report.get("mapping", {})
    return import_questions(imported.project, path, batch, by, progress, name=name, mapping=mapping, imported=imported)


def kept_file(imported: Import) -> Path:
    path = path_of(imported)
    if imported.state == State.DONE or not path.exists():
        raise Gone
    return path


def sweep() -> None:
    """Delete the files that lay there long enough without being imported; one that is half imported stays."""
    old = {int(path.stem): path for path in older(folder(), KEPT_FOR) if path.stem.isdecimal()}
    if not old:
        return
    half = Import.objects.filter(pk__in=old, state=State.WRITING).values_list("pk", flat=True)
    waiting = Job.objects.going().filter(arguments__import__in=list(old))
    for pk in set(old).difference(half, waiting.values_list("arguments__import", flat=True)):
        old[pk].unlink(missing_ok=True)
