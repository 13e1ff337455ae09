"""What the steps of a history changed, in words."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from annotator import record
from annotator.actions.history import Verb, after, record_at
from annotator.checks import letter_of
from annotator.fragment_lists import own_list
from annotator.models import Annotation, Revision

LONGEST_NAME = 40
Part = TypeVar("Part", record.Answer, record.Citation)
Parts = Mapping[str, tuple[str, record.Answer | record.Citation]]


@dataclass(frozen=True, slots=True)
class Change:
    """What a step did, in words, and to which condition: its letter and text, both empty for the whole."""

    step: Revision
    words: str
    letter: str = ""
    text: str = ""


def changes(annotation: Annotation, until: int, most: int) -> list[Change]:
    """Return what the last ``most`` steps up to ``until`` changed, newest first. Three queries."""
    steps = annotation.revisions.select_related("by__user").filter(number__lte=until)[:most]
    return changes_of(annotation, list(steps))


def changes_of(annotation: Annotation, steps: Sequence[Revision]) -> list[Change]:
    """Return what some steps changed, newest first as they come, with none between them left out. Two queries."""
    stood = record_at(annotation, steps[-1].number - 1) if steps else record.Annotation()
    own = own_list(annotation)
    told = []
    for step in reversed(steps):
        left = after(stood, step)
        told.append(change(own.said(stood), own.said(left), step))
        stood = left
    return told[::-1]


def change(before: record.Annotation, left: record.Annotation, step: Revision) -> Change:
    """Return what a step made of ``before``, which then was ``left``."""
    was, became = before.condition(step.condition), left.condition(step.condition)
    card, cards = became or was, (left if became else before).conditions
    if card is None:
        return Change(step, words_of_whole(before, left, step))
    return Change(step, words_of_card(was, became, step), letter_of(cards.index(card)), card.text)


def words_of_whole(before: record.Annotation, left: record.Annotation, step: Revision) -> str:
    """Return what a step changed besides single cards."""
    if step.verb == Verb.OVERALL:
        return ", ".join(overall_words(before, left)) or _("nothing")
    words = {
        Verb.IMPORT: _("brought in"),
        Verb.SUBMIT: _("submitted"),
        Verb.RETURN: _("returned to its author"),
        Verb.RESTORE: _("an earlier step restored"),
        Verb.EXPIRE: _("the lease ended; the place was free for somebody else"),
        Verb.DECIDE: _("decided"),
        Verb.SAVE: _("saved as a whole by a program"),
        Verb.SKIP: _("skipped: %(reason)s") % {"reason": step.record.get("reason", "")},
    }
    return words.get(Verb(step.verb), _("nothing"))


def overall_words(before: record.Annotation, left: record.Annotation) -> Iterator[str]:
    """Yield what changed of verdict, reason, note and order."""
    if before.verdict != left.verdict:
        verdict = left.verdict
        yield _("verdict set to %(verdict)s") % {"verdict": verdict.label} if verdict else _("verdict taken back")
    if before.reason != left.reason:
        yield _("reason")
    if before.note != left.note:
        yield _("note")
    if [part.uid for part in before.conditions] != [part.uid for part in left.conditions]:
        yield _("order of the conditions")


def words_of_card(was: record.Condition | None, became: record.Condition | None, step: Revision) -> str:
    """Return what a step changed of one card."""
    if became is None:
        return _("removed")
    if was is None:
        came = {Verb.RESTORE: _("brought back"), Verb.ADOPT: _("adopted from a draft")}
        return came.get(Verb(step.verb), _("added"))
    text = [_("text")] if was.text != became.text else []
    answers = parts_words(named(was.answers, answer_name), named(became.answers, answer_name))
    citations = parts_words(named(was.citations, citation_name), named(became.citations, citation_name))
    return ", ".join([*text, *answers, *citations]) or _("nothing")


def named(parts: Iterable[Part], name: Callable[[Part], str]) -> Parts:
    """Return answers or citations with their names in words, by uid."""
    return {part.uid: (name(part), part) for part in parts}


def parts_words(was: Parts, became: Parts) -> Iterator[str]:
    """Yield what was added, changed and removed."""
    for uid, (name, part) in became.items():
        if uid not in was:
            yield _("%(part)s added") % {"part": name}
        elif part != was[uid][1]:
            yield _("%(part)s changed") % {"part": name}
    for uid, (name, _part) in was.items():
        if uid not in became:
            yield _("%(part)s removed") % {"part": name}


def answer_name(answer: record.Answer) -> str:
    return _("answer “%(text)s”") % {"text": short(answer.text)} if answer.text else _("answer")


def citation_name(citation: record.Citation) -> str:
    return _("citation %(fragment)s (%(role)s)") % {
        "fragment": citation.label or short(citation.title or citation.text or "–"),
        "role": citation.role.value,
    }


def short(text: str) -> str:
    return Truncator(text).chars(LONGEST_NAME)
