"""What was corrected between two wordings of one annotation, part by part and word by word. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from annotator.checks import letter_of
from annotator.record import Annotation, Citation, Condition, Role

WORD = re.compile(r"\s+|[^\s]+")


class Mark(StrEnum):
    """What happened to some words."""

    SAME = "same"
    DELETED = "del"
    INSERTED = "ins"


@dataclass(frozen=True, slots=True)
class Words:
    mark: Mark
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """A part that reads otherwise now, under the letter that it has now, and its words in order."""

    part: str
    words: tuple[Words, ...]


def changes(before: Annotation, after: Annotation) -> list[Change]:
    """Return what reads otherwise, conditions known by their stable ids; empty where both say the same."""
    found = [*of_whole(before, after)]
    old = {condition.uid: condition for condition in before.conditions}
    for place, condition in enumerate(after.conditions):
        found += of_condition(old.pop(condition.uid, None), condition, letter_of(place))
    for place, condition in enumerate(before.conditions):
        if condition.uid in old:
            found.append(Change(f"condition {letter_of(place)} of before", worded(said(condition), "")))
    return found


def of_whole(before: Annotation, after: Annotation) -> Iterator[Change]:
    """Yield changes of the verdict, its reason, and the order of the conditions."""
    if before.verdict != after.verdict:
        verdicts = (one.verdict.label if one.verdict else "" for one in (before, after))
        yield Change("verdict", worded(*verdicts))
    if before.reason != after.reason:
        yield Change("reason", worded(before.reason, after.reason))
    kept = [one.uid for one in before.conditions if after.condition(one.uid)]
    now = [one.uid for one in after.conditions if before.condition(one.uid)]
    if kept != now:
        letters = (" ".join(letter_of(now.index(uid)) for uid in order) for order in (kept, now))
        yield Change("order of the conditions", worded(*letters))


def of_condition(before: Condition | None, after: Condition, letter: str) -> Iterator[Change]:
    if before is None:
        yield Change(f"condition {letter}", worded("", said(after)))
        return
    if before.text != after.text:
        yield Change(f"condition {letter}", worded(before.text, after.text))
    if answered(before) != answered(after):
        yield Change(f"answers of condition {letter}", worded(answered(before), answered(after)))
    if cited(before) != cited(after):
        yield Change(f"citations of condition {letter}", worded(cited(before), cited(after)))


def said(condition: Condition) -> str:
    return f"{condition.text}: {answered(condition)}" if condition.text.strip() else answered(condition)


def answered(condition: Condition) -> str:
    """Return the answers of a condition in words, each with its other wordings."""
    return "; ".join(", also ".join(answer.wordings) for answer in condition.answers)


def cited(condition: Condition) -> str:
    """Return the citations of a condition in words."""
    return ", ".join(cited_as(citation) for citation in condition.citations)


def cited_as(citation: Citation) -> str:
    if citation.rank is None:
        place = f"“{citation.title or (citation.text or '')[:60]}”"
    else:
        place = str(citation.rank)
    quote = f" “{citation.quote}”" if citation.quote is not None else ""
    role = f" for the {citation.role}" if citation.role in (Role.CONDITION, Role.ANSWER) else ""
    return f"{'added ' if citation.supplementary else ''}{place}{quote}{role}"


def worded(before: str, after: str) -> tuple[Words, ...]:
    """Return both texts as one: the words that stay, those that went, and those that came."""
    old, new = WORD.findall(before), WORD.findall(after)
    found: list[Words] = []
    for what, start, end, first, last in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            found.append(Words(Mark.SAME, "".join(old[start:end])))
            continue
        found += of(Mark.DELETED, old[start:end]) + of(Mark.INSERTED, new[first:last])
    return tuple(found)


def of(mark: Mark, words: Sequence[str]) -> list[Words]:
    return [Words(mark, "".join(words))] if words else []
