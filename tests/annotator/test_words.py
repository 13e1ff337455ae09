"""Words of texts and queries, in every script, and whatever is typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.words import LONGEST_QUERY, MOST_TERMS, Term, marked, query_of, words_of, written

anything = st.text(max_size=60)


def words(text: str) -> list[str]:
    return [word.text for word in words_of(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Café Ærø, STRASSE straße", ["cafe", "aero", "strasse", "strasse"]),
        ("men’s well-known 3.14", ["men", "s", "well", "known", "3", "14"]),
        ("東京都 iPhone手机", ["東京", "京都", "都", "iphone", "手机", "机"]),
        ("हिन्दी", ["हिन्दी"]),
        ("اَلْعَرَبِيَّة", ["العربية"]),
        ("a_b 🏀 ¶", ["a", "b"]),
    ],
)
def test_a_text_becomes_words(text, found):
    assert words(text) == found


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("world cup", [Term(("world",)), Term(("cup",))]),
        ("“World Cup” -women", [Term(("world", "cup")), Term(("women",), barred=True)]),
        ("foot* 都", [Term(("foot",), begins=True), Term(("都",), begins=True)]),
        ("東京都", [Term(("東京", "京都"))]),
        ('"not closed', [Term(("not", "closed"))]),
        ("cup CUP cüp", [Term(("cup",))]),
        ('- "" * -* ¶ 🏀 \0', []),
    ],
)
def test_a_query_is_read(text, terms):
    assert list(query_of(text).terms) == terms


@given(anything)
def test_every_text_is_found_by_itself_and_marked(text):
    query = query_of(text)
    stored = written([text])
    assert all(term.stretch in stored for term in query.wanted)
    assert "".join(run for run, _hit in marked(text, query)) == text


@given(st.data())
def test_every_stretch_of_a_text_without_spaces_is_found(data):
    text = data.draw(st.text("東京都に行く世界", min_size=1, max_size=20))
    start = data.draw(st.integers(0, len(text) - 1))
    part = text[start : data.draw(st.integers(start + 1, len(text)))]
    [term] = query_of(part).terms
    assert term.stretch in written([text])
    assert part in "".join(run for run, hit in marked(text, query_of(part)) if hit)


@given(st.text(max_size=3 * LONGEST_QUERY))
def test_a_query_has_an_end(text):
    assert len(query_of(text).terms) <= MOST_TERMS


def test_no_phrase_reaches_from_one_text_into_the_next():
    assert query_of('"men 2010"').terms[0].stretch not in written(["men", "2010"])


def test_a_long_text_is_shown_around_what_was_found():
    text = "one " * 100 + "needle " + "two " * 100
    runs = marked(text, query_of("needle"), 80)
    shown = "".join(run for run, _hit in runs)
    assert shown.strip("…") in text.strip()
    assert ("needle", True) in runs
    assert shown[0] == shown[-1] == "…"
    assert len(shown) < 120
