"""What a system says of a project's questions, out of a file: looking at it first, then writing what is new.

The whole file is read before the first row is written. A system is one fixed run: the same file again changes nothing,
and another file is another system. A run that was killed is not complete until it is imported again.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import DatabaseError
from django.utils import timezone

from annotator.actions.importing import CHUNK, being_written, report_on, settle
from annotator.actions.retrieving import made_corpus
from annotator.exchange.predicted import predictions_in
from annotator.exchange.reports import BrokenOff, Refused, Report
from annotator.exchange.storing_predicted import Found, Place, Run, Sample, found_in, store_predicted
from annotator.models import Import, Member, System
from annotator.reading import Problem, flaw
from retrieval.fragments import batched
from retrieval.progress import Progress, silent

LONGEST_NAME = 200


def look_at_predictions(path: Path, run: Run, *, name: str = "", progress: Progress = silent) -> Report:
    """Read a whole file and report what it holds, what is wrong with it and what is new; nothing is written."""
    report = report_on(path, name)
    check_run(run, report)
    asked: set[int] = set()
    for found in examined(path, run, report) if not report.problems else ():
        stored = run.stored([one.question.pk for one in found])
        for one in found:
            report.count_prediction(one.prediction, first=one.question.pk not in asked)
            asked.add(one.question.pk)
            report.sort(one.question.external_id, "stored" if one.sample in stored else None, "stored")
        progress("Read", report.counts["annotations"], 0)
    report.twin = twin_of(run, report)
    if not report.counts["questions"] and not report.problems:
        report.refuse("", Problem("", "holds no record"))
    return report


def twin_of(run: Run, report: Report) -> str:
    """Return the system that the same answers came in as before, if any; a file may hold those of several systems."""
    others = run.project.systems.filter(digest=report.sha256).exclude(name=run.system).order_by("pk")
    own = report.groups if len(report.groups) > 1 else ()
    return others.exclude(name__in=own).values_list("name", flat=True).first() or ""


def examined(path: Path, run: Run, report: Report) -> Iterator[list[Found]]:
    """Yield the records of a file chunk by chunk, each with its question."""
    seen: dict[Sample, str] = {}
    for chunk in batched(predictions_in(path, run.system, report), CHUNK):
        yield found_in(chunk, run, report, seen)


def check_run(run: Run, report: Report) -> None:
    """Refuse a name or batch that cannot be meant, and a system whose work came in by another file."""
    name = run.system
    if not name.strip() or len(name) > LONGEST_NAME or flaw(name):
        report.refuse("", Problem("system", f"has a name that is blank or of more than {LONGEST_NAME} characters"))
        return
    if run.batch and not run.project.batches.filter(name=run.batch).exists():
        names = ", ".join(run.project.batches.values_list("name", flat=True))
        report.refuse("", Problem("batch", f"is “{run.batch}”, but the project has {names or 'none'}"))
    system = run.project.systems.filter(name=name).first()
    if system and system.digest != report.sha256 and (system.digest or system.annotations.exists()):
        message = f"“{name}” answered in another file already; another run is another system: give it another name"
        report.refuse("", Problem("system", message))


def import_predictions(
    path: Path,
    run: Run,
    by: Member | None = None,
    progress: Progress = silent,
    *,
    name: str = "",
    imported: Import | None = None,
) -> Report:
    """Bring what a system says into the project, as predictions or drafts.

    What is there already is left alone. ``imported`` is the row of a file that was looked at before. Raises Refused,
    and then nothing was written, or BrokenOff, and then a second run completes it.
    """
    report = look_at_predictions(path, run, name=name, progress=progress)
    if report.problems:
        settle(imported, report, Import.State.REFUSED, **said_of(run))
        raise Refused(report)
    half_way = run.project.systems.filter(name=run.system, complete=False).exists()
    if report.new or half_way:
        imported = begun(imported, run, by, report)
        write(path, run, by, report, progress)
        report.take_up(report.unchanged if half_way else 0)
    report.written = True
    settle(imported, report, Import.State.DONE, **said_of(run))
    return report


def write(path: Path, run: Run, by: Member | None, report: Report, progress: Progress) -> None:
    """Write the file chunk by chunk. Raises BrokenOff, also where it is no longer the file that was looked at."""
    again = Report(report.file)
    done = 0
    try:
        place = place_of(run, by, report)
        for found in examined(path, run, again):
            store_predicted(found, run, place)
            done += len(found)
            progress("Written", done, report.counts["annotations"])
    except (OSError, DatabaseError) as error:
        raise BrokenOff(report, done, error, "annotation") from error
    if again.problems:
        raise BrokenOff(report, done, again.problems[0], "annotation")
    System.objects.filter(pk=place.system.pk).update(complete=True)


def place_of(run: Run, by: Member | None, report: Report) -> Place:
    """Return where to write: the system is registered with the file's digest, and is not complete from here on."""
    model = report.group[:LONGEST_NAME]
    registered = {"digest": report.sha256, "complete": False}
    system, made = System.objects.get_or_create(
        project=run.project, name=run.system, defaults={"model": model, "family": model, **registered}
    )
    if not made:
        System.objects.filter(pk=system.pk).update(**registered)
    return Place(system, made_corpus(run.project), by, timezone.now())


def begun(imported: Import | None, run: Run, by: Member | None, report: Report) -> Import:
    """Return the row of the import, which is being written now: the one given, that of a killed run, or a new one."""
    values = {
        "batch": run.project.batches.filter(name=run.batch).first() if run.batch else None,
        "by": by,
        "report": said_of(run),
        **being_written(report),
    }
    killed = run.project.imports.filter(sha256=report.sha256, state=Import.State.WRITING, report__system=run.system)
    row = imported or killed.first()
    if row is None:
        return Import.objects.create(project=run.project, created=timezone.now(), **values)
    if row is imported:
        values.pop("report")
    Import.objects.filter(pk=row.pk).update(**values)
    return row


def said_of(run: Run) -> dict[str, Any]:
    """Return what the row of an import keeps of a run; by its system it is known not to be an import of questions."""
    return {"into": run.batch, "system": run.system, "as": run.source.value}
