"""Measures: what a question's score is. To add one, write its module and list it here.

A measure names its figures and gives each question a value for each: a number, or None where the figure says nothing of
that question. A figure over many questions is the mean of those that have a value, so each question weighs the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from scoring.scored import Scored

Values = Mapping[str, float | None]


class Over(StrEnum):
    """Over which questions a figure is summed up: a system is ranked on those that have an answer."""

    ANSWERABLE = "answerable"
    UNANSWERABLE = "unanswerable"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Figure:
    """What a figure is called, what it says, and whether systems may be ranked by it; it is not where less is better.

    ``over`` are the questions on which it is usually reported.
    """

    label: str
    says: str
    ranked: bool = False
    over: Over = Over.ANSWERABLE


class Measure(Protocol):
    """A module that has ``FIGURES`` and ``measured``."""

    @property
    def FIGURES(self) -> Mapping[str, Figure]: ...  # noqa: N802

    def measured(self, scored: Scored) -> Values:
        """Return the value of each figure for one question."""
        ...


def measures() -> tuple[Measure, ...]:
    """Return all measures, in the order in which they are shown."""
    from scoring.measures import answers, citations, conditions, counts, facts, grounding, prudence, short_answers

    return (answers, citations, counts, conditions, prudence, facts, grounding, short_answers)


def figures() -> dict[str, Figure]:
    """Return every figure by its name, in order."""
    return {name: figure for measure in measures() for name, figure in measure.FIGURES.items()}


def in_order(columns: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Return what is known by figure in the order of the figures; a database may keep names in one of its own."""
    return [(name, columns[name]) for name in figures() if name in columns]


def measured(scored: Scored) -> dict[str, float | None]:
    """Return every figure of one question."""
    return {name: value for measure in measures() for name, value in measure.measured(scored).items()}


PRIMARY = "answer_f1"
