"""What people said of one question, in numbers that add up over questions.

Pure. Two people's conditions are paired in three ways: ``compare`` takes the best alignment, ``compare_confirmed`` the
rows of the question's adjudication, and ``compare_by_chance`` what somebody else wrote on another question. Each
returns a comparison of all people, and one of every two of them (docs/decisions/0012).
"""

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from annotator.alignment import SAME, Compared, Pair, align, likenesses, soft_f1
from annotator.record import Verdict

THRESHOLDS = (0.2, 0.3, 0.4, 0.5, 0.6)
PAIRED = (
    *("conditions_soft", "answers", "answers_joint", "citations_masi"),
    *(f"conditions_{mean}_{threshold}" for mean in ("micro", "macro") for threshold in THRESHOLDS),
)
"""The figures that hang on which conditions are paired."""
SHARES = ("verdict_percent", "count_exact", "count_difference", "citations_positive", *PAIRED)
PLACES = {name: place for place, name in enumerate(SHARES)}
NO_PAIR = -2.0  # below any S: keeps every pair of the best alignment


@dataclass(frozen=True, slots=True)
class Work:
    """What one person said of a question.

    ``rows`` names for each condition the row of the adjudication that it stands in, None where it stands alone. It is
    None as a whole where nobody has decided what belongs together.
    """

    person: str
    verdict: Verdict | None
    conditions: tuple[Compared, ...]
    rows: tuple[int | None, ...] | None = None

    @property
    def cited(self) -> frozenset[Hashable]:
        return frozenset().union(*(condition.cited for condition in self.conditions))


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as agreement needs it: its text, how many different fragments its list holds, and a chance floor.

    ``elsewhere`` is what people wrote on another question: as much as anybody agrees with that, they agree by chance.
    ``key`` tells it from others.
    """

    text: str
    fragments: int
    elsewhere: tuple[Work, ...] = ()
    key: int = 0


@dataclass(slots=True)
class Comparison:
    """What people said of one question, in numbers that add up over questions.

    ``sums`` holds a numerator and a denominator for each of ``SHARES``: a project has thousands of comparisons.
    """

    people: frozenset[str] = frozenset()
    sums: NDArray[np.float64] = field(default_factory=lambda: np.zeros((len(SHARES), 2)))
    verdicts: Counter[Verdict] = field(default_factory=Counter)
    together: Counter[tuple[Verdict, Verdict]] = field(default_factory=Counter)
    counts: Counter[int] = field(default_factory=Counter)
    citing: Counter[tuple[int, int]] = field(default_factory=Counter)
    question: int = 0

    @property
    def shares(self) -> dict[str, tuple[float, float]]:
        """Return the numerator and the denominator of each figure that has one, by its name."""
        return {name: (above, below) for name, (above, below) in zip(SHARES, self.sums.tolist(), strict=True) if below}

    def add(self, name: str, share: float, of: float = 1.0) -> None:
        sums = self.sums[PLACES[name]]
        sums[0] += share
        sums[1] += of


Told = tuple[Comparison, list[Comparison]]
"""What all people have in common, and what each two of them have."""


@dataclass(frozen=True, slots=True)
class Pairing:
    """Which conditions of two people belong together: those whose S is high enough, or those a person put together."""

    pairs: Sequence[Pair]
    confirmed: bool = False

    def at(self, threshold: float) -> list[Pair]:
        return [pair for pair in self.pairs if self.confirmed or pair.score >= threshold]


def compare(work: Sequence[Work], question: Asked) -> Told:
    """Compare what people said of a question, their conditions paired by the best alignment."""
    whole, pairs = of_people(work, question), []
    for one, other in twos(work):
        pair = of_people([one, other], question)
        add_sides(pair, one, other)
        add_pairs(pair, one, other, aligned(one, other, question))
        whole.together += pair.together
        whole.sums += pair.sums
        pairs.append(pair)
    return whole, pairs


def compare_confirmed(work: Sequence[Work], question: Asked) -> Told:
    """Compare the conditions of people that stand in one row of the adjudication, whatever their S."""
    whole, pairs = Comparison(people_of(work), question=question.key), []
    for one, other in twos(work):
        pair = Comparison(people_of([one, other]), question=question.key)
        add_pairs(pair, one, other, in_one_row(one, other, question))
        whole.sums += pair.sums
        pairs.append(pair)
    return whole, pairs


def compare_by_chance(work: Sequence[Work], question: Asked) -> Told:
    """Compare each person's conditions with what somebody else wrote on another question."""
    whole, floors = Comparison(people_of(work)), {}
    for one in work:
        floors[one.person] = floor = Comparison()
        other = next((other for other in question.elsewhere if other.person != one.person), None)
        if other:
            add_pairs(floor, one, other, aligned(one, other, question))
        whole.sums += floor.sums
    pairs = [Comparison(people_of(two)) for two in twos(work)]
    for pair in pairs:
        for person in pair.people:
            pair.sums += floors[person].sums
    return whole, pairs


def by_person(pairs: Iterable[Comparison]) -> dict[str, Comparison]:
    """Return what each person has in common with all the others of a question."""
    found: dict[str, Comparison] = {}
    for pair in pairs:
        for person in pair.people:
            found.setdefault(person, Comparison(question=pair.question)).sums += pair.sums
    return found


def twos(work: Sequence[Work]) -> Iterator[tuple[Work, Work]]:
    """Yield every two people's work, in an order that hangs on their names alone."""
    return combinations(sorted(work, key=lambda one: one.person), 2)


def people_of(work: Sequence[Work]) -> frozenset[str]:
    return frozenset(one.person for one in work)


def aligned(one: Work, other: Work, question: Asked) -> Pairing:
    return Pairing(align(one.conditions, other.conditions, question.text, least=NO_PAIR))


def in_one_row(one: Work, other: Work, question: Asked) -> Pairing:
    """Return the pairs that stand in one row; of a person who is not adjudicated there are none."""
    alike = likenesses(one.conditions, other.conditions, question.text)
    theirs = {row: place for place, row in enumerate(other.rows or ()) if row is not None}
    places = ((place, theirs[row]) for place, row in enumerate(one.rows or ()) if row in theirs)
    return Pairing([Pair(i, j, alike[i][j]) for i, j in places], confirmed=True)


def of_people(work: Sequence[Work], question: Asked) -> Comparison:
    """Return what is counted over all people at once."""
    return Comparison(
        people=people_of(work),
        verdicts=Counter(one.verdict for one in work if one.verdict),
        counts=Counter(len(one.conditions) for one in work),
        citing=citing(work, question.fragments),
        question=question.key,
    )


def citing(work: Sequence[Work], fragments: int) -> Counter[tuple[int, int]]:
    """Return over how many fragments so many of so many people cite them: (citing, of) → fragments."""
    times = Counter(fragment for one in work for fragment in one.cited)
    found = Counter((number, len(work)) for number in times.values())
    found[0, len(work)] = max(fragments - len(times), 0)
    return found


def add_sides(found: Comparison, one: Work, other: Work) -> None:
    """Add what two people have in common as a whole: verdict, number of conditions, cited fragments."""
    if one.verdict and other.verdict:
        found.together[one.verdict, other.verdict] += 1
        found.add("verdict_percent", one.verdict == other.verdict)
    found.add("count_exact", len(one.conditions) == len(other.conditions))
    found.add("count_difference", abs(len(one.conditions) - len(other.conditions)))
    found.add("citations_positive", 2 * len(one.cited & other.cited), len(one.cited) + len(other.cited))


def add_pairs(found: Comparison, one: Work, other: Work, pairing: Pairing) -> None:
    """Add what two people's conditions have in common, pair by pair; two who wrote none agree."""
    sizes = len(one.conditions) + len(other.conditions)
    for threshold in THRESHOLDS:
        matched = 2 * len(pairing.at(threshold))
        found.add(f"conditions_micro_{threshold}", matched, sizes)
        found.add(f"conditions_macro_{threshold}", matched / sizes if sizes else 1.0)
    found.add("conditions_soft", soft_f1(pairing.pairs, sizes))
    same = pairing.at(SAME)
    for pair in same:
        found.add("answers", pair.likeness.answers or 0.0, pair.likeness.answers is not None)
        found.add("citations_masi", masi(one.conditions[pair.first].cited, other.conditions[pair.second].cited))
    found.add("answers_joint", 2 * sum(pair.likeness.answers or 0.0 for pair in same), sizes)


def masi(a: Collection[Hashable], b: Collection[Hashable]) -> float:
    """Return MASI, 0 to 1: Jaccard × (1 same, 2/3 one within the other, 1/3 overlap); two empty sets are the same.

    Passonneau 2006, "Measuring Agreement on Set-valued Items (MASI) for Semantic and Pragmatic Annotation".
    """
    first, second = set(a), set(b)
    if first == second:
        return 1.0
    shared = len(first & second)
    within = shared == min(len(first), len(second))
    return shared / len(first | second) * (2 / 3 if within else 1 / 3) if shared else 0.0
