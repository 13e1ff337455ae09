"""Places in corpus files: what a load writes down so that the next one can go on there."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from retrieval.fragments import NewFragment


@dataclass(frozen=True, slots=True)
class Place:
    """A point in a corpus file before which everything has been read.

    ``record`` counts the lines, pages or rows before it, ``position`` the unpacked bytes. A packed file can be entered
    at its byte ``entry``, which unpacks to byte ``entered``. ``read`` is how much of the file was read to come here.
    """

    record: int = 0
    position: int = 0
    entry: int = 0
    entered: int = 0
    read: int = 0


START = Place()


class Step(NamedTuple):
    """What one record of a file gives, perhaps nothing, and the place after it."""

    place: Place
    fragments: list[NewFragment]


Reader = Callable[[Path, Place], Iterator[Step]]
