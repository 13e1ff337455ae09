"""Search engines behind one protocol. To add one: a module beside these, a line in ``ENGINES``, a line in its test."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from retrieval.engines.embedded import EmbeddedEngine
from retrieval.engines.memory import MemoryEngine
from retrieval.engines.protocol import Engine, EngineUnavailableError, Hit, Info, NoIndexError, Passage, Source

if TYPE_CHECKING:
    from retrieval.models import Corpus

__all__ = [
    "ENGINES",
    "Engine",
    "EngineUnavailableError",
    "Hit",
    "Info",
    "NoIndexError",
    "Passage",
    "Source",
    "engine_for",
]


def embedded(slug: str) -> Engine:
    """Return the embedded engine, whose indexes lie in ``VAR_DIR/index``."""
    return EmbeddedEngine(slug, Path(settings.VAR_DIR) / "index")


def elasticsearch(slug: str) -> Engine:
    """Return the engine that asks the Elasticsearch of the settings."""
    # Its client takes most of a second to import, which nobody else should wait for.
    from retrieval.engines.elastic.client import Address
    from retrieval.engines.elastic.engine import ElasticEngine

    address = Address(
        settings.ELASTICSEARCH_URL,
        settings.ELASTICSEARCH_API_KEY,
        settings.ELASTICSEARCH_CA_FILE,
        settings.ELASTICSEARCH_PREFIX,
    )
    return ElasticEngine(slug, address)


ENGINES: dict[str, Callable[[str], Engine]] = {
    "elasticsearch": elasticsearch,
    "embedded": embedded,
    "memory": MemoryEngine,
}


def engine_for(corpus: "Corpus") -> Engine:
    """Return the engine that searches a corpus: the one that ``SEARCH_ENGINE`` of the settings names."""
    return ENGINES[settings.SEARCH_ENGINE](corpus.slug)
