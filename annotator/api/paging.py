"""Lists, page by page, by the place of the last row: page 1,000 is found as page 1 is, and no row is shown twice."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any

from django.db.models import Q, QuerySet
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from annotator.reading import LARGEST_NUMBER, BadInput, Problem, whole_number

USUAL, MOST = 50, 200
Shape = Callable[[Any], Any]


def paged(request: Request, found: "QuerySet[Any]", keys: Sequence[str], shape: Shape, most: int = MOST) -> Response:
    """Answer with a page of rows, and the address of the next.

    ``keys`` are columns that hold whole numbers and are unique together, with ``-`` where they fall; they give the
    order. ``shape`` makes JSON of a list of rows, ``most`` at once.
    """
    limit, cursor = limit_of(request, most), request.query_params.get("cursor", "")
    if cursor:
        found = found.filter(behind(keys, values_in(cursor, len(keys))))
    rows = list(found.order_by(*keys)[: limit + 1])
    following = None
    if len(rows) > limit:
        place = cursor_at(rows[limit - 1], keys)
        following = replace_query_param(request.build_absolute_uri(), "cursor", place)
    return Response({"results": shape(rows[:limit]), "next": following})


def limit_of(request: Request, most: int) -> int:
    """Return how many rows a page holds. Raises BadInput."""
    text = request.query_params.get("limit", str(min(USUAL, most)))
    limit = whole_number(text)
    if limit is None or not 1 <= limit <= most:
        raise BadInput([Problem("limit", f"is no whole number from 1 to {most}")])
    return limit


def behind(keys: Sequence[str], values: Sequence[int]) -> Q:
    """Return what holds of the rows that come after these values."""
    names = [key.removeprefix("-") for key in keys]
    further = Q(pk__in=[])
    for at, (key, name) in enumerate(zip(keys, names, strict=True)):
        same = dict(zip(names[:at], values[:at], strict=True))
        further |= Q(**same, **{f"{name}__{'lt' if key != name else 'gt'}": values[at]})
    # By itself the first column says where an index is entered; a database does not see that in the alternatives.
    return further & Q(**{f"{names[0]}__{'lte' if keys[0] != names[0] else 'gte'}": values[0]})


def cursor_at(row: Any, keys: Sequence[str]) -> str:
    """Return the place of a row, for nobody to read."""
    values = [attrgetter(key.removeprefix("-").replace("__", "."))(row) for key in keys]
    return urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def values_in(cursor: str, number: int) -> list[int]:
    """Return the values that a cursor holds. Raises BadInput."""
    try:
        found = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, RecursionError):
        found = None
    fits = isinstance(found, list) and len(found) == number
    if not fits or not all(type(one) is int and 0 <= one <= LARGEST_NUMBER for one in found):
        raise BadInput([Problem("cursor", "is none that a list of this kind gave")])
    return list(found)
