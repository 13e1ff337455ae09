"""Draws over questions: percentile intervals of means, and paired tests of two systems. Pure.

Everything is drawn with one seed and in blocks, so that it comes out the same every time and its memory does not grow
with the questions.
"""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
DRAWS = 10_000
SEED = 20_250_203
PER_PAIR = 40  # draws at least for each pair that is tested, so that the correction for all of them can be met
BLOCK = 1 << 21  # numbers that are drawn at once
COVERED = (2.5, 97.5)
ALPHA = 0.05


def still() -> None:
    """Say nothing; what is called before each block of draws may, or raise to stop them."""


def blocks(draws: int, questions: int, beat: Callable[[], None] = still) -> Iterator[int]:
    """Yield how many of the draws to make at once."""
    most = max(1, BLOCK // max(questions, 1))
    for begun in range(0, draws, most):
        beat()
        yield min(most, draws - begun)


def means(values: Floats) -> Floats:
    """Return the mean of each column over the questions that have a value there, nan where none has."""
    defined = ~np.isnan(values)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.where(defined, values, 0.0).sum(axis=0) / defined.sum(axis=0))


def intervals(values: Floats, draws: int = DRAWS, seed: int = SEED, beat: Callable[[], None] = still) -> Floats:
    """Return the percentile bootstrap interval of each column's mean: 2 × columns, nan where there is none.

    ``values`` is questions × columns; all columns see the same resamples of the questions.
    """
    questions, columns = values.shape
    if questions < 2:
        return np.full((2, columns), np.nan)
    random = np.random.default_rng(seed)
    known, has = np.nan_to_num(values), (~np.isnan(values)).astype(np.float64)
    partly = ~has.all(axis=0)  # of the others every resample has as many values as there are questions
    found = np.empty((draws, columns))
    done = 0
    for some in blocks(draws, questions, beat):
        times, block = drawn(random, some, questions), slice(done, done + some)
        found[block] = times @ known
        with np.errstate(invalid="ignore"):
            found[block, partly] /= times @ has[:, partly]
        found[block, ~partly] /= questions
        done += some
    defined = ~np.isnan(found).all(axis=0)
    result = np.full((2, columns), np.nan)
    result[:, defined] = np.nanpercentile(found[:, defined], COVERED, axis=0)
    return result


def drawn(random: np.random.Generator, draws: int, questions: int) -> Floats:
    """Return how often each question stands in each of some resamples: draws × questions."""
    places = random.integers(0, questions, (draws, questions), dtype=np.int32)
    places += np.arange(draws, dtype=np.int32)[:, None] * questions
    counted = np.bincount(places.ravel(), minlength=draws * questions)
    return counted.reshape(draws, questions).astype(np.float64)


def sign_flips(
    differences: Floats, draws: int = DRAWS, seed: int = SEED, beat: Callable[[], None] = still
) -> list[float]:
    """Return the two-sided p of each column of paired differences, questions × pairs: that its mean is 0.

    If two systems were alike, each difference might as well have the other sign; p is how often a mean is as far from 0
    with signs drawn at random (the observed one counts as a draw). A question without a difference counts for nothing.
    """
    known = np.nan_to_num(differences)
    observed = np.abs(known.sum(axis=0)) - 1e-9
    random = np.random.default_rng(seed)
    as_far = np.ones(known.shape[1])
    for some in blocks(draws, known.shape[0], beat):
        # A sum with signs −1 and 1 is twice that with 0 and 1, less the sum of all.
        sums = 2 * (coins(random, some, len(known)) @ known) - known.sum(axis=0)
        as_far += (np.abs(sums) >= observed).sum(axis=0)
    return [float(p) for p in as_far / (draws + 1)]


def coins(random: np.random.Generator, draws: int, questions: int) -> Floats:
    """Return a 0 or 1 for each question of each draw: draws × questions."""
    bits = np.unpackbits(np.frombuffer(random.bytes(-(-draws * questions // 8)), dtype=np.uint8))
    return bits[: draws * questions].reshape(draws, questions).astype(np.float64)


def holm(ps: Sequence[float]) -> list[float]:
    """Return the p values corrected for how many there are, so that one of them all is wrong at 5 % (Holm 1979)."""
    order = sorted(range(len(ps)), key=ps.__getitem__)
    corrected, most = [0.0] * len(ps), 0.0
    for rank, place in enumerate(order):
        most = max(most, min(1.0, (len(ps) - rank) * ps[place]))
        corrected[place] = most
    return corrected


def detectable(differences: Floats) -> Floats:
    """Return for each column the smallest true difference that 8 of 10 such samples would tell from 0 at 5 %.

    That is (1.960 + 0.842) times the standard error of the mean difference; nan below two questions, and where all
    differences are the same, which tells nothing of how much they vary.
    """
    defined = (~np.isnan(differences)).sum(axis=0)
    if differences.shape[0] < 2:
        return np.full(differences.shape[1], np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        spread = np.nanstd(np.where(defined > 1, differences, 0.0), axis=0, ddof=1)
        return np.asarray(np.where((defined > 1) & (spread > 1e-12), 2.802 * spread / np.sqrt(defined), np.nan))


def letters(size: int, apart: set[frozenset[int]]) -> list[str]:
    """Return a compact letter display: two of ``size`` systems, best first, share a letter unless they are ``apart``.

    Insert and absorb (Piepho 2004, "An Algorithm for a Letter-Based Representation of All-Pairwise Comparisons").
    """
    groups = [frozenset(range(size))]
    for pair in sorted(apart, key=sorted):
        split = [group - {one} for group in groups if pair <= group for one in pair]
        kept = [group for group in groups if not pair <= group]
        for group in split:
            if not any(group <= other for other in kept):
                kept = [other for other in kept if not other <= group] + [group]
        groups = kept
    groups.sort(key=sorted)
    return ["".join(letter(place) for place, group in enumerate(groups) if one in group) for one in range(size)]


def letter(place: int) -> str:
    """Return a, b … z, then a2, b2 …"""
    return chr(ord("a") + place % 26) + (str(place // 26 + 1) if place >= 26 else "")
