"""Fragments stored in bulk, by the way that the database is fastest at."""

from dataclasses import replace

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from retrieval.bulk import add_fragments
from retrieval.fragments import NewFragment, store_fragments
from retrieval.loading import rebuild_index
from retrieval.models import Corpus

WHOLE = NewFragment("T\t\\N", 'x\\ "y"\n\r\t日本 😀', "12", 7, 2**40, "https://a.example", "S", 0)


def test_fragments_are_stored_once_and_counted_when_new(corpus, texts):
    assert add_fragments(corpus, [*texts, texts[0]]) == 3
    assert add_fragments(corpus, [replace(texts[0], source_id="other"), NewFragment("New", "one")]) == 1
    assert corpus.fragments.get(title="FIFA World Cup").source_id == "1"
    assert add_fragments(corpus, []) == 0
    assert Corpus.objects.get(pk=corpus.pk).size == corpus.fragments.count() == 4


def test_a_load_that_is_rolled_back_leaves_the_size_as_it_was(corpus, texts):
    add_fragments(corpus, texts[:1])
    with transaction.atomic():
        add_fragments(corpus, texts)
        transaction.set_rollback(True)
    assert Corpus.objects.get(pk=corpus.pk).size == corpus.fragments.count() == 1


def test_a_size_that_is_wrong_is_seen_by_a_check_and_set_right_by_a_rebuild(corpus, texts):
    store_fragments(corpus, texts)
    rebuild_index(corpus)
    Corpus.objects.filter(pk=corpus.pk).update(size=7)
    with pytest.raises(CommandError, match="its pages say that there are 7"):
        call_command("reindex", corpus=corpus.slug, check=True)
    call_command("reindex", corpus=corpus.slug)
    call_command("reindex", corpus=corpus.slug, check=True)
    assert Corpus.objects.get(pk=corpus.pk).size == 3


def test_what_is_stored_is_what_was_given(corpus):
    add_fragments(corpus, [WHOLE, NewFragment("", "y")])
    whole, bare = corpus.fragments.order_by("-title")
    assert (whole.title, whole.text, whole.sha256) == (WHOLE.title, WHOLE.text, WHOLE.sha256)
    assert (whole.page_id, whole.revision_id, whole.url, whole.section, whole.offset) == (7, 2**40, WHOLE.url, "S", 0)
    assert (bare.source_id, bare.page_id, bare.url, bare.section, bare.offset) == (None,) * 5
