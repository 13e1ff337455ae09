"""What people submitted, as agreement compares it: a question at a time, however large the project is."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain, starmap
from random import Random
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery

from annotator import record
from annotator.alignment import Compared, Places
from annotator.codec import annotation_stored
from annotator.decisions import Kind
from annotator.models import Annotation, DecisionPart, Look, Project, Question, Revision
from annotator.querysets import QuestionQuerySet
from retrieval.fragments import batched
from retrieval.models import ListedFragment
from scoring.comparing import Asked, Work

CHUNK = 100
SEED = 20_250_203
PEOPLE = Q(annotations__source=record.Source.HUMAN.value)


@dataclass(frozen=True, slots=True)
class Item:
    """A question that several people submitted, what they said, and by which versions of the guidelines.

    ``work`` is what each submitted first, before anybody's comments, and ``current`` what is handed in now; that is
    nothing where fewer than two people's is, and ``work`` itself where nobody changed theirs.
    """

    question: Question
    asked: Asked
    work: tuple[Work, ...]
    current: tuple[Work, ...]
    guidelines: frozenset[int]

    @property
    def confirmed(self) -> tuple[Work, ...]:
        """Return the work of those whose conditions an adjudicator has put into rows; of one person it is none."""
        found = tuple(one for one in self.work if one.rows is not None)
        return found if len(found) > 1 else ()


def questions_of(project: Project) -> QuestionQuerySet:
    return Question.objects.filter(batch__project=project)


def not_blind(project: Project) -> dict[str, int]:
    """Return how many first submissions are compared though their authors had seen something before. Two queries.

    ``after_looking``: what others wrote; ``beside_drafts``: a machine's draft that they adopted from, or that the
    project shows from the beginning.
    """
    of_people = Annotation.objects.filter(source=record.Source.HUMAN.value)
    handed_in = Revision.objects.filter(annotation=OuterRef("pk"), verb=Revision.Verb.SUBMIT).order_by("number")
    others = of_people.filter(Exists(handed_in), question=OuterRef("question")).exclude(pk=OuterRef("pk"))
    first = of_people.annotate(first=Subquery(handed_in.values("at")[:1])).filter(
        Exists(others), question__batch__project=project, first__isnull=False
    )
    before = {"at__lt": OuterRef("first")}
    looks = Look.objects.filter(member=OuterRef("author"), question=OuterRef("question"), **before)
    adopted = Revision.objects.filter(annotation=OuterRef("pk"), verb=Revision.Verb.ADOPT, **before)
    drafts = Annotation.objects.filter(
        question=OuterRef("question"), source="draft", system__complete=True, created__lt=OuterRef("first")
    )
    beside = Exists(adopted) | Exists(drafts) if project.show_drafts == "before" else Exists(adopted)
    return {"after_looking": first.filter(Exists(looks)).count(), "beside_drafts": first.filter(beside).count()}


def items(questions: QuestionQuerySet) -> Iterator[Item]:
    """Yield those of the questions that more than one person has submitted, in order. A few queries per ``CHUNK``.

    Each knows what people wrote elsewhere: on another question of its chunk, drawn by ``SEED``.
    """
    before: Sequence[Item] = ()
    rows: Iterator[Any] = shared(questions).iterator(chunk_size=CHUNK)
    for some in batched(filter(None, starmap(item_of, with_places(rows))), CHUNK):
        yield from shuffled(some, before)
        before = some[-1:]


def shuffled(some: Sequence[Item], before: Sequence[Item]) -> Iterator[Item]:
    """Yield items, each with the work on another one of them, or where there is none, on the one ``before``.

    A question that was asked again in another batch is no other question.
    """
    drawn = Random(SEED).sample(range(len(some)), len(some))  # noqa: S311 - a draw that can be repeated
    at = {place: number for number, place in enumerate(drawn)}
    for place, item in enumerate(some):
        others = chain((some[drawn[at[place] - step]] for step in range(1, len(some))), before)
        known = item.question.external_id
        elsewhere = next((other.work for other in others if other.question.external_id != known), ())
        yield replace(item, asked=replace(item.asked, elsewhere=elsewhere))


def item_of(question: Any, places: Places) -> Item | None:
    """Return a question with what people said of it, None where fewer than two have."""
    said = [(annotation, steps) for annotation in question.annotations.all() if (steps := steps_of(annotation))]
    if len(said) < 2:
        return None
    work = tuple(work_of(annotation, first, places, question.adjudicated) for annotation, (first, _last) in said)
    current = tuple(
        known if last is first else work_of(annotation, last, places, question.adjudicated)
        for known, (annotation, (first, last)) in zip(work, said, strict=True)
        if annotation.submitted
    )
    asked = Asked(question.text, len(set(places.values())), key=question.pk)
    versions = frozenset(version_of(annotation) for annotation, _steps in said)
    return Item(question, asked, work, current if len(current) > 1 else (), versions)


def shared(questions: QuestionQuerySet) -> QuerySet[Question]:
    """Return those of the questions on which several people wrote, with what is needed of their work.

    Each says when an adjudicator finished its gold (``adjudicated``), and each annotation which of its conditions stand
    in which row (``decided``).
    """
    standing = DecisionPart.objects.filter(decision__until=None).exclude(decision__kind=Kind.APART.value)
    annotations = Annotation.objects.filter(source=record.Source.HUMAN.value).select_related(
        "author", "guideline_version"
    )
    annotations = annotations.prefetch_related(Prefetch("decided", standing))
    gold = Annotation.objects.gold().filter(question=OuterRef("pk"), author__isnull=False)
    handed_in = Revision.objects.filter(verb__in=[Revision.Verb.SUBMIT, Revision.Verb.IMPORT]).order_by("number")
    annotations = annotations.prefetch_related(
        Prefetch("revisions", handed_in.only("annotation", "number", "verb", "record"))
    )
    return (
        questions.annotate(people=Count("annotations", filter=PEOPLE))
        .filter(people__gt=1)
        .annotate(adjudicated=Subquery(gold.values("submitted")))
        .in_order()
        .select_related("batch")
        .prefetch_related(Prefetch("annotations", annotations))
    )


def with_places(questions: Iterable[Question]) -> Iterator[tuple[Question, Places]]:
    """Yield each question with which fragment stands at each place of its lists. A query per ``CHUNK``."""
    for some in batched(questions, CHUNK):
        lists = lines_of(pk for one in some for pk in (one.retrieval_id, one.supplementary_id) if pk)
        for one in some:
            usual, added = lists.get(one.retrieval_id or 0, ()), lists.get(one.supplementary_id or 0, ())
            yield one, {(False, rank): part for rank, part in usual} | {(True, rank): part for rank, part in added}


def lines_of(retrievals: Iterable[int]) -> Mapping[int, Sequence[tuple[int, int]]]:
    """Return the ranks of some lists, each with the key of its fragment. One query."""
    found = defaultdict[int, list[tuple[int, int]]](list)
    listed = ListedFragment.objects.filter(retrieval__in=set(retrievals)).order_by()
    for retrieval, rank, fragment in listed.values_list("retrieval", "rank", "fragment"):
        found[retrieval].append((rank, fragment))
    return found


def steps_of(annotation: Annotation) -> tuple[Revision, Revision] | None:
    """Return the steps that keep a person's first submission and the last one, None where they have not submitted."""
    steps = list(annotation.revisions.all())
    submitted = [step for step in steps if step.verb == Revision.Verb.SUBMIT]
    if not steps or (not submitted and annotation.submitted is None):
        return None
    return (submitted or steps)[0], steps[-1]


def version_of(annotation: Annotation) -> int:
    """Return the number of the guidelines that the annotation was written by, 0 where there were none."""
    return annotation.guideline_version.number if annotation.guideline_version else 0


def work_of(annotation: Annotation, step: Revision, places: Places, adjudicated: datetime | None) -> Work:
    said = annotation_stored(step.record)
    conditions = tuple(Compared.of(condition, places) for condition in said.conditions)
    found = rows_in(annotation, said) if adjudicated and on_the_desk(annotation, adjudicated) else None
    return Work(annotation.writer.pseudonym, said.verdict, conditions, found)


def on_the_desk(annotation: Annotation, adjudicated: datetime) -> bool:
    """Return whether the adjudicator saw the work: it was handed in by then, or some of it stands in a row."""
    in_time = annotation.submitted is not None and annotation.submitted <= adjudicated
    return in_time or bool(annotation.decided.all())


def rows_in(annotation: Annotation, said: record.Annotation) -> tuple[int | None, ...]:
    """Return the row in which each condition stands, by its uid; what was never decided stands alone."""
    rows_by_uid = {part.uid: part.decision_id for part in annotation.decided.all()}
    return tuple(rows_by_uid.get(condition.uid) for condition in said.conditions)
