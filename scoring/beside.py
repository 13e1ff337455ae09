"""What stands in the database of questions that are scored: gold, its lists, and what systems and people said."""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import OuterRef, Subquery

from annotator import record
from annotator.alignment import Places
from annotator.models import Annotation, Question, Revision
from annotator.released import WHOLE, records_of
from retrieval.fragments import LOOKUP_SIZE, batched
from retrieval.models import ListedFragment
from scoring.models import EvaluatedQuestion
from scoring.scored import Target, Whole

Key = tuple[int, int]
"""A question and a system, by their keys."""


@dataclass(slots=True)
class Lists:
    """Which fragment stands at each rank of some frozen lists, by its digest, and what the fragments say."""

    places: dict[int, dict[tuple[bool, int], Hashable]] = field(default_factory=lambda: defaultdict(dict))
    texts: dict[Hashable, str] = field(default_factory=dict)

    def of(self, retrieval: int | None) -> Places:
        return self.places[retrieval] if retrieval else {}


def lists_of(retrievals: Iterable[int | None]) -> Lists:
    """Return what stands in these lists. A query per 900 of them."""
    found = Lists()
    for some in batched(sorted({pk for pk in retrievals if pk}), LOOKUP_SIZE):
        listed = ListedFragment.objects.filter(retrieval__in=some).order_by()
        rows = listed.values_list("retrieval", "rank", "fragment__sha256", "fragment__title", "fragment__text")
        for retrieval, rank, digest, title, text in rows:
            found.places[retrieval][False, rank] = digest
            found.texts[digest] = f"{title} {text}"
    return found


@dataclass(frozen=True, slots=True)
class Predicted:
    """What a system said of a question: the step of its history, and the list that its numbers are from."""

    revision: int
    retrieval: int | None


def predictions_on(questions: Collection[int], systems: Collection[int], until: datetime) -> dict[Key, Predicted]:
    """Return what the systems had said of the questions until then, the first of several samples. One query."""
    steps = Revision.objects.filter(annotation=OuterRef("pk"), verb__in=WHOLE).order_by("-number")
    said = Annotation.objects.filter(source=record.Source.PREDICTION, created__lte=until)
    rows = (
        said.filter(question__in=questions, system__in=systems)
        .annotate(step=Subquery(steps.values("pk")[:1]))
        .order_by("question", "system", "-sample")
        .values_list("question", "system", "step", "retrieval", "question__retrieval")
    )
    return {(question, system): Predicted(step, own or usual) for question, system, step, own, usual in rows if step}


@dataclass(frozen=True, slots=True)
class Beside:
    """Some questions of an evaluation with all that is scored of them."""

    targets: Mapping[int, Target]
    predicted: Mapping[Key, tuple[int, Whole]]
    people: Mapping[int, tuple[tuple[int, int, Whole], ...]]


def beside(questions: Sequence[EvaluatedQuestion], systems: Collection[int], until: datetime) -> Beside:
    """Return the questions' targets, the predictions (step and what it says) and people's work. Five queries.

    ``people`` are by question: the key of the evaluated work, its step, and what it says.
    """
    asked = Question.objects.filter(pk__in=[one.question_id for one in questions]).order_by()
    usual = dict(asked.values_list("pk", "retrieval"))
    said = predictions_on(usual, systems, until)
    lists = lists_of([*usual.values(), *(one.retrieval for one in said.values())])
    read = reader(questions, said.values(), lists)
    targets, people = {}, {}
    for one in questions:
        own = usual[one.question_id]
        people[one.pk] = tuple((part.pk, part.revision_id, read(part.revision_id, own)) for part in one.work.all())
        references = (read(one.gold_id, own),) if one.gold_id else tuple(whole for _pk, _step, whole in people[one.pk])
        targets[one.pk] = Target(one.text, references, lists.texts)
    predicted = {key: (found.revision, read(found.revision, found.retrieval)) for key, found in said.items()}
    return Beside(targets, predicted, people)


def reader(
    questions: Sequence[EvaluatedQuestion], said: Iterable[Predicted], lists: Lists
) -> Callable[[int, int | None], Whole]:
    """Return what reads a step of a history, its numbers meant in a list. A query per 900 steps."""
    steps = {one.gold_id for one in questions if one.gold_id} | {one.revision for one in said}
    steps |= {part.revision_id for one in questions for part in one.work.all()}
    records = dict(records_of(sorted(steps)))
    return lambda step, retrieval: Whole.of(records[step], lists.of(retrieval))
