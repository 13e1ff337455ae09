"""One value of a ``full`` export, read as its database column has it."""

import math
from copy import copy
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db import models

from annotator.exchange.columns import as_json, defaults
from annotator.exchange.streaming import MOST_BYTES
from annotator.models import Batch, Member, Project, Question, Release, System
from annotator.reading import LONGEST_TEXT, Node, flaw, flaws, kind
from retrieval.models import Corpus

REQUIRED: dict[type[models.Model], tuple[str, ...]] = {
    Project: ("slug", "name"),
    Batch: ("name",),
    Member: ("pseudonym",),
    System: ("name",),
    Release: ("tag",),
    Corpus: ("slug",),
    Question: ("external_id", "text"),
}
LONGEST: dict[type[models.Model], int] = {Release: MOST_BYTES}  # a card holds whole guidelines
LARGEST = {models.BigIntegerField: 2**63 - 1, models.PositiveIntegerField: 2**31 - 1}


def row_values(node: Node, model: type[models.Model]) -> dict[str, Any]:
    """Return the columns of a row; what the file does not name has its default."""
    return {name: cell(node, model, name, default) for name, default in defaults(model).items()}


def finish(node: Node) -> None:
    """Complain of every key that is still unread: in our own format that is a mistake."""
    for key in sorted(node.value.keys() - node.read):
        node.complain(key[:100], "is not a field of this format")


def cell(node: Node, model: type[models.Model], name: str, default: Any) -> Any:
    field: Any = model._meta.get_field(name)
    raw = node.get(name, None)
    required = name in REQUIRED.get(model, ())
    if name not in node.value:
        if required or (default is None and not field.null):
            node.complain(name, "is missing")
        return copy(default)
    if raw is None:
        if not field.null:
            node.complain(name, "is null")
        return None
    value, wrong = typed(field, raw, default)
    if not wrong and required and not raw.strip():
        wrong = "is blank"
    if wrong:
        node.complain(name, wrong)
    if isinstance(field, models.JSONField):
        node.problems.extend(flaws(raw, node.at(name), longest=LONGEST.get(model, LONGEST_TEXT)))
    return value


def typed(field: Any, raw: Any, default: Any) -> tuple[Any, str]:
    """Return the column's value for ``raw``, and what is wrong with it."""
    if isinstance(field, models.JSONField):
        wanted = type(default) if default is not None else dict
        return raw, "" if isinstance(raw, wanted) else f"is {kind(raw)}; {kind(wanted())} is expected"
    if isinstance(field, models.BooleanField):
        return raw, "" if isinstance(raw, bool) else f"is {kind(raw)}; true or false is expected"
    if isinstance(field, models.DateField):  # a DateTimeField is one too
        return moment(field, raw)
    if isinstance(field, models.CharField | models.TextField):
        return raw, wrong_text(field, raw)
    return number(field, raw)


def moment(field: Any, raw: Any) -> tuple[Any, str]:
    """Return the time, which has its zone, or the date."""
    is_time = isinstance(field, models.DateTimeField)
    try:
        value = (datetime if is_time else date).fromisoformat(raw)
    except (TypeError, ValueError):
        return None, f"is no {'time' if is_time else 'date'} in ISO 8601"
    if isinstance(value, datetime) and value.tzinfo is None:
        return None, "is a time without its zone"
    if as_json(value) != raw:
        return None, f"is not written as we write it: {as_json(value)}"
    return value, ""


def wrong_text(field: Any, raw: Any) -> str:
    if not isinstance(raw, str):
        return f"is {kind(raw)}; a string is expected"
    if found := flaw(raw, field.max_length or MOST_BYTES):
        return found
    if field.choices and raw not in {choice for choice, _label in field.flatchoices}:
        expected = ", ".join(str(choice) for choice, _label in field.flatchoices)
        return f"is “{raw[:40]}”; one of {expected} is expected"
    if isinstance(field, models.SlugField):
        try:
            validate_slug(raw)
        except ValidationError:
            return "may hold letters, digits, - and _ only"
    return ""


def number(field: Any, raw: Any) -> tuple[Any, str]:
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        return None, f"is {kind(raw)}; a number is expected"
    if isinstance(field, models.FloatField):
        return float(raw), "" if math.isfinite(raw) else "is not a finite number"
    largest = next(most for column, most in LARGEST.items() if isinstance(field, column))
    least = 0 if isinstance(field, models.PositiveIntegerField) else -largest
    if not isinstance(raw, int) or not least <= raw <= largest:
        return None, f"is {raw}; a whole number from {least} to {largest} is expected"
    return raw, ""
