"""ASQA: ``{"train" | "dev": {id: {ambiguous_question, qa_pairs, wikipages, annotations}}}``.

A pair ``{question, short_answers: [aliases], wikipage, context}`` is a condition; its context, where it is given, is
what was cited. The stream hands over one member at a time, as a file that holds no other.
"""

from collections.abc import Mapping
from typing import Any

from annotator.exchange.shapes.ambignq import aliases_of
from annotator.exchange.shapes.keeping import extra_of
from annotator.reading import Node
from annotator.record import Annotation, Authored, Citation, Condition, Question

NAME = "asqa"
LABEL = "ASQA"
REFUSED = ""
NO_CONTEXT = "No context provided"


def recognises(raw: Mapping[str, Any]) -> bool:
    groups = list(raw.values())
    record = next(iter(groups[0].values()), None) if len(groups) == 1 and isinstance(groups[0], dict) else None
    return isinstance(record, dict) and "ambiguous_question" in record


def read(node: Node) -> Question:
    """Return the question of ``{group: {id: record}}``."""
    split = next(iter(node.value))
    external_id = next(iter(node.value[split]))
    inner = node.value[split][external_id]
    if not isinstance(inner, dict):
        node.complain(f"{split}.{external_id}", "is no object")
        inner = {}
    if not external_id.strip() or len(external_id) > 200:
        node.complain(f"{split}.{external_id[:200]}", "is no id: 1 to 200 characters are expected")
    found = Node(inner, f"{split}.{external_id[:200]}", node.problems)
    text = found.string("ambiguous_question", blank=False)
    annotation = annotation_of(found)
    return Question(
        text=text,
        external_id=external_id,
        annotations=(annotation,),
        source_dataset="ASQA",
        source_id=external_id,
        source_split=split,
        extra=extra_of(found),
    )


def annotation_of(node: Node) -> Authored:
    return Authored(Annotation(conditions=tuple(condition_of(part) for part in node.nodes("qa_pairs"))))


def condition_of(node: Node) -> Condition:
    text = node.string("question")
    answers = aliases_of(node, "short_answers")
    return Condition(text=text, answers=answers, citations=context_of(node), extra=extra_of(node))


def context_of(node: Node) -> tuple[Citation, ...]:
    """Return the citation that the context is; the data set writes “No context provided” where there is none."""
    context = node.value.get("context")
    if context is None or (isinstance(context, str) and context.strip() in ("", NO_CONTEXT)):
        return ()
    text = node.string("context")
    return (Citation(title=node.optional_string("wikipage"), text=text),)
