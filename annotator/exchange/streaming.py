"""Streams of raw records from files, each with its place. No file is ever loaded whole.

A record is at most 10 MB. Its place is ``line 7`` in JSON Lines and CSV, ``record 7`` in an array (from 1) and the key
in an object of records. Where a file cannot be read on, ``Unreadable`` says where.
"""

import codecs
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any, NoReturn

from annotator.exchange.strict import Strict
from annotator.reading import Problem

MOST_BYTES = 10_000_000
CHUNK_BYTES = 1 << 18
NOTHING_MAPPED: Mapping[str, str] = MappingProxyType({})
BLANK = re.compile(r"[ \t\n\r]*")
# ASQA: {"dev": {id: {…}}}. Any other file that begins with an object is JSON Lines, or one object.
MEMBERS = re.compile(r'\{[ \t\n\r]*"(?:train|dev|test)"[ \t\n\r]*:[ \t\n\r]*\{')
# Outputs of systems: {model: [{…}]}. A record of a line of its own begins with one of these keys, or with a string.
RECORD_KEYS = "conditions|generated_answers|expected_answers|properties|retrieval|ctxs|evaluations|citations|answers"
GROUPS = re.compile(rf'\{{[ \t\n\r]*"(?!(?:{RECORD_KEYS})")(?:[^"\\]|\\.)*"[ \t\n\r]*:[ \t\n\r]*\[')
OTHER_ENCODINGS = {
    codecs.BOM_UTF32_LE: "UTF-32",
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}
PACKED = {b"\x1f\x8b": "gzip", b"PK\x03\x04": "zip"}


@dataclass(frozen=True, slots=True)
class Raw:
    """A record as the file has it; ``problems`` are those that its JSON alone shows."""

    place: str
    value: Any
    problems: list[Problem] = field(default_factory=list)


class Unreadable(ValueError):
    """The file cannot be read on from ``place``."""

    def __init__(self, place: str, message: str) -> None:
        self.place = place
        self.message = message
        super().__init__(f"{place}: {message}" if place else message)


class Source:
    """The text of a file, read in chunks and dropped as it is consumed; knows its line and column."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self.text = ""
        self.position = 0
        self.lines = self.columns = 0
        self.ended = False

    def more(self) -> bool:
        """Read a chunk behind what is not yet consumed; False at the end of the file."""
        if self.ended:
            return False
        self._forget()
        # As much again as is waiting, so that a long record is not decoded from its start too often.
        chunk = self.file.read(max(CHUNK_BYTES, len(self.text)))
        self.ended = not chunk
        decode = partial(self.decoder.decode, final=self.ended)
        self.text += decoded(decode, chunk, self.lines + self.text.count("\n") + 1)
        return True

    def _forget(self) -> None:
        gone = self.text[: self.position]
        newline = gone.rfind("\n")
        self.lines += gone.count("\n")
        self.columns = len(gone) - newline - 1 if newline >= 0 else self.columns + len(gone)
        self.text = self.text[self.position :]
        self.position = 0

    def where(self, position: int) -> str:
        """Return ``line L, column C`` of a position in the buffer."""
        newline = self.text.rfind("\n", 0, position)
        column = position - newline if newline >= 0 else self.columns + position + 1
        return f"line {self.lines + self.text.count(chr(10), 0, position) + 1}, column {column}"

    def peek(self) -> str:
        """Skip white space and return the next character, "" at the end."""
        while True:
            found = BLANK.match(self.text, self.position)
            self.position = found.end() if found else self.position
            if self.position < len(self.text):
                return self.text[self.position]
            if not self.more():
                return ""

    def expect(self, characters: str) -> str:
        """Consume one of ``characters`` and return it."""
        found = self.peek()
        if not found or found not in characters:
            wanted = " or ".join(f"“{character}”" for character in characters)
            self.fail(f"{wanted} is expected, but {f'“{found}” stands there' if found else 'the file ends'}")
        self.position += 1
        return found

    def fail(self, message: str) -> NoReturn:
        raise Unreadable(self.where(self.position), message)

    def value(self, strict: Strict) -> tuple[Any, list[Problem]]:
        """Consume one JSON value, reading on while it is incomplete."""
        self.peek()
        while True:
            try:
                value, end, problems = strict.decode(self.text, self.position)
            except json.JSONDecodeError as error:
                too_large = len(self.text) - self.position > MOST_BYTES
                if too_large and self._unclosed(error):
                    self.fail(TOO_LARGE)
                if too_large or not self.more():
                    raise Unreadable(self.where(error.pos), f"broken JSON: {error.msg}") from None
                continue
            except RecursionError:
                self.fail("is nested too deep to be read")
            if end == len(self.text) and self.more():
                continue  # a number may go on behind the chunk
            self._measure(end)
            return value, problems

    def _unclosed(self, error: json.JSONDecodeError) -> bool:
        """Return whether the decoder ran out of text, or into a string without an end."""
        return error.pos >= len(self.text) - 1 or error.msg.startswith("Unterminated")

    def _measure(self, end: int) -> None:
        if (end - self.position) * 4 > MOST_BYTES and len(self.text[self.position : end].encode()) > MOST_BYTES:
            self.fail(TOO_LARGE)
        self.position = end


TOO_LARGE = f"is a record of more than {MOST_BYTES:,} bytes"


def decoded(decode: Callable[[bytes], str], chunk: bytes, line: int) -> str:
    """Return the chunk's text; ``line`` is the one it begins on."""
    try:
        return decode(chunk)
    except UnicodeDecodeError as error:
        line += error.object[: error.start].count(b"\n")
        message = f"is not UTF-8 (byte 0x{error.object[error.start]:02x}); save the file as UTF-8"
        raise Unreadable(f"line {line}", message) from None


def text_lines(file: IO[bytes]) -> Iterator[tuple[int, str]]:
    """Yield the lines of a file with their numbers, line ends kept."""
    for number, line in enumerate(iter(lambda: file.readline(MOST_BYTES + 2), b""), 1):
        if len(line) > MOST_BYTES + 1:
            raise Unreadable(f"line {number}", TOO_LARGE)
        encoding = "utf-8-sig" if number == 1 else "utf-8"
        yield number, decoded(partial(bytes.decode, encoding=encoding), line, number)


def delimiter_of(name: str | Path) -> str | None:
    """Return what parts the cells of a table, told by the file's name; None where it is no table."""
    return {".csv": ",", ".tsv": "\t"}.get(Path(name).suffix.lower())


def records(path: Path, name: str = "", mapping: Mapping[str, str] = NOTHING_MAPPED) -> Iterator[Raw]:
    """Yield the records of a file: a JSON array, JSON Lines, an object of records, CSV or TSV (told by the name).

    ``mapping`` says which fields the columns of a table are, as in ``tables.rows``.
    """
    from annotator.exchange import release_reader

    if release_reader.is_release(path):
        yield from release_reader.records(path)
        return
    with path.open("rb") as file:
        check_encoding(file)
        if delimiter := delimiter_of(name or path):
            from annotator.exchange.tables import rows

            yield from rows(file, delimiter, mapping)
            return
        source = Source(file)
        if source.peek() == "[":
            yield from array(source)
        elif MEMBERS.match(source.text, source.position):
            yield from members(source)
        elif source.peek() == "{":
            file.seek(0)
            yield from lines_or_object(file)
        else:
            source.fail("is neither JSON, JSON Lines nor a file named .csv or .tsv" if source.peek() else "is empty")


def check_encoding(file: IO[bytes]) -> None:
    """Refuse what begins like another encoding or an archive, by its name."""
    head = file.read(64)
    file.seek(0)
    for mark, packer in PACKED.items():
        if head.startswith(mark):
            raise Unreadable("", f"is packed by {packer}; unpack it and bring what is inside")
    for mark, encoding in OTHER_ENCODINGS.items():
        if head.startswith(mark):
            raise Unreadable("", f"is {encoding}; save the file as UTF-8")
    if b"\0" in head[:4]:
        raise Unreadable("", "looks like UTF-16 or UTF-32; save the file as UTF-8")


def array(source: Source) -> Iterator[Raw]:
    """Yield the items of a file that is ``[…]``."""
    for number, (value, problems) in enumerate(items(source, Strict()), 1):
        yield Raw(f"record {number}", value, problems)
    the_end(source)


def items(source: Source, strict: Strict) -> Iterator[tuple[Any, list[Problem]]]:
    """Yield what stands in ``[…]``, each with its problems."""
    source.expect("[")
    if source.peek() == "]":
        source.expect("]")
        return
    while True:
        yield source.value(strict)
        if source.expect(",]") == "]":
            return


def grouped(path: Path, name: str = "") -> Iterator[tuple[str, Raw]]:
    """Yield the records of ``{group: [record, …]}``, each with its group; those of any other file have the group ""."""
    with path.open("rb") as file:
        check_encoding(file)
        source = Source(file)
        source.peek()
        if GROUPS.match(source.text, source.position):
            yield from groups(source)
            return
    yield from (("", raw) for raw in records(path, name))


def groups(source: Source) -> Iterator[tuple[str, Raw]]:
    """Yield the items of each list of an object of lists."""
    strict = Strict()
    seen: set[str] = set()
    for group in keys(source, strict):
        if group in seen:
            source.fail(f"gives the key “{group[:100]}” twice")
        seen.add(group)
        for number, (value, problems) in enumerate(items(source, strict), 1):
            yield group, Raw(f"{group[:100]}, record {number}", value, problems)
    the_end(source)


def members(source: Source) -> Iterator[Raw]:
    """Yield each ``{group: {id: record}}`` of an object of groups as if the file held that one alone."""
    strict = Strict()
    seen: set[str] = set()
    for group in keys(source, strict):
        if group in seen:
            source.fail(f"gives the key “{group[:100]}” twice")
        seen.add(group)
        for key in keys(source, strict):
            value, problems = source.value(strict)
            inside = [Problem(f"{group}.{key}.{part.path}".rstrip("."), part.message) for part in problems]
            yield Raw(f"{group}.{key}", {group: {key: value}}, inside)
    the_end(source)


def keys(source: Source, strict: Strict) -> Iterator[str]:
    """Yield the keys of ``{…}``, standing before each value."""
    source.expect("{")
    if source.peek() == "}":
        source.expect("}")
        return
    while True:
        if source.peek() != '"':
            source.expect('"')
        key, problems = source.value(strict)
        if problems:
            source.fail(f"a key {problems[0].message}")
        source.expect(":")
        yield key
        if source.expect(",}") == "}":
            return


def the_end(source: Source) -> None:
    if source.peek():
        source.fail("there is more text after the end of the data")


def lines_or_object(file: IO[bytes]) -> Iterator[Raw]:
    """Yield each line as a record; a file whose first line is no whole object is one object over several lines."""
    line = file.readline(MOST_BYTES + 2)
    try:
        json.loads(line)
    except RecursionError:
        pass
    except ValueError:
        if not line.rstrip().endswith(b"}") and file.readline().strip():
            file.seek(0)
            yield from one_object(Source(file))
            return
    file.seek(0)
    yield from json_lines(file)


def one_object(source: Source) -> Iterator[Raw]:
    value, problems = source.value(Strict())
    yield Raw("record 1", value, problems)
    the_end(source)


def json_lines(file: IO[bytes]) -> Iterator[Raw]:
    """Yield the object of each line that is not blank."""
    strict = Strict()
    for number, text in text_lines(file):
        if text.strip(" \t\r\n"):
            value, problems = one_line(strict, text, f"line {number}")
            yield Raw(f"line {number}", value, problems)


def one_line(strict: Strict, text: str, place: str) -> tuple[Any, list[Problem]]:
    start = len(text) - len(text.lstrip(" \t\r\n"))
    try:
        value, end, problems = strict.decode(text, start)
    except json.JSONDecodeError as error:
        raise Unreadable(f"{place}, column {error.pos + 1}", f"broken JSON: {error.msg}") from None
    except RecursionError:
        raise Unreadable(place, "is nested too deep to be read") from None
    if text[end:].strip(" \t\r\n"):
        raise Unreadable(f"{place}, column {end + 1}", "there is more text after the end of the record")
    return value, problems
