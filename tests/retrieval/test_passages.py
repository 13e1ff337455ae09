"""Cutting text into passages."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.corpora.passages import WORDS, passages, sentences, words_in


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in passages(text)]


def sentences_of(text: str) -> list[str]:
    return [text[piece.start : piece.end] for piece in sentences(text)]


def test_a_short_text_is_one_passage_without_the_space_around_it():
    assert cut("  Spain won. \n") == ["Spain won."]
    assert cut(" \n ") == []


def test_a_long_text_is_cut_at_sentences_into_equal_shares_with_no_rest():
    text = " ".join(f"This is sentence {number} and it holds exactly ten words." for number in range(25))
    assert [len(passage.split()) for passage in cut(text)] == [120, 130]
    assert all(passage.endswith("words.") for passage in cut(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He won. She lost? They left!", ["He won.", "She lost?", "They left!"]),
        ("“So?” he said. “Go.” She went.", ["“So?” he said.", "“Go.”", "She went."]),
        ("Dr. Who met J. R. Smith of the U.S. Army.", ["Dr. Who met J. R. Smith of the U.S. Army."]),
        ("Am 3. Oktober 1990. Danach kam er.", ["Am 3. Oktober 1990.", "Danach kam er."]),
        ("It grew by 3.5 percent. Then it fell.", ["It grew by 3.5 percent.", "Then it fell."]),
        ("西班牙赢了。“是吗？”他说。", ["西班牙赢了。", "“是吗？”", "他说。"]),
        ("one\ntwo\nthree", ["one", "two", "three"]),
        ("राम गया। सीता आई।", ["राम गया।", "सीता आई।"]),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text, expected):
    assert sentences_of(text) == expected


def test_two_characters_without_spaces_between_them_count_as_a_word():
    assert words_in("西班牙王") == 3  # two words, and the one that white space makes of them
    assert [len(passage) for passage in cut("西班牙是一个国家。" * 60)] == [180, 180, 180]


def test_a_sentence_longer_than_a_passage_is_cut_at_commas_then_between_words_then_anywhere():
    clauses = sentences_of(", ".join(["a clause of five words"] * 50) + ".")
    assert len(clauses) == 50
    assert clauses[0] == "a clause of five words,"
    assert len(cut("word " * 1_000)) == 10
    assert {len(piece) for piece in sentences_of("国" * 1_000)} == {200}
    assert max(map(len, cut("x" * 100_000))) <= 3_200


@given(st.text(alphabet=st.sampled_from("ab .,;!?\n。，国\u00a0'\"(Z9"), max_size=2_000))
def test_passages_leave_nothing_out_and_never_overlap(text):
    spans = list(passages(text))
    joined = "".join(text[start:end] for start, end in spans)
    assert "".join(joined.split()) == "".join(text.split())
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))
    assert all(words_in(text[start:end]) <= 2.5 * WORDS + 2 for start, end in spans)
