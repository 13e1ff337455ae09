"""What sets the conditions of a question apart: D and R of the alignment (SCORING.md, "Alignment").

A condition is judged in the company of its alternatives: words that all of them share say nothing, words that one of
them has say everything; and words that exclude each other (men and women, 2010 and 2014) tell two conditions apart
however alike the rest is. English, as the word lists are.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import sqrt

from annotator.similarity import AMOUNTS, CACHED, MONTH_WORDS, ORDINAL, WORD, content, norm, token, tokens

GROUPS = {
    "=male": "men man male boy gentleman gentlemen",
    "=female": "women woman female lady girl",
    "=film": "film movie",
    "=series": "tv television series show",
    "=book": "book novel",
    "=song": "song track",
    "=animated": "animated animation cartoon",
    "=us": "usa american america",
    "=uk": "uk british britain",
    "1": "original earliest initial",
    "=last": "last latest final recent",
    "=start": "start beginning begin opening",
    "=end": "end ending close finish",
    "=north": "north northern",
    "=south": "south southern",
    "=east": "east eastern",
    "=west": "west western",
}
GROUP_OF = {word: group for group, members in GROUPS.items() for word in members.split()}
AXES = [
    frozenset(axis.split())
    for axis in (
        "=male =female",
        "=film =series =book =song",
        "=us =uk",
        "1 =last",
        "=start =end",
        "=north =south =east =west",
    )
]
PHRASES = [
    (re.compile(r"\bUS\b|\bU\.S\.(A\.)?|\b[Uu]nited [Ss]tates( of [Aa]merica)?\b"), "usa"),
    (re.compile(r"\b[Uu]nited [Kk]ingdom\b|\b[Gg]reat [Bb]ritain\b|\bU\.K\."), "uk"),
    (re.compile(r"(?i)\bassociation football\b"), "soccer"),
]
YEAR = re.compile(r"(1[5-9]|20)\d\d$")
FLOOR = 0.05  # of a word that all alternatives share
ASKED = 0.5  # the part that is left of a word of the question

Weights = Mapping[str, float]


@lru_cache(maxsize=CACHED)
def words(text: str) -> tuple[str, ...]:
    """Return the distinct content words of ``text`` in order, those of a group under the group's name."""
    for phrase, word in PHRASES:
        text = phrase.sub(word, text)
    return tuple(dict.fromkeys(GROUP_OF.get(word, word) for word in content(text)))


@lru_cache(maxsize=CACHED)
def pieces(word: str) -> Weights:
    """Return a word as a unit vector of its padded trigrams; a number or a group is one piece."""
    if word[0] in "=0123456789":
        return {word: 1.0}
    padded = f"#{word}#"
    counts = Counter(padded[start : start + 3] for start in range(len(padded) - 2))
    length = sqrt(sum(count * count for count in counts.values()))
    return {piece: count / length for piece, count in counts.items()}


def weights(sides: Iterable[Sequence[str]], question: str) -> Weights:
    """Return what each word says, .025 to 1: 1 less the largest share of the other conditions of a side that hold it.

    ``sides`` are the texts of each person's or system's conditions; a side of one condition says nothing of its words.
    """
    found: dict[str, float] = {}
    for texts in sides:
        others = max(len(texts) - 1, 1)
        for word, holding in Counter(word for text in texts for word in words(text)).items():
            found[word] = min(found.get(word, 1.0), 1 - (holding - 1) / others)
    asked = set(words(question))
    return {word: max(value, FLOOR) * (ASKED if word in asked else 1.0) for word, value in found.items()}


@dataclass(frozen=True, slots=True)
class Profile:
    """A condition's text as it is compared: its words' weights, their pieces as a vector, its values on each axis."""

    weights: Weights
    vector: Weights
    length: float
    values: tuple[frozenset[str], ...]


def profile(text: str, weights: Weights) -> Profile:
    """Return the profile of a text whose words all have their weight."""
    own = words(text)
    vector: dict[str, float] = defaultdict(float)
    for word in own:
        for piece, share in pieces(word).items():
            vector[piece] += weights[word] * share
    return Profile(
        {word: weights[word] for word in own},
        vector,
        sqrt(sum(value * value for value in vector.values())),
        axis_values(own),
    )


def axis_values(own: Iterable[str]) -> tuple[frozenset[str], ...]:
    """Return which of a text's words stand on each axis: the named ones, then years, then other numbers."""
    found = frozenset(own)
    numbers = frozenset(word for word in found if word[0].isdigit())
    years = frozenset(filter(YEAR.match, numbers))
    return (*(axis & found for axis in AXES), years, numbers - years)


def likeness(a: Profile, b: Profile) -> float:
    """Return D, 0 to 1: the cosine of two profiles."""
    if not a.length or not b.length:
        return 0.0
    first, second = sorted((a.vector, b.vector), key=len)
    shared = sum(value * second[piece] for piece, value in first.items() if piece in second)
    return min(1.0, shared / (a.length * b.length))


def conflict(a: Profile, b: Profile) -> float:
    """Return R, 0 to 1: of the words that differ, the share that values excluding each other take, on the lesser side.

    It is 0 where no axis has values on both sides, or where they share one.
    """
    excluding = [(mine, theirs) for mine, theirs in zip(a.values, b.values, strict=True) if excludes(mine, theirs)]
    if not excluding:
        return 0.0
    differing = [total(own.weights, own.weights.keys() - other.weights.keys()) for own, other in ((a, b), (b, a))]
    return max(
        min(total(a.weights, mine) / differing[0], total(b.weights, theirs) / differing[1])
        for mine, theirs in excluding
    )


def excludes(mine: frozenset[str], theirs: frozenset[str]) -> bool:
    return bool(mine and theirs and not mine & theirs)


def total(weights: Weights, chosen: Iterable[str]) -> float:
    """Return the weight of the ``chosen`` words, the same whatever order they come in."""
    return sum(weights[word] for word in sorted(chosen))


def differing(first: str, second: str) -> list[tuple[str, str]]:
    """Return the words of two texts that exclude each other, as each text has them, one pair for each axis."""
    return told_apart((first, second), axis_values(words(first)), axis_values(words(second)))


def differing_answers(first: str, second: str) -> list[tuple[str, str]]:
    """Return the words of two answers that exclude each other; of numbers those alone that count or date something.

    R counts every number, as SCORING.md defines it; but that one answer tells of a “first” song and another of an
    eighth season is no conflict.
    """
    return told_apart((first, second), answer_values(first), answer_values(second))


def answer_values(text: str) -> tuple[frozenset[str], ...]:
    *axes, numbers = axis_values(words(text))
    return (*axes, numbers & amounts(text))


def amounts(text: str) -> frozenset[str]:
    """Return the numbers of a text but for ordinals and “one”; where it names a month, “5th” is a day of it."""
    dated = not MONTH_WORDS.isdisjoint(tokens(text))
    found = WORD.findall(norm(text))
    return frozenset(token(word) for word in found if is_amount(word) or (dated and ORDINAL.match(word)))


def is_amount(word: str) -> bool:
    return (word in AMOUNTS and word != "one") or (word[0].isdigit() and not ORDINAL.match(word))


def told_apart(
    texts: tuple[str, str], first: Sequence[frozenset[str]], second: Sequence[frozenset[str]]
) -> list[tuple[str, str]]:
    """Return the values of two texts that exclude each other, as each has them."""
    sides = zip(first, second, strict=True)
    return [
        (as_written(mine, texts[0]), as_written(theirs, texts[1])) for mine, theirs in sides if excludes(mine, theirs)
    ]


def as_written(values: frozenset[str], text: str) -> str:
    """Return the words of ``text`` that stand for ``values``, or the values where a phrase does."""
    found = dict.fromkeys(word for word in re.findall(r"\w+", text) if values.intersection(words(word)))
    return ", ".join(found) or ", ".join(sorted(value.lstrip("=") for value in values))
