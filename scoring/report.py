"""Scores written out: one shape, whether they come from the database or from two files. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from scoring import resampling
from scoring.measures import PRIMARY, Values


@dataclass(frozen=True, slots=True)
class Made:
    """How scores were made. What only the database knows is None where they come from files."""

    project: str | None = None
    evaluation: int | None = None
    release: str | None = None
    only: Mapping[str, Any] = field(default_factory=dict)
    judge: str = ""
    judge_version: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    alignment: str = ""
    primary: str = PRIMARY
    draws: int = resampling.DRAWS
    seed: int = resampling.SEED
    idf: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class OfQuestion:
    """A question's figures by system; ``gold`` and ``predictions`` are the numbers of the steps that were read.

    None stands for gold that is people's work, for a system that did not reply, and for all steps out of files.
    """

    batch: str
    id: str
    gold: int | None
    predictions: Mapping[str, int | None]
    systems: Mapping[str, Values]


BOARD = ("questions", "figures", "systems", "gold_citations", "people", "among_people")


def report(made: Made, board: Mapping[str, Any], by_question: Iterable[OfQuestion]) -> dict[str, Any]:
    """Return scores in JSON's types, their questions as an iterator; its names stand in one order on every database.

    What a board does not know is None: out of files nobody knows of people, for example.
    """
    systems = [{name: one[name] for name in sorted(one) if name != "pk"} for one in board["systems"]]
    parts = {name: board.get(name) for name in BOARD} | {"systems": systems}
    return {**asdict(made), **parts, "by_question": map(asdict, by_question)}
