"""What every search engine of a corpus can do, and the values that pass to and fro."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol


class EngineUnavailableError(RuntimeError):
    """The engine cannot answer now; the message says what to do about it. What is ``passing`` may end by itself."""

    def __init__(self, message: str, *, passing: bool = False) -> None:
        self.passing = passing
        super().__init__(message)


class NoIndexError(EngineUnavailableError):
    """A corpus has no index that can be searched, or one with a ``problem``; building one is the remedy."""

    def __init__(self, slug: str, problem: str = "") -> None:
        self.problem = problem
        found = f"the search index of corpus {slug} {problem}" if problem else f"corpus {slug} has no search index"
        super().__init__(f"{found}; build it with: python manage.py reindex --corpus {slug}")


@dataclass(frozen=True, slots=True)
class Passage:
    """What an engine indexes of a fragment."""

    fragment_id: int
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A fragment that a search found. Scores compare within one search only; higher is better."""

    fragment_id: int
    score: float


@dataclass(frozen=True, slots=True)
class Info:
    """The committed state of an index: how many fragments, the highest id (0 when empty), what sets the ranking."""

    count: int
    last_id: int
    settings: Mapping[str, object]

    @property
    def digest(self) -> str:
        """Twelve hexadecimal digits that tell these settings from others."""
        return hashlib.sha256(json.dumps(self.settings, sort_keys=True).encode()).hexdigest()[:12]


class Source(Protocol):
    """Where the passages of an index are kept for good, and what an index is measured by."""

    def pages(self) -> Iterator[Sequence[Passage]]:
        """Yield all passages in order of id, a bounded number at a time, none of them empty."""

    def count(self, last_id: int) -> int:
        """Return how many passages have an id up to this one, now."""


class Engine(Protocol):
    """The index of one corpus. The database is the truth; an index may be deleted and rebuilt at any time."""

    name: str

    @property
    def settings(self) -> Mapping[str, object]:
        """What sets the ranking of an index that is built now; ``info`` tells what this one was built with."""

    def search(self, query: str, k: int) -> list[Hit]:
        """Return at most ``k`` hits, best first, ties by fragment id; none for a query without words.

        Any word may match. Raises ``ValueError`` for ``k`` below 1, ``EngineUnavailableError`` when there is no index.
        """

    def search_many(self, queries: Sequence[str], k: int) -> list[list[Hit]]:
        """Return ``search`` of each query, all over the same committed state."""

    def add(self, passages: Iterable[Passage]) -> None:
        """Note passages to be indexed at the next ``commit``; one with an id already there replaces it."""

    def delete(self, fragment_ids: Iterable[int]) -> None:
        """Note fragments to be taken out at the next ``commit``; unknown ids do no harm."""

    def commit(self) -> None:
        """Write everything noted, one process at a time; searches see it from now on, in every process."""

    def rebuild(self, source: Source) -> None:
        """Replace the whole index. Searches go on over the old one until the new one is complete."""

    def info(self) -> Info:
        """Return the committed state. Raises ``EngineUnavailableError`` when there is no index."""
