"""One record of a corpus file, and how a wrong one is named."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from retrieval.fragments import NewFragment

MOST_BYTES = 10_000_000
LARGEST_ID = 2**63 - 1
LARGEST_OFFSET = 2**31 - 1
LONGEST_SOURCE_ID = 200


class CorpusError(ValueError):
    """A corpus file cannot be read; the message reads ``file: line 7: field: what is wrong``."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a corpus file, and its place as an error names it: ``line 7``."""

    path: Path
    place: str
    values: Mapping[str, object]

    def fail(self, field: str, problem: str) -> NoReturn:
        raise CorpusError(f"{self.path}: {self.place}: {field}: {problem}")

    def optional_text(self, field: str) -> str | None:
        value = self.values.get(field)
        if value is None:
            return None
        if not isinstance(value, str):
            self.fail(field, f"must be a string, not {json_type(value)}")
        if "\0" in value:
            self.fail(field, "holds a NUL character, which databases cannot store")
        if not is_unicode(value):
            self.fail(field, "holds half of a surrogate pair, which is no character")
        return value

    def text(self, field: str) -> str:
        value = self.optional_text(field)
        if value is None:
            self.fail(field, "is missing")
        return value

    def passage(self) -> str:
        value = self.text("text")
        if not value.strip():
            self.fail("text", "is blank")
        return value

    def whole_number(self, field: str, largest: int) -> int | None:
        value = self.values.get(field)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool):
            self.fail(field, f"must be a whole number, not {json_type(value)}")
        if not 0 <= value <= largest:
            self.fail(field, f"must lie between 0 and {largest}")
        return value

    def source_id(self) -> str | None:
        number = self.values.get("id")
        if isinstance(number, int) and not isinstance(number, bool):
            return str(number)
        value = self.optional_text("id")
        if value is not None and len(value) > LONGEST_SOURCE_ID:
            self.fail("id", f"is longer than {LONGEST_SOURCE_ID} characters")
        return value or None

    def fragment(self) -> NewFragment:
        return NewFragment(
            title=self.text("title"),
            text=self.passage(),
            source_id=self.source_id(),
            page_id=self.whole_number("page_id", LARGEST_ID),
            revision_id=self.whole_number("revision_id", LARGEST_ID),
            url=self.optional_text("url"),
            section=self.optional_text("section"),
            offset=self.whole_number("offset", LARGEST_OFFSET),
        )


def is_unicode(text: str) -> bool:
    """Return whether the text can be encoded: JSON can spell half of a surrogate pair."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def json_type(value: object) -> str:
    """Return JSON's word for a value's type."""
    names = {dict: "an object", list: "a list", str: "a string", bool: "a boolean", int: "a number", float: "a number"}
    return names.get(type(value), "null")
