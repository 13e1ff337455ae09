"""Lines of UTF-8 text, one record each or several lines long: JSON Lines and tables."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from retrieval.corpora.packing import Unpacked
from retrieval.corpora.place import START, Place, Step
from retrieval.corpora.record import MOST_BYTES, CorpusError, Record, json_type
from retrieval.counting import how_many

TSV_COLUMNS = ("id", "text", "title")


class Lines:
    """The lines of a file from a place on, with their ends, without a byte order mark; ``number`` is the last one's."""

    def __init__(self, path: Path, start: Place = START) -> None:
        self.path, self.number, self.position = path, start.record, start.position
        self.file = Unpacked(path, start)

    def __enter__(self) -> Self:
        self.file.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.file.__exit__(kind, error, at)

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        raw = self.file.readline(MOST_BYTES + 1)
        if not raw:
            raise StopIteration
        self.number += 1
        if len(raw) > MOST_BYTES:
            raise CorpusError(f"{self.path}: line {self.number}: the record is longer than {MOST_BYTES:,} bytes")
        self.position += len(raw)
        return decoded(raw, self.path, self.number)

    def place(self) -> Place:
        """Return the place after the last line given."""
        return self.file.place(self.number, self.position)


def decoded(raw: bytes, path: Path, number: int) -> str:
    """Return a line's text."""
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        raise CorpusError(f"{path}: line {number}: is not UTF-8: {error.reason} at byte {error.start + 1}") from error
    return text.removeprefix("\ufeff") if number == 1 else text


def read_jsonl(path: Path, start: Place) -> Iterator[Step]:
    """Yield fragments from lines of ``{"title", "text"}``.

    ``id``, ``url``, ``section``, ``page_id``, ``revision_id`` and ``offset`` are kept where given, other keys are not.
    Blank lines are passed over.
    """
    with Lines(path, start) as lines:
        for line in lines:
            if line.strip():
                record = Record(path, f"line {lines.number}", json_object(line, path, lines.number))
                yield Step(lines.place(), [record.fragment()])


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


def read_tsv(path: Path, start: Place) -> Iterator[Step]:
    """Yield fragments from a table with the header ``id text title``, as DPR's ``psgs_w100.tsv``.

    Cells are separated by tabs and quoted as in CSV; a quoted cell may hold line breaks.
    """
    csv.field_size_limit(MOST_BYTES)
    with Lines(path) as top:
        header = known_columns(next(rows_of(top), (1, None))[1], path)
        first = top.place()
    with Lines(path, start if start.record else first) as lines:
        for line, row in rows_of(lines):
            if row:
                record = Record(path, f"line {line}", cells(header, row, path, line))
                yield Step(lines.place(), [record.fragment()])


def rows_of(lines: Lines) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a table with the number of the line that each begins at."""
    rows = csv.reader(lines, delimiter="\t", strict=True)
    line = lines.number + 1
    try:
        for row in rows:
            yield line, row
            line = lines.number + 1
    except csv.Error as error:
        raise CorpusError(f"{lines.path}: line {line}: is not a row of tab-separated values: {error}") from error


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
