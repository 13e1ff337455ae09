"""How long work says how far it is."""

import sys
import time
from collections.abc import Callable
from typing import TextIO

# Called with what is being done, how much is done, and of how much (0 = unknown). It may raise to stop the work.
Progress = Callable[[str, int, int], None]
SECONDS_BETWEEN = 0.2


def silent(_what: str, _done: int, _total: int) -> None:
    """Say nothing."""


class Terminal:
    """Writes progress over one line of a terminal, a few times a second; says nothing to a file or pipe."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self.stream = stream or sys.stderr
        self.speaks = self.stream.isatty()
        self.last = 0.0

    def __call__(self, what: str, done: int, total: int) -> None:
        finished = 0 < total <= done
        if self.speaks and (finished or time.monotonic() - self.last >= SECONDS_BETWEEN):
            self.last = time.monotonic()
            of = f" of {total:,}" if total else ""
            self.stream.write(f"\r\x1b[K{what} {done:,}{of}" + ("\n" if finished else ""))
            self.stream.flush()
