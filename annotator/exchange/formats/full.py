"""Everything of one project, one JSON object per line: a header, then a line for each question.

People are named by their pseudonyms; no account, name or e-mail leaves. Importing the file into an empty database and
exporting again gives the same bytes.
"""

import json
from collections.abc import Iterator
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from annotator import rows
from annotator.codec import to_json
from annotator.exchange.columns import as_json, values
from annotator.exchange.formats.counting import Counts, Scope, counted
from annotator.models import (
    Adoption,
    Annotation,
    Assignment,
    Batch,
    Condition,
    ConsentVersion,
    Decision,
    DecisionPart,
    Import,
    Look,
    Mark,
    Note,
    Project,
    Question,
    Release,
    ReleasedQuestion,
    ReleasedWork,
    Revision,
    Supplement,
    WorkDay,
)
from annotator.querysets import AnnotationQuerySet
from retrieval.models import Corpus, ListedFragment, Retrieval

NAME = "full"
LABEL = "Proviso, everything"
SUFFIX = ".jsonl"
ANNOTATIONS = ("all",)
OF_RELEASE: tuple[str, ...] = ()
LOSES = (
    "Left out: accounts (people are named by their pseudonyms), invitations, jobs, and how far claims have walked; "
    "evaluations, which one command makes again and whose JSON is their record, with what a judge was asked; "
    "what people typed to look something up; "
    "samples of pairs, people’s ratings of them, and proposals for gold, of which the database alone is the record."
)
VERSION = 1
CHUNK = 50


def written(scope: Scope, _annotations: str) -> AnnotationQuerySet:
    return Annotation.objects.filter(question__in=scope.questions)


def counts(scope: Scope, annotations: str) -> Counts:
    project, found = scope.project, written(scope, annotations)
    return counted(scope.questions, found, removed=True) | {
        "batches": project.batches.count(),
        "members": project.members.count(),
        "guideline versions": project.guidelines.count(),
        "revisions": Revision.objects.filter(annotation__in=found).count(),
    }


def left_out(scope: Scope, _annotations: str) -> Counts:
    """Return what a part of a project goes without: half of a release would be another one."""
    releases = 0 if scope.whole else scope.project.releases.count()
    return {"releases": releases} if releases else {}


def pieces(scope: Scope, _annotations: str) -> Iterator[str]:
    project = scope.project
    places = numbered_imports(project)
    releases = project.releases.all() if scope.whole else project.releases.none()
    yield line(header(project, releases))
    for batch in project.batches.all():
        for question in with_everything(scope.of(batch), releases).iterator(chunk_size=CHUNK):
            yield line(question_line(question, batch.name, places))


def line(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"


def numbered_imports(project: Project) -> dict[int | None, int]:
    """Return the place of each import among the project's, from 1, by its key."""
    return {pk: place for place, pk in enumerate(project.imports.order_by("pk").values_list("pk", flat=True), 1)}


def header(project: Project, releases: QuerySet[Release]) -> dict[str, Any]:
    """Return the first line: the project and what its questions name, with these of its releases."""
    guidelines = project.guidelines.select_related("by").order_by("number")
    consents = project.consent_versions.select_related("by").prefetch_related("consents__member").order_by("number")
    batches = project.batches.select_related("guideline_version").order_by("position", "pk")
    imports = project.imports.select_related("by", "batch").order_by("pk")
    days = WorkDay.objects.filter(batch__project=project).select_related("member", "batch").order_by("pk")
    released = releases.select_related("by", "previous").order_by("pk")
    return {
        "proviso": VERSION,
        "project": values(project),
        "members": [values(member) for member in project.members.order_by("pk")],
        **named(consents=[consent_entry(part) for part in consents] or None),
        "guidelines": [values(part) | named(by=part.by and part.by.pseudonym) for part in guidelines],
        "batches": [batch_entry(batch) for batch in batches],
        "systems": [values(system) for system in project.systems.order_by("pk")],
        "imports": [import_entry(imported) for imported in imports],
        **named(days=[day_entry(day) for day in days] or None),
        **named(releases=[release_entry(release) for release in released] or None),
        "corpora": [values(corpus) for corpus in sorted(corpora_of(project), key=lambda corpus: corpus.slug)],
    }


def consent_entry(version: ConsentVersion) -> dict[str, Any]:
    agreed = sorted(version.consents.all(), key=lambda consent: consent.pk)
    return (
        values(version)
        | named(by=version.by and version.by.pseudonym)
        | {"agreed": [{"member": part.member.pseudonym} | values(part) for part in agreed]}
    )


def batch_entry(batch: Batch) -> dict[str, Any]:
    return values(batch) | named(guidelines=batch.guideline_version and batch.guideline_version.number)


def import_entry(imported: Import) -> dict[str, Any]:
    batch, by = imported.batch, imported.by
    return values(imported) | named(batch=batch and batch.name, by=by and by.pseudonym)


def day_entry(day: WorkDay) -> dict[str, Any]:
    return {"member": day.member.pseudonym, "batch": day.batch.name} | values(day)


def release_entry(release: Release) -> dict[str, Any]:
    before, by = release.previous, release.by
    return values(release) | named(previous=before and before.tag, by=by and by.pseudonym)


def named(**relations: Any) -> dict[str, Any]:
    """Return the relations that lead somewhere."""
    return {name: value for name, value in relations.items() if value is not None}


def corpora_of(project: Project) -> QuerySet[Corpus]:
    """Return the corpora whose fragments stand in the project's lists."""
    questions = Question.objects.filter(batch__project=project)
    own = Annotation.objects.filter(question__in=questions, retrieval__isnull=False)
    lists = Retrieval.objects.filter(
        Q(pk__in=questions.values("retrieval"))
        | Q(pk__in=questions.values("supplementary"))
        | Q(pk__in=own.values("retrieval"))
    )
    listed = ListedFragment.objects.filter(retrieval__in=lists)
    return Corpus.objects.filter(pk__in=listed.values("fragment__corpus"))


def with_everything(questions: QuerySet[Question], releases: QuerySet[Release]) -> QuerySet[Question]:
    listed = ListedFragment.objects.select_related("fragment__corpus").order_by("rank")
    annotations = Annotation.objects.select_related("author", "system", "guideline_version", "retrieval", "question")
    released = ReleasedQuestion.objects.filter(release__in=releases.order_by())
    released = released.select_related("release", "gold").order_by("pk")
    work = ReleasedWork.objects.select_related("revision")
    return questions.select_related("retrieval", "supplementary", "adjudicator").prefetch_related(
        Prefetch("retrieval__listed", listed),
        Prefetch("supplementary__listed", listed),
        Prefetch("assignments", Assignment.objects.select_related("member").order_by("pk")),
        Prefetch("looks", Look.objects.select_related("member").order_by("pk")),
        Prefetch("annotations", annotations.order_by("pk").with_conditions(removed=True)),
        Prefetch("annotations__retrieval__listed", listed),
        Prefetch("annotations__decisions", Decision.objects.order_by("pk").prefetch_related("parts")),
        Prefetch("annotations__adoptions", Adoption.objects.order_by("pk")),
        Prefetch("annotations__marks", Mark.objects.select_related("listed").order_by("pk")),
        Prefetch("annotations__supplements", Supplement.objects.select_related("listed").order_by("number")),
        Prefetch("annotations__notes", Note.objects.select_related("author").order_by("pk")),
        Prefetch("released", released.prefetch_related(Prefetch("work", work.order_by("pk")))),
        Prefetch("annotations__revisions", Revision.objects.select_related("by").order_by("pk")),
    )


def question_line(question: Question, batch: str, imports: dict[int | None, int]) -> dict[str, Any]:
    """Return the line of a question fetched ``with_everything``."""
    return (
        {"batch": batch}
        | values(question)
        | named(
            **{"import": imports.get(question.brought_by_id)},
            retrieval=question.retrieval and list_entry(question.retrieval),
            supplementary=question.supplementary and list_entry(question.supplementary),
            looks=[look_entry(part) for part in question.looks.all()] or None,
            adjudicator=question.adjudicator and question.adjudicator.pseudonym,
            decisions=decision_entries(question) or None,
            adoptions=adoption_entries(question) or None,
            releases=released_entries(question) or None,
        )
        | {
            "assignments": [assignment_entry(part) for part in question.assignments.all()],
            "annotations": [annotation_entry(part, imports) for part in question.annotations.all()],
        }
    )


def list_entry(retrieval: Retrieval) -> dict[str, Any]:
    listed = [
        values(line) | {"fragment": {"corpus": line.fragment.corpus.slug} | values(line.fragment)}
        for line in retrieval.listed.all()
    ]
    return values(retrieval) | {"listed": listed}


def assignment_entry(assignment: Assignment) -> dict[str, Any]:
    begun = assignment.annotation_id is not None or None
    return {"member": assignment.member.pseudonym} | values(assignment) | named(begun=begun)


def look_entry(look: Look) -> dict[str, Any]:
    return {"member": look.member.pseudonym} | values(look)


def decision_entries(question: Question) -> list[dict[str, Any]]:
    """Return what was decided of the question, annotations named by their place among those of the question."""
    written = list(question.annotations.all())
    places = {annotation.pk: place for place, annotation in enumerate(written, 1)}
    decisions = [decision for annotation in written for decision in annotation.decisions.all()]
    return [
        values(decision) | {"parts": [part_entry(part, places) for part in decision.parts.all()]}
        for decision in decisions
    ]


def part_entry(part: DecisionPart, places: dict[int, int]) -> dict[str, Any]:
    return {"of": places[part.annotation_id]} | values(part)


def adoption_entries(question: Question) -> list[dict[str, Any]]:
    """Return what people adopted from drafts, both named by their place among the annotations of the question."""
    written = list(question.annotations.all())
    places = {annotation.pk: place for place, annotation in enumerate(written, 1)}
    adoptions = [adoption for annotation in written for adoption in annotation.adoptions.all()]
    return [{"in": places[one.annotation_id], "of": places[one.draft_id]} | values(one) for one in adoptions]


def released_entries(question: Question) -> list[dict[str, Any]]:
    """Return what the releases hold of the question: each step by its annotation's place and its number there."""
    places = {annotation.pk: place for place, annotation in enumerate(question.annotations.all(), 1)}

    def step(revision: Revision) -> dict[str, int]:
        return {"of": places[revision.annotation_id], "number": revision.number}

    return [
        {"release": one.release.tag, "gold": step(one.gold)}
        | values(one)
        | {"work": [step(part.revision) | values(part) for part in one.work.all()]}
        for one in question.released.all()
    ]


def annotation_entry(annotation: Annotation, imports: dict[int | None, int]) -> dict[str, Any]:
    author, system, guidelines = annotation.author, annotation.system, annotation.guideline_version
    supplementary = annotation.question.supplementary_id
    return (
        values(annotation)
        | named(
            author=author and author.pseudonym,
            system=system and system.name,
            **{"import": imports.get(annotation.brought_by_id)},
            guidelines=guidelines and guidelines.number,
            retrieval=annotation.retrieval and list_entry(annotation.retrieval),
            notes=note_entries(annotation) or None,
            added=[supplement_entry(part) for part in annotation.supplements.all()] or None,
        )
        | {
            "conditions": [condition_entry(part, supplementary) for part in annotation.conditions.all()],
            "marks": [mark_entry(mark, supplementary) for mark in annotation.marks.all()],
            "revisions": [revision_entry(revision) for revision in annotation.revisions.all()],
        }
    )


def condition_entry(condition: Condition, supplementary: int | None) -> dict[str, Any]:
    """Return the record of a condition, with its columns that are not in it."""
    record: dict[str, Any] = settled(to_json(rows.condition_record(rows.card_of(condition), supplementary)))
    return values(condition) | record


def settled(written: Any) -> Any:
    """Return the JSON of a record with the keys of every ``extra`` in one order."""
    if isinstance(written, list):
        return [settled(part) for part in written]
    if isinstance(written, dict):
        return {key: as_json(part) if key == "extra" else settled(part) for key, part in written.items()}
    return written


def mark_entry(mark: Mark, supplementary: int | None) -> dict[str, Any]:
    added = mark.listed.retrieval_id == supplementary or None
    return {"rank": mark.listed.rank} | named(supplementary=added) | values(mark)


def supplement_entry(supplement: Supplement) -> dict[str, Any]:
    return {"rank": supplement.listed.rank} | values(supplement)


def note_entries(annotation: Annotation) -> list[dict[str, Any]]:
    """Return the notes, each with the place of the one that it answers, from 1."""
    notes = list(annotation.notes.all())
    places = {note.pk: place for place, note in enumerate(notes, 1)}
    return [
        {"author": note.author.pseudonym} | values(note) | named(reply_to=places.get(note.reply_to_id or 0))
        for note in notes
    ]


def revision_entry(revision: Revision) -> dict[str, Any]:
    return values(revision) | named(by=revision.by and revision.by.pseudonym)
