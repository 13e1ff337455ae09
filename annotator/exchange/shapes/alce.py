"""ALCE on ASQA: the pairs of ASQA, and the documents that were retrieved.

``[{sample_id, question, qa_pairs, wikipages, annotations, answer, docs: [{id, title, text, score}]}]``.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from annotator.exchange.shapes import asqa
from annotator.exchange.shapes.condambigqa import listed_of
from annotator.exchange.shapes.keeping import extra_of, id_of
from annotator.reading import Node
from annotator.record import ListedFragment, Question, Retrieval

NAME = "alce"
LABEL = "ALCE on ASQA"
REFUSED = ""


def recognises(raw: Mapping[str, Any]) -> bool:
    return "question" in raw and "qa_pairs" in raw


def read(node: Node) -> Question:
    external_id, form = id_of(node, "sample_id" if "sample_id" in node.value else "id")
    text = node.string("question", blank=False)
    listed = tuple(document_of(part) for part in node.nodes("docs", ()))
    annotation = asqa.annotation_of(node)
    return Question(
        text=text,
        external_id=external_id,
        retrieval=Retrieval(query=text, listed=listed, k=len(listed)) if listed else None,
        annotations=(annotation,),
        source_dataset="ASQA",
        source_id=external_id,
        extra=extra_of(node, id=form),
    )


def document_of(node: Node) -> ListedFragment:
    """Return a line whose fragment keeps the passage's id in its source."""
    listed = listed_of(node)
    source_id = node.value.get("id")
    if source_id is None or isinstance(source_id, dict | list | bool) or len(str(source_id)) > 200:
        return listed
    return replace(listed, fragment=replace(listed.fragment, source_id=str(source_id)))
