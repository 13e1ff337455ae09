"""Annotations and their cards as they are stored now, read by queries that are compiled once (decision 8)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from annotator.models import Annotation, Answer, Citation, Condition
from annotator.prepared import Prepared
from annotator.rows import Card
from retrieval.fragments import batched

Part = TypeVar("Part", Answer, Citation)
TOGETHER = 8  # annotations that a query asks for; where fewer are wanted, it names the last one again
STAND_INS = range(-TOGETHER, 0)

annotations = Prepared(
    lambda *keys: Annotation.objects.filter(pk__in=keys).select_related("question", "assignment").order_by(), *STAND_INS
)
conditions = Prepared(
    lambda *keys: Condition.objects.filter(annotation__in=keys, removed=False).order_by("order", "pk"), *STAND_INS
)
answers = Prepared(
    lambda *keys: Answer.objects.filter(condition__annotation__in=keys).order_by("order", "pk"), *STAND_INS
)
citations = Prepared(
    lambda *keys: (
        Citation.objects.filter(condition__annotation__in=keys).select_related("listed").order_by("order", "pk")
    ),
    *STAND_INS,
)
one_condition = Prepared(lambda annotation, uid: Condition.objects.filter(annotation=annotation, uid=uid), -1, "?")
answers_of_one = Prepared(lambda condition: Answer.objects.filter(condition=condition).order_by("order", "pk"), -1)
citations_of_one = Prepared(
    lambda condition: Citation.objects.filter(condition=condition).select_related("listed").order_by("order", "pk"),
    -1,
)


@dataclass(frozen=True, slots=True)
class Stored:
    """An annotation with its question and assignment, and its cards in order."""

    row: Annotation
    cards: list[Card]


def stored(keys: Sequence[int]) -> dict[int, Stored]:
    """Return annotations by their keys, less removed cards. Four queries for every eight, two where none has a card."""
    return {found.row.pk: found for some in batched(keys, TOGETHER) for found in read(some)}


def read(keys: Sequence[int]) -> list[Stored]:
    asked = [*keys, *[keys[-1]] * (TOGETHER - len(keys))]
    rows = list(annotations.rows(*asked))
    found = list(conditions.rows(*asked))
    said = by_condition(answers.rows(*asked) if found else ())
    cited = by_condition(citations.rows(*asked) if found else ())
    return [
        Stored(row, [(card, said[card.pk], cited[card.pk]) for card in found if card.annotation_id == row.pk])
        for row in rows
    ]


def stored_condition(annotation: int, uid: str) -> Condition | None:
    """Return a condition of an annotation, a removed one too."""
    return one_condition.first(annotation, uid)


def stored_card(annotation: int, uid: str) -> Card:
    """Return a condition that is known to be there, with its parts. Three queries."""
    row = next(one_condition.rows(annotation, uid))
    return row, list(answers_of_one.rows(row.pk)), list(citations_of_one.rows(row.pk))


def by_condition(parts: Iterable[Part]) -> dict[int, list[Part]]:
    found = defaultdict[int, list[Part]](list)
    for part in parts:
        found[part.condition_id].append(part)
    return found
