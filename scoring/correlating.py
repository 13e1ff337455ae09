"""How far a judge says what people say: correlations over pairs, with intervals, and how far people agree. Pure.

Judge and people are on one scale, 0 to 10. Intervals are percentile bootstraps over the pairs, with a fixed seed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import krippendorff
import numpy as np

from scoring.agreement import Figure, Level
from scoring.resampling import COVERED, SEED, Floats

DRAWS = 2_000
FEWEST = 3  # two points always lie on a line
TOO_FEW = "Fewer than three pairs have been rated."
JUDGE_EVEN = "The judge says the same of all rated pairs."
PEOPLE_EVEN = "People say the same of all rated pairs."
ALONE = "No pair has been rated by two people."
ALL_ALIKE = "Everybody gave every pair the same rating, so α is undefined."
Ratings = Mapping[int, Mapping[int, int]]
"""What each person gave each pair: pair → person → 0 to 10."""


@dataclass(frozen=True, slots=True)
class Point:
    """A rated pair: what the judge says, and the mean of what ``people`` say, both 0 to 10."""

    judge: float
    mean: float
    people: int


def correlations(points: Sequence[Point]) -> dict[str, Figure]:
    """Return Pearson's r and Spearman's ρ between the judge and people's means."""
    found = correlated(tuple(point.judge for point in points), tuple(point.mean for point in points))
    return {"pearson": found[0], "spearman": found[1]}


@lru_cache(maxsize=64)
def correlated(judge: tuple[float, ...], people: tuple[float, ...]) -> tuple[Figure, Figure]:
    """Return both; a page that is asked for again draws nothing anew."""
    from scipy.stats import rankdata  # type: ignore[import-untyped] # a second and a half at every start else

    n, why = len(judge), why_undefined(judge, people)
    if why:
        return Figure(None, n, reason=why), Figure(None, n, reason=why)
    sides = np.array([judge, people])
    drawn = np.random.default_rng(SEED).integers(0, n, (DRAWS, n))
    resampled = sides[:, drawn]  # side × draw × pair
    ranked = rankdata(sides, axis=1), rankdata(resampled, axis=2)
    return figure(n, sides, resampled), figure(n, *ranked)


def why_undefined(judge: Sequence[float], people: Sequence[float]) -> str:
    if len(judge) < FEWEST:
        return TOO_FEW
    return JUDGE_EVEN if len(set(judge)) == 1 else PEOPLE_EVEN if len(set(people)) == 1 else ""


def figure(n: int, sides: Floats, resampled: Floats) -> Figure:
    values = pearson(*resampled)
    low, high = np.nanpercentile(values, COVERED).tolist()
    return Figure(float(pearson(*sides)), n, low, high)


def pearson(a: Floats, b: Floats) -> Floats:
    """Return Pearson's r along the last axis; nan where a side does not vary."""
    x, y = a - a.mean(axis=-1, keepdims=True), b - b.mean(axis=-1, keepdims=True)
    spread = (x**2).sum(axis=-1) * (y**2).sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(spread > 1e-12, (x * y).sum(axis=-1) / np.sqrt(spread), np.nan))


def agreement_of(ratings: Ratings) -> dict[str, Figure]:
    """Return Krippendorff's α between the people who rated, ordinal and interval, over the pairs that two have."""
    twice = [given for given in ratings.values() if len(given) > 1]
    values = {value for given in twice for value in given.values()}
    people = sorted({person for given in twice for person in given})
    table = [[given.get(person, np.nan) for given in twice] for person in people]
    why = ALONE if not twice else ALL_ALIKE if len(values) == 1 else ""
    levels: tuple[Level, ...] = ("ordinal", "interval")
    return {level: Figure(None if why else alpha(table, level), len(twice), reason=why) for level in levels}


def alpha(table: Sequence[Sequence[float]], level: Level) -> float:
    return float(krippendorff.alpha(reliability_data=table, level_of_measurement=level))
