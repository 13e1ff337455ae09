"""Plain questions, as JSON, JSON Lines, CSV or TSV: ``question`` is required, ``id`` and a few columns are known."""

from collections.abc import Mapping
from typing import Any

from annotator.exchange.shapes import condambigqa
from annotator.exchange.shapes.keeping import extra_of, id_of
from annotator.reading import Node
from annotator.record import Question

NAME = "plain"
LABEL = "plain questions"
REFUSED = ""


def recognises(raw: Mapping[str, Any]) -> bool:
    return "question" in raw


def read(node: Node) -> Question:
    if condambigqa.recognises(node.value):
        return condambigqa.read(node)
    external_id, id_form = id_of(node, "id")
    tags, tags_form = tags_of(node)
    return Question(
        text=node.string("question", blank=False),
        external_id=external_id,
        source_dataset=node.string("source_dataset", "", longest=200),
        source_id=node.string("source_id", "", longest=200),
        source_split=node.string("source_split", "", longest=50),
        licence=node.string("licence", "", longest=200),
        split=node.string("split", "", longest=50),
        tags=tags,
        extra=extra_of(node, id=id_form, tags=tags_form),
    )


def tags_of(node: Node) -> tuple[tuple[str, ...], str | None]:
    """Return the tags: a list, or in a table one text with semicolons, whose form is that text."""
    value = node.value.get("tags")
    if isinstance(value, str):
        text = node.string("tags")
        return tuple(tag.strip() for tag in text.split(";") if tag.strip()), text
    return node.strings("tags"), None
