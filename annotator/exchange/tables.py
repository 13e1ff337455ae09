"""CSV and TSV: each row a record, its values all text. The header names the columns.

A column is the field of its name, or only kept as an extra. A mapping (column → field, or ``extra``) says otherwise.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from typing import IO

from annotator.exchange.streaming import MOST_BYTES, NOTHING_MAPPED, Raw, Unreadable, text_lines
from annotator.reading import Problem
from retrieval.counting import how_many

FIELDS = ("id", "question", "tags", "source_dataset", "source_id", "source_split", "licence", "split")
EXTRA = "extra"


def rows(file: IO[bytes], delimiter: str, mapping: Mapping[str, str] = NOTHING_MAPPED) -> Iterator[Raw]:
    """Yield the rows that are not blank, each with the line it begins on; their keys are those of the mapping."""
    csv.field_size_limit(MOST_BYTES)
    lines = (text for _number, text in text_lines(file))
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    header, before = header_of(reader), 1
    if len(header) == 1 and ";" in header[0]:  # as spreadsheets write it where the comma is the decimal sign
        header, before = header_of(csv.reader(header, delimiter=";", strict=True)), reader.line_num + 1
        reader = csv.reader(lines, delimiter=";", strict=True)
    check_mapping(header, mapping)
    keys = [key_of(column, header, mapping) for column in header]
    while True:
        place = f"line {reader.line_num + before}"
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise Unreadable(place, f"is no row of a table: {error}") from None
        if cells is None:
            return
        if cells:
            yield Raw(place, dict(zip(keys, cells, strict=False)), shape_problems(cells, header))


def shape_problems(cells: Sequence[str], header: Sequence[str]) -> list[Problem]:
    if len(cells) == len(header):
        return []
    return [Problem("", f"has {how_many(len(cells), 'column')} where the header has {len(header)}")]


def header_of(reader: Iterator[list[str]]) -> list[str]:
    try:
        header = next(reader, [])
    except csv.Error as error:
        raise Unreadable("line 1", f"is no header of a table: {error}") from None
    if not header:
        raise Unreadable("line 1", "is empty; a header with the column “question” is expected")
    for column in header:
        if header.count(column) > 1:
            raise Unreadable("line 1", f"names the column “{column[:100]}” twice")
    return header


def check_mapping(header: Sequence[str], mapping: Mapping[str, str]) -> None:
    """Raise Unreadable where the mapping names no column or no field, or leaves the questions without one column."""
    for column, field in mapping.items():
        if column not in header:
            raise Unreadable("line 1", f"has no column “{column[:100]}”; its columns are {', '.join(header)[:1000]}")
        if field not in (*FIELDS, EXTRA):
            raise Unreadable("line 1", f"“{field[:100]}” is no field; one of {', '.join(FIELDS)}, {EXTRA} is expected")
    fields = [field_of(column, mapping) for column in header]
    for field in FIELDS:
        if fields.count(field) > 1:
            columns = " and ".join(column for column in header if field_of(column, mapping) == field)
            raise Unreadable("line 1", f"only one column can be {field}: {columns[:1000]}")
    if mapping and "question" not in fields:
        raise Unreadable("line 1", "no column is the question; one has to be")


def field_of(column: str, mapping: Mapping[str, str]) -> str:
    """Return the field that a column is, or ``extra``. A column gives its own name's field up to one that is mapped."""
    own = column if column in FIELDS and column not in mapping.values() else EXTRA
    return mapping.get(column, own)


def key_of(column: str, header: Sequence[str], mapping: Mapping[str, str]) -> str:
    """Return the key of a column's values: its field, or where it is an extra its name, which no field may have."""
    field = field_of(column, mapping)
    if field != EXTRA:
        return field
    kept = column
    while kept in FIELDS or (kept != column and kept in header):
        kept += " (column)"
    return kept
