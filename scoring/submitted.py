"""What people submitted, as agreement compares it: a question at a time, however large the project is."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Count, Prefetch, Q, QuerySet

from annotator import record
from annotator.alignment import Compared, Places
from annotator.codec import annotation_from_json
from annotator.models import Annotation, Project, Question, Revision
from retrieval.models import ListedFragment, Retrieval
from scoring.agreement import Asked, Work

CHUNK = 100
PEOPLE = Q(annotations__source=record.Source.HUMAN.value)


class Which(StrEnum):
    """Which text of a person's work is compared: as first submitted, before anybody's comments, or as it is now."""

    FIRST = "first"
    CURRENT = "current"


@dataclass(frozen=True, slots=True)
class Item:
    """A question that several people submitted, what they said, and by which versions of the guidelines."""

    question: Question
    asked: Asked
    work: tuple[Work, ...]
    guidelines: frozenset[int]


def items(project: Project, which: Which = Which.FIRST) -> Iterator[Item]:
    """Yield the questions that more than one person has submitted, in order. A few queries for each ``CHUNK``."""
    elsewhere: tuple[Compared, ...] = ()
    for question in shared_questions(project, which).iterator(chunk_size=CHUNK):
        places = places_of(question)
        said = [
            (annotation, found) for annotation in question.annotations.all() if (found := said_in(annotation, which))
        ]
        if len(said) < 2:
            continue
        work = tuple(work_of(annotation, found, places) for annotation, found in said)
        asked = Asked(question.text, len(set(places.values())), elsewhere)
        yield Item(question, asked, work, frozenset(version_of(annotation) for annotation, _said in said))
        elsewhere = work[0].conditions


def shared_questions(project: Project, which: Which) -> QuerySet[Question]:
    """Return the questions on which several people wrote, with their lists and what is needed of their work."""
    annotations = Annotation.objects.filter(source=record.Source.HUMAN.value).select_related(
        "author", "guideline_version"
    )
    if which is Which.CURRENT:
        annotations = annotations.submitted()
    handed_in = Revision.objects.filter(verb__in=[Revision.Verb.SUBMIT, Revision.Verb.IMPORT]).order_by("number")
    annotations = annotations.prefetch_related(Prefetch("revisions", handed_in))
    lists = Prefetch("listed", ListedFragment.objects.only("retrieval", "rank", "fragment"))
    shared = Question.objects.filter(batch__project=project).annotate(people=Count("annotations", filter=PEOPLE))
    return (
        shared.filter(people__gt=1)
        .in_order()
        .select_related("batch")
        .prefetch_related(
            Prefetch("annotations", annotations),
            Prefetch("retrieval", Retrieval.objects.prefetch_related(lists)),
            Prefetch("supplementary", Retrieval.objects.prefetch_related(lists)),
        )
    )


def places_of(question: Question) -> Places:
    """Return which fragment stands at each place of the question's lists."""
    lists = ((False, question.retrieval), (True, question.supplementary))
    return {
        (supplementary, line.rank): line.fragment_id
        for supplementary, retrieval in lists
        if retrieval
        for line in retrieval.listed.all()
    }


def said_in(annotation: Annotation, which: Which) -> record.Annotation | None:
    """Return what a person submitted, None where they have not. Submitted work is what its last submission keeps."""
    steps = list(annotation.revisions.all())
    if which is Which.CURRENT:
        return annotation_from_json(steps[-1].record) if steps else None
    submitted = [step for step in steps if step.verb == Revision.Verb.SUBMIT]
    if not submitted and annotation.submitted is None:
        return None
    first = next(iter(submitted or steps), None)
    return annotation_from_json(first.record) if first else None


def version_of(annotation: Annotation) -> int:
    """Return the number of the guidelines that the annotation was written by, 0 where there were none."""
    return annotation.guideline_version.number if annotation.guideline_version else 0


def work_of(annotation: Annotation, said: record.Annotation, places: Places) -> Work:
    conditions = tuple(Compared.of(condition, places) for condition in said.conditions)
    return Work(annotation.writer.pseudonym, said.verdict, conditions)
