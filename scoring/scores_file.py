"""An evaluation written out: how it was made, its board, and every question's figures; as JSON and as CSV."""

import csv
import io
from collections.abc import Iterator
from itertools import groupby
from typing import Any, NamedTuple

from annotator.exchange.hours import harmless
from scoring.measures import figures
from scoring.models import Evaluation, Score
from scoring.report import Made, OfQuestion, report

ROWS = 1000


class Line(NamedTuple):
    """A system's figures on a question; ``gold`` and ``said`` are the numbers of their steps, None where none was."""

    batch: str
    id: str
    gold: int | None
    system: str
    said: int | None
    figures: dict[str, float | None]


def report_of(evaluation: Evaluation) -> dict[str, Any]:
    """Return a finished evaluation in JSON's types, its questions as an iterator.

    People are not named in it: they are one line of the board.
    """
    release = evaluation.release
    made = Made(
        project=evaluation.project.slug,
        evaluation=evaluation.number,
        release=release.tag if release else None,
        only=evaluation.only,
        judge=evaluation.judge,
        judge_version=evaluation.judge_version,
        settings=evaluation.settings,
        alignment=evaluation.alignment,
        primary=evaluation.primary,
        draws=evaluation.draws,
        seed=evaluation.seed,
        idf=evaluation.idf,
        code=evaluation.code,
    )
    return report(made, evaluation.board, by_question(evaluation))


def by_question(evaluation: Evaluation) -> Iterator[OfQuestion]:
    """Yield each question with every system's figures, and the steps of histories that were read, in order."""
    for (batch, external_id, gold), found in groupby(lines(evaluation), key=lambda line: line[:3]):
        own = list(found)
        said = {line.system: line.said for line in own}
        yield OfQuestion(batch, external_id, gold, said, {line.system: line.figures for line in own})


def lines(evaluation: Evaluation) -> Iterator[Line]:
    """Yield every score of a system."""
    scores = Score.objects.filter(question__evaluation=evaluation, system__isnull=False)
    scores = scores.order_by("question__place", "system__name")
    asked = ("question__question__batch__name", "question__question__external_id", "question__gold__number")
    found = scores.values_list(*asked, "system__name", "revision__number", "figures")
    yield from map(Line._make, found.iterator(chunk_size=ROWS))


def csv_of(evaluation: Evaluation) -> Iterator[str]:
    """Yield the figures as a table, a line for each question and system."""
    names = list(figures())
    yield row(["batch", "id", "system", *names])
    for line in lines(evaluation):
        values = ("" if line.figures.get(name) is None else line.figures[name] for name in names)
        yield row([line.batch, line.id, line.system, *values])


def row(cells: list[Any]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(harmless(cell) if isinstance(cell, str) else cell for cell in cells)
    return out.getvalue()
