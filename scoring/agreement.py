"""How far people agree: on verdicts, on how many conditions there are, on conditions, their answers and citations.

Pure: ``compare`` looks at what several people said of one question, ``agreement`` sums such comparisons up, over a
whole project or any part of it (SCORING.md, "Agreement between annotators"). What is undefined is None, with why.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any, Literal

import krippendorff
import numpy as np
from numpy.typing import NDArray

from annotator.alignment import SAME, Compared, Pair, align, soft_f1
from annotator.record import Verdict

THRESHOLDS = (0.2, 0.3, 0.4, 0.5, 0.6)
DRAWS = 1000
SEED = 20_250_203
NO_PAIR = -2.0  # below any S: keeps every pair of the best alignment
SHARES = (
    *("verdict_percent", "count_exact", "count_difference", "conditions_soft", "answers", "answers_joint"),
    *("citations_positive", "citations_masi", "conditions_chance"),
    *(f"conditions_{mean}_{threshold}" for mean in ("micro", "macro") for threshold in THRESHOLDS),
)
PERSONAL = "conditions_macro_0.4"
NO_SPREAD = "nobody gave a value twice, or everybody gave the same one"

Whole = NDArray[np.int64]
Level = Literal["nominal", "ordinal"]


@dataclass(frozen=True, slots=True)
class Work:
    """What one person said of a question."""

    person: str
    verdict: Verdict | None
    conditions: tuple[Compared, ...]

    @property
    def cited(self) -> frozenset[Hashable]:
        return frozenset().union(*(condition.cited for condition in self.conditions))


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as agreement needs it: its text, how many different fragments its list holds, and a chance floor.

    ``elsewhere`` is what somebody wrote on another question: as much as people agree with that, they agree by chance.
    """

    text: str
    fragments: int
    elsewhere: tuple[Compared, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its 95 % interval over questions, and on how many comparisons it stands; None is undefined."""

    value: float | None
    n: int
    low: float | None = None
    high: float | None = None
    reason: str = ""


@dataclass(slots=True)
class Comparison:
    """What people said of one question, in numbers that add up over questions.

    ``shares`` holds numerators and denominators by the name of their figure.
    """

    people: frozenset[str] = frozenset()
    shares: dict[str, tuple[float, float]] = field(default_factory=dict)
    verdicts: Counter[Verdict] = field(default_factory=Counter)
    together: Counter[tuple[Verdict, Verdict]] = field(default_factory=Counter)
    counts: Counter[int] = field(default_factory=Counter)
    citing: Counter[tuple[int, int]] = field(default_factory=Counter)

    def add(self, name: str, share: float, of: float = 1.0) -> None:
        numerator, denominator = self.shares.get(name, (0.0, 0.0))
        self.shares[name] = (numerator + share, denominator + of)


def compare(work: Sequence[Work], question: Asked) -> tuple[Comparison, list[Comparison]]:
    """Compare what people said of a question: all of them, and each two of them."""
    whole = of_people(work, question)
    chance = {one.person: by_chance(one, question) for one in work}
    pairs = [compare_two(one, other, question) for one, other in combinations(sorted(work, key=by_person), 2)]
    for pair in pairs:
        for person in pair.people:
            pair.add("conditions_chance", chance[person])
    for pair in pairs:
        whole.together += pair.together
        for name, share in pair.shares.items():
            whole.add(name, *share)
    return whole, pairs


def by_person(work: Work) -> str:
    return work.person


def of_people(work: Sequence[Work], question: Asked) -> Comparison:
    """Return what is counted over all people at once."""
    return Comparison(
        people=frozenset(map(by_person, work)),
        verdicts=Counter(one.verdict for one in work if one.verdict),
        counts=Counter(len(one.conditions) for one in work),
        citing=citing(work, question.fragments),
    )


def compare_two(one: Work, other: Work, question: Asked) -> Comparison:
    """Compare what two people said of a question."""
    found = of_people([one, other], question)
    if one.verdict and other.verdict:
        found.together[one.verdict, other.verdict] += 1
        found.add("verdict_percent", one.verdict == other.verdict)
    compare_conditions(found, one, other, align(one.conditions, other.conditions, question.text, least=NO_PAIR))
    return found


def by_chance(work: Work, question: Asked) -> float:
    """Return the F1 of somebody's conditions with what somebody wrote on another question."""
    pairs = align(work.conditions, question.elsewhere, question.text, least=SAME)
    sizes = len(work.conditions) + len(question.elsewhere)
    return 2 * len(pairs) / sizes if sizes else 1.0


def citing(work: Sequence[Work], fragments: int) -> Counter[tuple[int, int]]:
    """Return over how many fragments so many of so many people cite them: (citing, of) → fragments."""
    times = Counter(fragment for one in work for fragment in one.cited)
    found = Counter((number, len(work)) for number in times.values())
    found[0, len(work)] = max(fragments - len(times), 0)
    return found


def compare_conditions(found: Comparison, one: Work, other: Work, pairs: Sequence[Pair]) -> None:
    """Add what two people's conditions have in common; two that wrote none agree."""
    sizes = len(one.conditions) + len(other.conditions)
    found.add("count_exact", len(one.conditions) == len(other.conditions))
    found.add("count_difference", abs(len(one.conditions) - len(other.conditions)))
    for threshold in THRESHOLDS:
        matched = 2 * sum(pair.score >= threshold for pair in pairs)
        found.add(f"conditions_micro_{threshold}", matched, sizes)
        found.add(f"conditions_macro_{threshold}", matched / sizes if sizes else 1.0)
    found.add("conditions_soft", soft_f1(pairs, sizes))
    found.add("citations_positive", 2 * len(one.cited & other.cited), len(one.cited) + len(other.cited))
    same = [pair for pair in pairs if pair.score >= SAME]
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


def agreement(comparisons: Iterable[Comparison], draws: int = DRAWS) -> dict[str, Figure]:
    """Return every figure over some questions, with percentile intervals of a bootstrap over them."""
    twice = [one for one in comparisons if len(one.people) > 1]
    resampled = bootstrap(len(twice), draws)
    return {name: share(name, twice, resampled) for name in SHARES} | {
        "verdict_alpha": alpha(twice, "verdicts", "nominal", resampled),
        "verdict_kappa": kappa(twice, resampled),
        "count_alpha": alpha(twice, "counts", "ordinal", resampled),
        "citations_alpha": alpha_of_citing(twice, resampled),
    }


def of_each_person(pairs: Iterable[Comparison], draws: int = DRAWS) -> dict[str, Figure]:
    """Return each person's mean condition F1 with whoever else wrote on their questions."""
    found: dict[str, list[Comparison]] = defaultdict(list)
    for pair in pairs:
        for person in pair.people:
            found[person].append(pair)
    return {person: share(PERSONAL, theirs, bootstrap(len(theirs), draws)) for person, theirs in found.items()}


def bootstrap(questions: int, draws: int) -> Whole:
    """Return how often each question is drawn in each resample: draws × questions, the same every time."""
    if questions < 2:
        return np.zeros((0, questions), dtype=np.int64)
    return np.random.default_rng(SEED).multinomial(questions, np.full(questions, 1 / questions), draws)


def figure(value: float | None, n: int, resamples: Iterable[float | None], reason: str) -> Figure:
    """Return a value with the interval that 95 % of its resamples lie in; ``reason`` says why there is no value."""
    if value is None:
        return Figure(None, n, reason=reason)
    defined = [one for one in resamples if one is not None]
    low, high = np.percentile(defined, (2.5, 97.5)).tolist() if defined else (None, None)
    return Figure(value, n, low, high)


def share(name: str, comparisons: Sequence[Comparison], resampled: Whole) -> Figure:
    """Return a figure that is one sum over another."""
    sums = np.array([one.shares.get(name, (0.0, 0.0)) for one in comparisons]).reshape(-1, 2)
    above, below = sums.sum(axis=0).tolist()
    resamples = (drawn / of if of else None for drawn, of in (resampled @ sums).tolist())
    return figure(above / below if below else None, round(below), resamples, "there is nothing to compare")


def alpha(comparisons: Sequence[Comparison], name: str, level: Level, resampled: Whole) -> Figure:
    """Return Krippendorff's α of what people gave to each question; ``name`` says where a comparison counts it."""
    counts: list[Counter[Any]] = [getattr(one, name) for one in comparisons]
    values = sorted({value for given in counts for value in given})
    table = np.array([[given[value] for value in values] for given in counts], dtype=np.int64)
    table = table.reshape(len(counts), len(values))
    resamples = (alpha_of(np.repeat(table, times, axis=0), values, level) for times in resampled)
    return figure(alpha_of(table, values, level), sum(given.total() > 1 for given in counts), resamples, NO_SPREAD)


def alpha_of(table: Whole, values: Sequence[Any], level: Level) -> float | None:
    """Return α of a table, units × values; None where no unit has two values, or all have the same one."""
    paired = table[table.sum(axis=1) > 1]
    if np.count_nonzero(paired.sum(axis=0)) < 2:
        return None
    domain = None if level == "nominal" else values
    return float(krippendorff.alpha(value_counts=paired, value_domain=domain, level_of_measurement=level))


def alpha_of_citing(comparisons: Sequence[Comparison], resampled: Whole) -> Figure:
    """Return Krippendorff's α of whether people cite a fragment, each fragment of each question being a unit."""
    kinds = sorted({kind for one in comparisons for kind in one.citing})
    table = np.array([(citing, of - citing) for citing, of in kinds], dtype=np.int64).reshape(len(kinds), 2)
    fragments = np.array([[one.citing[kind] for kind in kinds] for one in comparisons], dtype=np.int64).reshape(
        len(comparisons), len(kinds)
    )

    def over(numbers: Whole) -> float | None:
        return alpha_of(np.repeat(table, numbers, axis=0), (0, 1), "nominal")

    n = int(fragments.sum())
    return figure(over(fragments.sum(axis=0)), n, (over(times @ fragments) for times in resampled), NO_SPREAD)


def kappa(comparisons: Sequence[Comparison], resampled: Whole) -> Figure:
    """Return Cohen's κ of the verdicts of two people; of more there is none."""
    people = frozenset().union(*(one.people for one in comparisons))
    if len(people) != 2:
        return Figure(None, 0, reason="κ is defined for two people")
    tables = np.array([[[one.together[a, b] for b in Verdict] for a in Verdict] for one in comparisons])
    resamples = (kappa_of(np.tensordot(times, tables, axes=1)) for times in resampled)
    return figure(kappa_of(tables.sum(axis=0)), int(tables.sum()), resamples, NO_SPREAD)


def kappa_of(table: Whole) -> float | None:
    """Return κ of a table of two people's verdicts; None where chance alone makes them agree."""
    n = int(table.sum())
    by_chance = float(table.sum(axis=0) @ table.sum(axis=1)) / n**2 if n else 1.0
    return None if by_chance == 1 else (float(np.trace(table)) / n - by_chance) / (1 - by_chance)
