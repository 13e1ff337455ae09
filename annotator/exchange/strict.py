"""JSON as the standard has it: what Python's decoder would let pass or lose is found, with its field.

The decoder runs at full speed. Its hooks only note what might be wrong (a key given twice, NaN, a number that is not
finite, an escape of NUL or of half a surrogate pair); a record with such a note is then walked for the fields.
"""

import json
import math
import re
from collections.abc import Iterator
from typing import Any

from annotator.reading import DEEPEST, LARGEST_NUMBER, Problem, flaws

DOUBTFUL_ESCAPE = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")
LONGEST_INTEGER = 19
LONGEST_READ = 4000  # digits; Python reads no more by itself


class Doubled(dict[str, Any]):
    """An object that gave a key more than once."""

    key = ""


class Strict:
    """Decodes one JSON value at a time."""

    def __init__(self) -> None:
        self.doubtful = False
        self.decoder = json.JSONDecoder(
            object_pairs_hook=self._object,
            parse_float=self._float,
            parse_int=self._integer,
            parse_constant=self._constant,
        )

    def decode(self, text: str, start: int = 0) -> tuple[Any, int, list[Problem]]:
        """Return the value at ``start``, where it ends, and what keeps it from being stored.

        Raises json.JSONDecodeError, and RecursionError for an abyss of brackets.
        """
        self.doubtful = False
        value, end = self.decoder.raw_decode(text, start)
        if self.doubtful or DOUBTFUL_ESCAPE.search(text, start, end):
            return value, end, [*doubled(value, ""), *flaws(value, "")]
        return value, end, []

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) == len(pairs):
            return made
        self.doubtful = True
        keys = [key for key, _value in pairs]
        twice = Doubled(made)
        twice.key = next(key for key in keys if keys.count(key) > 1)
        return twice

    def _float(self, text: str) -> float:
        value = float(text)
        if math.isinf(value):
            self.doubtful = True
        return value

    def _integer(self, text: str) -> float:
        if len(text) < LONGEST_INTEGER:
            return int(text)
        value = int(text) if len(text) <= LONGEST_READ else math.inf
        if abs(value) > LARGEST_NUMBER:
            # An integer that no database column and few readers hold; the walk reports it.
            self.doubtful = True
        return value

    def _constant(self, _name: str) -> float:
        self.doubtful = True
        return math.nan


def doubled(value: Any, path: str, depth: int = 0) -> Iterator[Problem]:
    """Yield the objects in ``value`` that gave a key twice, so that one of its values was lost."""
    if isinstance(value, Doubled):
        yield Problem(path, f"gives the key “{value.key[:100]}” twice")
    if depth > DEEPEST:
        return
    if isinstance(value, dict):
        for key, item in value.items():
            yield from doubled(item, f"{path}.{key}".lstrip("."), depth + 1)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from doubled(item, f"{path}[{index}]", depth + 1)
