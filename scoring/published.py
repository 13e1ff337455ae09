"""The published citation scores of CondAmbigQA's evaluator, computed as it does, faults and all. Pure.

Only to show that its numbers come out of its data: it pairs by position, leaves unanswered gold out, judges extra
predictions against nothing, and in outputs without conditions it takes the place of a citation in gold's list for the
number of its fragment. Systems are scored by ``scoring.measures`` (docs/published-scores.md).
"""

import re
from collections.abc import Iterator, Sequence
from itertools import chain, zip_longest

from annotator.record import Annotation, Citation, Condition

LEADING = re.compile(r"\s*(\d+)")
NAMED = re.compile(r"Fragment\s*(\d+)")
Numbers = frozenset[int]
NOTHING = Condition()


def citation_recall(gold: Annotation, predicted: Annotation) -> list[float]:
    """Return the published score of each predicted condition: recall of the numbers that gold's citations begin with.

    The first is compared with gold's first, and so on; where gold has no more, or cites nothing, it is 0.
    """
    return [recall(leading(one.citations), named(other.citations)) for one, other in by_position(gold, predicted)]


def citation_places(gold: Annotation, predicted: Annotation) -> list[float]:
    """Return the published score of each answer without conditions: F1 of its numbers against the places 1 … n.

    n is how many citations the condition of gold at the same position has.
    """
    return [f1(places(one.citations), named(other.citations)) for one, other in by_position(gold, predicted)]


def by_position(gold: Annotation, predicted: Annotation) -> Iterator[tuple[Condition, Condition]]:
    """Yield each predicted condition with gold's at the same place; gold that nobody answers is left out."""
    pairs = zip_longest(gold.conditions, predicted.conditions, fillvalue=NOTHING)
    yield from (pair for pair, _said in zip(pairs, predicted.conditions, strict=False))


def leading(citations: Sequence[Citation]) -> Numbers:
    found = (LEADING.match(citation.title or "") for citation in citations)
    return frozenset(int(one[1]) for one in found if one)


def places(citations: Sequence[Citation]) -> Numbers:
    return frozenset(range(1, len(citations) + 1))


def named(citations: Sequence[Citation]) -> Numbers:
    """Return the numbers after the word "Fragment"."""
    return frozenset(map(int, chain.from_iterable(NAMED.findall(citation.title or "") for citation in citations)))


def recall(gold: Numbers, predicted: Numbers) -> float:
    return len(gold & predicted) / len(gold) if gold else 0.0


def f1(gold: Numbers, predicted: Numbers) -> float:
    return 2 * len(gold & predicted) / (len(gold) + len(predicted)) if gold & predicted else 0.0
