"""The CondAmbigQA authors' machine-made annotations: drafts of a machine, which another command takes."""

from collections.abc import Mapping
from typing import Any

from annotator.reading import Node
from annotator.record import Question

NAME = "machine_made"
LABEL = "machine-made annotations"
REFUSED = "holds annotations that a machine made; import_predictions --as draft takes them"


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
