"""How texts and queries become words for the search through a project, the same for every database.

A word is a run of letters, digits and the marks on them, in small letters, without accents. Scripts that are written
without spaces become overlapping pairs of signs, the last of them with a single sign behind it, so that any stretch of
two signs is found as a word and a single one as the beginning of a word.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

LONGEST_WORD = 64
# As much of a text as is read: PostgreSQL holds no more than a megabyte of words for one.
MOST_READ = 200_000
MOST_TERMS = 20
LONGEST_QUERY = 1_000
# Stands where two texts meet, so that no phrase reaches over it; no query can hold it.
BOUNDARY = "¶"

MARKS = "".join(map(re.escape, filter(lambda one: unicodedata.category(one)[0] == "M", map(chr, range(0x300, 0xFE30)))))
# Thai, Lao, Burmese, Khmer, kana, Han, Hangul.
PAIRED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
PLAINLY = r"[a-zA-Z0-9]++(?![^\x00-\x7f])"
RUN = re.compile(rf"{PLAINLY}|[{PAIRED}](?:[{PAIRED}]|[{MARKS}])*|(?:(?![{PAIRED}])(?:[^\W_]|[{MARKS}]))+")
SIGNS = re.compile(rf"[{PAIRED}]")
# Accents, and the points of Hebrew and Arabic; the vowels that Indic scripts write as marks are none.
ACCENTS = re.compile("[\u0300-\u036f\u0591-\u05c7\u0640\u064b-\u065f\u0670]")
PLAIN = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ı": "i", "ħ": "h", "æ": "ae", "œ": "oe", "þ": "th"})
PART = re.compile(r'(-?)(?:["“”„«»]([^"“”„«»]*)["“”„«»]?|([^\s"“”„«»]+))(\*?)')


class Word(NamedTuple):
    """A word of a text, and where it stands in it; ``lone`` where it is the single sign behind a stretch of pairs."""

    text: str
    start: int
    end: int
    lone: bool = False


@dataclass(frozen=True, slots=True)
class Term:
    """Words that stand side by side. ``begins``: the last is the beginning of one; ``barred``: no such text."""

    words: tuple[str, ...]
    begins: bool = False
    barred: bool = False

    @property
    def stretch(self) -> str:
        """Return what the words of a text, spaces around each, hold where the term stands in it."""
        return f" {' '.join(self.words)}{'' if self.begins else ' '}"


@dataclass(frozen=True, slots=True)
class Query:
    """What a text must hold, all of it, and what it must not."""

    terms: tuple[Term, ...] = ()

    @property
    def wanted(self) -> tuple[Term, ...]:
        return tuple(term for term in self.terms if not term.barred)

    @property
    def stretches(self) -> tuple[Term, ...]:
        """Return the terms of several words, for which a text must be read."""
        return tuple(term for term in self.terms if len(term.words) > 1)

    @property
    def narrowing(self) -> tuple[Term, ...]:
        """Return the terms that an index of single words knows something of."""
        return tuple(term for term in self.terms if not term.barred or len(term.words) == 1)

    def of(self, *places: str) -> "Query":
        """Return the query for texts that were ``written`` with all of these places."""
        return Query((*(Term((f"{BOUNDARY}{place}",)) for place in places), *self.terms))


def folded(text: str) -> str:
    """Return a text in small letters and without accents, whatever of Unicode's ways it was written in."""
    bare = ACCENTS.sub("", unicodedata.normalize("NFKD", text.casefold()))
    return unicodedata.normalize("NFKC", bare.translate(PLAIN)).casefold()


def words_of(text: str) -> Iterator[Word]:
    """Yield the words of a text in order."""
    for run in RUN.finditer(text[:MOST_READ]):
        if run[0].isascii():
            yield Word(run[0].lower()[:LONGEST_WORD], *run.span())
            continue
        bare = folded(run[0])
        same = len(bare) == len(run[0])
        for part in RUN.finditer(bare):
            # Where folding has moved the signs, each of its words stands for the whole run.
            start, end = (run.start() + part.start(), run.start() + part.end()) if same else run.span()
            whole = [Word(part[0][:LONGEST_WORD], start, end)]
            yield from pairs(part[0], start, end, same=same) if SIGNS.match(part[0]) else whole


def plain_words(text: str) -> Iterator[str]:
    """Yield the words of a text without their places, which is faster."""
    for run in RUN.findall(text[:MOST_READ]):
        if run.isascii():
            yield run.lower()[:LONGEST_WORD]
        else:
            yield from (word.text for word in words_of(run))


def pairs(text: str, start: int, end: int, *, same: bool) -> Iterator[Word]:
    """Yield the pairs of signs of a stretch, and the last sign."""
    for at in range(len(text)):
        span = (start + at, min(start + at + 2, end)) if same else (start, end)
        yield Word(text[at : at + 2], *span, lone=at == len(text) - 1)


def written(texts: Iterable[str], *places: str) -> str:
    """Return the words of texts with a space around each, as they are stored, behind those of where they stand."""
    found = (" ".join(plain_words(text)) for text in texts)
    return (
        f" {' '.join([*(f'{BOUNDARY}{place}' for place in places), f' {BOUNDARY} '.join(filter(None, found))])}"[
            :MOST_READ
        ]
        + " "
    )


def query_of(text: str) -> Query:
    """Return what a person asks for: words, “phrases”, a beginning*, -without.

    Whatever cannot be read that way is read as words; what is more than ``MOST_TERMS`` is not read.
    """
    found = [term_of(*part.groups(default="")) for part in PART.finditer(text[:LONGEST_QUERY])]
    return Query(tuple(dict.fromkeys(term for term in found if term.words))[:MOST_TERMS])


def term_of(minus: str, phrase: str, word: str, star: str) -> Term:
    words = list(words_of(phrase or word))
    if len(words) > 1 and words[-1].lone and words[-1].end == words[-2].end:
        del words[-1]  # the pair before it has it
    begins = bool(words) and (bool(star) or word.endswith("*") or words[-1].lone)
    return Term(tuple(word.text for word in words), begins, bool(minus))


def marked(text: str, query: Query, most: int = 0) -> list[tuple[str, bool]]:
    """Return a text in runs, each with whether it is what the query asks for.

    Of a text longer than ``most`` it is about as much, around the first hit; 0 is no bound.
    """
    hits = hits_in(text, query)
    start, end = around(text, hits[0][0] if hits else 0, most) if 0 < most < len(text) else (0, len(text))
    runs, at = [("…" if start else "", False)], start
    for hit in hits:
        if start <= hit[0] < end:
            runs += [(text[at : hit[0]], False), (text[hit[0] : hit[1]], True)]
            at = hit[1]
    return [run for run in [*runs, (text[at:end], False), ("…" if end < len(text) else "", False)] if run[0]]


def hits_in(text: str, query: Query) -> list[tuple[int, int]]:
    """Return where in a text the query's terms stand, in order; what overlaps is one place."""
    words = list(words_of(text))
    found = sorted(span for term in query.wanted for span in places(words, term))
    joined: list[tuple[int, int]] = []
    for start, end in found:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def places(words: list[Word], term: Term) -> Iterator[tuple[int, int]]:
    """Yield where a term stands among the words of a text."""
    length, last = len(term.words), len(term.words) - 1
    for at in range(len(words) - last):
        here = words[at : at + length]
        ends = here[last].text.startswith(term.words[last]) if term.begins else here[last].text == term.words[last]
        if ends and all(word.text == wanted for word, wanted in zip(here[:last], term.words, strict=False)):
            yield here[0].start, end_of(here[last], term)


def end_of(word: Word, term: Term) -> int:
    """Return where a hit ends: a single sign found as the beginning of a pair is one sign long."""
    single = SIGNS.match(word.text) and len(term.words[-1]) == 1 and word.end - word.start == len(word.text)
    return word.start + 1 if single else word.end


def around(text: str, place: int, length: int) -> tuple[int, int]:
    """Return where to cut about ``length`` characters out of a text around a place, between words if it has spaces."""
    start = max(0, min(place - length // 3, len(text) - length))
    start = text.rfind(" ", 0, start) + 1 if start and " " in text[max(0, start - 20) : start] else start
    end = start + length
    end = text.find(" ", end) if " " in text[end : end + 20] else end
    return start, min(end, len(text))
