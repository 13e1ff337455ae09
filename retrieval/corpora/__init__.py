"""Corpus files of every format, read one record at a time, from any place that an earlier reading came to."""

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from retrieval.corpora.cirrus import read_cirrus
from retrieval.corpora.dump import read_dump
from retrieval.corpora.lines import read_jsonl, read_tsv
from retrieval.corpora.parquet import read_parquet
from retrieval.corpora.place import START, Place, Reader, Step
from retrieval.corpora.record import CorpusError

__all__ = ["FORMATS", "START", "CorpusError", "Place", "Step", "format_of", "read_corpus"]


class Format(NamedTuple):
    """How files of one ending are read, and what their records are called."""

    read: Reader
    unit: str


FORMATS = {
    ".jsonl": Format(read_jsonl, "line"),
    ".tsv": Format(read_tsv, "line"),
    ".json": Format(read_cirrus, "line"),
    ".xml": Format(read_dump, "page"),
    ".parquet": Format(read_parquet, "row"),
}
PACKINGS = ("", ".gz", ".bz2")


def read_corpus(path: Path, start: Place = START) -> Iterator[Step]:
    """Yield what the records of a file give, by the reader that its name's ending asks for, from a place on.

    Raises ``CorpusError`` for an unknown ending, at the first record that is wrong, where the file is cut off or cannot
    be unpacked, and for a file without fragments.
    """
    if path.is_dir():
        raise CorpusError(f"{path}: is a directory; a file is expected")
    kind, place, empty = format_of(path), start, start == START
    try:
        for step in kind.read(path, start):
            yield step
            place, empty = step.place, empty and not step.fragments
    except (EOFError, zlib.error, OSError) as error:
        raise CorpusError(unreadable(path, error, f"after {kind.unit} {place.record:,}")) from error
    if empty:
        raise CorpusError(f"{path}: holds no fragment")


def format_of(path: Path) -> Format:
    """Return the format that the file's ending asks for."""
    name = path.name.lower()
    for ending, kind in FORMATS.items():
        if any(name.endswith(ending + packing) for packing in packings_of(ending)):
            return kind
    raise CorpusError(f"{path}: the name must end in one of {', '.join(FORMATS)}, or in one of them and .gz or .bz2")


def packings_of(ending: str) -> tuple[str, ...]:
    """Return the packings that files of an ending may have; Parquet packs by itself."""
    return ("",) if ending == ".parquet" else PACKINGS


def unreadable(path: Path, error: Exception, place: str) -> str:
    """Say that the file itself is at fault, rather than what stands in it."""
    if isinstance(error, OSError) and error.errno:
        return f"{path}: cannot be read: {error.strerror}"
    return f"{path}: {place}: cannot be unpacked: {error}"
