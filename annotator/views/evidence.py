"""A fragment as the adjudication screen shows it: its text in runs, by what its citations support and who cites it."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from annotator.record import Role

Span = tuple[int, int, Role, int]


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a fragment's text that the same citations cover: what it supports, and who cites it."""

    text: str
    role: Role | None = None
    who: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A fragment, its text in pieces, and in words how often it is cited in the active row and who added it."""

    number: str
    title: str
    pieces: list[Piece]
    words: str
    in_row: bool
    in_any: bool
    by: str = ""


def marked(text: str, spans: list[Span]) -> Iterator[Piece]:
    """Yield a text in runs, each with what its citations support (both where they differ) and who cites it."""
    edges = sorted(
        {0, len(text), *(edge for start, end, _role, _who in spans for edge in (start, min(end, len(text))))}
    )
    for start, end in pairwise(edges):
        over = [(role, who) for first, last, role, who in spans if first <= start and last >= end]
        roles = {role for role, _who in over}
        role = (roles.pop() if len(roles) == 1 else Role.BOTH) if over else None
        yield Piece(text[start:end], role, " ".join(str(who) for who in sorted({who for _role, who in over})))
