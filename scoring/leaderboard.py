"""A leaderboard that can be believed: what each system's mean is worth, and which systems are told apart. Pure.

One figure is primary, and chosen beforehand. Systems share a letter where a paired test, corrected for the number of
pairs, does not tell them apart; that intervals overlap decides nothing (SCORING.md).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import isnan

import numpy as np

from scoring import resampling
from scoring.measures import Figure
from scoring.resampling import ALPHA, DRAWS, PER_PAIR, SEED, Floats, still


@dataclass(frozen=True, slots=True)
class Mean:
    """A system's mean over ``n`` questions with its 95 % interval; None where no question has a value."""

    value: float | None
    n: int
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Apart:
    """How two systems differ in a figure, and what it proves: ``difference`` is first − second, a mean over ``n``.

    ``p`` is corrected; ``wins``, ``ties`` and ``losses`` count questions. ``detectable`` is None where so few questions
    cannot tell any two of the systems apart, however they differ, and where the difference is the same on every one.
    """

    first: str
    second: str
    difference: float | None
    p: float
    detectable: float | None
    n: int
    wins: int
    ties: int
    losses: int

    @property
    def told_apart(self) -> bool:
        return self.p < ALPHA


@dataclass(frozen=True, slots=True)
class Column:
    """A figure of all systems, and where they may be ranked by it, their letters and all their pairs."""

    means: Mapping[str, Mean]
    letters: Mapping[str, str]
    pairs: tuple[Apart, ...] = ()


def columns(
    values: Mapping[str, Floats],
    systems: Sequence[str],
    figures: Mapping[str, Figure],
    draws: int = DRAWS,
    seed: int = SEED,
    beat: Callable[[], None] = still,
) -> dict[str, Column]:
    """Return each figure's column from its values, questions × systems; nan is no value."""
    table = np.hstack([values[name] for name in figures])
    found = resampling.means(table), *resampling.intervals(table, draws, seed, beat), (~np.isnan(table)).sum(axis=0)
    own = np.array(found).reshape(4, len(figures), len(systems))
    ranked = {name: values[name] for name, figure in figures.items() if figure.ranked}
    tests = tested(ranked, systems, draws, seed, beat)
    result = {}
    for place, name in enumerate(figures):
        means = {system: mean_of(own[:, place, column]) for column, system in enumerate(systems)}
        pairs = tests.get(name, ())
        result[name] = Column(means, letters_of(means, pairs) if name in ranked else {}, pairs)
    return result


def mean_of(numbers: Floats) -> Mean:
    value, low, high, n = map(or_none, numbers)
    return Mean(value, int(n or 0), low, high)


def or_none(number: float) -> float | None:
    """Return a number of a table, None where there is none."""
    return None if isnan(number) else float(number)


def tested(
    values: Mapping[str, Floats], systems: Sequence[str], draws: int, seed: int, beat: Callable[[], None]
) -> dict[str, tuple[Apart, ...]]:
    """Return every pair of systems that both have values, for each figure; all are tested by the same draws.

    Of many pairs there are more draws: else the least p there is, corrected for them all, would tell nothing apart.
    """
    pairs = {name: pairs_of(own) for name, own in values.items()}
    draws = max(draws, PER_PAIR * max(map(len, pairs.values()), default=0))
    if not any(pairs.values()):
        return {}
    differences = {
        name: np.stack([values[name][:, i] - values[name][:, j] for i, j in own], axis=1)
        for name, own in pairs.items()
        if own
    }
    ps = iter(resampling.sign_flips(np.hstack(list(differences.values())), draws, seed, beat))
    return {
        name: told(found, pairs[name], systems, resampling.holm([next(ps) for _pair in pairs[name]]))
        for name, found in differences.items()
    }


def pairs_of(own: Floats) -> list[tuple[int, int]]:
    known = [place for place in range(own.shape[1]) if not np.isnan(own[:, place]).all()]
    return list(combinations(known, 2))


def told(
    differences: Floats, pairs: Sequence[tuple[int, int]], systems: Sequence[str], ps: Sequence[float]
) -> tuple[Apart, ...]:
    means, least = resampling.means(differences), resampling.detectable(differences)
    return tuple(
        Apart(
            systems[i],
            systems[j],
            or_none(means[place]),
            ps[place],
            None if hopeless(differences[:, place], len(pairs)) else or_none(least[place]),
            *outcomes(differences[:, place]),
        )
        for place, (i, j) in enumerate(pairs)
    )


def hopeless(differences: Floats, pairs: int) -> bool:
    """Return whether the least p that so many questions allow, all won or all lost, is too high once corrected."""
    questions = int((~np.isnan(differences)).sum())
    return bool(pairs * 2 / 2**questions >= ALPHA)


def outcomes(differences: Floats) -> tuple[int, int, int, int]:
    """Return on how many questions there is a difference to speak of, and how many are won, tied and lost."""
    known = differences[~np.isnan(differences)]
    won, lost = int((known > 1e-9).sum()), int((known < -1e-9).sum())
    return len(known), won, len(known) - won - lost, lost


def letters_of(means: Mapping[str, Mean], pairs: Sequence[Apart]) -> dict[str, str]:
    """Return each ranked system's letters, "a" holding the best."""
    ranked = sorted(
        (name for name, mean in means.items() if mean.value is not None), key=lambda one: -value_of(means[one])
    )
    places = {name: place for place, name in enumerate(ranked)}
    apart = {frozenset({places[pair.first], places[pair.second]}) for pair in pairs if pair.told_apart}
    return dict(zip(ranked, resampling.letters(len(ranked), apart), strict=True))


def value_of(mean: Mean) -> float:
    return mean.value or 0.0
