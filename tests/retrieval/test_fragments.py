"""Storing fragments once each."""

from dataclasses import replace

from retrieval.fragments import NewFragment, fragment_ids, store_fragments
from retrieval.models import Corpus, Fragment


def test_every_fragment_given_has_an_id_by_its_digest(corpus, texts):
    ids = store_fragments(corpus, texts)
    assert ids == {text.sha256: corpus.fragments.get(title=text.title).pk for text in texts}


def test_storing_again_adds_nothing_and_keeps_where_it_came_from(corpus, texts):
    before = store_fragments(corpus, texts)
    again = store_fragments(corpus, [replace(texts[0], source_id="other", page_id=7), NewFragment("New", "one")])
    assert again[texts[0].sha256] == before[texts[0].sha256]
    assert (corpus.fragments.count(), corpus.fragments.get(title="FIFA World Cup").source_id) == (4, "1")


def test_a_repeat_within_one_call_is_stored_once(corpus, texts):
    assert len(store_fragments(corpus, [texts[0], texts[0]])) == 1


def test_of_equal_fragments_in_one_call_the_first_says_where_it_came_from(corpus, texts):
    store_fragments(corpus, [replace(texts[0], source_id=name) for name in ("first", "second")])
    assert corpus.fragments.get().source_id == "first"


def test_title_and_text_do_not_run_into_each_other(corpus):
    assert len(store_fragments(corpus, [NewFragment("ab", "c"), NewFragment("a", "bc")])) == 2


def test_provenance_is_stored_whole_and_unknown_stays_null(corpus):
    store_fragments(corpus, [NewFragment("T", "x", "12", 7, 2**40, "https://a.example", "S", 0), NewFragment("", "y")])
    fields = ("source_id", "page_id", "revision_id", "url", "section", "offset")
    known, unknown = Fragment.objects.filter(corpus=corpus).order_by("id").values_list(*fields)
    assert known == ("12", 7, 2**40, "https://a.example", "S", 0)
    assert unknown == (None,) * 6


def test_corpora_keep_their_own_copy(corpus, texts):
    noise = Corpus.objects.get(slug="noise")
    here, there = store_fragments(corpus, texts), fragment_ids(noise, [text.sha256 for text in texts])
    assert here.keys() == there.keys()
    assert not set(here.values()) & set(there.values())


def test_thousands_go_in_with_few_queries(corpus, django_assert_max_num_queries):
    many = [NewFragment("T", f"text {number}") for number in range(2_000)]
    with django_assert_max_num_queries(32):
        assert len(store_fragments(corpus, many)) == 2_000
    with django_assert_max_num_queries(3):
        store_fragments(corpus, many)
