"""How rare words are among the fragments of the questions that are scored. Pure.

idf(w) = ln((n + 1) / (df + 1)) over n fragments, of which df hold w      (SCORING.md, "The default judge")
"""

import hashlib
from collections import Counter
from collections.abc import Iterable
from math import log

from annotator.similarity import content


class IdfTable:
    """How rare each word is; of no fragments all are alike. Two tables with one ``digest`` weigh all words alike."""

    def __init__(self) -> None:
        self.fragments = 0
        self.holding: Counter[str] = Counter()
        self.known: dict[str, float] = {}

    def add(self, texts: Iterable[str]) -> None:
        """Count fragments, each as its title, a space and its text."""
        for text in texts:
            self.fragments += 1
            self.holding.update(set(content(text)))
        self.known.clear()

    def __call__(self, word: str) -> float:
        if word not in self.known:
            rare = (self.fragments + 1) / (self.holding[word] + 1)
            self.known[word] = log(rare) if self.fragments else 1.0
        return self.known[word]

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the number of fragments and of every word's, in order."""
        lines = [str(self.fragments), *(f"{word}\t{number}" for word, number in sorted(self.holding.items()))]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()
