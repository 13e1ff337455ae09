"""Questions out of a file into a project: looking at it first, then writing what is new.

The whole file is read before the first row is written. Rows are written in short transactions, so that others can save
meanwhile; an import that was killed is completed by running it again.
"""

import hashlib
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from annotator.actions.importing_whole import import_whole, look_whole
from annotator.actions.projects import add_batch
from annotator.actions.retrieving import made_corpus
from annotator.checks import Code, findings
from annotator.exchange.reader import Item, items
from annotator.exchange.reports import BrokenOff, Refused, Report, printable
from annotator.exchange.storing import Target, store, stored_digests
from annotator.exchange.streaming import NOTHING_MAPPED, delimiter_of
from annotator.exchange.whole.reader import is_whole
from annotator.models import Batch, Import, Member, Project, Question
from annotator.reading import Problem
from retrieval.fragments import batched
from retrieval.progress import Progress, silent

CHUNK = 200
LONGEST_BATCH = 100


def look(
    path: Path,
    project: Project | None = None,
    batch: str = "",
    *,
    name: str = "",
    mapping: Mapping[str, str] = NOTHING_MAPPED,
    progress: Progress = silent,
) -> Report:
    """Read a whole file and report what it holds and what is wrong with it; nothing is written.

    With a project, its records are compared with those of the batch (the only one where ``batch`` is empty). ``name``
    is the file's name where ``path`` is a copy; ``mapping`` says which fields the columns of a table are.
    """
    report = report_on(path, name, mapping)
    if is_whole(path, report.file):
        refuse_batch(batch, report)
        return look_whole(path, project.slug if project else "", report, progress)
    for item in examined(path, project, batch, report, progress):
        report.checks.update(found_by_checks(item))
    return report


def examined(path: Path, project: Project | None, batch: str, report: Report, progress: Progress) -> Iterator[Item]:
    """Yield the questions of a file, counted in ``report`` and compared with those of the batch."""
    row = batch_named(project, batch, report) if project else None
    for chunk in batched(items(path, report), CHUNK):
        stored = stored_digests(row, [item.question.external_id for item in chunk])
        for item in chunk:
            count(item, stored.get(item.question.external_id), report)
            yield item
        progress("Read", report.counts["questions"], 0)


def found_by_checks(item: Item) -> Iterator[str]:
    """Yield the code of each finding in what the file brings. That it gives no verdict is no finding."""
    for authored in item.question.annotations:
        for finding in findings(authored.annotation, item.question.text):
            if finding.code != Code.VERDICT_RULE or authored.annotation.verdict is not None:
                yield finding.code


def report_on(path: Path, name: str = "", mapping: Mapping[str, str] = NOTHING_MAPPED) -> Report:
    """Return a report to be filled; a mapping for what has no columns is its first problem."""
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    report = Report(printable(name or path.name), mapping, sha256=sha256, size=path.stat().st_size)
    if mapping and not delimiter_of(report.file):
        report.refuse("", Problem("", "only the columns of CSV and TSV files can be mapped"))
    return report


def count(item: Item, stored: str | None, report: Report) -> None:
    report.count(item.question)
    report.anchors.update(item.anchors)
    report.sort(item.question.external_id, stored, item.digest if stored else "")


def import_questions(
    project: Project,
    path: Path,
    batch: str = "",
    by: Member | None = None,
    progress: Progress = silent,
    *,
    name: str = "",
    mapping: Mapping[str, str] = NOTHING_MAPPED,
    imported: Import | None = None,
) -> Report:
    """Bring the questions of a file into a batch, with fragments and annotations where the file has them.

    A ``batch`` of that name is made if there is none. A record that is there already is left alone, also when the file
    has changed. ``imported`` is the row of a file that was looked at before. Raises Refused, and then nothing was
    written, or BrokenOff, and then a second run completes it.
    """
    report = report_on(path, name, mapping)
    if is_whole(path, report.file):
        return bring_whole(project, path, batch, report, imported, progress)
    for _item in examined(path, project, batch, report, progress):
        pass
    if report.problems:
        settle(imported, report, Import.State.REFUSED)
        raise Refused(report)
    imported = imported or killed_import(project, batch, report)
    stored = Question.objects.filter(brought_by=imported).count() if imported else 0
    if report.new:
        target = target_of(project, batch, by, report, imported)
        write(path, target, report, progress)
        imported = target.imported
    report.take_up(stored)
    report.written = True
    settle(imported, report, Import.State.DONE)
    return report


def bring_whole(
    project: Project, path: Path, batch: str, report: Report, imported: Import | None, progress: Progress
) -> Report:
    """Bring a whole export into the project, which it must have for itself."""
    refuse_batch(batch, report)
    try:
        import_whole(path, project.slug, report, progress)
    except Refused:
        settle(imported, report, Import.State.REFUSED)
        raise
    except BrokenOff:
        if imported:
            Import.objects.filter(pk=imported.pk).update(state=Import.State.WRITING)
        raise
    if imported:
        report.take_up(imported.report.get("new", report.new) - report.new)
    settle(imported, report, Import.State.DONE)
    return report


def refuse_batch(batch: str, report: Report) -> None:
    if batch:
        report.refuse("", Problem("batch", "a full export brings its own batches; none can be named"))


def write(path: Path, target: Target, report: Report, progress: Progress) -> None:
    """Write the file chunk by chunk. Raises BrokenOff, also where it is no longer the file that was looked at."""
    again = Report(report.file, report.mapping)
    done = 0
    try:
        for chunk in batched(items(path, again), CHUNK):
            store(chunk, target)
            done += len(chunk)
            progress("Written", done, report.counts["questions"])
    except (OSError, DatabaseError) as error:
        raise BrokenOff(report, done, error) from error
    if again.problems:
        raise BrokenOff(report, done, again.problems[0])


def killed_import(project: Project, batch: str, report: Report) -> Import | None:
    """Return the import of this file into this batch that never came to its end."""
    row = batch_named(project, batch, report)
    return project.imports.filter(batch=row, sha256=report.sha256, state=Import.State.WRITING).first()


def target_of(project: Project, batch: str, by: Member | None, report: Report, imported: Import | None) -> Target:
    """Return where to write: batch and corpus are made if missing, an import that was killed is taken up again."""
    now = timezone.now()
    row = batch_named(project, batch, report) or batch_made(project, batch)
    corpus = made_corpus(project)
    values = {"batch": row, "by": by, **being_written(report)}
    if imported:
        Import.objects.filter(pk=imported.pk).update(**values)
    else:
        imported = Import.objects.create(project=project, created=now, **values)
    return Target(batch=row, corpus=corpus, imported=imported, by=by, now=now)


def batch_made(project: Project, name: str) -> Batch:
    """Return a new batch, or the one of that name that somebody made meanwhile."""
    try:
        with transaction.atomic():
            return add_batch(project, name)
    except IntegrityError:
        return project.batches.get(name=name)


def being_written(report: Report) -> dict[str, Any]:
    """Return the columns of the row of an import whose file is now written."""
    return {
        "name": report.file[-255:],
        "size": report.size,
        "sha256": report.sha256,
        "shape": report.shape,
        "state": Import.State.WRITING,
    }


def settle(imported: Import | None, report: Report, state: Import.State, **more: Any) -> None:
    """Write the outcome, and what ``more`` was said of the file, into the row of the import, where there is one."""
    if imported:
        imported.state, imported.finished, imported.shape = state, timezone.now(), report.shape
        imported.report = {**report.to_json(), **more}
        imported.save(update_fields=["state", "report", "finished", "shape"])


def batch_named(project: Project, name: str, report: Report) -> Batch | None:
    """Return the batch of that name, or the only one where no name is given; None where it is still to be made."""
    if len(name) > LONGEST_BATCH:
        report.refuse("", Problem("batch", f"has a name of more than {LONGEST_BATCH} characters"))
    if name:
        return project.batches.filter(name=name).first()
    found = list(islice(project.batches.all(), 2))
    if len(found) == 1:
        return found[0]
    names = ", ".join(project.batches.values_list("name", flat=True)) or "none yet"
    report.refuse("", Problem("batch", f"the project has not one batch but {names}; say which"))
    return None
