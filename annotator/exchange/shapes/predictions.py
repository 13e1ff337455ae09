"""Published outputs of systems, ``{model: [{id, question, conditions | generated_answers, evaluations}]}``."""

from collections.abc import Mapping
from typing import Any

from annotator.reading import Node
from annotator.record import Question

NAME = "predictions"
LABEL = "a system's predictions"
REFUSED = "holds what a system answered; import_predictions takes it"
KEYS = {"conditions", "generated_answers"}


def recognises(raw: Mapping[str, Any]) -> bool:
    """Return whether this is the object of a model's outputs, or one output of it."""
    lists = [value for value in raw.values() if isinstance(value, list) and value and isinstance(value[0], dict)]
    inner = bool(raw) and len(lists) == len(raw) and all(KEYS & part[0].keys() for part in lists)
    return inner or ("evaluations" in raw and bool(KEYS & raw.keys()))


def read(node: Node) -> Question:
    node.complain("", REFUSED)
    return Question(text="")
