"""Search engines behind one protocol. To add one: a module beside these, a line in ``ENGINES``, a line in its test."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from retrieval.engines.embedded import EmbeddedEngine
from retrieval.engines.memory import MemoryEngine
from retrieval.engines.protocol import Engine, EngineUnavailableError, Hit, Info, Passage

if TYPE_CHECKING:
    from retrieval.models import Corpus

__all__ = ["ENGINES", "Engine", "EngineUnavailableError", "Hit", "Info", "Passage", "engine_for"]


def embedded(slug: str) -> Engine:
    """Return the embedded engine, whose indexes lie in ``VAR_DIR/index``."""
    return EmbeddedEngine(slug, Path(settings.VAR_DIR) / "index")


ENGINES: dict[str, Callable[[str], Engine]] = {"embedded": embedded, "memory": MemoryEngine}


def engine_for(corpus: "Corpus") -> Engine:
    """Return the engine that searches a corpus: ``SEARCH_ENGINE`` of the settings, else the embedded one."""
    return ENGINES[getattr(settings, "SEARCH_ENGINE", "embedded")](corpus.slug)
