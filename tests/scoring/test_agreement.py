"""Agreement between people, equal to the worked values."""

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.alignment import Compared
from annotator.record import Verdict
from scoring.agreement import SEED, agreement, alpha_of, alphas, bootstrap, kappa_of, sums_of
from scoring.comparing import Asked, Comparison, Work, compare, masi

WORKED = json.loads((Path(__file__).parents[1] / "annotator" / "files" / "agreement_fixtures.json").read_text())
SPAIN = Asked("When did Spain win the World Cup?", 20)


def near(expected):
    return pytest.approx(expected, abs=1e-6)


def table_of(units: list) -> tuple[np.ndarray, list]:
    """Return units × values, and the values."""
    counts = [Counter(value for value in unit if value is not None) for unit in units]
    values = sorted({value for given in counts for value in given})
    return np.array([[given[value] for value in values] for given in counts]), values


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval"])
def test_alpha_of_four_coders_is_the_published_one(level):
    case = WORKED["canonical_4_coders"]
    table, values = table_of(case["units"])
    assert alpha_of(table, values, level) == near(case[level])


def with_verdicts(first: str | None, second: str | None) -> Comparison:
    given = [Work(name, Verdict(said) if said else None, ()) for name, said in (("ann", first), ("bo", second))]
    return compare(given, SPAIN)[0]


def test_verdicts_agree_as_worked_out():
    case = WORKED["ambiguity_label"]
    found = agreement([with_verdicts(*unit) for unit in case["units"]])
    assert found["verdict_alpha"].value == near(case["alpha"])
    assert found["verdict_kappa"].value == near(case["kappa"])
    assert (found["verdict_percent"].value, found["verdict_percent"].n) == (near(case["percent"]), case["n"])
    assert found["verdict_alpha"].low < case["alpha"] < found["verdict_alpha"].high


def with_conditions(*sizes: int) -> Comparison:
    work = [
        Work(name, None, tuple(Compared(f"condition {number}") for number in range(size)))
        for name, size in zip(("ann", "bo", "cy"), sizes, strict=False)
    ]
    return compare(work, SPAIN)[0]


def test_numbers_of_conditions_agree_as_worked_out():
    case = WORKED["condition_count"]
    found = agreement([with_conditions(*sizes) for sizes in zip(case["a"], case["b"], strict=True)])
    assert found["count_exact"].value == near(case["exact"])
    assert found["count_difference"].value == near(case["mean_abs_diff"])
    assert found["count_alpha"].value == near(case["ordinal"])
    table, values = table_of([list(pair) for pair in zip(case["a"], case["b"], strict=True)])
    assert alpha_of(table, values, "interval") == near(case["interval"])


def with_citations(first: list, second: list) -> Comparison:
    work = [
        Work(name, None, (Compared("the men’s team", (("2010",),), frozenset(cited)),))
        for name, cited in (("ann", first), ("bo", second))
    ]
    return compare(work, SPAIN)[0]


def test_citations_agree_as_worked_out():
    case = WORKED["citations"]
    found = agreement([with_citations(a, b) for a, b in zip(case["a"], case["b"], strict=True)])
    assert found["citations_alpha"].value == near(case["alpha"])
    assert found["citations_positive"].value == near(case["positive_f1"])
    distances = [1 - masi(a, b) for a, b in zip(case["a"], case["b"], strict=True)]
    assert distances == near(case["masi_distances"])
    assert found["citations_masi"].value == near(1 - sum(distances) / 3)


def test_conditions_are_counted_in_pairs_and_softly():
    men, women = Compared("men’s football", (("2010",),)), Compared("women’s football", (("2023",),))
    found = agreement(
        [
            compare([Work("ann", None, (men, women)), Work("bo", None, (women, men))], SPAIN)[0],
            compare([Work("ann", None, (men, women)), Work("bo", None, (men,))], SPAIN)[0],
            compare([Work("ann", None, ()), Work("bo", None, ())], SPAIN)[0],
        ]
    )
    assert found["conditions_micro_0.4"].value == near(6 / 7)
    assert found["conditions_macro_0.4"].value == near((1 + 2 / 3 + 1) / 3)
    assert found["conditions_soft"].value == near((1 + 2 / 3 + 1) / 3)
    assert (found["answers"].value, found["answers"].n) == (1, 3)
    assert found["answers_joint"].value == near(6 / 7)


def test_what_is_undefined_is_null_with_its_reason():
    same = agreement([with_verdicts("ambiguous", "ambiguous")] * 3)
    assert same["verdict_alpha"].value is None
    assert same["verdict_kappa"].value is None
    assert same["verdict_alpha"].reason == "Both people gave the same verdict on all 3 questions, so α is undefined."
    assert same["verdict_kappa"].reason == "Both people gave the same verdict on all 3 questions, so κ is undefined."
    assert (
        agreement([with_conditions(1, 1, 1)])["verdict_kappa"].reason == "There are 3 people, and κ is defined for two."
    )
    assert agreement([])["verdict_alpha"].value is None
    assert agreement([compare([Work("ann", Verdict.AMBIGUOUS, ())], SPAIN)[0]]).keys() == agreement([]).keys()


AS_MANY = "the same number of conditions"


def cited_by(*cited: set[int], fragments: int = 20) -> Comparison:
    work = [Work(str(number), None, (Compared("men", (), frozenset(one)),)) for number, one in enumerate(cited)]
    return compare(work, Asked("When?", fragments))[0]


@pytest.mark.parametrize(
    ("comparisons", "name", "reason"),
    [
        ([], "verdict_alpha", "No question has the work of two people."),
        ([with_verdicts("ambiguous", None)], "verdict_alpha", "On the only question, no two people gave a verdict."),
        (
            [with_verdicts("ambiguous", None)] * 5,
            "verdict_percent",
            "On all 5 questions, no two people gave a verdict.",
        ),
        (
            [with_conditions(2, 2)] * 2,
            "count_alpha",
            f"Both people wrote {AS_MANY} on both questions, so α",
        ),
        (
            [with_conditions(1, 1, 1)] * 4,
            "count_alpha",
            f"All 3 people wrote {AS_MANY} on all 4 questions, so α",
        ),
        (
            [with_conditions(0, 0), with_conditions(0, 0, 0)],
            "count_alpha",
            f"Everybody wrote {AS_MANY} on both",
        ),
        ([with_conditions(1, 1, 1)], "verdict_kappa", "There are 3 people, and κ is defined for two."),
        ([with_conditions(1, 1)], "verdict_kappa", "On the only question, no two people gave a verdict."),
        ([cited_by(set(), set())] * 5, "citations_alpha", "Nobody cites a fragment on all 5 questions, so α"),
        ([cited_by({1}, {1}, fragments=1)] * 5, "citations_alpha", "Everybody cites every fragment of all 5 questions"),
        ([cited_by(set(), set(), fragments=0)], "citations_alpha", "There is no fragment in the lists of the only"),
        ([cited_by(set(), set())] * 5, "citations_positive", "On all 5 questions, nobody cites a fragment."),
        ([with_conditions(0, 1)] * 5, "answers", "On all 5 questions, no two conditions that have answers are paired."),
        ([with_conditions(0, 0)] * 5, "answers_joint", "On all 5 questions, nobody wrote a condition."),
        ([with_conditions(0, 1)] * 6, "citations_masi", "On all 6 questions, no two conditions are paired."),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_reason_says_who_did_what_on_how_many_questions(comparisons, name, reason):
    found = agreement(comparisons)[name]
    assert found.value is None
    assert found.reason.startswith(reason)


def test_kappa_is_null_where_chance_explains_all():
    assert kappa_of(np.array([[3, 0], [0, 0]])) is None
    assert kappa_of(np.array([[0, 0], [0, 0]])) is None


def test_the_order_of_people_and_questions_does_not_matter():
    comparisons = [with_conditions(3, 1, 2), with_conditions(2, 2), with_conditions(0, 1)]
    turned = [with_conditions(2, 1, 3), with_conditions(2, 2), with_conditions(1, 0)]
    plain, other = agreement(comparisons), agreement(turned)
    assert {name: one.value for name, one in plain.items()} == near({name: one.value for name, one in other.items()})


TABLES = st.lists(st.lists(st.integers(0, 3), min_size=3, max_size=3), min_size=1, max_size=6)


@given(TABLES, st.lists(st.integers(0, 3), min_size=6, max_size=6), st.sampled_from(["nominal", "ordinal"]))
def test_alpha_of_a_resample_is_that_of_its_units(units, drawn, level):
    table, times = np.array(units), np.array(drawn[: len(units)])
    expected = alpha_of(np.repeat(table, times, axis=0), (0, 1, 2), level)
    (found,) = alphas(table, times[None, :], level)
    assert found is expected is None or found == near(expected)


LITTLE = "On both questions, there is too little to compare."


@pytest.mark.parametrize(
    ("comparisons", "name"),
    [
        ([cited_by(set(), set())] * 2, "citations_alpha"),
        ([cited_by({1}, {1}, fragments=1)] * 2, "citations_alpha"),
        ([cited_by(set(), set())] * 2, "citations_positive"),
        ([with_conditions(0, 1)] * 2, "answers"),
        ([with_conditions(0, 0)] * 2, "answers_joint"),
    ],
)
def test_of_few_questions_a_reason_does_not_say_what_people_wrote(comparisons, name):
    assert agreement(comparisons)[name].reason.startswith(LITTLE)


def test_resamples_are_drawn_in_blocks_as_they_would_be_at_once():
    times = bootstrap(40, 130)
    source = np.random.default_rng(SEED)
    assert (times == source.multinomial(40, np.full(40, 1 / 40), 130)).all()
    assert times.nbytes == 40 * 130
    table = np.arange(80).reshape(40, 2)
    assert (sums_of(times, table) == times.astype(int) @ table).all()
    assert bootstrap(1, 130).shape == (0, 1)
