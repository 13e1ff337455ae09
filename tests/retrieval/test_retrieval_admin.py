"""The admin shows what was loaded and frozen, and lets nobody change it."""

import pytest
from django.test import Client
from django.urls import reverse

from retrieval.freezing import Line, NewList, freeze_many

READ_ONLY = ["fragment", "retrieval", "listedfragment"]


@pytest.fixture
def chief(admin_client: Client, fragments) -> Client:
    """The client of a superuser, with a list to look at."""
    lines = [Line(rank, fragment.pk, fragment.sha256) for rank, fragment in enumerate(fragments, 1)]
    freeze_many([NewList(f"q{number}", 3, "embedded", {}, lines) for number in range(3)])
    return admin_client


def address(model: str, page: str, *args) -> str:
    return reverse(f"admin:retrieval_{model}_{page}", args=args)


@pytest.mark.parametrize("model", ["corpus", *READ_ONLY])
def test_lists_can_be_seen_and_searched(chief, model):
    assert chief.get(address(model, "changelist"), {"q": "a"}).status_code == 200


@pytest.mark.parametrize("model", READ_ONLY)
def test_what_was_loaded_or_frozen_cannot_be_touched(chief, fragments, model):
    assert chief.get(address(model, "add")).status_code == 403
    pk = fragments[0].listings.first().pk if model == "listedfragment" else fragments[0].pk
    pk = fragments[0].listings.first().retrieval_id if model == "retrieval" else pk
    assert chief.get(address(model, "change", pk)).status_code == 200
    assert chief.post(address(model, "change", pk), {"text": "x"}).status_code == 403
    assert chief.post(address(model, "delete", pk), {"post": "yes"}).status_code == 403


def test_a_corpus_can_be_described_but_keeps_its_slug(chief, corpus):
    chief.post(address("corpus", "change", corpus.pk), {"slug": "other", "name": "Better"})
    corpus.refresh_from_db()
    assert (corpus.slug, corpus.name) == ("wiki", "Better")


@pytest.mark.parametrize("model", READ_ONLY)
def test_a_list_takes_few_queries(chief, model, django_assert_max_num_queries):
    with django_assert_max_num_queries(9):
        chief.get(address(model, "changelist"))


def test_an_annotator_and_a_stranger_stay_outside(client, django_user_model, corpus, settings):
    settings.LOGIN_URL = "/elsewhere"
    assert client.get(address("corpus", "changelist")).status_code == 302
    client.force_login(django_user_model.objects.create_user("ann"))
    assert client.get(address("corpus", "changelist")).status_code == 302
