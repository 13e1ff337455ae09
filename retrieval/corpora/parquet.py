"""Parquet: a fragment a row, in columns named like the keys of JSON Lines.

What reads it, ``pyarrow``, is large and needed here alone, so it is installed by those who have such files.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from retrieval.corpora.place import Place, Step
from retrieval.corpora.record import CorpusError, Record

if TYPE_CHECKING:
    from pyarrow.parquet import ParquetFile

COLUMNS = ("id", "title", "text", "url", "section", "page_id", "revision_id", "offset")
ROWS_AT_ONCE = 200
MOST_BYTES_OF_A_GROUP = 2_000_000_000


def read_parquet(path: Path, start: Place) -> Iterator[Step]:
    """Yield the fragments of a file's rows, from columns ``title`` and ``text`` and those others that it has.

    Groups of rows that lie before the place are not read.
    """
    try:
        from pyarrow import ArrowException
        from pyarrow.parquet import ParquetFile
    except ImportError as error:
        raise CorpusError(f"{path}: needs pyarrow: pip install -r requirements-parquet.txt") from error
    try:
        with ParquetFile(path, pre_buffer=False, page_checksum_verification=True) as file:
            yield from steps(file, path, start)
    except ArrowException as error:
        raise CorpusError(f"{path}: is no Parquet that can be read: {error}") from error


def steps(file: "ParquetFile", path: Path, start: Place) -> Iterator[Step]:
    """Yield the rows of an open file from a place on."""
    columns = known_columns(file.schema_arrow.names, path)
    size, total = path.stat().st_size, file.metadata.num_rows
    for number, values in rows(file, columns, path, start.record):
        fragment = Record(path, f"row {number}", values).fragment()
        yield Step(Place(number, read=size * number // total), [fragment])


def rows(file: "ParquetFile", columns: list[str], path: Path, after: int) -> Iterator[tuple[int, dict[str, object]]]:
    """Yield the rows after the first so many, each with its number."""
    number = 0
    for group in range(file.num_row_groups):
        inside = file.metadata.row_group(group)
        if number + inside.num_rows <= after:
            number += inside.num_rows
            continue
        if inside.total_byte_size > MOST_BYTES_OF_A_GROUP:
            raise CorpusError(
                f"{path}: row {number + 1}: its group of rows takes more than {MOST_BYTES_OF_A_GROUP:,} bytes"
            )
        for batch in file.iter_batches(ROWS_AT_ONCE, [group], columns, use_threads=False):
            for values in batch.to_pylist():
                number += 1
                if number > after:
                    yield number, values


def known_columns(names: list[str], path: Path) -> list[str]:
    """Return the columns that are read; ``title`` and ``text`` must be among them."""
    for column in ("title", "text"):
        if column not in names:
            raise CorpusError(f"{path}: {column}: the file has no such column; it has {', '.join(names)}")
    return [column for column in COLUMNS if column in names]
