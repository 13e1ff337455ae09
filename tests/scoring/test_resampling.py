"""Draws over questions: intervals, paired tests, Holm's correction, letters."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import board, resampling
from scoring.leaderboard import columns
from scoring.measures import Figure
from scoring.resampling import detectable, holm, intervals, letters, means, sign_flips

RANDOM = np.random.default_rng(1)


def column(*values: float) -> np.ndarray:
    return np.array(values, dtype=float)[:, None]


def test_a_mean_is_over_what_has_a_value():
    assert means(np.array([[1.0, np.nan], [0.0, np.nan]]))[0] == 0.5
    assert np.isnan(means(np.array([[1.0, np.nan], [0.0, np.nan]]))[1])


def test_an_interval_is_that_of_the_bootstrap():
    values = RANDOM.random((50, 1))
    low, high = intervals(values)[:, 0]
    drawn = np.random.default_rng(7).choice(values[:, 0], (20_000, 50)).mean(axis=1)
    assert (low, high) == pytest.approx(np.percentile(drawn, (2.5, 97.5)), abs=0.005)


def test_an_interval_is_the_same_every_time_and_another_with_another_seed():
    values = RANDOM.random((30, 2))
    assert np.array_equal(intervals(values), intervals(values))
    assert not np.array_equal(intervals(values), intervals(values, seed=2))


def test_an_interval_does_not_hang_on_the_other_columns():
    values = RANDOM.random((30, 2))
    values[3, 1] = np.nan
    assert intervals(values)[:, 0] == pytest.approx(intervals(values[:, :1])[:, 0])


def test_where_two_differ_alike_on_every_question_nothing_is_detectable():
    assert np.isnan(detectable(np.array([[0.0, -1.0], [0.0, -1.0], [0.0, -1.0]]))).all()


def test_of_very_many_systems_those_that_differ_are_told_apart_still():
    names = [f"s{number}" for number in range(34)]
    values = np.linspace(0, 1, 34) + np.zeros((40, 1))
    pairs = columns({"f": values}, names, {"f": Figure("F", "", ranked=True)}, draws=1000)["f"].pairs
    assert all(pair.told_apart for pair in pairs)


def test_whoever_waits_is_told_before_each_block(monkeypatch):
    monkeypatch.setattr(resampling, "BLOCK", 300)
    beats: list[int] = []
    intervals(RANDOM.random((30, 1)), draws=100, beat=lambda: beats.append(1))
    assert len(beats) == 10


def test_one_question_has_no_interval():
    assert np.isnan(intervals(column(0.5))).all()


def test_blocks_of_draws_make_no_difference_to_how_many_there_are(monkeypatch):
    monkeypatch.setattr(resampling, "BLOCK", 100)
    assert sum(resampling.blocks(1001, 30)) == 1001
    assert intervals(RANDOM.random((30, 1)), draws=101).shape == (2, 1)


def test_sign_flips_are_counted_exactly_where_all_can_be_counted():
    # Three differences of 1: of 8 ways to sign them 2 are as far from 0.
    assert sign_flips(column(1, 1, 1), draws=200_000)[0] == pytest.approx(2 / 8, abs=0.005)


def test_no_difference_proves_nothing():
    assert sign_flips(column(0, 0, 0, 0))[0] == 1.0


def test_a_difference_on_every_question_is_proved():
    assert sign_flips(column(*[0.1] * 30))[0] == pytest.approx(1 / 10_001)


def test_a_question_without_a_difference_counts_for_nothing():
    assert sign_flips(column(1, 1, 1, np.nan), draws=200_000)[0] == pytest.approx(2 / 8, abs=0.005)


def test_holm_corrects_step_by_step():
    # .01 × 3, .03 × 2, .04 × 1 is no less than what stands before it
    assert holm([0.04, 0.01, 0.03]) == pytest.approx([0.06, 0.03, 0.06])


def test_a_corrected_p_is_no_more_than_1():
    assert holm([0.9, 0.8]) == [1.0, 1.0]


def test_the_detectable_difference_is_280_standard_errors():
    # differences −1 and 1, eight of each half: sd = sqrt(16/15), n = 16
    values = column(*[1, -1] * 8)
    assert detectable(values)[0] == pytest.approx(2.802 * (16 / 15) ** 0.5 / 4)


def test_systems_not_told_apart_share_a_letter():
    # a – b – c in a row, only the ends told apart
    assert letters(3, {frozenset({0, 2})}) == ["a", "ab", "b"]
    assert letters(3, set()) == ["a", "a", "a"]
    assert letters(2, {frozenset({0, 1})}) == ["a", "b"]


@st.composite
def apart(draw: st.DrawFn) -> tuple[int, set[frozenset[int]]]:
    size = draw(st.integers(1, 7))
    pairs = [frozenset(pair) for pair in combinations(range(size), 2)]
    return size, set(draw(st.lists(st.sampled_from(pairs), unique=True))) if pairs else set()


@given(apart())
def test_two_share_a_letter_if_and_only_if_they_are_not_told_apart(drawn):
    size, pairs = drawn
    found = [set(one) for one in letters(size, pairs)]
    for i, j in combinations(range(size), 2):
        assert bool(found[i] & found[j]) == (frozenset({i, j}) not in pairs)
    assert all(found)


def test_a_leaderboard_ranks_by_what_may_be_ranked_alone():
    strong, weak = RANDOM.random(60) * 0.2 + 0.7, RANDOM.random(60) * 0.2 + 0.2
    values = {name: np.stack([weak, strong], axis=1) for name in ("answer", "condition")}
    figures = {"answer": Figure("Answer", "", ranked=True), "condition": Figure("Condition", "")}
    found = columns(values, ["weak", "strong"], figures)
    assert found["answer"].letters == {"strong": "a", "weak": "b"}
    assert (found["condition"].letters, found["condition"].pairs) == ({}, ())
    (pair,) = found["answer"].pairs
    assert (pair.first, pair.second, pair.n, pair.wins, pair.losses) == ("weak", "strong", 60, 0, 60)
    assert pair.told_apart


def test_a_system_without_values_is_not_ranked():
    values = {"citation": np.stack([RANDOM.random(20), np.full(20, np.nan)], axis=1)}
    found = columns(values, ["one", "silent"], {"citation": Figure("Citation", "", ranked=True)})["citation"]
    assert found.means["silent"].value is None
    assert found.letters == {"one": "a"}


def test_of_few_questions_nothing_is_said_to_be_detectable():
    # Three pairs: 3 · 2 / 2^6 = .094 however they differ, 3 · 2 / 2^7 = .047.
    figures = {"answer": Figure("Answer", "", ranked=True)}
    for questions, known in ((6, False), (7, True)):
        values = {"answer": RANDOM.random((questions, 3))}
        found = columns(values, ["a", "b", "c"], figures)["answer"].pairs
        assert [pair.detectable is not None for pair in found] == [known] * 3


def test_figures_that_are_resampled_one_by_one_are_those_that_are_resampled_together(monkeypatch):
    values = np.random.default_rng(1).random((30, 3))
    table = board.Table(["a", "b", "c"], np.arange(30) < 20)
    for own in table.values.values():
        own[:] = values
    together = board.board(table, draws=50)["figures"]["answerable"]
    monkeypatch.setattr(board, "AT_ONCE", 1)
    apart = board.board(table, draws=50)["figures"]["answerable"]
    assert list(apart) == list(together)
    assert apart["answer_f1"]["pairs"] == together["answer_f1"]["pairs"]
    for name, column in apart.items():
        low, high = column["means"]["b"]["low"], together[name]["means"]["b"]["low"]
        assert low == pytest.approx(high, abs=1e-12)
