"""Corpus files as the bytes they unpack to, entered at any place that was reached before."""

import bz2
import gzip
import io
from bisect import bisect_right
from collections import deque
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

from retrieval.corpora.place import Place

CHUNK = 1 << 16
# A wiki's multistream dump begins a stream every hundred pages, a few megabytes.
MOST_HELD = 16_000_000
# Text shrinks to a third or a tenth; what unpacks to hundreds of times its size was made to fill a disk.
MOST_TIMES, SURELY_HARMLESS = 200, 50_000_000


class Streams(io.RawIOBase):
    """What the bzip2 streams of a file unpack to, one stream after the other.

    A stream is given once its checksum agrees, so that nothing of a damaged one is read; of a stream beyond 16 MB, the
    part before the last 16 MB is given unchecked.
    """

    def __init__(self, raw: BinaryIO, place: Place) -> None:
        raw.seek(place.entry)
        self.raw, self.packed, self.unpacked = raw, b"", place.entered
        self.begun = [(place.entered, place.entry)]
        self.unpacker = bz2.BZ2Decompressor()
        self.checked: deque[bytes] = deque()
        self.held: deque[bytes] = deque()
        self.holds = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self.checked:
            if not self.unpack():
                return 0
        chunk = self.checked.popleft()
        size = len(buffer)
        if len(chunk) > size:
            self.checked.appendleft(chunk[size:])
        taken = chunk[:size]
        buffer[: len(taken)] = taken
        return len(taken)

    def unpack(self) -> bool:
        """Unpack a little more, and return False at the file's end. Raises EOFError in the middle of a stream."""
        if self.unpacker.eof and not self.begin():
            return False
        if self.unpacker.needs_input and not self.packed:
            self.packed = self.raw.read(CHUNK)
            if not self.packed:
                raise EOFError("the file ends in the middle of a bzip2 stream")
        chunk = self.unpacker.decompress(self.packed, CHUNK)
        self.packed = b""
        self.hold(chunk)
        return True

    def begin(self) -> bool:
        """Begin the next stream, and return False if there is none."""
        self.packed = self.unpacker.unused_data or self.raw.read(CHUNK)
        if self.packed:
            self.begun.append((self.unpacked, self.raw.tell() - len(self.packed)))
            self.unpacker = bz2.BZ2Decompressor()
        return bool(self.packed)

    def hold(self, chunk: bytes) -> None:
        """Keep what was unpacked until its stream has ended."""
        self.held.extend([chunk] if chunk else [])
        self.holds += len(chunk)
        self.unpacked += len(chunk)
        while self.held and (self.unpacker.eof or self.holds > MOST_HELD):
            self.holds -= len(self.held[0])
            self.checked.append(self.held.popleft())

    def entry_before(self, position: int) -> tuple[int, int]:
        """Return the byte at which the file can be entered to come to an unpacked position, and what it unpacks to.

        What lies before it is forgotten: positions only grow.
        """
        del self.begun[: bisect_right(self.begun, (position, self.raw.tell())) - 1]
        entered, entry = self.begun[0]
        return entry, entered


class Unpacked:
    """The unpacked bytes of a file from a place on: as they are, or of gzip or bzip2 where its name says so."""

    def __init__(self, path: Path, place: Place) -> None:
        self.raw: BinaryIO = path.open("rb")
        self.start = place
        self.streams: Streams | None = None
        self.file: io.BufferedIOBase = self.raw
        suffix = path.suffix.lower()
        self.packed = suffix in (".bz2", ".gz")
        if suffix == ".bz2":
            self.streams = Streams(self.raw, place)
            self.file = io.BufferedReader(self.streams, CHUNK)
        elif suffix == ".gz":
            self.file = gzip.GzipFile(fileobj=self.raw)

    def __enter__(self) -> Self:
        try:
            self.go_to_start()
        except BaseException:
            self.raw.close()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.raw.close()

    def go_to_start(self) -> None:
        """Go to the place where reading begins: at once in a plain file, by unpacking in a packed one."""
        if not self.packed:
            self.file.seek(self.start.position)
            return
        count = self.start.position - self.start.entered
        while count and (chunk := self.file.read1(min(count, CHUNK))):
            count -= len(chunk)

    def readline(self, most: int) -> bytes:
        return self.file.readline(most)

    def read(self) -> bytes:
        """Return some more bytes, none at the end. What was unpacked before a fault is given before it is raised."""
        return self.file.read1(CHUNK)

    def place(self, record: int, position: int) -> Place:
        """Return the place after so many records and unpacked bytes, to which reading has come. Raises OSError."""
        if position > SURELY_HARMLESS and position > MOST_TIMES * self.raw.tell():
            raise OSError(f"it unpacks to more than {MOST_TIMES} times what was read, as no text does")
        entry, entered = self.streams.entry_before(position) if self.streams else (0, 0)
        return Place(record, position, entry, entered, self.raw.tell() if self.packed else position)
