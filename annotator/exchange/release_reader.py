"""A release read back: the lines of its gold, each fragment in the place of its digest.

The fragments may be many, so they stay in a file: what is kept of each is where its line begins.
"""

import json
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any
from zipfile import BadZipFile, ZipFile

from annotator.exchange.streaming import MOST_BYTES, TOO_LARGE, Raw, Unreadable, json_lines
from retrieval.corpora.packing import MOST_TIMES, SURELY_HARMLESS

FRAGMENTS = "fragments.jsonl"
OF_ALL = ("sha256", "corpus", "licence")


def is_release(path: Path) -> bool:
    """Return whether the file is the zip of a release, or one of its files of gold with its fragments beside it."""
    if path.name.startswith("gold.") and path.suffix == ".jsonl":
        return (path.parent / FRAGMENTS).is_file()
    try:
        with ZipFile(path) as archive:
            return any(Path(name).name == FRAGMENTS for name in archive.namelist())
    except (BadZipFile, OSError):
        return False


def records(path: Path) -> Iterator[Raw]:
    """Yield the lines of gold, those of a zip file by file; an id that came before gets its batch before it."""
    with ExitStack() as opened:
        texts: IO[bytes] = opened.enter_context(TemporaryFile())
        if path.suffix == ".jsonl":
            with (path.parent / FRAGMENTS).open("rb") as file:
                offsets = indexed(file, texts)
            gold: list[tuple[str, IO[bytes]]] = [(path.name, opened.enter_context(path.open("rb")))]
        else:
            archive = opened.enter_context(unpacked(path))
            names = {Path(name).name: name for name in archive.namelist()}
            with archive.open(names[FRAGMENTS]) as inside:
                offsets = indexed(inside, texts)
            own = [name for name in names if name.startswith("gold.")]
            gold = [(name, opened.enter_context(archive.open(names[name]))) for name in own]
        yield from told_apart(raw for name, file in gold for raw in lines_of(name, file, offsets, texts))


@contextmanager
def unpacked(path: Path) -> Iterator[ZipFile]:
    """Open a zip; one that is damaged, encrypted, or made to fill a disk, is unreadable."""
    try:
        with ZipFile(path) as archive:
            refuse_a_bomb(archive, path.stat().st_size)
            yield archive
    except (BadZipFile, zlib.error, EOFError, RuntimeError) as error:
        raise Unreadable("", f"the zip cannot be unpacked: {error}") from None


def refuse_a_bomb(archive: ZipFile, packed: int) -> None:
    """Raise Unreadable where the files of a zip are said to be larger than text can be; more of them is never read."""
    size = sum(entry.file_size for entry in archive.infolist())
    if size > SURELY_HARMLESS and size > MOST_TIMES * packed:
        raise Unreadable("", f"the zip unpacks to more than {MOST_TIMES} times its size, as no text does")


def indexed(file: IO[bytes], texts: IO[bytes]) -> dict[str, int]:
    """Copy the lines of the fragments, and return where each begins, by its digest."""
    found: dict[str, int] = {}
    for number, line in enumerate(iter(lambda: file.readline(MOST_BYTES + 2), b""), 1):
        if len(line) > MOST_BYTES + 1:
            raise Unreadable(f"{FRAGMENTS}, line {number}", TOO_LARGE)
        try:
            found[json.loads(line)["sha256"]] = texts.tell()
        except (ValueError, KeyError, TypeError):
            raise Unreadable(f"{FRAGMENTS}, line {number}", "is no fragment of a release") from None
        texts.write(line)
    return found


def lines_of(name: str, file: IO[bytes], offsets: dict[str, int], texts: IO[bytes]) -> Iterator[Raw]:
    """Yield the lines of a file of gold with their fragments; a digest that names none stays as it is."""
    for raw in json_lines(file):
        value = raw.value
        if isinstance(value, dict):
            lists = {key: value[key] for key in ("fragments", "supplementary") if isinstance(value.get(key), list)}
            value = value | {key: [told(part, offsets, texts) for part in parts] for key, parts in lists.items()}
        yield Raw(f"{name}, {raw.place}", value, raw.problems)


def told(digest: Any, offsets: dict[str, int], texts: IO[bytes]) -> Any:
    """Return the fragment of a digest, less what says the same of all."""
    if not isinstance(digest, str) or digest not in offsets:
        return digest
    texts.seek(offsets[digest])
    line = json.loads(texts.readline())
    return {key: value for key, value in line.items() if key not in OF_ALL and value is not None}


def told_apart(lines: Iterator[Raw]) -> Iterator[Raw]:
    """Yield the lines; an id of another batch gets its own batch before it, and a repeat in one batch stays one."""
    first: dict[str, str] = {}
    for raw in lines:
        names = (raw.value.get("id"), raw.value.get("batch")) if isinstance(raw.value, dict) else (None, None)
        known, batch = names
        if isinstance(known, str) and isinstance(batch, str) and first.setdefault(known, batch) != batch:
            raw.value["id"] = f"{batch}/{known}"
        yield raw
