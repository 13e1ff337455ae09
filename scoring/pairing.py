"""Which condition of a prediction answers for which of gold: by the best alignment, or as published tables have it.

Pure. Gold is aligned with a prediction by what they say alone: pairing by citations would inflate the citation score
that is measured on the pairs (SCORING.md, "Alignment").
"""

from collections.abc import Callable, Sequence

from annotator.alignment import Compared, Pair, align, likenesses
from annotator.similarity import Idf

Pairing = Callable[[Sequence[Compared], Sequence[Compared], str, Idf], list[Pair]]


def optimal(gold: Sequence[Compared], predicted: Sequence[Compared], question: str, idf: Idf) -> list[Pair]:
    """Return the one-to-one pairs with the largest sum of S, those below S = .20 left out."""
    return align(gold, predicted, question, idf)


def positional(gold: Sequence[Compared], predicted: Sequence[Compared], question: str, idf: Idf) -> list[Pair]:
    """Pair the first with the first and so on, whatever they say: only to reproduce published tables."""
    alike = likenesses(gold, predicted, question, idf)
    return [Pair(place, place, alike[place][place]) for place in range(min(len(gold), len(predicted)))]


def greedy(gold: Sequence[Compared], predicted: Sequence[Compared], question: str, idf: Idf) -> list[Pair]:
    """Give each prediction in turn the gold that is most alike and still free: only to reproduce published tables."""
    alike = likenesses(gold, predicted, question, idf)
    free = list(range(len(gold)))
    found = []
    for place in range(min(len(gold), len(predicted))):
        best = max(free, key=lambda i, j=place: (alike[i][j].score, -i))  # type: ignore[misc]
        free.remove(best)
        found.append(Pair(best, place, alike[best][place]))
    return sorted(found, key=lambda pair: pair.first)


PAIRINGS: dict[str, Pairing] = {"optimal": optimal, "positional": positional, "greedy": greedy}
USUAL = "optimal"
