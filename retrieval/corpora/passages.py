"""Running text cut into passages of about a hundred words, at the ends of sentences.

A text of W words becomes round(W / 100) passages, at least one. Each is to hold an equal share of the words, and is cut
at the end of the sentence that comes nearest to it: so no short rest is left over. A line's end always ends a sentence,
as in lists. A sentence of more than a hundred words is cut at its commas first, then between words, then anywhere.

A sentence ends at ``.``, ``!``, ``?`` or ``…`` before white space and anything but a lower-case letter, unless the full
stop follows an abbreviation, an initial or a number of one or two digits (“3. Oktober”); and at the full stops of
scripts that put no space after them. To overlook an end is harmless, to see one in “Dr. Who” is not.

Two characters of a script that puts no spaces between words count as one word, and so do thirty characters in a row.
"""

import re
from collections.abc import Callable, Iterator
from itertools import chain
from typing import NamedTuple

WORDS = 100
CHARACTERS_OF_A_WORD = 30

ABBREVIATIONS = frozenset(
    "al approx apr art aug ave bd bzw ca capt cf ch co col comm corp dec dept dr ed eds esp est etc feb fig figs fl fr"
    " gen gov hon inc jan jr jul jun lt ltd maj mar mr mrs ms mt no nos nov nr oct op pl pp prof pt rep rev sen sep"
    " sept sgt sr st str trans univ vol vols vs z.b d.h u.a e.g i.e".split()
)
SENTENCE_END = re.compile(
    r"""(?:(?P<stop>[.!?…]+)["'”’»)\]]*(?=\s+[^\sa-zà-öø-ÿ])  # the next sentence does not begin in lower case
    |[。！？｡।॥؟۔።]+["'”’」』）】〉》]*
    |\n)""",
    re.VERBOSE,
)
CLAUSE_END = re.compile(r"[,;:—–](?=\s)|[，；：、]")
WORD_END = re.compile(r"(?=\s)")
ANYWHERE = re.compile(rf".{{{2 * WORDS}}}", re.DOTALL)
UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Burmese, Khmer
    "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"  # Japanese, Chinese
)
LAST_TOKEN = re.compile(r"[\w.]+$")
INITIALS = re.compile(r"[^\W\d_](?:\.[^\W\d_])*")
LONGEST_TOKEN = 12
DIGITS_OF_AN_ORDINAL = 2

# Where a stretch of a text may be cut, given the text and the stretch's start and end.
Rule = Callable[[str, int, int], Iterator[int]]


class Span(NamedTuple):
    """A stretch of a text in code points, and the words in it."""

    start: int
    end: int
    words: float


def passages(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end, in code points, of each passage of a text; white space around passages belongs to none."""
    pieces = list(sentences(text))
    total = sum(piece.words for piece in pieces)
    share = total / max(1, round(total / WORDS))
    begun: Span | None = None
    words, due = 0.0, share
    for before, piece in zip([None, *pieces], pieces, strict=False):
        if begun and before and nearer(due, words, words + piece.words):
            yield begun.start, before.end
            begun, due = None, due + share
        begun = begun or piece
        words += piece.words
    if begun:
        yield begun.start, pieces[-1].end


def nearer(aim: float, one: float, other: float) -> bool:
    """Return whether the first number is nearer to the aim than the second, which is larger."""
    return aim - one <= other - aim


def sentences(text: str) -> Iterator[Span]:
    """Yield the sentences of a text, none longer than a passage."""
    yield from cut(text, 0, len(text), (sentence_ends, *map(ends_of, (CLAUSE_END, WORD_END, ANYWHERE))))


def cut(text: str, start: int, end: int, rules: tuple[Rule, ...]) -> Iterator[Span]:
    """Yield the pieces of a stretch that the first rule makes, and of those that are too long the next rule's."""
    for stop in chain(rules[0](text, start, end), (end,)):
        piece = trimmed(text, start, stop)
        if piece.words > WORDS and rules[1:]:
            yield from cut(text, piece.start, piece.end, rules[1:])
        elif piece.words:
            yield piece
        start = stop


def sentence_ends(text: str, start: int, end: int) -> Iterator[int]:
    """Yield where sentences end within a stretch."""
    for found in SENTENCE_END.finditer(text, start, end):
        if found["stop"] != "." or not goes_on(text[max(start, found.start() - LONGEST_TOKEN) : found.start()]):
            yield found.end()


def goes_on(before: str) -> bool:
    """Return whether a full stop after these characters ends no sentence."""
    found = LAST_TOKEN.search(before)
    token = found[0].lower() if found else ""
    if token.isdigit():
        return len(token) <= DIGITS_OF_AN_ORDINAL
    return token in ABBREVIATIONS or INITIALS.fullmatch(token) is not None


def ends_of(pattern: re.Pattern[str]) -> Rule:
    """Return the rule that cuts a stretch behind each match of a pattern."""
    return lambda text, start, end: (found.end() for found in pattern.finditer(text, start, end))


def trimmed(text: str, start: int, end: int) -> Span:
    """Return a stretch without the white space around it, and its words; none where nothing is left."""
    inner = text[start:end].lstrip()
    start = end - len(inner)
    inner = inner.rstrip()
    return Span(start, start + len(inner), words_in(inner))


def words_in(text: str) -> float:
    """Return how many words a text has, by the measure that the module states."""
    spaced = float(len(text.split()))
    if not text.isascii():
        spaced += len(UNSPACED.findall(text)) / 2
    return max(spaced, len(text) / CHARACTERS_OF_A_WORD)
