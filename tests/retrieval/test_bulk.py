"""Fragments stored in bulk, by the way that the database is fastest at."""

from dataclasses import replace

from retrieval.bulk import add_fragments
from retrieval.fragments import NewFragment, store_fragments

WHOLE = NewFragment("T\t\\N", 'x\\ "y"\n\r\t日本 😀', "12", 7, 2**40, "https://a.example", "S", 0)


def test_fragments_are_stored_once_and_counted_when_new(corpus, texts):
    assert add_fragments(corpus, [*texts, texts[0]]) == 3
    assert add_fragments(corpus, [replace(texts[0], source_id="other"), NewFragment("New", "one")]) == 1
    assert corpus.fragments.get(title="FIFA World Cup").source_id == "1"
    assert add_fragments(corpus, []) == 0


def test_what_is_stored_in_bulk_is_what_the_orm_stores(corpus):
    add_fragments(corpus, [WHOLE, NewFragment("", "y")])
    assert len(store_fragments(corpus, [WHOLE, NewFragment("", "y")])) == corpus.fragments.count() == 2
    whole, bare = corpus.fragments.order_by("-title")
    assert (whole.title, whole.text, whole.sha256) == (WHOLE.title, WHOLE.text, WHOLE.sha256)
    assert (whole.page_id, whole.revision_id, whole.url, whole.section, whole.offset) == (7, 2**40, WHOLE.url, "S", 0)
    assert (bare.source_id, bare.page_id, bare.url, bare.section, bare.offset) == (None,) * 5
