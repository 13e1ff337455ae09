"""A corpus, its lookalike, and a private place for search indexes."""

from pathlib import Path

import pytest

from retrieval.engines.memory import MemoryEngine
from retrieval.fragments import NewFragment, store_fragments
from retrieval.models import Corpus, Fragment

TEXTS = [
    NewFragment("FIFA World Cup", "Spain won the World Cup in 2010.", source_id="1"),
    NewFragment("Soup", "Cups of soup are served hot.", source_id="2"),
    NewFragment("EuroBasket", "Spain won EuroBasket in 2011.", source_id="3"),
]


@pytest.fixture(autouse=True)
def var(tmp_path: Path, settings, monkeypatch) -> Path:
    """Keep indexes in the test's own folder."""
    settings.VAR_DIR = tmp_path
    monkeypatch.setattr(MemoryEngine, "shelves", {})
    return tmp_path


@pytest.fixture
def corpus(db) -> Corpus:
    """An empty corpus; beside it one that holds the same texts, so that a forgotten filter shows."""
    noise = Corpus.objects.create(slug="noise", name="Noise")
    store_fragments(noise, TEXTS)
    return Corpus.objects.create(slug="wiki", name="Wiki")


@pytest.fixture
def texts() -> list[NewFragment]:
    """Three fragments on their way in: two about Spain, one about soup."""
    return list(TEXTS)


@pytest.fixture
def fragments(corpus: Corpus, texts: list[NewFragment]) -> list[Fragment]:
    """The same three, stored in the corpus."""
    store_fragments(corpus, texts)
    return list(corpus.fragments.order_by("source_id"))
