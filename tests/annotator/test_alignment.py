"""Alignment, equal to the worked fixtures and blind to the order of what it aligns."""

import json
from itertools import permutations
from pathlib import Path
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from annotator import joining
from annotator.alignment import SAME, Compared, Pair, align, answer_sets, likenesses
from annotator.contrast import weights
from annotator.joining import align_many, carved, may_share
from annotator.record import Answer, Citation, Condition, Role
from annotator.similarity import answer_similarity, condition_overlap

FILES = Path(__file__).parent / "files"
ALIGNMENT = json.loads((FILES / "alignment_fixtures.json").read_text())
JUDGE = json.loads((FILES / "judge_fixtures.json").read_text())
CONTRAST = json.loads((FILES / "contrast.json").read_text())
NO_PAIR = -2.0


def compared(given: dict) -> Compared:
    return Compared(
        given["condition"], ((given["answer"],),) if given["answer"] else (), frozenset(given.get("citations", ()))
    )


def near(expected):
    return pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("case", JUDGE["cases"], ids=lambda case: case["a"][:30])
def test_the_judge_gives_the_worked_values(case):
    assert condition_overlap(case["a"], case["b"], JUDGE["question"]) == near(case["condition"])
    assert answer_similarity(case["b"], case["a"], JUDGE["question"]) == near(
        answer_similarity(case["a"], case["b"], JUDGE["question"])
    )


@pytest.mark.parametrize("case", ALIGNMENT["pairs"], ids=lambda case: case["a"]["condition"][:30])
def test_two_conditions_on_their_own_give_the_worked_values(case):
    a, b = compared(case["a"]), compared(case["b"])
    ((found,),) = likenesses([a], [b], case["question"])
    assert [found.text, found.answers, found.citations] == [near(case[term]) for term in "DAT"]
    assert (found.conflict, found.score) == (near(case["R"]), near(case["S"]))
    assert (found.score >= SAME) == case["same"]
    assert condition_overlap(a.text, b.text, case["question"]) == near(case["condition_overlap"])


@pytest.mark.parametrize("case", ALIGNMENT["problems"], ids=lambda case: case["question"][:40])
def test_sides_of_several_conditions_give_the_worked_values(case):
    first, second = ([compared(part) for part in case[side]] for side in "ab")
    assert weights([[part.text for part in side] for side in (first, second)], case["question"]) == near(
        case["weights"]
    )
    table = likenesses(first, second, case["question"])
    assert [[found.score for found in row] for row in table] == [near(row) for row in case["S"]]
    pairs = align(first, second, case["question"], least=NO_PAIR)
    assert [(pair.first, pair.second) for pair in pairs] == [(i, j) for i, j, _score in case["pairs"]]
    assert [pair.score for pair in pairs] == near([score for *_places, score in case["pairs"]])


def test_the_contrast_questions_are_mostly_told_apart(capsys):
    right, proposed, true = 0, 0, 0
    for case in CONTRAST:
        first, second = ([compared(part) for part in case[side]] for side in "ab")
        pairs = align(first, second, case["question"])
        truth = {tuple(pair) for pair in case["truth"]}
        right += len(truth & {(pair.first, pair.second) for pair in pairs})
        proposed, true = proposed + len(pairs), true + len(truth)
    score = 2 * right / (proposed + true)
    with capsys.disabled():
        print(f"\ncontrast.json: {right} of {true} pairs found, {proposed} proposed, F1 {score:.3f}")  # noqa: T201
    assert score > 0.85


def test_men_and_women_are_never_one_condition():
    (pair,) = align([Compared("men’s football")], [Compared("women’s football")], least=NO_PAIR)
    assert pair.score == near(-0.5)
    assert align([Compared("men’s football")], [Compared("women’s football")]) == []


def test_a_condition_with_several_answers_is_compared_as_a_set():
    assert answer_sets([["2006"], ["2019"]], [["2019"], ["2006"]]) == 1
    assert answer_sets([["2006"], ["2019"]], [["2019"]]) == near(2 / 3)
    assert answer_sets([["2010", "11 July 2010"]], [["July 11, 2010"]]) > answer_sets([["2010"]], [["July 11, 2010"]])
    assert (answer_sets([], []), answer_sets([["2010"]], [])) == (1, 0)


def test_citations_compare_fragments_and_not_ranks():
    cites = [Citation("k", Role.BOTH, rank=1), Citation("l", Role.BOTH, rank=3), Citation("m", Role.BOTH, title="gone")]
    condition = Condition("c", "men", (Answer("a", "2010", ("", "11 July")), Answer("b", " ")), tuple(cites))
    same_twice = {(False, 1): "f", (False, 3): "f"}
    assert Compared.of(condition, same_twice) == Compared("men", (("2010", "11 July"),), frozenset({"f"}))
    assert Compared.of(condition).cited == frozenset()


TEXTS = sorted({part["condition"] for case in CONTRAST for side in "ab" for part in case[side]})
ANSWERS = sorted({part["answer"] for case in CONTRAST for side in "ab" for part in case[side]})
conditions = st.builds(
    Compared,
    st.sampled_from(["", *TEXTS]),
    st.lists(st.sampled_from(ANSWERS).map(lambda text: (text,)), max_size=2).map(tuple),
    st.frozensets(st.integers(1, 4), max_size=3),
)
few = st.builds(Compared, st.sampled_from(["men", "women", "2010"]), st.sampled_from([(("men",),), (("women",),)]))
sides = st.lists(conditions, max_size=5) | st.lists(few, max_size=4)  # the latter have many best alignments


def said(pairs: list[Pair], first: list[Compared], second: list[Compared]) -> list:
    """Return what pairs say, whichever of several equal conditions they name."""
    return sorted((first[pair.first].key, second[pair.second].key, pair.score) for pair in pairs)


MEN, WOMEN = (("men",),), (("women",),)


@given(sides, sides, st.randoms(use_true_random=False))
@example(
    [Compared("men", WOMEN), Compared("women", MEN), Compared("women", WOMEN)],
    [Compared("women", MEN), Compared("2010", MEN), Compared("2010", WOMEN)],
    Random(1),  # noqa: S311 - a cycle of three is as good as its inverse
)
def test_the_order_of_the_conditions_and_of_the_sides_does_not_matter(first, second, random):
    plain = said(align(first, second, "When?"), first, second)
    shuffled = random.sample(first, len(first))
    assert said(align(shuffled, second, "When?"), shuffled, second) == plain
    turned = said(align(second, first, "When?"), second, first)
    assert sorted((b, a, score) for a, b, score in turned) == plain


@given(sides, sides)
def test_the_rows_of_two_are_their_pairs(first, second):
    pairs = align(first, second, "When?")
    rows = {row for row in align_many([first, second], "When?") if len(row) == 2}
    assert rows == {frozenset({(0, pair.first), (1, pair.second)}) for pair in pairs}


@given(st.lists(sides, max_size=4), st.randoms(use_true_random=False))
def test_rows_hold_each_condition_once_and_do_not_hang_on_the_order(people, random):
    rows = align_many(people, "When?")
    assert sorted(node for row in rows for node in row) == [
        (i, j) for i, side in enumerate(people) for j in range(len(side))
    ]
    assert all(len({side for side, _place in row}) == len(row) for row in rows)
    order = random.sample(range(len(people)), len(people))
    mixed = [random.sample(people[side], len(people[side])) for side in order]
    assert spoken(align_many(mixed, "When?"), mixed) == spoken(rows, people)


def spoken(rows, people) -> list:
    return sorted(sorted(people[side][place].key for side, place in row) for row in rows)


def equally(_one, _other) -> float:
    return 1.0


@given(st.lists(sides, max_size=4), st.data())
def test_deciding_rows_moves_no_other(people, data):
    rows = align_many(people, "When?")
    decided = data.draw(st.lists(st.sampled_from(rows), unique=True)) if rows else []
    assert carved(rows, decided, set(), equally) == rows


def test_what_is_new_in_a_decided_row_enters_it_and_what_is_apart_stays_out():
    row = frozenset({(0, 0), (1, 0), (2, 0)})
    others = frozenset({(0, 1), (2, 1)})
    assert carved([row, others], [frozenset({(0, 0), (1, 0)})], set(), equally) == [row, others]
    apart = {frozenset({(1, 0), (2, 0)})}
    out = carved([row, others], [frozenset({(0, 0), (1, 0)})], apart, equally)
    assert out == [frozenset({(0, 0), (1, 0)}), others, frozenset({(2, 0)})]


def test_a_row_put_together_of_two_takes_what_stood_with_both_where_there_is_room():
    rows = [frozenset({(0, 0), (1, 0), (2, 0)}), frozenset({(1, 1), (2, 1)})]
    assert carved(rows, [frozenset({(0, 0), (1, 1)})], set(), equally) == [
        frozenset({(0, 0), (1, 1), (2, 0)}),
        frozenset({(1, 0)}),
        frozenset({(2, 1)}),
    ]


def test_what_fits_into_several_rows_enters_the_one_it_is_nearest_to():
    row = frozenset({(0, 0), (1, 0), (2, 0)})
    apart = {frozenset({(0, 0), (1, 0)})}
    near = {frozenset({(0, 0), (2, 0)}): 0.3, frozenset({(1, 0), (2, 0)}): 0.9}
    out = carved([row], [], apart, lambda one, other: near[frozenset({one, other})])
    assert out == [frozenset({(0, 0)}), frozenset({(1, 0), (2, 0)})]


def test_a_row_holds_together_as_a_whole():
    chain = ["men’s football in 2010", "football", "women’s football in 2023"]
    rows = align_many([[Compared(text)] for text in chain])
    assert not any({(0, 0), (2, 0)} <= row for row in rows)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_equal_conditions_of_three_people_make_equal_rows(order):
    people = [[Compared("film"), Compared("book")], [Compared("film")], [Compared("book"), Compared("film")]]
    rows = align_many([people[side] for side in order])
    assert sorted(map(len, rows)) == [2, 3]


def test_only_rows_that_a_pair_links_are_looked_at(monkeypatch):
    looked_at = []

    def looked(*rows):
        looked_at.append(rows)
        return may_share(*rows)

    monkeypatch.setattr(joining, "may_share", looked)
    people = [[Compared(f"the {number}th season of it") for number in range(20)] for _person in range(4)]
    rows = align_many(people, "When?")
    assert sorted(len(row) for row in rows) == [4] * 20
    # Of each two people 20 pairs are linked; every pair of conditions would be more than 3,000, at each of 60 joins.
    assert len(looked_at) < 3 * 6 * 20
