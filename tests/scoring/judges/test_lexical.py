"""The judges that need nothing but their texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.similarity import even
from scoring.idf import IdfTable
from scoring.judges import Couple, Kind, judges

NAMES = sorted(judges())
text = st.text(max_size=40)


def judged(name: str, gold: str, predicted: str, kind: Kind = Kind.ANSWER, question: str = "") -> float | None:
    return judges()[name](even).judge([Couple(kind, question, (gold,), (predicted,))])[0]


@pytest.mark.parametrize("name", NAMES)
@given(a=text, b=text)
def test_neither_side_comes_first(name, a, b):
    assert judged(name, a, b) == pytest.approx(judged(name, b, a))


@pytest.mark.parametrize("name", NAMES)
@given(a=text, b=text)
def test_a_verdict_lies_between_0_and_1(name, a, b):
    assert 0 <= judged(name, a, b) <= 1


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", Kind)
def test_the_same_text_is_the_same_however_it_is_spaced(name, kind):
    assert judged(name, "14 December  1911", "14 december 1911", kind) == 1


def test_the_most_alike_of_the_wordings_counts():
    couple = Couple(Kind.ANSWER, "", ("July 2010", "2010"), ("2010", "in the summer"))
    assert judges()["exact"](even).judge([couple]) == [1.0]


def test_token_f1_counts_words():
    # {roald, amundsen} and {amundsen, 1911}: 2 · 1 / 4
    assert judged("token-f1", "Roald Amundsen", "Amundsen, 1911") == 0.5


def test_stop_words_count_where_there_is_nothing_else():
    assert judged("token-f1", "the other", "the one") == 0.5


def test_words_of_the_question_say_little_to_the_usual_judge():
    question = "When did Spain win the World Cup?"
    far = judged("overlap", "Spain, World Cup 2010", "Spain, World Cup 2023", question=question)
    assert far < judged("overlap", "Spain, World Cup 2010", "Spain, World Cup 2023")


def test_a_rare_word_weighs_more():
    idf = IdfTable()
    idf.add(["gold medal", "gold coin", "gold and silver"])
    # ln(4/4) = 0 for "gold", ln(4/2) for "medal"
    assert (idf("gold"), idf("medal"), idf("bronze")) == pytest.approx((0.0, 0.693147, 1.386294), abs=1e-6)


def test_without_fragments_all_words_weigh_alike():
    assert IdfTable()("gold") == 1.0


def test_two_tables_of_the_same_fragments_have_one_digest():
    one, other = IdfTable(), IdfTable()
    one.add(["gold medal", "silver"])
    other.add(["silver"])
    assert one.digest != other.digest
    other.add(["gold medal"])
    assert one.digest == other.digest
