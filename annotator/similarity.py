"""How alike two short texts are, by words and by letters; with English word lists (SCORING.md, "The default judge")."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection
from functools import lru_cache
from math import sqrt
from typing import TypeAlias

CACHED = 4096  # texts: those of a few hundred answers, for what is compared at a time; more would only fill memory
Idf: TypeAlias = Callable[[str], float]
STOP_WORDS = frozenset(
    """a an the of in on at by for to from with as and or but if than then that this these those it its is are was were
    be been being has have had do does did will would can could may might should must not no nor so such into over under
    out up down off about between during after before while when where which who whom whose what how why there here
    their they them he she his her him we our you your i my me also both each other more most some any all only own same
    s t""".split()
)
AMOUNTS = {
    word: str(value)
    for value, words in {
        **dict(enumerate("zero one two three four five six seven eight nine ten eleven twelve".split())),
        **dict(enumerate("thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(), 13)),
        **dict(zip(range(20, 100, 10), "twenty thirty forty fifty sixty seventy eighty ninety".split(), strict=True)),
        100: "hundred",
        1000: "thousand",
        1_000_000: "million",
        1_000_000_000: "billion",
    }.items()
    for word in words.split()
}
NUMBER_WORDS = AMOUNTS | {
    word: str(value)
    for value, words in enumerate(
        "first once,second twice,third,fourth,fifth,sixth,seventh,eighth,ninth,tenth,eleventh,twelfth".split(","), 1
    )
    for word in words.split()
}
MONTHS = "january february march april may june july august september october november december".split()
MONTH_NAMES = {month[:3]: month for month in MONTHS if month != "may"} | {"sept": "september"}
MONTH_WORDS = frozenset(MONTHS) - {"may"}  # "may" is mostly the modal verb

FOLDED = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "−": "-"})
THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}\b)")
WORD = re.compile(r"[^\W_]+(?:\.\d+)?")
ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th)\Z")
CAPITALISED = re.compile(r"[A-Z][\w'\-]*")


@lru_cache(maxsize=CACHED)
def norm(text: str) -> str:
    """Return ``text`` in lower case without accents, with plain quotes and dashes, and 1,200 as 1200."""
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text.translate(FOLDED))
        text = "".join(character for character in decomposed if not unicodedata.combining(character))
    return THOUSANDS.sub("", text.lower())


def stem(word: str) -> str:
    """Return an English word without its plural ending."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def token(word: str) -> str:
    """Return one word of a normalised text: number words and ordinals as digits, months in full, plurals cut."""
    ordinal = ORDINAL.match(word)
    if ordinal:
        word = ordinal[1]
    word = MONTH_NAMES.get(word, word)
    word = NUMBER_WORDS.get(word, word)
    return word if word[0].isdigit() else stem(word)


@lru_cache(maxsize=CACHED)
def tokens(text: str) -> tuple[str, ...]:
    """Return the words of ``text`` in order."""
    return tuple(token(word) for word in WORD.findall(norm(text).replace("'s ", " ").replace("'s.", ".")))


@lru_cache(maxsize=CACHED)
def content(text: str) -> tuple[str, ...]:
    """Return the words of ``text`` that are no stop words."""
    return tuple(word for word in tokens(text) if word not in STOP_WORDS)


@lru_cache(maxsize=CACHED)
def facts(text: str) -> frozenset[str]:
    """Return the numbers, months and capitalised words of ``text``."""
    numbers = {word for word in tokens(text) if word[0].isdigit() or word in MONTH_WORDS}
    capitalised = CAPITALISED.findall(text.translate(FOLDED))
    return frozenset(numbers | {word for name in capitalised for word in content(name) if not word[0].isdigit()})


def same_text(a: str, b: str) -> bool:
    """Return whether two texts are one after ``norm``, however they are spaced."""
    return norm(a).split() == norm(b).split()


def even(_word: str) -> float:
    """Weigh every word alike, where no table says how rare it is."""
    return 1.0


def word_overlap(a: Collection[str], b: Collection[str], idf: Idf = even) -> float:
    """Return the multiset F1 of two lists of words, each weighed by its idf; two empty ones are equal."""
    if not a or not b:
        return float(not a and not b)
    first, second = Counter(a), Counter(b)
    total = weight(first, idf) + weight(second, idf)
    return 2 * weight(first & second, idf) / total if total else float(first == second)


def weight(words: Counter[str], idf: Idf) -> float:
    return sum(count * idf(word) for word, count in words.items())


def dice(a: Collection[object], b: Collection[object]) -> float:
    """Return the F1 of two sets of which one at least holds something."""
    return 2 * len(set(a) & set(b)) / (len(a) + len(b))


@lru_cache(maxsize=CACHED)
def trigrams(text: str) -> Counter[str]:
    letters = "".join(norm(text).split())
    return Counter(letters[start : start + 3] for start in range(len(letters) - 2))


def trigram_cosine(a: str, b: str) -> float:
    """Return the cosine of the character-trigram counts of two texts, white space left out."""
    first, second = trigrams(a), trigrams(b)
    if not first or not second:
        return float(same_text(a, b))
    shared = sum(count * second[gram] for gram, count in first.items() if gram in second)
    lengths = (sum(count * count for count in grams.values()) for grams in (first, second))
    return shared / sqrt(next(lengths) * next(lengths))


def plainly(a: str, b: str) -> float | None:
    """Return the similarity that needs no weighing: 1 for the same text and for two blanks, 0 for one blank."""
    if not a.strip() or not b.strip():
        return float(not a.strip() and not b.strip())
    return 1.0 if same_text(a, b) else None


def overlap_beyond(asked: Collection[str], a: str, b: str, idf: Idf) -> float:
    """Return N: the word overlap beyond the words of the question, or of all words where a side says no more."""
    first, second = ([word for word in content(text) if word not in asked] for text in (a, b))
    return word_overlap(first, second, idf) if first and second else word_overlap(content(a), content(b), idf)


def condition_overlap(a: str, b: str, question: str = "", idf: Idf = even) -> float:
    """Return C of SCORING.md, 0 to 1: .35 word overlap beyond the question + .65 trigram cosine."""
    plain = plainly(a, b)
    if plain is not None:
        return plain
    return 0.35 * overlap_beyond(set(content(question)), a, b, idf) + 0.65 * trigram_cosine(a, b)


@lru_cache(maxsize=CACHED)
def answer_similarity(a: str, b: str, question: str = "", idf: Idf = even) -> float:
    """Return A of SCORING.md, 0 to 1: .40 words and .25 facts beyond the question, .35 trigram cosine.

    Where a side tells no fact beyond the question, the other two weigh all.
    """
    plain = plainly(a, b)
    if plain is not None:
        return plain
    asked = frozenset(content(question))
    told = facts(a) - asked, facts(b) - asked
    worded = 0.40 * overlap_beyond(asked, a, b, idf) + 0.35 * trigram_cosine(a, b)
    return min(1.0, worded + 0.25 * dice(*told) if all(told) else worded / 0.75)
