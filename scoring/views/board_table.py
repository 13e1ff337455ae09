"""The board of an evaluation as its page shows it: lines of cells, each a value, its letters and its place on a scale.

All of it is in the evaluation's row; nothing here queries.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from scoring.judges import USUAL
from scoring.measures import Figure, Over, figures
from scoring.models import Evaluation

EXPLORATORY = "condition_f1"
ELSEWHERE = ("prudence",)  # what is shown first of questions without an answer
TOPS = (0.1, 0.2, 0.5, 1.0)
SMALL = 0.1  # below it two systems often read alike in two digits
LETTER = re.compile(r"[a-z]\d*")
THIN = "\u202f"
Mean = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale from 0 to ``top``; ``at`` is a place on it as SVG reads it."""

    top: float

    def at(self, value: float) -> str:
        return f"{100 * min(1.0, max(0.0, value / self.top)):.1f}%"

    @property
    def ticks(self) -> list[str]:
        return [f"{value:g}".removeprefix("0") or "0" for value in (0, self.top / 2, self.top)]

    @property
    def end(self) -> str:
        return self.ticks[-1]


@dataclass(frozen=True, slots=True)
class Heading:
    """A figure as a column, with its scale and how many digits its values have.

    ``ranks`` says whether lines may be ordered by it, ``sorted`` whether they are.
    """

    name: str
    figure: Figure
    primary: bool
    ranks: bool
    sorted: bool
    scale: Scale
    digits: int


@dataclass(frozen=True, slots=True)
class Cell:
    """A system's figure, its places on the scale, and its ``same`` on the questions that people wrote on.

    Where there is no value ``why`` says why.
    """

    heading: Heading
    mean: Mean
    letters: str = ""
    same: float | None = None
    people: float | None = None
    why: str = ""

    @property
    def at(self) -> dict[str, str]:
        """Return the places of all that is drawn."""
        named = {name: self.mean[name] for name in ("value", "low", "high")}
        named |= {"same": self.same, "people": self.people}
        return {name: self.heading.scale.at(value) for name, value in named.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Line:
    """A system of the board with its cells."""

    system: Mapping[str, Any]
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class BoardTable:
    """The leaderboard over one kind of question; ``people`` are the cells of their line, where several wrote."""

    over: Over
    headings: tuple[Heading, ...]
    lines: tuple[Line, ...]
    people: tuple[Cell, ...]
    questions: int
    shared: int

    @property
    def ranks(self) -> bool:
        return self.over is Over.ANSWERABLE


def table_of(evaluation: Evaluation, over: Over, by: str) -> BoardTable:
    """Return the board over a kind of question, its lines ordered by a figure as on the questions with an answer."""
    board = evaluation.board
    found = board["figures"].get(over.value, {})
    people = (board["people"] or {}) if over is Over.ANSWERABLE else {}
    headings = tuple(headings_of(evaluation, found, people, over, by))
    systems = evaluation.ordered(by)
    return BoardTable(
        over=over,
        headings=headings,
        lines=tuple(Line(one, tuple(cells_of(one, headings, found, people))) for one in systems),
        people=tuple(Cell(one, people["figures"][one.name]) for one in headings) if people else (),
        questions=board["questions"][over.value],
        shared=people.get("questions", 0),
    )


def headings_of(
    evaluation: Evaluation, found: Mapping[str, Any], people: Mapping[str, Any], over: Over, by: str
) -> Iterator[Heading]:
    """Yield the columns: the primary figure, the others that rank, and condition overlap, which never does."""
    known, primary = {name: labelled(name, evaluation) for name in figures()}, evaluation.primary
    ranked = sorted((name for name, one in known.items() if one.ranked), key=lambda name: name != primary)
    names = [*(ELSEWHERE if over is Over.UNANSWERABLE else ()), *ranked, EXPLORATORY]
    for name in names:
        if name in found:
            ranks = over is Over.ANSWERABLE and known[name].ranked
            shown = scale_of(found[name], people, name), digits_of(found[name])
            yield Heading(name, known[name], name == primary, ranks, ranks and name == by, *shown)


def labelled(name: str, evaluation: Evaluation) -> Figure:
    """Return a figure; how alike conditions are is an overlap of words only by the judge that compares words."""
    figure = figures()[name]
    return replace(figure, label=_("Condition")) if name == EXPLORATORY and evaluation.judge != USUAL else figure


def scale_of(column: Mapping[str, Any], people: Mapping[str, Any], name: str) -> Scale:
    """Return the shortest scale that holds everything that is drawn in a column."""
    means = [*column["means"].values(), *([people["figures"][name]] if people else [])]
    drawn = [mean[end] for mean in means for end in ("value", "high") if mean[end] is not None]
    drawn += [value for value in people.get("systems", {}).get(name, {}).values() if value]
    most = max(drawn, default=1.0)
    return Scale(next((top for top in TOPS if most <= top), TOPS[-1]))


def digits_of(column: Mapping[str, Any]) -> int:
    """Return how many digits a column's values have: three where two small ones that differ read alike in two."""
    values = [mean["value"] for mean in column["means"].values() if mean["value"] is not None]
    small = {f"{value:.3f}" for value in values if value < SMALL}
    return 3 if len({f"{float(value):.2f}" for value in small}) < len(small) else 2


def cells_of(
    system: Mapping[str, Any],
    headings: Sequence[Heading],
    found: Mapping[str, Any],
    people: Mapping[str, Any],
) -> Iterator[Cell]:
    """Yield a system's cells."""
    for heading in headings:
        column = found[heading.name]
        mean = column["means"][system["name"]]
        yield Cell(
            heading,
            mean,
            THIN.join(LETTER.findall(column["letters"].get(system["name"], ""))),
            people["systems"][heading.name][system["name"]] if people else None,
            people["figures"][heading.name]["value"] if people else None,
            "" if mean["value"] is not None else why_not(system, heading.name),
        )


def why_not(system: Mapping[str, Any], name: str) -> str:
    """Return why a system has no value of a figure."""
    if name.startswith("citation") and not system["cites"]:
        return _("it cites nothing")
    if name.startswith("condition") and not system.get("conditional", True):  # older boards do not say it
        return _("it names no conditions")
    return _("no question has a value")


@dataclass(frozen=True, slots=True)
class Among:
    """People against each other, where three or more wrote: a line for them and for each system, best first.

    A line has a name, and the label and value of each figure.
    """

    questions: int
    headings: tuple[str, ...]
    lines: tuple[tuple[str, tuple[tuple[str, float | None], ...]], ...]


def among_people(evaluation: Evaluation, table: BoardTable) -> Among | None:
    """Return what everybody scores against people's work instead of gold, None where no three wrote on a question."""
    found = evaluation.board.get("among_people")
    if not found or not found["questions"] or not table.ranks:
        return None
    labels = {one.name: one.figure.label for one in table.headings}
    people = tuple((label, found["figures"][name]["value"]) for name, label in labels.items())
    systems = [
        (system, tuple((label, found["systems"][name][system]) for name, label in labels.items()))
        for system in (line.system["name"] for line in table.lines)
    ]
    return Among(found["questions"], tuple(labels.values()), ((_("People"), people), *systems))
