"""What every search engine of a corpus can do, and the values that pass to and fro."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol


class EngineUnavailableError(RuntimeError):
    """The engine cannot answer now; the message says what to do about it."""


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


class Engine(Protocol):
    """The index of one corpus. The database is the truth; an index may be deleted and rebuilt at any time."""

    name: str

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

    def rebuild(self, passages: Iterable[Passage]) -> None:
        """Replace the whole index. Searches go on over the old one until the new one is complete."""

    def info(self) -> Info:
        """Return the committed state. Raises ``EngineUnavailableError`` when there is no index."""
