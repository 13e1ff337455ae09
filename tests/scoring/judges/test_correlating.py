"""Correlations of a judge with people, by numbers that can be checked with a pencil."""

import pytest

from scoring import correlating
from scoring.correlating import Point, agreement_of, correlations


def points(*pairs: tuple[float, float]) -> list[Point]:
    return [Point(judge, mean, 1) for judge, mean in pairs]


def test_pearson_and_spearman_by_hand():
    # Judge −3 −1 1 3 about its mean, people −2 0 −1 3: 14 / √(20 · 14); ranks 1 2 3 4 and 1 3 2 4: .8
    found = correlations(points((1, 3), (3, 5), (5, 4), (7, 8)))
    assert found["pearson"].value == pytest.approx(14 / 280**0.5)
    assert found["spearman"].value == pytest.approx(0.8)
    assert found["pearson"].n == 4


def test_spearman_takes_mean_ranks_of_ties():
    # Ranks 1 2 3 and 1 2.5 2.5: 1.5 / √(2 · 1.5)
    assert correlations(points((1, 0), (2, 5), (3, 5)))["spearman"].value == pytest.approx(1.5 / 3**0.5)


def test_an_interval_holds_its_value_and_is_the_same_every_time():
    some = points(*((place, (place * 7) % 11) for place in range(11)))
    first = correlations(some)["pearson"]
    correlating.correlated.cache_clear()
    assert correlations(some)["pearson"] == first
    assert -1 <= first.low < first.value < first.high <= 1


def test_an_even_scale_changes_nothing():
    some = points((1, 3), (3, 5), (5, 4), (7, 8))
    tenth = [Point(point.judge / 10, point.mean, 1) for point in some]
    assert correlations(tenth)["pearson"].low == pytest.approx(correlations(some)["pearson"].low)


@pytest.mark.parametrize(
    ("pairs", "reason"),
    [
        ([], correlating.TOO_FEW),
        ([(1, 2), (2, 3)], correlating.TOO_FEW),
        ([(5, 2), (5, 3), (5, 4)], correlating.JUDGE_EVEN),
        ([(1, 2), (2, 2), (3, 2)], correlating.PEOPLE_EVEN),
    ],
)
def test_what_is_undefined_says_why(pairs, reason):
    for figure in correlations(points(*pairs)).values():
        assert (figure.value, figure.low, figure.reason) == (None, None, reason)


def test_alpha_is_over_the_pairs_that_two_people_rated():
    # 1 2 3 4 beside 1 2 3 5: observed 2·1² / 8 = .25, expected over all ordered pairs of the eight values
    found = agreement_of({1: {7: 1, 8: 1}, 2: {7: 2, 8: 2}, 3: {7: 3, 8: 3}, 4: {7: 4, 8: 5}, 5: {7: 9}})
    values = [1, 1, 2, 2, 3, 3, 4, 5]
    expected = sum((a - b) ** 2 for a in values for b in values) / (8 * 7)
    assert found["interval"].value == pytest.approx(1 - 0.25 / expected)
    assert found["interval"].n == found["ordinal"].n == 4


@pytest.mark.parametrize(
    ("ratings", "reason"),
    [
        ({}, correlating.ALONE),
        ({1: {7: 3}, 2: {8: 4}}, correlating.ALONE),
        ({1: {7: 3, 8: 3}, 2: {7: 3, 8: 3}}, correlating.ALL_ALIKE),
    ],
)
def test_alpha_that_is_undefined_says_why(ratings, reason):
    assert {figure.reason for figure in agreement_of(ratings).values()} == {reason}
    assert {figure.value for figure in agreement_of(ratings).values()} == {None}
