"""What two people have in common: by the best alignment, by an adjudicator's rows, and by chance."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.alignment import SAME, Compared, Likeness, Pair, align, best_pairs
from scoring.agreement import agreement_of_pairs
from scoring.comparing import (
    NO_PAIR,
    PAIRED,
    THRESHOLDS,
    Asked,
    Comparison,
    Pairing,
    Work,
    add_pairs,
    compare,
    compare_by_chance,
    compare_confirmed,
)

FILES = Path(__file__).parents[1] / "annotator" / "files"
WORKED = json.loads((FILES / "agreement_fixtures.json").read_text())
TEXTS = sorted(
    {part["condition"] for case in json.loads((FILES / "contrast.json").read_text()) for part in case["a"] + case["b"]}
)
SPAIN = Asked("When did Spain win the World Cup?", 20)
MEN, WOMEN = Compared("men’s football", (("2010",),)), Compared("women’s football", (("2023",),))
OPERA = Compared("an opera", (("never",),))


def near(expected):
    return pytest.approx(expected, abs=1e-6)


def work(person: str, *conditions: Compared, rows: tuple[int | None, ...] | None = None) -> Work:
    return Work(person, None, conditions, rows)


def value(comparison: Comparison, name: str) -> float:
    above, below = comparison.shares[name]
    return above / below


def sides_of(scores: list[list[float]]) -> list[Work]:
    sizes = (("ann", len(scores)), ("bo", len(scores[0])))
    return [work(name, *(Compared(f"{name} {number}") for number in range(size))) for name, size in sizes]


def paired(scores: list[list[float]]) -> list[Pair]:
    """Return the best pairs of a table of S."""
    alike = [[Likeness(score, None, None, 0.0) for score in row] for row in scores]
    one, other = sides_of(scores)
    return best_pairs(one.conditions, other.conditions, alike, least=NO_PAIR)


@pytest.mark.parametrize(
    ("scores", "threshold", "result"),
    [
        (WORKED["aligned_greedy_trap"]["S"], 0.5, WORKED["aligned_greedy_trap"]["optimal"]),
        (WORKED["aligned_2_vs_3"]["S"], 0.5, WORKED["aligned_2_vs_3"]["result"]),
    ],
)
def test_the_best_pairs_give_the_worked_f1_where_greedy_ones_fall_short(scores, threshold, result):
    found = Comparison()
    one, other = sides_of(scores)
    add_pairs(found, one, other, Pairing(paired(scores)))
    assert value(found, f"conditions_macro_{threshold}") == near(result["f1"])
    assert value(found, "conditions_soft") == near(result["soft"])
    assert [[pair.first, pair.second] for pair in Pairing(paired(scores)).at(threshold)] == result["pairs"]


def test_the_worked_corpus_gives_its_micro_and_macro_f1():
    """Two questions of tables of S, one on which both wrote none, and one on which one wrote none and one three."""
    comparisons = []
    for scores in (WORKED["aligned_greedy_trap"]["S"], WORKED["aligned_2_vs_3"]["S"]):
        comparisons.append(Comparison(frozenset({"ann", "bo"})))
        one, other = sides_of(scores)
        add_pairs(comparisons[-1], one, other, Pairing(paired(scores)))
    comparisons.append(compare([work("ann"), work("bo")], SPAIN)[0])
    comparisons.append(compare([work("ann"), work("bo", MEN, WOMEN, OPERA)], SPAIN)[0])
    case = WORKED["aligned_corpus"]
    assert [value(one, "conditions_macro_0.5") for one in comparisons] == near(case["per_question"])
    assert [value(one, "conditions_soft") for one in comparisons[2:]] == [1, 0]
    figures = agreement_of_pairs(comparisons)
    assert figures["conditions_macro_0.5"].value == near(case["macro"])
    assert figures["conditions_micro_0.5"].value == near(case["micro"])


# Confirmed


def test_a_row_is_a_pair_whatever_its_s_and_what_is_in_no_row_stands_alone():
    ann, bo = work("ann", MEN, OPERA, rows=(1, None)), work("bo", WOMEN, rows=(1,))
    whole, (pair,) = compare_confirmed([ann, bo], SPAIN)
    assert {value(whole, f"conditions_macro_{threshold}") for threshold in THRESHOLDS} == {2 / 3}
    assert value(whole, "conditions_soft") == 0
    assert whole.shares == pair.shares


def test_two_conditions_that_were_split_are_no_pair_however_alike_they_are():
    ann, bo = work("ann", MEN, rows=(1,)), work("bo", MEN, rows=(2,))
    assert value(compare([ann, bo], SPAIN)[0], "conditions_macro_0.4") == 1
    assert value(compare_confirmed([ann, bo], SPAIN)[0], "conditions_macro_0.4") == 0


def test_of_three_people_every_two_are_compared():
    three = [work(name, MEN, rows=(row,)) for name, row in (("ann", 1), ("bo", 1), ("cy", 2))]
    whole, pairs = compare_confirmed(three, SPAIN)
    assert [value(pair, "conditions_macro_0.4") for pair in pairs] == [1, 0, 0]
    assert whole.shares["conditions_macro_0.4"] == (1, 3)


CONDITIONS = st.builds(
    Compared,
    st.sampled_from(TEXTS),
    st.lists(st.sampled_from(["2010", "11 July 2010", "Spain"]).map(lambda text: (text,)), max_size=2).map(tuple),
    st.frozensets(st.integers(1, 4), max_size=2),
)
SIDES = st.lists(CONDITIONS, max_size=4, unique_by=lambda one: one.text)


@given(SIDES, SIDES)
def test_what_confirms_the_computed_pairs_changes_no_figure(first, second):
    """Where the rows are the pairs from .40 on, F1 at .40, answers and MASI are those computed."""
    ann, bo = work("ann", *first), work("bo", *second)
    _whole, (computed,) = compare([ann, bo], SPAIN)
    places = {pair.first: pair.second for pair in align(first, second, SPAIN.text, least=SAME)}
    mine = tuple(place if place in places else None for place in range(len(first)))
    theirs = tuple({second: row for row, second in places.items()}.get(place) for place in range(len(second)))
    _whole, (confirmed,) = compare_confirmed([replace(ann, rows=mine), replace(bo, rows=theirs)], SPAIN)
    for name in ("conditions_micro_0.4", "conditions_macro_0.4", "answers", "answers_joint", "citations_masi"):
        assert confirmed.shares.get(name) == near(computed.shares.get(name))


@given(SIDES, SIDES, st.lists(st.one_of(st.none(), st.integers(0, 3)), min_size=8, max_size=8), st.booleans())
def test_names_and_order_of_rows_and_people_do_not_matter(first, second, drawn, turn):
    mine, theirs = once(drawn[: len(first)]), once(drawn[4 : 4 + len(second)])
    ann, bo = work("ann", *first, rows=mine), work("bo", *second, rows=theirs)
    plain = compare_confirmed([ann, bo], SPAIN)[0]
    renamed = [replace(one, rows=tuple(row if row is None else row + 100 for row in one.rows)) for one in (ann, bo)]
    assert compare_confirmed(renamed[::-1] if turn else renamed, SPAIN)[0].shares == plain.shares
    assert all(0 <= value(plain, f"conditions_macro_{threshold}") <= 1 for threshold in THRESHOLDS)


def once(rows: list[int | None]) -> tuple[int | None, ...]:
    """Return rows in which a person stands once at most, as the database keeps it."""
    return tuple(row if row not in rows[:place] else None for place, row in enumerate(rows))


# By chance


def test_chance_is_what_somebody_else_wrote_on_another_question():
    elsewhere = (work("ann", WOMEN), work("cy", MEN, OPERA))
    whole, (pair,) = compare_by_chance([work("ann", MEN), work("bo", WOMEN)], replace(SPAIN, elsewhere=elsewhere))
    # Ann's against Cy's: one of three is found again; Bo's against Ann's: the same text.
    assert value(whole, "conditions_macro_0.4") == near((2 / 3 + 1) / 2)
    assert pair.shares == whole.shares


def test_without_another_question_or_another_person_there_is_no_chance():
    both = [work("ann", MEN), work("bo", MEN)]
    for elsewhere in ((), (work("ann", MEN),)):
        whole, _pairs = compare_by_chance(both[:1], replace(SPAIN, elsewhere=elsewhere))
        assert whole.shares == {}
    figures = agreement_of_pairs([compare_by_chance(both, SPAIN)[0]])
    assert {figure.value for figure in figures.values()} == {None}
    assert figures["conditions_soft"].reason == "There is no other question, so nothing can be shuffled."


def test_chance_and_confirmed_have_every_figure_that_hangs_on_pairs():
    both = [work("ann", MEN, rows=(1,)), work("bo", MEN, rows=(1,))]
    computed = compare(both, SPAIN)[0].shares
    assert set(PAIRED) == set(compare_confirmed(both, SPAIN)[0].shares)
    assert set(PAIRED) == {name for name in computed if name.startswith(("conditions", "answers", "citations_masi"))}
