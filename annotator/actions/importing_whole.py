"""A ``full`` export into a project of its own: with its batches, people under their pseudonyms, and history.

The project must be new or without questions. A second run of the same file changes nothing; one that was killed is
completed.
"""

from collections.abc import Sequence
from pathlib import Path

from django.db import DatabaseError, transaction

from annotator.actions.people import fresh_pseudonym
from annotator.exchange.formats import full
from annotator.exchange.reports import BrokenOff, Refused, Report
from annotator.exchange.whole.entries import Header
from annotator.exchange.whole.questions import QuestionEntry
from annotator.exchange.whole.reader import chunks
from annotator.exchange.whole.storing import Places, corpora_of, create_header, store_questions
from annotator.models import Member, Project, Question
from annotator.reading import Problem
from retrieval.progress import Progress, silent

CHUNK = 50


def look_whole(path: Path, slug: str, report: Report, progress: Progress = silent) -> Report:
    """Read a whole export into ``report``; nothing is written."""
    report.shape, report.label = full.NAME, full.LABEL
    project = Project.objects.filter(slug=slug).first()
    for header, chunk in chunks(path, CHUNK, report):
        if project and not chunk and not may_hold(project, header):
            message = f"“{slug}” is there already with other content; a full export makes a project of its own"
            report.refuse("line 1", Problem("project", message))
            return report
        stored = stored_lines(project, chunk)
        for entry in chunk:
            count(entry, report)
            compare(entry, stored, report)
        progress("Read", report.counts["questions"], 0)
    return report


def count(entry: QuestionEntry, report: Report) -> None:
    report.counts["questions"] += 1
    report.counts["fragments"] += len(entry.retrieval.listed) if entry.retrieval else 0
    for annotation in entry.annotations:
        report.counts["annotations"] += 1
        report.counts["conditions"] += len(annotation.conditions)
        report.counts["answers"] += sum(len(part.answers) for _values, part in annotation.conditions)
        report.counts["citations"] += sum(len(part.citations) for _values, part in annotation.conditions)


def compare(entry: QuestionEntry, stored: dict[tuple[str, str], object], report: Report) -> None:
    found = stored.get(entry.key)
    same = "same" if found == entry.raw else "other"
    report.sort(entry.values["external_id"], None if found is None else same, "same")


def import_whole(path: Path, slug: str, report: Report, progress: Progress = silent) -> Report:
    """Write the project of a whole export under ``slug``.

    Raises Refused, and then nothing was written, or BrokenOff, and then a second run completes it.
    """
    look_whole(path, slug, report, progress)
    if report.problems:
        raise Refused(report)
    write_all(path, slug, report, progress)
    report.written = True
    return report


def write_all(path: Path, slug: str, report: Report, progress: Progress) -> None:
    """Write the file chunk by chunk. Raises BrokenOff."""
    places: Places | None = None
    again = Report(file=report.file)
    done = 0
    try:
        for header, chunk in chunks(path, CHUNK, again):
            places = write(slug, header, chunk, places)
            done += len(chunk)
            progress("Written", done, report.counts["questions"])
    except (OSError, DatabaseError) as error:
        raise BrokenOff(report, done, error) from error
    if again.problems:
        raise BrokenOff(report, done, again.problems[0])


@transaction.atomic
def write(slug: str, header: Header, chunk: Sequence[QuestionEntry], places: Places | None) -> Places:
    """Write a chunk; the first one with the project and all that its header holds."""
    if places is None:
        project = Project.objects.filter(slug=slug).first()
        if project and subset(header, project):
            places = places_of(project, header)
        else:
            places = create_header(taken_over(slug, header), header)
    known = stored_keys(slug, chunk)
    store_questions([entry for entry in chunk if entry.key not in known], places)
    return places


def taken_over(slug: str, header: Header) -> Project:
    """Return the project with the header's own columns: a new one, or one without questions, cleared.

    Its members stay, so that who made it still manages it; a pseudonym that the file needs is given up.
    """
    columns = header.project | {"slug": slug}
    project = Project.objects.filter(slug=slug).first()
    if project is None:
        return Project.objects.create(**columns)
    for name, value in columns.items():
        setattr(project, name, value)
    project.save(update_fields=list(columns))
    project.batches.all().delete()
    project.guidelines.all().delete()
    project.consent_versions.all().delete()
    project.systems.all().delete()
    needed = {entry.values["pseudonym"] for entry in header.members}
    for member in project.members.filter(pseudonym__in=needed):
        member.pseudonym = f"{fresh_pseudonym(project, Member.Role(member.role))} (here)"[:100]
        member.save(update_fields=["pseudonym"])
    return project


def may_hold(project: Project, header: Header) -> bool:
    """Return whether the header's project may be written here: it is the same, or there is no question yet."""
    return subset(header, project) or not Question.objects.filter(batch__project=project).exists()


def subset(header: Header, project: Project) -> bool:
    """Return whether the project already has everything of the header. Its corpora follow with the questions."""
    ours = full.header(project, project.releases.all())
    if {**header.raw["project"], "slug": ""} != {**ours["project"], "slug": ""}:
        return False
    parts = ("members", "consents", "guidelines", "batches", "systems", "imports", "releases")
    return all(entry in ours.get(part, []) for part in parts for entry in header.raw.get(part, []))


def places_of(project: Project, header: Header) -> Places:
    """Return the rows that an earlier run of the same file wrote."""
    ours = full.header(project, project.releases.all())["imports"]
    imports = list(project.imports.order_by("pk"))
    return Places(
        members={member.pseudonym: member for member in project.members.all()},
        guidelines={version.number: version for version in project.guidelines.all()},
        batches={batch.name: batch for batch in project.batches.all()},
        systems={system.name: system for system in project.systems.all()},
        imports={place: imports[ours.index(entry)] for place, entry in enumerate(header.raw["imports"], 1)},
        corpora=corpora_of(header),
        releases={release.tag: release for release in project.releases.all()},
    )


def stored_keys(slug: str, chunk: Sequence[QuestionEntry]) -> set[tuple[str, str]]:
    ids = [entry.values["external_id"] for entry in chunk]
    questions = Question.objects.filter(batch__project__slug=slug, external_id__in=ids)
    return set(questions.values_list("batch__name", "external_id"))


def stored_lines(project: Project | None, chunk: Sequence[QuestionEntry]) -> dict[tuple[str, str], object]:
    """Return the lines that an export would write of the chunk's questions, by batch and id."""
    if project is None:
        return {}
    ids = [entry.values["external_id"] for entry in chunk]
    questions = Question.objects.filter(batch__project=project, external_id__in=ids).select_related("batch")
    places = full.numbered_imports(project)
    return {
        (question.batch.name, question.external_id): full.question_line(question, question.batch.name, places)
        for question in full.with_everything(questions, project.releases.all()).select_related(
            "batch", "retrieval", "supplementary"
        )
    }
