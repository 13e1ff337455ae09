"""An engine in the process's memory, for tests: BM25 by the book, nothing on disk."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import ClassVar

from retrieval.engines.english import WORDS, query_terms
from retrieval.engines.protocol import Hit, Info, NoIndexError, Passage, Source

K1, B, TIE_BREAKER = 1.2, 0.75, 0.3
SETTINGS = {"k1": K1, "b": B, "tie_breaker": TIE_BREAKER}


class MemoryEngine:
    """The index of one corpus, shared by every engine of the same slug in this process."""

    name = "memory"
    settings = SETTINGS
    shelves: ClassVar[dict[str, dict[int, Passage]]] = {}

    def __init__(self, slug: str) -> None:
        self.slug = slug
        self.noted: dict[int, Passage | None] = {}

    def search(self, query: str, k: int) -> list[Hit]:
        return self.search_many([query], k)[0]

    def search_many(self, queries: Sequence[str], k: int) -> list[list[Hit]]:
        if k < 1:
            raise ValueError("k must be at least 1")
        passages = self._shelf()
        return [best(passages, query_terms(query), k) for query in queries]

    def add(self, passages: Iterable[Passage]) -> None:
        self.noted.update((passage.fragment_id, passage) for passage in passages)

    def delete(self, fragment_ids: Iterable[int]) -> None:
        self.noted.update(dict.fromkeys(fragment_ids))

    def commit(self) -> None:
        shelf = self.shelves.get(self.slug, {}) | self.noted
        self.shelves[self.slug] = {key: passage for key, passage in shelf.items() if passage}
        self.noted.clear()

    def rebuild(self, source: Source) -> None:
        self.shelves[self.slug] = {passage.fragment_id: passage for page in source.pages() for passage in page}
        self.noted.clear()

    def info(self) -> Info:
        shelf = self._shelf()
        return Info(len(shelf), max(shelf, default=0), self.settings)

    def _shelf(self) -> dict[int, Passage]:
        if self.slug not in self.shelves:
            raise NoIndexError(self.slug)
        return self.shelves[self.slug]


def best(passages: dict[int, Passage], terms: Sequence[str], k: int) -> list[Hit]:
    """Return the ``k`` best passages: per term the better of title and text, plus a share of the other."""
    fields = [
        bm25({key: getattr(passage, name) for key, passage in passages.items()}, terms) for name in ("title", "text")
    ]
    hits = [Hit(key, sum(map(disjunction_max, *(scores[key] for scores in fields)))) for key in passages]
    found = sorted((hit for hit in hits if hit.score > 0), key=lambda hit: (-hit.score, hit.fragment_id))
    return found[:k]


def disjunction_max(one: float, other: float) -> float:
    """Return the larger score plus a share of the smaller."""
    return max(one, other) + TIE_BREAKER * min(one, other)


def bm25(texts: dict[int, str], terms: Sequence[str]) -> dict[int, list[float]]:
    """Return each text's score for each term, in the order of the terms (Robertson and Zaragoza, 2009)."""
    counts = {key: Counter(WORDS.analyze(text)) for key, text in texts.items()}
    lengths = {key: count.total() for key, count in counts.items()}
    average = sum(lengths.values()) / len(lengths) if any(lengths.values()) else 1.0
    rarities = [rarity(sum(term in count for count in counts.values()), len(counts)) for term in terms]
    return {
        key: [
            weight * count[term] * (K1 + 1) / (count[term] + K1 * (1 - B + B * lengths[key] / average))
            for term, weight in zip(terms, rarities, strict=True)
        ]
        for key, count in counts.items()
    }


def rarity(containing: int, total: int) -> float:
    """Return the inverse document frequency of a term that ``containing`` of ``total`` texts hold."""
    return math.log(1 + (total - containing + 0.5) / (containing + 0.5))
