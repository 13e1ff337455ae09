"""CSV and TSV: each row a record, its values all text. The header names the columns."""

import csv
from collections.abc import Iterator
from typing import IO

from annotator.exchange.streaming import MOST_BYTES, Raw, Unreadable, text_lines


def rows(file: IO[bytes], delimiter: str) -> Iterator[Raw]:
    """Yield the rows that are not blank, each with the line it begins on."""
    csv.field_size_limit(MOST_BYTES)
    reader = csv.reader((text for _number, text in text_lines(file)), delimiter=delimiter, strict=True)
    header = header_of(reader)
    while True:
        place = f"line {reader.line_num + 1}"
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise Unreadable(place, f"is no row of a table: {error}") from None
        if cells is None:
            return
        if cells:
            if len(cells) != len(header):
                raise Unreadable(place, f"has {len(cells)} columns where the header has {len(header)}")
            yield Raw(place, dict(zip(header, cells, strict=True)))


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
