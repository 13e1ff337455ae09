"""The board of an evaluation written out: as a table for a paper, a line for each figure and system, and as JSON."""

from collections.abc import Iterator, Mapping
from typing import Any

from scoring.measures import Over, in_order
from scoring.models import Evaluation
from scoring.scores_file import report_of, row

COLUMNS = ("questions", "figure", "system", "value", "low", "high", "n", "letters")
PEOPLE = "people"


def board_report(evaluation: Evaluation) -> dict[str, Any]:
    """Return how a finished evaluation was made and its board, without its questions."""
    return {name: value for name, value in report_of(evaluation).items() if name != "by_question"}


def board_csv(evaluation: Evaluation) -> Iterator[str]:
    """Yield every figure of every system with its interval; people stand below the systems, on their own questions."""
    board = evaluation.board
    yield row(list(COLUMNS))
    for over in Over:
        columns = board["figures"][over]
        for figure, column in in_order(columns):
            for system in board["systems"]:
                yield mean_row(over, figure, system["name"], column["means"][system["name"]], column["letters"])
    people = board["people"] or {"figures": {}}
    for figure, mean in in_order(people["figures"]):
        yield mean_row(PEOPLE, figure, PEOPLE, mean, {})


def mean_row(over: str, figure: str, name: str, mean: Mapping[str, Any], letters: Mapping[str, str]) -> str:
    values = ("" if mean[one] is None else mean[one] for one in ("value", "low", "high"))
    return row([over, figure, name, *values, mean["n"], letters.get(name, "")])
