"""An evaluation written out: how it was made, its board, and every question's figures; as JSON and as CSV."""

import csv
import io
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from annotator.exchange.hours import harmless
from scoring.measures import figures
from scoring.models import Evaluation, Score

ROWS = 1000


def report_of(evaluation: Evaluation) -> dict[str, Any]:
    """Return a finished evaluation in JSON's types. People are not named in it: they are one line of the board."""
    release = evaluation.release
    return {
        "project": evaluation.project.slug,
        "evaluation": evaluation.number,
        "release": release.tag if release else None,
        "only": evaluation.only,
        "judge": evaluation.judge,
        "judge_version": evaluation.judge_version,
        "alignment": evaluation.alignment,
        "primary": evaluation.primary,
        "draws": evaluation.draws,
        "seed": evaluation.seed,
        "idf": evaluation.idf,
        "code": evaluation.code,
        **evaluation.board,
        "by_question": list(by_question(evaluation)),
    }


def by_question(evaluation: Evaluation) -> Iterator[dict[str, Any]]:
    """Yield each question with every system's figures, in order."""
    for (batch, external_id), scores in groupby(lines(evaluation), key=lambda line: line[:2]):
        yield {"batch": batch, "id": external_id, "systems": {system: values for _, _, system, values in scores}}


def lines(evaluation: Evaluation) -> Iterator[tuple[str, str, str, dict[str, float | None]]]:
    """Yield batch, id, system and figures of every score of a system."""
    scores = Score.objects.filter(question__evaluation=evaluation, system__isnull=False)
    scores = scores.order_by("question__place", "system__name")
    names = ("question__question__batch__name", "question__question__external_id", "system__name", "figures")
    yield from scores.values_list(*names).iterator(chunk_size=ROWS)


def csv_of(evaluation: Evaluation) -> Iterator[str]:
    """Yield the figures as a table, a line for each question and system."""
    names = list(figures())
    yield row(["batch", "id", "system", *names])
    for batch, external_id, system, values in lines(evaluation):
        yield row([batch, external_id, system, *("" if values.get(name) is None else values[name] for name in names)])


def row(cells: list[Any]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(harmless(cell) if isinstance(cell, str) else cell for cell in cells)
    return out.getvalue()
