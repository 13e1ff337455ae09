"""What is questionable in an annotation. Pure: a record and its question in, findings with their place out.

Three kinds block a submission (``Code.blocks``); the others warn, and a project may silence them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from annotator.record import Annotation, Condition, Verdict
from annotator.similarity import condition_overlap, content, facts, same_text, tokens

NEAR_DUPLICATE = 0.85
VERDICT_RULES = {
    Verdict.AMBIGUOUS: (2, None, "“Ambiguous” needs two or more conditions."),
    Verdict.UNAMBIGUOUS: (1, 1, "“Unambiguous” needs exactly one condition."),
    Verdict.UNANSWERABLE: (0, 0, "“Unanswerable” goes with no condition at all."),
    Verdict.CANNOT_ANNOTATE: (0, 0, "“Cannot annotate” goes with no condition at all."),
}


class Code(StrEnum):
    """The checks, by name."""

    VERDICT_RULE = "verdict_rule"
    EMPTY_TEXT = "empty_text"
    QUOTE_NOT_FOUND = "quote_not_found"
    ANSWER_IN_CONDITION = "answer_in_condition"
    NEAR_DUPLICATE = "near_duplicate"
    SAME_ANSWER = "same_answer"
    MISSING_CITATION = "missing_citation"

    @property
    def blocks(self) -> bool:
        return self in (Code.VERDICT_RULE, Code.EMPTY_TEXT, Code.QUOTE_NOT_FOUND)

    @property
    def label(self) -> str:
        return {
            Code.VERDICT_RULE: "the verdict’s rule",
            Code.EMPTY_TEXT: "an empty text",
            Code.QUOTE_NOT_FOUND: "a quote that is not in its fragment",
            Code.ANSWER_IN_CONDITION: "the condition repeats its answer",
            Code.NEAR_DUPLICATE: "two conditions are nearly the same",
            Code.SAME_ANSWER: "the same answer under two conditions",
            Code.MISSING_CITATION: "nothing cited for a condition or an answer",
        }[self]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a check found. ``condition`` is the uid of the card it belongs to, empty for the whole annotation."""

    code: Code
    headline: str
    advice: str = ""
    condition: str = ""
    about: str = ""

    @property
    def key(self) -> str:
        """Identify the finding, so that a dismissed one stays dismissed while its parts stay."""
        return ":".join(part for part in (self.code, self.condition, self.about) if part)

    @property
    def blocks(self) -> bool:
        return self.code.blocks


def findings(annotation: Annotation, question: str) -> list[Finding]:
    """Return everything that the checks find, the whole annotation first, then card by card."""
    found = [*verdict_rule(annotation)]
    for place, condition in enumerate(annotation.conditions):
        may_be_blank = annotation.verdict is Verdict.UNAMBIGUOUS and len(annotation.conditions) == 1
        found += empty_texts(condition, may_be_blank=may_be_blank)
        found += quotes(condition)
        found += repeated_answers(condition, question)
        found += likenesses(condition, annotation.conditions[:place], question)
        found += missing_citations(condition)
    return found


def verdict_rule(annotation: Annotation) -> Iterator[Finding]:
    """A verdict must be chosen, and must fit the number of conditions; "cannot annotate" needs a reason."""
    verdict = annotation.verdict
    if verdict is None:
        yield Finding(Code.VERDICT_RULE, "Choose a verdict.")
        return
    least, most, rule = VERDICT_RULES[verdict]
    count = len(annotation.conditions)
    if count < least or (most is not None and count > most):
        yield Finding(Code.VERDICT_RULE, rule, f"There {'is' if count == 1 else 'are'} {count}.")
    if verdict is Verdict.CANNOT_ANNOTATE and not annotation.reason.strip():
        yield Finding(Code.VERDICT_RULE, "“Cannot annotate” needs a reason.")


def empty_texts(condition: Condition, *, may_be_blank: bool) -> Iterator[Finding]:
    """A condition needs its text and at least one answer, none of them blank."""
    if not condition.text.strip() and not may_be_blank:
        yield Finding(Code.EMPTY_TEXT, "The condition has no text.", condition=condition.uid)
    if not condition.answers:
        yield Finding(Code.EMPTY_TEXT, "The condition has no answer.", condition=condition.uid, about="answers")
    for number, answer in enumerate(condition.answers, 1):
        if not answer.text.strip():
            yield Finding(Code.EMPTY_TEXT, f"Answer {number} is empty.", condition=condition.uid, about=answer.uid)


def quotes(condition: Condition) -> Iterator[Finding]:
    """A quote needs its place in the fragment; the door gives one to every quote that it finds there."""
    for citation in condition.citations:
        if citation.quote is not None and citation.start is None:
            headline = f"The quote “{citation.quote[:40]}” is not in its fragment."
            yield Finding(Code.QUOTE_NOT_FOUND, headline, condition=condition.uid, about=citation.uid)


def repeated_answers(condition: Condition, question: str) -> Iterator[Finding]:
    """A condition must not give away its answer: no name or number of the answer beyond the question's own words."""
    asked = set(content(question))
    given = set(tokens(condition.text))
    repeated = [fact for answer in condition.answers for fact in sorted(facts(answer.text) - asked) if fact in given]
    if repeated:
        words = ", ".join(f"“{word}”" for word in dict.fromkeys(repeated[:4]))
        yield Finding(
            Code.ANSWER_IN_CONDITION,
            f"The condition repeats the answer: {words}.",
            "Say what sets the case apart, not how it ended.",
            condition.uid,
        )


def likenesses(condition: Condition, earlier: Sequence[Condition], question: str) -> Iterator[Finding]:
    """Two conditions should differ, and so should their answers."""
    for other in earlier:
        letter = letter_of(earlier.index(other))
        if condition.text.strip() and condition_overlap(condition.text, other.text, question) >= NEAR_DUPLICATE:
            headline = f"Nearly the same as condition {letter}."
            yield Finding(Code.NEAR_DUPLICATE, headline, "Say what sets the two apart.", condition.uid, other.uid)
        if same_answers(condition, other):
            headline = f"The same answer as under condition {letter}."
            yield Finding(Code.SAME_ANSWER, headline, "Are they one condition?", condition.uid, other.uid)


def same_answers(one: Condition, other: Condition) -> bool:
    """Return whether two conditions have one and the same set of answers, none of them blank."""
    first, second = ([answer.text for answer in part.answers if answer.text.strip()] for part in (one, other))
    if not first or len(first) != len(second):
        return False
    return all(any(same_text(text, wording) for wording in second) for text in first)


def missing_citations(condition: Condition) -> Iterator[Finding]:
    """A condition needs a citation, and so does each of its answers."""
    supported = any(citation.role.supports_condition for citation in condition.citations)
    if condition.text.strip() and not supported:
        advice = "Cite one, or change “answer” to “both”." if condition.citations else ""
        yield Finding(Code.MISSING_CITATION, "No fragment supports the condition.", advice, condition.uid)
    supporting = [citation.answer for citation in condition.citations if citation.role.supports_answer]
    for number, answer in enumerate(condition.answers, 1):
        if answer.text.strip() and None not in supporting and answer.uid not in supporting:
            named = "the answer" if len(condition.answers) == 1 else f"answer {number}"
            headline = f"No fragment supports {named}."
            yield Finding(Code.MISSING_CITATION, headline, "", condition.uid, answer.uid)


def letter_of(place: int) -> str:
    """Return the letter of the condition at ``place``, from 0: A … Z, then A2, B2 …"""
    letter = chr(ord("A") + place % 26)
    return letter if place < 26 else f"{letter}{place // 26 + 1}"
