"""The CondAmbigQA authors' machine-made annotations: drafts of a machine, which ``import_predictions`` takes.

``{id, question, properties: [{condition, groundtruth, condition_citations, answer_citations}], metadata}``: the keys of
the citations are their roles. A machine that writes the data set's own ``citations`` states none.
"""

from collections.abc import Mapping
from typing import Any

from annotator.codec import limit, unique
from annotator.exchange.shapes.condambigqa import answers_of
from annotator.exchange.shapes.keeping import extra_of
from annotator.exchange.shapes.predictions import cited, prediction
from annotator.reading import Node
from annotator.record import Annotation, Condition, Prediction, Question, Role

NAME = "machine_made"
LABEL = "machine-made annotations"
REFUSED = "holds annotations that a machine made; import_predictions --as draft takes them"
ROLES = {"condition_citations": Role.CONDITION, "answer_citations": Role.ANSWER, "citations": Role.UNSTATED}


def recognises(raw: Mapping[str, Any]) -> bool:
    properties = raw.get("properties")
    parts = [part for part in properties if isinstance(part, dict)] if isinstance(properties, list) else []
    metadata = raw.get("metadata")
    return any("condition_citations" in part or "answer_citations" in part for part in parts) or (
        bool(parts) and isinstance(metadata, dict) and "rounds" in metadata
    )


def read(node: Node) -> Question:
    node.complain("", REFUSED)
    return Question(text="")


def predicted(node: Node) -> Prediction:
    """Return what the machine says of the question of a record."""
    conditions = tuple(condition_of(part) for part in node.nodes("properties"))
    return prediction(node, Annotation(conditions=conditions), {"conditions": "properties"})


def condition_of(node: Node) -> Condition:
    answers, form = answers_of(node)
    given = {key: cited(node, key, role) for key, role in ROLES.items() if key in node.value}
    citations = tuple(part for found, _form in given.values() for part in found)
    for name, parts in (("groundtruth", answers), ("citations", citations)):
        limit(node, name, parts)
        unique(node, name, parts)
    return Condition(
        text=node.string("condition"),
        answers=answers,
        citations=citations,
        extra=extra_of(node, groundtruth=form, **{key: shape for key, (_found, shape) in given.items()}),
    )
