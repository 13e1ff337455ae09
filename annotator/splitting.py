"""Which questions are nearly the same, and which split of a release each question falls into.

Pure. Two questions are near doubles from ``NEAR`` on, by the likeness of short texts in ``similarity``. They are looked
for among those that share one of their rarer words, so that the work grows with the number of questions and not with
its square. That loses no pair that is alike enough, but one whose shared words stand in more than ``MOST`` others.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor

from annotator.similarity import condition_overlap, content, word_overlap

NEAR = 0.85
# The likeness is .35 of the words' overlap and .65 of the letters', so below this overlap none reaches NEAR …
LEAST_WORDS = (NEAR - 0.65) / 0.35
# … and two texts that reach it share at least this part of the words of either.
LEAST_SHARED = LEAST_WORDS / (2 - LEAST_WORDS)
MOST = 200


@dataclass(frozen=True, slots=True)
class Double:
    """Two questions by their places, and how alike they are."""

    first: int
    second: int
    likeness: float


@dataclass(frozen=True, slots=True)
class Item:
    """A question as it is split: its name, which does not change, what it is like, and the split it has already."""

    key: str
    stratum: tuple[object, ...] = ()
    fixed: str = ""


# Near doubles


def doubles(texts: Sequence[str]) -> Iterator[Double]:
    """Yield the pairs that share enough words to be near doubles, each once, with how alike they are."""
    words = [sorted(set(content(text))) for text in texts]
    known = Counter(word for own in words for word in own)
    for first, second in candidates(words, known):
        if word_overlap(content(texts[first]), content(texts[second])) >= LEAST_WORDS:
            yield Double(first, second, condition_overlap(texts[first], texts[second]))
    yield from wordless(texts, words)


def candidates(words: Sequence[Sequence[str]], known: Mapping[str, int]) -> Iterator[tuple[int, int]]:
    """Yield the pairs that share one of their rarer words."""
    holding: dict[str, list[int]] = defaultdict(list)
    for place, own in enumerate(words):
        rarest = sorted(own, key=lambda word: (known[word], word))
        rarer = rarest[: len(own) - ceil(LEAST_SHARED * len(own)) + 1]
        kept = [word for word in rarer if known[word] <= MOST] or rarest[:1]
        for other in sorted({other for word in kept for other in holding[word][-MOST:]}):
            yield other, place
        for word in kept:
            holding[word].append(place)


def wordless(texts: Sequence[str], words: Sequence[Sequence[str]]) -> Iterator[Double]:
    """Yield the pairs of texts that have no word to find them by; each with the last ones, which are few."""
    kept: list[int] = []
    for place, text in enumerate(texts):
        if not words[place]:
            yield from (Double(other, place, condition_overlap(texts[other], text)) for other in kept[-MOST:])
            kept.append(place)


def groups(number: int, pairs: Sequence[Double]) -> list[int]:
    """Return, for each of so many questions, the first of its group: near doubles of near doubles belong together."""
    first = list(range(number))

    def root(place: int) -> int:
        while first[place] != place:
            first[place] = first[first[place]]
            place = first[place]
        return place

    for pair in pairs:
        if pair.likeness >= NEAR:
            low, high = sorted((root(pair.first), root(pair.second)))
            first[high] = low
    return [root(place) for place in range(number)]


def highest_across(splits: Sequence[str], pairs: Sequence[Double]) -> Double | None:
    """Return the most alike two that stand in different splits."""
    across = (pair for pair in pairs if splits[pair.first] != splits[pair.second])
    return max(across, key=lambda pair: pair.likeness, default=None)


# Drawing


def drawn(items: Sequence[Item], group: Sequence[int], shares: Mapping[str, float], seed: int) -> list[str]:
    """Return the split of each question: its own where it is fixed, else that of its group, else one that is drawn.

    Each stratum is divided by the ``shares``, to the next question above or below; which of the two, and what a group
    of several weighs on, is settled by what all splits still lack. The same seed draws the same.
    """
    splits = [item.fixed for item in items]
    units: dict[int, list[int]] = defaultdict(list)
    for place, first in enumerate(group):
        units[first].append(place)
    for members in units.values():
        given = next((splits[place] for place in members if splits[place]), "")
        for place in members:
            splits[place] = splits[place] or given
    draw = Draw(items, splits, shares)
    open_units = [members for members in units.values() if not splits[members[0]]]
    for members in sorted(open_units, key=lambda members: order_of(items[members[0]], len(members), seed)):
        chosen = draw.next(items[members[0]].stratum, len(members))
        for place in members:
            splits[place] = chosen
            draw.take(items[place].stratum, chosen)
    return splits


def order_of(item: Item, size: int, seed: int) -> tuple[object, ...]:
    """Return what orders the units: the larger ones first, which fit in least, then at random by the seed."""
    return -size, repr(item.stratum), hashlib.sha256(f"{seed}\0{item.key}".encode()).digest()


class Draw:
    """How many questions of each stratum each split has, and has to get."""

    def __init__(self, items: Sequence[Item], splits: Sequence[str], shares: Mapping[str, float]) -> None:
        whole = sum(shares.values())
        self.shares = {name: share / whole for name, share in shares.items() if share > 0}
        self.sizes = Counter(item.stratum for item in items)
        self.taken: Counter[tuple[object, str]] = Counter()
        self.all: Counter[str] = Counter()
        self.total = len(items)
        for item, split in zip(items, splits, strict=True):
            if split:
                self.take(item.stratum, split)

    def take(self, stratum: object, split: str) -> None:
        self.taken[stratum, split] += 1
        self.all[split] += 1

    def next(self, stratum: tuple[object, ...], size: int) -> str:
        """Return the split that is to have ``size`` more of a stratum."""

        def merit(name: str) -> tuple[bool, bool, float]:
            quota = self.shares[name] * self.sizes[stratum]
            after = self.taken[stratum, name] + size
            return after <= floor(quota), after <= ceil(quota), self.shares[name] * self.total - self.all[name]

        return max(self.shares, key=merit)
