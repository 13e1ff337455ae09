"""Pieces of JSON that know where they stand, so that every complaint names its field.

A ``Node`` is read key by key. A wrong value adds a ``Problem`` and yields a harmless default, so that one pass finds
every problem of a record; what was not read is left in ``rest()``.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

LONGEST_TEXT = 100_000
DEEPEST = 40
# PostgreSQL gives a larger one of any JSON column back as an integer, which few readers hold.
LARGEST_NUMBER = 2**63 - 1
TOO_LARGE = "is a number too large to be kept as it is"
MISSING = object()


def whole_number(text: str, digits: int = 9) -> int | None:
    """Return the whole number that a field of a form holds, None where it holds none, or one of more digits."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and the field where: ``properties[2].citations[0].title``, or empty for the whole record."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message

    @classmethod
    def told_by(cls, sentence: str) -> "Problem":
        """Return the problem that a refusal tells, of the field that its sentence begins with (``tag: …``), if any."""
        name, parted, text = sentence.partition(": ")
        return cls(name, text) if parted and name.isidentifier() else cls("", sentence)


class BadInput(ValueError):
    """Input that is refused, with every problem found in it."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("; ".join(str(problem) for problem in problems))

    def under(self, name: str, within: str = "") -> "BadInput":
        """Return the problems of a part, each under the field that the part was sent in.

        ``within`` is where it stood when it was read; what is wrong elsewhere is so of the whole part.
        """
        inside = [one.path.removeprefix(within) if one.path.startswith(within) else "" for one in self.problems]
        paths = [f"{name}.{path.lstrip('.')}".rstrip(".") for path in inside]
        return BadInput([Problem(path, one.message) for path, one in zip(paths, self.problems, strict=True)])


def kind(value: object) -> str:
    """Return the JSON name of a value's type."""
    names = {str: "a string", bool: "a boolean", int: "a number", float: "a number", list: "a list", dict: "an object"}
    return "null" if value is None else names.get(type(value), type(value).__name__)


def flaw(text: str, longest: int = LONGEST_TEXT) -> str | None:
    """Return why ``text`` cannot be stored, or None. Its length is counted in code points."""
    if len(text) > longest:
        return f"is {len(text):,} characters long; at most {longest:,} are kept"
    if "\0" in text:
        return "holds a NUL character"
    if not text.isascii() and not encodable(text):
        return "holds half of a surrogate pair, which is no character"
    return None


def encodable(text: str) -> bool:
    """Return whether every code point is a character. Encoding is far faster than looking at each."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def flaws(value: object, path: str, depth: int = 0, longest: int = LONGEST_TEXT) -> Iterator[Problem]:
    """Yield what keeps any JSON value from being stored: bad text, numbers that are not finite, too deep nesting."""
    if depth > DEEPEST:
        yield Problem(path, f"is nested more than {DEEPEST} levels deep")
    elif isinstance(value, str):
        if found := flaw(value, longest):
            yield Problem(path, found)
    elif isinstance(value, float) and math.isnan(value):
        yield Problem(path, "is not a finite number")
    elif isinstance(value, int | float) and abs(value) > LARGEST_NUMBER:
        yield Problem(path, TOO_LARGE)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from flaws(key, f"{path} (key)", depth + 1, longest)
            yield from flaws(item, f"{path}.{key}".lstrip("."), depth + 1, longest)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from flaws(item, f"{path}[{index}]", depth + 1, longest)


class Node:
    """A JSON object and its path. Every getter marks its key as read."""

    def __init__(self, value: dict[str, Any], path: str = "", problems: list[Problem] | None = None) -> None:
        self.value = value
        self.path = path
        self.problems: list[Problem] = [] if problems is None else problems
        self.read: set[str] = set()

    def at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def complain(self, key: str, message: str) -> None:
        self.problems.append(Problem(self.at(key) if key else self.path, message))

    def get(self, key: str, default: Any = MISSING) -> Any:
        """Return the raw value under ``key``; a missing one without default is a problem and gives None."""
        self.read.add(key)
        if key in self.value:
            return self.value[key]
        if default is MISSING:
            self.complain(key, "is missing")
            return None
        return default

    def _typed(self, key: str, default: Any, wanted: type | tuple[type, ...], name: str) -> Any:
        known = len(self.problems)
        value = self.get(key, default)
        fits = isinstance(value, wanted) and not (isinstance(value, bool) and wanted is not bool)
        if fits or (key not in self.value) or (value is None and default is None):
            return value
        if len(self.problems) == known:
            self.complain(key, f"is {kind(value)}; {name} is expected")
        return None if default is MISSING else default

    def string(self, key: str, default: Any = MISSING, *, blank: bool = True, longest: int = LONGEST_TEXT) -> str:
        """Return the text under ``key``, to the letter; "" after a problem."""
        value = self._typed(key, default, str, "a string")
        if isinstance(value, str):
            if found := flaw(value, longest):
                self.complain(key, found)
            elif not blank and not value.strip():
                self.complain(key, "is blank")
            return value
        return ""

    def optional_string(self, key: str) -> str | None:
        """Return the text under ``key``, or None where it is absent or null."""
        self.read.add(key)
        return None if self.value.get(key) is None else self.string(key)

    def integer(self, key: str, default: Any = None, *, least: int = 0) -> int | None:
        value = self._typed(key, default, int, "a whole number")
        if isinstance(value, int) and not least <= value < 2**31:
            self.complain(key, f"is {value}; a whole number from {least} to {2**31 - 1} is expected")
            return None
        return value if isinstance(value, int) else None

    def number(self, key: str) -> float | None:
        value = self._typed(key, None, (int, float), "a number")
        if isinstance(value, float) and not math.isfinite(value):
            self.complain(key, "is not a finite number")
            return None
        return value if isinstance(value, int | float) else None

    def boolean(self, key: str, default: bool = False) -> bool:
        return bool(self._typed(key, default, bool, "true or false"))

    def strings(self, key: str, default: Any = ()) -> tuple[str, ...]:
        """Return the list of texts under ``key``."""
        values = self._typed(key, default, list, "a list of strings") or ()
        for index, value in enumerate(values):
            found = flaw(value) if isinstance(value, str) else f"is {kind(value)}; a string is expected"
            if found:
                self.complain(f"{key}[{index}]", found)
        return tuple(value for value in values if isinstance(value, str))

    def nodes(self, key: str, default: Any = MISSING) -> "Iterator[Node]":
        """Yield the objects of the list under ``key``."""
        for index, value in enumerate(self._typed(key, default, list, "a list of objects") or ()):
            if isinstance(value, dict):
                yield Node(value, f"{self.at(key)}[{index}]", self.problems)
            else:
                self.complain(f"{key}[{index}]", f"is {kind(value)}; an object is expected")

    def node(self, key: str, default: Any = MISSING) -> "Node | None":
        value = self._typed(key, default, dict, "an object")
        return Node(value, self.at(key), self.problems) if isinstance(value, dict) else None

    def rest(self) -> dict[str, Any]:
        """Return what has not been read, for ``extra``; what cannot be stored is a problem."""
        rest = {key: value for key, value in self.value.items() if key not in self.read}
        if rest:
            self.problems.extend(flaws(rest, self.path))
        return rest
