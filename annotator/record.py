"""The one value form of an annotation, and of what stands around it. Rows, JSON, forms and files all become this.

Nothing here imports Django and nothing here changes: every class is a frozen dataclass. Text is kept to the letter.
What no rule reads (unknown keys, the shape a value came in) is kept in ``extra``, and the exports give it back.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import uuid4

Extra = Mapping[str, Any]


class Source(StrEnum):
    """What made an annotation."""

    HUMAN = "human"
    DRAFT = "draft"
    PREDICTION = "prediction"
    GOLD = "gold"


class Verdict(StrEnum):
    """What an annotator says of the question as a whole."""

    AMBIGUOUS = "ambiguous"
    UNAMBIGUOUS = "unambiguous"
    UNANSWERABLE = "unanswerable"
    CANNOT_ANNOTATE = "cannot_annotate"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").capitalize()

    @property
    def rule(self) -> str:
        """How many conditions the verdict asks for, in words."""
        return {
            Verdict.AMBIGUOUS: "several conditions",
            Verdict.UNAMBIGUOUS: "exactly one",
            Verdict.UNANSWERABLE: "not in the fragments",
            Verdict.CANNOT_ANNOTATE: "give a reason",
        }[self]


class Role(StrEnum):
    """What a citation supports; ``unstated`` where a file does not say."""

    BOTH = "both"
    CONDITION = "condition"
    ANSWER = "answer"
    UNSTATED = "unstated"

    @property
    def supports_condition(self) -> bool:
        return self is not Role.ANSWER

    @property
    def supports_answer(self) -> bool:
        return self is not Role.CONDITION


class MarkState(StrEnum):
    """What an annotator did with a listed fragment; one without a mark is unread."""

    READ = "read"
    IRRELEVANT = "irrelevant"


def new_uid() -> str:
    """Return a fresh stable id for a condition, an answer or a citation: 32 hexadecimal digits."""
    return uuid4().hex


@dataclass(frozen=True, slots=True)
class Citation:
    """A fragment that supports a condition, its answers, or both.

    ``rank`` names a line of the annotation's list (of the supplementary list where ``supplementary``); without it the
    citation is unanchored and keeps ``title`` and ``text`` as a file cited them. ``answer`` is the uid of the one
    answer it is for, None for all. ``start`` and ``end`` are Unicode code points within the fragment's text, ``quote``
    the text between them.
    """

    uid: str = ""
    role: Role = Role.UNSTATED
    rank: int | None = None
    supplementary: bool = False
    answer: str | None = None
    title: str | None = None
    text: str | None = None
    start: int | None = None
    end: int | None = None
    quote: str | None = None
    extra: Extra = field(default_factory=dict)

    @property
    def label(self) -> str:
        """Return the rank as pages write it, S2 in the supplementary list; empty without one."""
        return "" if self.rank is None else f"{'S' * self.supplementary}{self.rank}"


@dataclass(frozen=True, slots=True)
class Answer:
    """One required answer under a condition, and any number of other wordings of it."""

    uid: str = ""
    text: str = ""
    aliases: tuple[str, ...] = ()
    extra: Extra = field(default_factory=dict)

    @property
    def wordings(self) -> tuple[str, ...]:
        return (self.text, *self.aliases)


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition under which the question has the given answers, all of them required."""

    uid: str = ""
    text: str = ""
    answers: tuple[Answer, ...] = ()
    citations: tuple[Citation, ...] = ()
    extra: Extra = field(default_factory=dict)

    @property
    def wordless(self) -> bool:
        """Return whether it has neither a text nor an answer."""
        return not self.text.strip() and not any(answer.text.strip() for answer in self.answers)


@dataclass(frozen=True, slots=True)
class Annotation:
    """A list of conditions with what is said of the whole: verdict, reason (of "cannot annotate") and note."""

    verdict: Verdict | None = None
    reason: str = ""
    note: str = ""
    conditions: tuple[Condition, ...] = ()
    extra: Extra = field(default_factory=dict)

    def condition(self, uid: str) -> Condition | None:
        return next((condition for condition in self.conditions if condition.uid == uid), None)

    def citations(self) -> Iterator[tuple[Condition, Citation]]:
        """Yield every citation with its condition, in order."""
        return ((condition, citation) for condition in self.conditions for citation in condition.citations)


@dataclass(frozen=True, slots=True)
class Fragment:
    """A passage of a corpus and where it came from; None where unknown."""

    title: str = ""
    text: str = ""
    source_id: str | None = None
    page_id: int | None = None
    revision_id: int | None = None
    url: str | None = None
    section: str | None = None
    offset: int | None = None


@dataclass(frozen=True, slots=True)
class ListedFragment:
    """One line of a retrieval; its rank is its position, from 1."""

    fragment: Fragment
    score: float | None = None
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Retrieval:
    """A ranked list of fragments for a query, and what made it."""

    query: str
    listed: tuple[ListedFragment, ...]
    k: int
    engine: str = "file"
    settings: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Authored:
    """An annotation that a file brings: ``author`` is the pseudonym of a person's work, None for gold."""

    annotation: Annotation
    author: str | None = None


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a system says of one question, as a file brings it: a prediction or a draft.

    ``batch`` is empty where the file names none, ``question`` where it does not repeat the text; of this and
    ``external_id`` one is there. ``retrieval`` is the
    list that the system saw, where it brought its own.
    """

    external_id: str
    annotation: Annotation
    batch: str = ""
    question: str = ""
    sample: int = 0
    retrieval: Retrieval | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A question as a file brings it. An empty ``external_id`` stands for the digest of the text."""

    text: str
    external_id: str = ""
    retrieval: Retrieval | None = None
    annotations: tuple[Authored, ...] = ()
    source_dataset: str = ""
    source_id: str = ""
    source_split: str = ""
    licence: str = ""
    split: str = ""
    tags: tuple[str, ...] = ()
    extra: Extra = field(default_factory=dict)
