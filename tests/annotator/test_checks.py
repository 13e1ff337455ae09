"""What is questionable in an annotation."""

import json
from collections import Counter

import pytest

from annotator.checks import Code, findings, letter_of
from annotator.record import Annotation, Answer, Citation, Condition, Role, Verdict
from annotator.similarity import condition_overlap, facts, tokens

QUESTION = "When did Spain win the World Cup?"
MEN = Condition("m", "men’s football", (Answer("a", "2010"),), (Citation("k", Role.BOTH, rank=1),))
WOMEN = Condition("w", "the senior women’s side", (Answer("b", "2023"),), (Citation("l", Role.BOTH, rank=2),))


def codes(*conditions: Condition, verdict: Verdict | None = Verdict.AMBIGUOUS, reason: str = "") -> list[str]:
    annotation = Annotation(verdict, reason, conditions=conditions)
    return [finding.code.value for finding in findings(annotation, QUESTION)]


def test_a_complete_annotation_has_no_findings():
    assert codes(MEN, WOMEN) == []


@pytest.mark.parametrize(
    ("verdict", "count", "fits"),
    [
        (None, 0, False),
        (Verdict.AMBIGUOUS, 1, False),
        (Verdict.AMBIGUOUS, 2, True),
        (Verdict.UNAMBIGUOUS, 0, False),
        (Verdict.UNAMBIGUOUS, 1, True),
        (Verdict.UNAMBIGUOUS, 2, False),
        (Verdict.UNANSWERABLE, 0, True),
        (Verdict.UNANSWERABLE, 1, False),
        (Verdict.CANNOT_ANNOTATE, 1, False),
    ],
)
def test_the_verdict_fits_the_number_of_conditions(verdict, count, fits):
    assert (codes(*(MEN, WOMEN)[:count], verdict=verdict) == []) == fits


def test_cannot_annotate_needs_a_reason():
    assert codes(verdict=Verdict.CANNOT_ANNOTATE) == ["verdict_rule"]
    assert codes(verdict=Verdict.CANNOT_ANNOTATE, reason="garbled") == []


def test_an_empty_condition_or_answer_blocks():
    blank = Condition("x", "  ", (Answer("c", "\n"),), (Citation("n", rank=3),))
    assert codes(MEN, blank) == ["empty_text", "empty_text"]
    assert codes(MEN, Condition("x", "no answer", (), blank.citations)) == ["empty_text"]


def test_the_one_condition_of_an_unambiguous_question_may_be_blank():
    assert codes(Condition("x", "", MEN.answers, MEN.citations), verdict=Verdict.UNAMBIGUOUS) == []


def test_a_condition_must_not_repeat_its_answer():
    leaking = Condition("m", "the title of July 2010", MEN.answers, MEN.citations)
    assert codes(leaking, WOMEN) == ["answer_in_condition"]


def test_words_of_the_question_are_no_repetition():
    spain = Condition("m", "Spain as hosts", (Answer("a", "Spain"),), MEN.citations)
    assert codes(spain, WOMEN) == []


def test_two_conditions_should_differ():
    twin = Condition("t", "Men's football", (Answer("c", "1999"),), (Citation("n", Role.BOTH, rank=3),))
    assert codes(MEN, twin) == ["near_duplicate"]


def test_one_answer_under_two_conditions_is_pointed_out():
    other = Condition("t", "indoors, five a side", (Answer("c", "2010"),), (Citation("n", Role.BOTH, rank=3),))
    assert codes(MEN, other) == ["same_answer"]


def test_condition_and_answer_each_need_a_citation():
    only_answer = Condition("m", MEN.text, MEN.answers, (Citation("k", Role.ANSWER, rank=1),))
    only_condition = Condition("m", MEN.text, MEN.answers, (Citation("k", Role.CONDITION, rank=1),))
    assert codes(only_answer, WOMEN) == ["missing_citation"]
    assert codes(only_condition, WOMEN) == ["missing_citation"]
    assert codes(Condition("m", MEN.text, MEN.answers), WOMEN) == ["missing_citation"] * 2


def test_a_citation_for_one_answer_does_not_support_the_other():
    both = (Answer("a", "2006"), Answer("b", "2019"))
    cited = (Citation("k", Role.CONDITION, rank=1), Citation("l", Role.ANSWER, rank=2, answer="a"))
    assert codes(Condition("m", "basketball", both, cited), WOMEN) == ["missing_citation"]


def test_a_quote_without_a_place_blocks():
    lost = Condition("m", MEN.text, MEN.answers, (Citation("k", Role.BOTH, rank=1, quote="elsewhere"),))
    assert codes(lost, WOMEN) == ["quote_not_found"]


def test_only_three_kinds_block():
    assert [code.value for code in Code if code.blocks] == ["verdict_rule", "empty_text", "quote_not_found"]


def test_letters_go_on_behind_z():
    assert [letter_of(place) for place in (0, 7, 25, 26, 51)] == ["A", "H", "Z", "A2", "Z2"]


def test_words_numbers_and_likeness_are_those_of_the_reference(shared):
    cases = json.loads((shared / "reference" / "judge_fixtures.json").read_text())
    for case in cases["cases"]:
        assert list(tokens(case["a"])) == case["tokens"]
        assert sorted(facts(case["a"])) == case["facts"]
        assert condition_overlap(case["a"], case["b"], cases["question"]) == pytest.approx(case["condition"], abs=1e-6)


def test_seven_in_ten_published_conditions_repeat_their_answer(shared):
    found: Counter[str] = Counter()
    for question in json.loads((shared / "data" / "condambigqa_dev.json").read_text()):
        conditions = tuple(
            Condition(str(place), part["condition"], (Answer("a", part["groundtruth"]),), (Citation("k", rank=1),))
            for place, part in enumerate(question["properties"])
        )
        found.update(
            finding.code.value for finding in findings(Annotation(None, conditions=conditions), question["question"])
        )
    assert found["answer_in_condition"] == 149  # of 212
    assert found["near_duplicate"] == found["same_answer"] == 0
