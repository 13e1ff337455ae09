"""The board of an evaluation: every figure of every system, over the questions that have an answer and all others.

Pure. The database and two files come to the same board, since both give the same scores to it.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.leaderboard import Column, columns, or_none
from scoring.measures import Figure, Over, Values, figures
from scoring.resampling import DRAWS, SEED, Floats, means, still

AT_ONCE = 1 << 21  # values that are resampled together: more figures at once would take more memory
OF_EVERY = "replied"  # a figure that has a value wherever anything was said


@dataclass(slots=True)
class Table:
    """The figures of some systems on some questions, filled in as they come; nan where there is no value."""

    systems: Sequence[str]
    answerable: NDArray[np.bool_]
    values: dict[str, Floats] = field(default_factory=dict)

    def __post_init__(self) -> None:
        shape = len(self.answerable), len(self.systems)
        self.values = {name: np.full(shape, np.nan) for name in figures()}

    def put(self, question: int, system: int, values: Values) -> None:
        """Note what a system scores on a question, both by their places."""
        for name, value in values.items():
            if name in self.values and value is not None:
                self.values[name][question, system] = value

    def over(self, which: Over) -> NDArray[np.bool_]:
        """Return which of the questions are of this kind."""
        if which is Over.ALL:
            return np.ones(len(self.answerable), dtype=bool)
        return self.answerable if which is Over.ANSWERABLE else ~self.answerable


def board(table: Table, draws: int = DRAWS, seed: int = SEED, beat: Callable[[], None] = still) -> dict[str, Any]:
    """Return the board in JSON's types: by kind of question the figures, each with its means, letters and pairs.

    Systems are ranked and tested on the questions that have an answer alone. ``beat`` is called every now and then.
    """
    return {
        "questions": {which.value: int(table.over(which).sum()) for which in Over},
        "figures": {which.value: over(table, which, draws, seed, beat) for which in Over},
    }


def over(table: Table, which: Over, draws: int, seed: int, beat: Callable[[], None]) -> dict[str, Any]:
    """Return the figures over one kind of question, some at a time; all are resampled by the same draws."""
    chosen = table.over(which)
    known = figures() if which is Over.ANSWERABLE else unranked()
    if not chosen.any():
        return {}
    names, most = list(known), max(1, AT_ONCE // (int(chosen.sum()) * len(table.systems)))
    found: dict[str, Column] = {}
    for some in (names[start : start + most] for start in range(0, len(names), most)):
        own = {name: table.values[name][chosen] for name in some}
        found |= columns(own, table.systems, {name: known[name] for name in some}, draws, seed, beat)
    return {name: in_json(column) for name, column in found.items()}


def unranked() -> dict[str, Figure]:
    """Return every figure as one that systems are not ranked by."""
    return {name: replace(figure, ranked=False) for name, figure in figures().items()}


def in_json(column: Column) -> dict[str, Any]:
    return {
        "means": {system: asdict(mean) for system, mean in column.means.items()},
        "letters": dict(column.letters),
        "pairs": [asdict(pair) for pair in column.pairs],
    }


def people_line(people: Table, systems: Table, draws: int = DRAWS, seed: int = SEED) -> dict[str, Any]:
    """Return people's figures on the questions that several wrote on, and the systems' on the same ones.

    ``people`` has one column, each question's mean over its people.
    """
    chosen = people.over(Over.ANSWERABLE) & ~np.isnan(people.values[OF_EVERY][:, 0])
    wrote = {name: part[chosen] for name, part in people.values.items()}
    own = columns(wrote, ["people"], unranked(), draws, seed)
    beside = {name: map(or_none, means(part[chosen])) for name, part in systems.values.items()}
    return {
        "questions": int(chosen.sum()),
        "figures": {name: asdict(column.means["people"]) for name, column in own.items()},
        "systems": {name: dict(zip(systems.systems, found, strict=True)) for name, found in beside.items()},
    }
