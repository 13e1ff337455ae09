"""How far people agree: on verdicts, on how many conditions there are, on conditions, their answers and citations.

Pure: it sums comparisons up, over a whole project or any part of it (SCORING.md, "Agreement between annotators").
What is undefined is None, with why.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import krippendorff
import numpy as np
from numpy.typing import NDArray

from annotator.record import Verdict
from scoring import undefined
from scoring.comparing import PAIRED, PLACES, SHARES, Comparison

DRAWS = 1000
SEED = 20_250_203
PERSONAL = "conditions_macro_0.4"

BLOCK = 50  # resamples that are worked out at once
Whole = NDArray[np.int64]
Times = NDArray[np.uint8]
"""How often each question is drawn in each resample: draws × questions. A question is never drawn 256 times."""
Level = Literal["nominal", "ordinal", "interval"]


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its 95 % interval over questions, and on how many comparisons it stands; None is undefined."""

    value: float | None
    n: int
    low: float | None = None
    high: float | None = None
    reason: str = ""


def agreement(comparisons: Iterable[Comparison], draws: int = DRAWS) -> dict[str, Figure]:
    """Return every figure over some questions, with percentile intervals of a bootstrap over them."""
    twice = [one for one in comparisons if len(one.people) > 1]
    resampled = bootstrap(len(twice), draws)
    return shares(twice, SHARES, resampled) | {
        "verdict_alpha": alpha(twice, "verdicts", "nominal", resampled),
        "verdict_kappa": kappa(twice, resampled),
        "count_alpha": alpha(twice, "counts", "ordinal", resampled),
        "citations_alpha": alpha_of_citing(twice, resampled),
    }


def agreement_of_pairs(comparisons: Iterable[Comparison], draws: int = DRAWS) -> dict[str, Figure]:
    """Return the figures that hang on which conditions are paired, with intervals."""
    twice = [one for one in comparisons if len(one.people) > 1]
    return shares(twice, PAIRED, bootstrap(len(twice), draws))


def personal(comparisons: Sequence[Comparison], draws: int = DRAWS) -> Figure:
    """Return one person's mean condition F1 with whoever else wrote on the questions that are compared."""
    return shares(comparisons, [PERSONAL], bootstrap(len(comparisons), draws))[PERSONAL]


def bootstrap(questions: int, draws: int) -> Times:
    """Return how often each question is drawn in each resample, the same every time: a byte for each."""
    found = np.zeros((draws if questions > 1 else 0, questions), dtype=np.uint8)
    source, even = np.random.default_rng(SEED), np.full(questions, 1 / max(questions, 1))
    for start in range(0, len(found), BLOCK):
        block = found[start : start + BLOCK]
        block[:] = source.multinomial(questions, even, len(block))
    return found


def sums_of(resampled: NDArray[Any], table: NDArray[Any]) -> NDArray[Any]:
    """Return what each resample adds up to, of a table with a row for each question."""
    found = np.zeros((len(resampled), *table.shape[1:]), table.dtype)
    for start in range(0, len(resampled), BLOCK):
        found[start : start + BLOCK] = np.tensordot(resampled[start : start + BLOCK], table, axes=1)
    return found


def figure(value: float | None, n: int, resamples: Iterable[float | None], reason: str) -> Figure:
    """Return a value with the interval that 95 % of its resamples lie in; ``reason`` says why there is no value."""
    if value is None:
        return Figure(None, n, reason=reason)
    defined = [one for one in resamples if one is not None]
    low, high = np.percentile(defined, (2.5, 97.5)).tolist() if defined else (None, None)
    return Figure(value, n, low, high)


def shares(comparisons: Sequence[Comparison], names: Sequence[str], resampled: Times) -> dict[str, Figure]:
    """Return figures that are each one sum over another."""
    places = [PLACES[name] for name in names]
    sums = np.array([one.sums[places] for one in comparisons]).reshape(-1, len(places), 2)
    whole, drawn = sums.sum(axis=0), sums_of(resampled, sums)
    return {name: share(name, comparisons, whole[place], drawn[:, place]) for place, name in enumerate(names)}


def share(
    name: str, comparisons: Sequence[Comparison], whole: NDArray[np.float64], drawn: NDArray[np.float64]
) -> Figure:
    """Return a figure that is one sum over another: of the ``whole``, and of each resample that was ``drawn``."""
    above, below = whole.tolist()
    defined = drawn[drawn[:, 1] > 0]
    why = "" if below else undefined.share(name, comparisons)
    return figure(above / below if below else None, round(below), (defined[:, 0] / defined[:, 1]).tolist(), why)


def alpha(comparisons: Sequence[Comparison], name: str, level: Level, resampled: Times) -> Figure:
    """Return Krippendorff's α of what people gave to each question; ``name`` says where a comparison counts it."""
    counts: list[Counter[Any]] = [getattr(one, name) for one in comparisons]
    values = sorted({value for given in counts for value in given})
    table = np.array([[given[value] for value in values] for given in counts], dtype=np.int64)
    table = table.reshape(len(counts), len(values))
    found, n = alpha_of(table, values, level), sum(given.total() > 1 for given in counts)
    why = undefined.alpha(name, comparisons) if found is None else ""
    return figure(found, n, alphas(table, resampled, level), why)


def alpha_of(table: Whole, values: Sequence[Any], level: Level) -> float | None:
    """Return α of a table, units × values; None where no unit has two values, or all have the same one."""
    paired = table[table.sum(axis=1) > 1]
    if np.count_nonzero(paired.sum(axis=0)) < 2:
        return None
    domain = None if level == "nominal" else values
    return float(krippendorff.alpha(value_counts=paired, value_domain=domain, level_of_measurement=level))


def alphas(table: Whole, numbers: NDArray[Any], level: Level) -> list[float | None]:
    """Return α of each resample of a table, units × values in order; ``numbers`` say how often each unit is drawn.

    It is nominal or ordinal, and equal to ``alpha_of``, but of all resamples at once: from how often values stand
    together in units (Krippendorff 2011, "Computing Krippendorff’s Alpha-Reliability").
    """
    kinds = table.shape[1]
    together = table[:, :, None] * (table[:, None, :] - np.eye(kinds, dtype=np.int64))
    paired = together / np.maximum(table.sum(axis=1) - 1, 1)[:, None, None]
    observed = sums_of(numbers, paired)
    of_value = observed.sum(axis=2)
    middle = of_value.cumsum(axis=1) - of_value / 2
    ordinal = (middle[:, :, None] - middle[:, None, :]) ** 2
    distance = ordinal if level == "ordinal" else 1 - np.eye(kinds)
    above = (observed * distance).sum(axis=(1, 2)) * (of_value.sum(axis=1) - 1)
    below = (of_value[:, :, None] * of_value[:, None, :] * distance).sum(axis=(1, 2))
    return [1 - a / b if b else None for a, b in zip(above.tolist(), below.tolist(), strict=True)]


def alpha_of_citing(comparisons: Sequence[Comparison], resampled: Times) -> Figure:
    """Return Krippendorff's α of whether people cite a fragment, each fragment of each question being a unit."""
    kinds = sorted({kind for one in comparisons for kind in one.citing})
    table = np.array([(citing, of - citing) for citing, of in kinds], dtype=np.int64).reshape(len(kinds), 2)
    fragments = np.array([[one.citing[kind] for kind in kinds] for one in comparisons], dtype=np.int64).reshape(
        len(comparisons), len(kinds)
    )
    found = alpha_of(np.repeat(table, fragments.sum(axis=0), axis=0), (0, 1), "nominal")
    why = undefined.alpha("citing", comparisons) if found is None else ""
    return figure(found, int(fragments.sum()), alphas(table, sums_of(resampled, fragments), "nominal"), why)


def kappa(comparisons: Sequence[Comparison], resampled: Times) -> Figure:
    """Return Cohen's κ of the verdicts of two people; of more there is none."""
    if len(frozenset().union(*(one.people for one in comparisons))) != 2:
        return Figure(None, 0, reason=undefined.kappa(comparisons))
    tables = np.array([[[one.together[a, b] for b in Verdict] for a in Verdict] for one in comparisons])
    resamples = map(kappa_of, sums_of(resampled, tables))
    found = kappa_of(tables.sum(axis=0))
    return figure(found, int(tables.sum()), resamples, undefined.kappa(comparisons) if found is None else "")


def kappa_of(table: Whole) -> float | None:
    """Return κ of a table of two people's verdicts; None where chance alone makes them agree."""
    n = int(table.sum())
    by_chance = float(table.sum(axis=0) @ table.sum(axis=1)) / n**2 if n else 1.0
    return None if by_chance == 1 else (float(np.trace(table)) / n - by_chance) / (1 - by_chance)
