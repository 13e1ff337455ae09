"""What a file says besides what we read, kept so that an export gives it back.

``extra`` holds two things that can never be taken for each other: ``kept``, the unknown keys as they were, and
``shape``, the form that a known value came in where a writer could not guess it (a list of one, a missing key, a score
given as text).
"""

import math
from typing import Any

from annotator.reading import Node, kind

MISSING = "missing"


def extra_of(node: Node, **shape: Any) -> dict[str, Any]:
    """Return ``extra`` for the object: its unread keys, and each given form that is not None."""
    extra: dict[str, Any] = {}
    if kept := node.rest():
        extra["kept"] = kept
    if noted := {key: form for key, form in shape.items() if form is not None}:
        extra["shape"] = noted
    return extra


def id_of(node: Node, key: str) -> tuple[str, str | None]:
    """Return the id under ``key`` as text, and its form where it is a number or missing."""
    value = node.get(key, None)
    if key not in node.value:
        return "", MISSING
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value), "number"
    return node.string(key, blank=False, longest=200), None


def score_of(node: Node) -> tuple[float | None, Any]:
    """Return the score and its form: None where it is a plain decimal number, else the value as it was."""
    value = node.get("score", MISSING)
    if type(value) is float:
        return value, None
    if value is None:
        return None, "null"
    if value is MISSING and "score" not in node.value:
        return None, MISSING
    return number_of(node, value), [value]


def number_of(node: Node, value: object) -> float | None:
    """Return the number that a whole number or a text stands for."""
    try:
        found = math.nan if isinstance(value, bool) else float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        found = math.nan
    if not math.isfinite(found):
        node.complain("score", f"is {kind(value)}; a number is expected")
        return None
    return found
