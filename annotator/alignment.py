"""Which condition of one annotation is which of another: the one operation under agreement, adjudication and scoring.

Two annotations are aligned one condition to one by S (SCORING.md, "Alignment"), so that the sum of S is largest:

    S = (.35 D + .45 A + .20 T) / (the weights of the terms there are) − R

D is how alike the texts are in the company of their alternatives, A how alike the answers, T the F1 of the cited
fragments, R how far the texts exclude each other. Neither the order of the conditions nor of the sides matters.
"""

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from annotator.contrast import conflict, likeness, profile, weights
from annotator.record import Condition
from annotator.similarity import Idf, answer_similarity, dice, even, plainly

TEXT, ANSWER, CITATIONS = 0.35, 0.45, 0.20
PAIR = 0.20  # below it two conditions have nothing to do with each other
SAME = 0.40  # from it on they are the same condition
DIGITS = 12
TIE_BREAK = 1e-9
KEPT = 1024  # pairs of annotations

Places = Mapping[tuple[bool, int], Hashable]
"""(supplementary, rank) → the fragment that stands there: two lists may hold one fragment at different ranks."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A condition as it is compared: its text, the wordings of each of its answers, and the fragments that it cites.

    ``mark`` is no part of how alike two conditions are: it tells apart, for their order, those that say the same.
    """

    text: str
    answers: tuple[tuple[str, ...], ...] = ()
    cited: frozenset[Hashable] = frozenset()
    mark: str = ""

    @classmethod
    def of(cls, condition: Condition, places: Places | None = None) -> "Compared":
        """Return a condition as it is compared, less blank wordings; without ``places`` no citation counts."""
        wordings = (tuple(filter(str.strip, (answer.text, *answer.aliases))) for answer in condition.answers)
        ranks = ((part.supplementary, part.rank) for part in condition.citations if part.rank is not None)
        cited = frozenset(places[rank] for rank in ranks if rank in places) if places else frozenset[Hashable]()
        return cls(condition.text, tuple(filter(None, wordings)), cited)

    @property
    def key(self) -> tuple[object, ...]:
        """Return what orders conditions the same wherever they stand."""
        return self.text, self.answers, sorted(map(repr, self.cited)), self.mark


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two conditions are, with the terms that S is made of; a term that says nothing here is None."""

    text: float | None
    answers: float | None
    citations: float | None
    conflict: float

    @property
    def score(self) -> float:
        """Return S, −1 to 1."""
        terms = ((TEXT, self.text), (ANSWER, self.answers), (CITATIONS, self.citations))
        present = [(weight, value) for weight, value in terms if value is not None]
        mean = sum(weight * value for weight, value in present) / (sum(weight for weight, _ in present) or 1)
        return round(mean - self.conflict, DIGITS)


@dataclass(frozen=True, slots=True)
class Pair:
    """One condition of each side, by its place there, and how alike they are."""

    first: int
    second: int
    likeness: Likeness

    @property
    def score(self) -> float:
        return self.likeness.score


def likenesses(
    first: Sequence[Compared], second: Sequence[Compared], question: str = "", idf: Idf = even
) -> Sequence[Sequence[Likeness]]:
    """Return how alike each condition of ``first`` is to each of ``second``.

    The last ones are kept: rows are joined by them, shown with them, and drawn anew at each step of an adjudication.
    """
    return kept_likenesses(tuple(first), tuple(second), question, idf)


@lru_cache(maxsize=KEPT)
def kept_likenesses(
    first: tuple[Compared, ...], second: tuple[Compared, ...], question: str, idf: Idf
) -> Sequence[Sequence[Likeness]]:
    texts = [[part.text for part in side] for side in (first, second)]
    weighed = weights(texts, question)
    profiles = [[profile(text, weighed) for text in side] for side in texts]

    def one(i: int, j: int) -> Likeness:
        a, b = first[i], second[j]
        blank = not a.text.strip() and not b.text.strip()
        plain = plainly(a.text, b.text)
        text = (1.0 if plain == 1.0 else likeness(profiles[0][i], profiles[1][j])) if not blank else None
        return Likeness(
            text,
            answer_sets(a.answers, b.answers, question, idf) if a.answers or b.answers else None,
            dice(a.cited, b.cited) if a.cited and b.cited else None,
            0.0 if blank else conflict(profiles[0][i], profiles[1][j]),
        )

    return tuple(tuple(one(i, j) for j in range(len(second))) for i in range(len(first)))


def answer_sets(
    first: Sequence[Sequence[str]], second: Sequence[Sequence[str]], question: str = "", idf: Idf = even
) -> float:
    """Return the soft F1 of two sets of answers, each answer by the most alike of its wordings, paired one to one."""
    if not first or not second:
        return float(not first and not second)
    scores = [[best(a, b, question, idf) for b in second] for a in first]
    return 2 * sum(scores[i][j] for i, j in assignment(scores)) / (len(first) + len(second))


def best(first: Iterable[str], second: Collection[str], question: str, idf: Idf) -> float:
    """Return how alike the two most alike of two answers' wordings are."""
    return max(answer_similarity(a, b, question, idf) for a in first for b in second)


def assignment(scores: Sequence[Sequence[float]]) -> Iterator[tuple[int, int]]:
    """Yield one-to-one pairs of rows and columns whose scores have the largest sum; as many as the shorter side has."""
    if scores and scores[0]:
        # Not before it is needed: to import it takes longer than most commands take.
        from scipy.optimize import linear_sum_assignment  # type: ignore[import-untyped]

        yield from ((int(i), int(j)) for i, j in zip(*linear_sum_assignment(scores, maximize=True), strict=True))


def align(
    first: Sequence[Compared], second: Sequence[Compared], question: str = "", idf: Idf = even, least: float = PAIR
) -> list[Pair]:
    """Return the pairs of the best alignment that are at least as alike as ``least``, in the order of ``first``."""
    return best_pairs(first, second, likenesses(first, second, question, idf), least=least)


def best_pairs(
    first: Sequence[Compared],
    second: Sequence[Compared],
    alike: Sequence[Sequence[Likeness]],
    least: float = PAIR,
) -> list[Pair]:
    """Return the one-to-one pairs with the largest sum of S, less those below ``least``.

    Each side is put in an order of its own before ties are broken, and the two sides in an order of theirs, so that it
    does not matter how they come.
    """
    rows, columns = in_order(first), in_order(second)
    step = TIE_BREAK / ((len(rows) + 1) * (len(columns) + 1))
    scores = [
        [alike[i][j].score + step * row * column for column, j in enumerate(columns, 1)]
        for row, i in enumerate(rows, 1)
    ]
    if [second[j].key for j in columns] < [first[i].key for i in rows]:
        chosen = [(row, column) for column, row in assignment(list(zip(*scores, strict=True)))]
    else:
        chosen = list(assignment(scores))
    places = [(rows[row], columns[column]) for row, column in chosen]
    return [Pair(i, j, alike[i][j]) for i, j in sorted(places) if alike[i][j].score >= least]


def soft_f1(pairs: Iterable[Pair], size: int) -> float:
    """Return 2 Σ max(0, S) / (n + m) of the best pairs of two sides, ``size`` being n + m; two empty ones agree."""
    return 2 * sum(max(0.0, pair.score) for pair in pairs) / size if size else 1.0


def in_order(side: Sequence[Compared]) -> list[int]:
    """Return the places of the conditions of a side in an order that hangs on what they say alone."""
    return sorted(range(len(side)), key=lambda place: side[place].key)
