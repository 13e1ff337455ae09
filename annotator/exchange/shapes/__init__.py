"""The shapes of file that an import recognises, one module each. To add one, write its module and list it here."""

from collections.abc import Mapping
from typing import Any, Protocol

from annotator.codec import limit
from annotator.exchange.shapes import (
    alce,
    ambignq,
    asqa,
    condambigqa,
    labeller,
    machine_made,
    plain,
    predictions,
    released,
)
from annotator.reading import Node, kind
from annotator.record import Question


class Shape(Protocol):
    """A shape of file: its name, what it is called, why it is refused (empty where it is taken), and its reader."""

    @property
    def NAME(self) -> str: ...  # noqa: N802
    @property
    def LABEL(self) -> str: ...  # noqa: N802
    @property
    def REFUSED(self) -> str: ...  # noqa: N802

    def recognises(self, raw: Mapping[str, Any]) -> bool: ...

    def read(self, node: Node) -> Question: ...


# The first that recognises a file's first record reads all of it, so the plainest is last.
SHAPES: tuple[Shape, ...] = (released, predictions, machine_made, labeller, asqa, alce, ambignq, condambigqa, plain)
EXPECTED = (
    "a CondAmbigQA file (question, properties, ctxs), the authors' labeller (Ambiguous Question), AmbigNQ (question, "
    "annotations), ASQA (dev: {id: {ambiguous_question}}), ALCE (question, qa_pairs, docs), our own “full” export, "
    "a release, or plain questions with the column “question” "
    "(in a table it may have another name: --map COLUMN=question)"
)


def recognise(raw: object) -> Shape | str:
    """Return the shape of a file by its first record, or what is wrong with it."""
    if not isinstance(raw, dict):
        return f"is {kind(raw)}; an object is expected"
    found = next((shape for shape in SHAPES if shape.recognises(raw)), None)
    if found:
        return found
    seen = ", ".join(f"“{str(key)[:40]}”" for key in list(raw)[:12]) or "no key"
    return f"lacks “question”: its shape is not known. Seen: {seen}. Expected: {EXPECTED}."


def read(shape: Shape, node: Node) -> Question:
    """Return the question of a record, its lists within what is kept."""
    question = shape.read(node)
    for authored in question.annotations:
        limit(node, "", authored.annotation.conditions)
        for condition in authored.annotation.conditions:
            for parts in (condition.answers, condition.citations):
                limit(node, "", parts)
    return question
