"""AmbigNQ: disambiguated questions as conditions, each with one answer in several wordings.

``[{id, question, annotations: [{type: "singleAnswer", answer: [aliases]} | {type: "multipleQAs", qaPairs: [{question,
answer: [aliases]}]}], …}]``. Several annotations are several people's work, named by their position.
"""

from collections.abc import Mapping
from typing import Any

from annotator.exchange.shapes.keeping import extra_of, id_of
from annotator.reading import Node
from annotator.record import Annotation, Answer, Authored, Condition, Question

NAME = "ambignq"
LABEL = "AmbigNQ"
REFUSED = ""


def recognises(raw: Mapping[str, Any]) -> bool:
    first = next(iter(raw.get("annotations") or ()), None) if isinstance(raw.get("annotations"), list) else None
    return "question" in raw and isinstance(first, dict) and ("qaPairs" in first or "answer" in first)


def read(node: Node) -> Question:
    external_id, form = id_of(node, "id")
    text = node.string("question", blank=False)
    annotations = [annotation_of(part) for part in node.nodes("annotations", ())]
    return Question(
        text=text,
        external_id=external_id,
        annotations=authored(annotations),
        source_dataset="AmbigNQ",
        source_id=external_id,
        extra=extra_of(node, id=form),
    )


def authored(annotations: list[Annotation]) -> tuple[Authored, ...]:
    """Return several as the work of annotator-1, annotator-2 …, a single one as gold."""
    if len(annotations) == 1:
        return (Authored(annotations[0]),)
    return tuple(Authored(part, f"annotator-{number}") for number, part in enumerate(annotations, 1))


def annotation_of(node: Node) -> Annotation:
    if node.string("type", "") == "singleAnswer" or "qaPairs" not in node.value:
        conditions: tuple[Condition, ...] = (Condition(answers=aliases_of(node, "answer")),)
    else:
        conditions = tuple(condition_of(part) for part in node.nodes("qaPairs"))
    node.read.discard("type")
    return Annotation(conditions=conditions, extra=extra_of(node))


def condition_of(node: Node) -> Condition:
    text = node.string("question")
    return Condition(text=text, answers=aliases_of(node, "answer"), extra=extra_of(node))


def aliases_of(node: Node, key: str) -> tuple[Answer, ...]:
    """Return the one answer that a list of wordings stands for, none where the list is empty."""
    if key not in node.value:
        node.complain(key, "is missing")
    wordings = node.strings(key)
    return (Answer(text=wordings[0], aliases=wordings[1:]),) if wordings else ()
