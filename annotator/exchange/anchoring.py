"""Finding the listed fragment that a file's citation means.

The number of ``"3. Some title"`` names the fragment when the titles agree; else the cited text is looked for in the
list. What fits nowhere stays unanchored. Title and text are kept as they were cited, whatever is found.

A system mostly cites by number alone ("Fragments 18 and 19", "[4]"): each number is a citation. One out of the list's
range, or a text that holds no such number, is kept unanchored and counted.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import chain

from annotator.reading import Problem
from annotator.record import Annotation, Citation, Fragment, Question

NUMBERED = re.compile(r"\s*(\d{1,4})\s*\.\s*(.*)", re.DOTALL)
SHORTEST_MATCH = 20
# In the published set a shortened copy shares 0.8 to 1.0 of its words with its fragment, other fragments at most 0.7.
NEAR_COPY = 0.8
NUMBER = r"(?<!\d)\d{1,40}(?!\d)"
NUMBERS = rf"{NUMBER}(?:(?:[\s,;&/#–-]|\band\b|\bor\b|\bto\b|\bfragments?\b)+{NUMBER})*"
TITLED = re.compile(rf"\s*({NUMBER})\s*\.(?:\s+\S|\s*\Z)", re.DOTALL)
NAMED = re.compile(rf"\[\s*(?:fragments?\s*)?({NUMBERS})\s*[\]:]|\bfragments?[\s#:.]*({NUMBERS})", re.IGNORECASE)
BARE = re.compile(rf"[\s(#]*({NUMBERS})[\s).]*", re.IGNORECASE)


@lru_cache(maxsize=4096)
def light(text: str) -> str:
    """Return the text with compatibility forms, case and runs of white space levelled."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def anchored(question: Question) -> tuple[Question, Counter[str]]:
    """Return the question with its citations anchored in its list, and how each was found."""
    listed = [line.fragment for line in question.retrieval.listed] if question.retrieval else []
    counts: Counter[str] = Counter()
    annotations = tuple(
        replace(authored, annotation=anchored_annotation(authored.annotation, listed, counts))
        for authored in question.annotations
    )
    return (replace(question, annotations=annotations) if counts else question), counts


def anchored_annotation(annotation: Annotation, listed: list[Fragment], counts: Counter[str]) -> Annotation:
    conditions = tuple(
        replace(condition, citations=tuple(anchored_citation(part, listed, counts) for part in condition.citations))
        for condition in annotation.conditions
    )
    return replace(annotation, conditions=conditions)


def anchored_prediction(annotation: Annotation, listed: list[Fragment], counts: Counter[str]) -> Annotation:
    """Return what a system said with its citations anchored in the list it saw; ``counts`` learns the ways."""
    conditions = tuple(
        replace(part, citations=tuple(chain.from_iterable(meant(one, listed, counts) for one in part.citations)))
        for part in annotation.conditions
    )
    return replace(annotation, conditions=conditions)


def meant(citation: Citation, listed: list[Fragment], counts: Counter[str]) -> list[Citation]:
    """Return the citations that one entry of a system stands for, one at least."""
    if citation.rank is None and citation.text is not None:
        return [anchored_citation(citation, listed, counts)]
    numbers = numbers_of(citation)
    if not numbers:
        counts["unparsable"] += 1
        return [citation]
    return [of_number(citation, number, listed, counts) for number in numbers]


def numbers_of(citation: Citation) -> list[int]:
    return [citation.rank] if citation.rank is not None else numbers_in(citation.title or "")


def astray(annotation: Annotation, listed: Sequence[Fragment]) -> Iterator[Problem]:
    """Yield the citations by number that name no fragment of the list a system saw, each by its field in the file."""
    key = annotation.extra.get("shape", {}).get("conditions", "conditions")
    for place, condition in enumerate(annotation.conditions):
        for number, citation in enumerate(condition.citations):
            if citation.rank is not None or citation.text is None:
                path = f"{key}[{place}].citations[{number}]"
                yield from (Problem(path, why) for why in why_astray(citation, len(listed)))


def why_astray(citation: Citation, fragments: int) -> Iterator[str]:
    numbers = numbers_of(citation)
    if not numbers:
        yield "holds no number that could be read"
    for number in numbers:
        if not 1 <= number <= fragments:
            yield f"names fragment {number} of a list of {fragments}"


def of_number(citation: Citation, number: int, listed: list[Fragment], counts: Counter[str]) -> Citation:
    if 1 <= number <= len(listed):
        counts["in_list"] += 1
        return replace(citation, rank=number)
    counts["out_of_range"] += 1
    title = citation.title or f"Fragment {number}"
    return replace(citation, rank=None, start=None, end=None, title=title)


def numbers_in(text: str) -> list[int]:
    """Return the numbers of fragments in "Fragment 3", "fragments 18 and 19", "[4]", "4. Some title" or "4, 7"."""
    if found := TITLED.match(text):
        return [int(found[1])]
    named = [found[1] or found[2] for found in NAMED.finditer(text)]
    if not named and (bare := BARE.fullmatch(text)):
        named = [bare[1]]
    return [int(number) for numbers in named for number in re.findall(r"\d+", numbers)]


def anchored_citation(citation: Citation, listed: list[Fragment], counts: Counter[str]) -> Citation:
    """Return the citation with rank and span where they are found; ``counts`` learns the way."""
    if citation.rank is not None:
        return citation
    if citation.supplementary:
        counts["supplementary"] += 1
        return citation
    rank = by_number(citation, listed)
    way = "by_number"
    if rank is None:
        rank, way = by_text(citation, listed), "by_text"
    if rank is None:
        counts["unanchored"] += 1
        return citation
    counts[way] += 1
    return spanned(replace(citation, rank=rank), listed[rank - 1], counts)


def by_number(citation: Citation, listed: list[Fragment]) -> int | None:
    """Return the rank that the title begins with, where the fragment there has that title."""
    found = NUMBERED.match(citation.title or "")
    if not found or not 1 <= (rank := int(found[1])) <= len(listed):
        return None
    title = listed[rank - 1].title
    return rank if found[2] == title or light(found[2]) == light(title) else None


def by_text(citation: Citation, listed: list[Fragment]) -> int | None:
    """Return the rank of the fragment with the cited text: the same, one that holds it or is held by it, a near copy.

    Among equals one whose title agrees comes first, then the first of the list. A text of a few words proves nothing.
    """
    wanted = light(citation.text or "")
    if len(wanted) < SHORTEST_MATCH:
        return None
    named = NUMBERED.match(citation.title or "")
    title = light(named[2] if named else citation.title or "")
    found = max(
        (
            (likeness(wanted, light(part.text)), light(part.title) == title, -rank)
            for rank, part in enumerate(listed, 1)
        ),
        default=(0.0, False, 0),
    )
    return -found[2] if found[0] >= NEAR_COPY else None


def likeness(cited: str, text: str) -> float:
    """Return 3 for the same text, 2 where one holds the other, else the share of the cited words in ``text``."""
    if cited == text:
        return 3
    if cited in text or (len(text) >= SHORTEST_MATCH and text in cited):
        return 2
    words = cited.split()
    return (Counter(words) & Counter(text.split())).total() / len(words)


def spanned(citation: Citation, fragment: Fragment, counts: Counter[str]) -> Citation:
    """Return the citation with the span of its text in the fragment; none where it is the whole or was edited."""
    text = citation.text
    if not text or text == fragment.text:
        counts["whole"] += 1
        return citation
    start = fragment.text.find(text) if text.strip() else -1
    if start < 0:
        counts["edited"] += 1
        return citation
    counts["with_span"] += 1
    return replace(citation, start=start, end=start + len(text), quote=text)
