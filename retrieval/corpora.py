"""Readers of corpus files. Each yields one fragment at a time; an error names the file, the line and the field."""

import csv
import gzip
import json
import zlib
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from io import BufferedIOBase
from pathlib import Path
from typing import NoReturn

from retrieval.counting import how_many
from retrieval.fragments import NewFragment

MOST_BYTES = 10_000_000
LARGEST_ID = 2**63 - 1
LARGEST_OFFSET = 2**31 - 1
LONGEST_SOURCE_ID = 200
TSV_COLUMNS = ("id", "text", "title")

Reader = Callable[[Path], Iterator[NewFragment]]


class CorpusError(ValueError):
    """A corpus file cannot be read; the message reads ``file: line 7: field: what is wrong``."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a corpus file, and the line it begins at."""

    path: Path
    line: int
    values: Mapping[str, object]

    def fail(self, field: str, problem: str) -> NoReturn:
        raise CorpusError(f"{self.path}: line {self.line}: {field}: {problem}")

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


def read_corpus(path: Path) -> Iterator[NewFragment]:
    """Yield the fragments of a file, by the reader that its name's ending asks for.

    Raises ``CorpusError`` for an unknown ending, at the first record that is wrong, and for a file without records.
    """
    if path.is_dir():
        raise CorpusError(f"{path}: is a directory; a file is expected")
    reader = reader_of(path)
    empty = True
    try:
        for fragment in reader(path):
            empty = False
            yield fragment
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise CorpusError(f"{path}: cannot be unpacked: {error}") from error
    except OSError as error:
        raise CorpusError(f"{path}: cannot be read: {error.strerror}") from error
    if empty:
        raise CorpusError(f"{path}: holds no fragment")


def reader_of(path: Path) -> Reader:
    """Return the reader registered for the file's ending."""
    for ending, reader in READERS.items():
        if path.name.lower().endswith(ending):
            return reader
    raise CorpusError(f"{path}: the name must end in one of {', '.join(READERS)}")


def read_jsonl(path: Path) -> Iterator[NewFragment]:
    """Yield fragments from lines of ``{"title", "text"}``.

    ``id``, ``url``, ``section``, ``page_id``, ``revision_id`` and ``offset`` are kept where given, other keys are not.
    Blank lines are passed over.
    """
    with closing(text_lines(path)) as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                yield Record(path, number, json_object(line, path, number)).fragment()


def json_object(line: str, path: Path, number: int) -> dict[str, object]:
    """Return the JSON object that a line holds."""
    try:
        value = json.loads(line)
    except json.JSONDecodeError as error:
        raise CorpusError(f"{path}: line {number}, column {error.colno}: broken JSON: {error.msg}") from error
    except (ValueError, RecursionError) as error:  # a number of thousands of digits, an abyss of brackets
        raise CorpusError(f"{path}: line {number}: is no JSON that can be read") from error
    if not isinstance(value, dict):
        raise CorpusError(f"{path}: line {number}: must be a JSON object, not {json_type(value)}")
    return value


def read_tsv(path: Path) -> Iterator[NewFragment]:
    """Yield fragments from a table with the header ``id text title``, as DPR's ``psgs_w100.tsv``.

    Cells are separated by tabs and quoted as in CSV; a quoted cell may hold line breaks.
    """
    csv.field_size_limit(MOST_BYTES)
    with closing(text_lines(path)) as lines:
        rows = csv.reader(lines, delimiter="\t", strict=True)
        line = 1
        try:
            header = known_columns(next(rows, None), path)
            line = rows.line_num + 1
            for row in rows:
                if row:
                    yield Record(path, line, cells(header, row, path, line)).fragment()
                line = rows.line_num + 1
        except csv.Error as error:
            raise CorpusError(f"{path}: line {line}: is not a row of tab-separated values: {error}") from error


def known_columns(header: list[str] | None, path: Path) -> list[str]:
    """Return the header, which must name ``text`` and ``title`` and may name ``id``."""
    if header is None:
        raise CorpusError(f"{path}: holds no fragment")
    for column in ("text", "title"):
        if column not in header:
            raise CorpusError(f"{path}: line 1: {column}: the header has no such column; it must be id, text, title")
    for column in header:
        if column not in TSV_COLUMNS or header.count(column) > 1:
            raise CorpusError(f"{path}: line 1: {column}: a table has the columns id, text, title; JSONL takes more")
    return header


def cells(header: list[str], row: list[str], path: Path, line: int) -> dict[str, object]:
    """Return a row's cells by column."""
    if len(row) < len(header):
        raise CorpusError(
            f"{path}: line {line}: {header[len(row)]}: is missing; the row has {len(row)} of {len(header)} cells"
        )
    if len(row) > len(header):
        raise CorpusError(f"{path}: line {line}: has {how_many(len(row), 'cell')} where the header names {len(header)}")
    if sum(map(len, row)) > MOST_BYTES:
        raise CorpusError(f"{path}: line {line}: the record is longer than {MOST_BYTES:,} characters")
    return dict(zip(header, row, strict=True))


def text_lines(path: Path) -> Generator[str]:
    """Yield the lines of a UTF-8 file, with their ends, without a byte order mark."""
    with opened(path) as file:
        number = 1
        while raw := file.readline(MOST_BYTES + 1):
            if len(raw) > MOST_BYTES:
                raise CorpusError(f"{path}: line {number}: the record is longer than {MOST_BYTES:,} bytes")
            yield decoded(raw, path, number)
            number += 1


def opened(path: Path) -> BufferedIOBase:
    """Open a file for reading, unpacked where its name ends in ``.gz``."""
    return gzip.open(path) if path.suffix.lower() == ".gz" else path.open("rb")


def decoded(raw: bytes, path: Path, number: int) -> str:
    """Return a line's text."""
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        raise CorpusError(f"{path}: line {number}: is not UTF-8: {error.reason} at byte {error.start + 1}") from error
    return text.removeprefix("\ufeff") if number == 1 else text


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


READERS: dict[str, Reader] = {
    ".jsonl": read_jsonl,
    ".jsonl.gz": read_jsonl,
    ".tsv": read_tsv,
    ".tsv.gz": read_tsv,
}
