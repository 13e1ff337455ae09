"""The scores of two files: the board that an evaluation would have, and every question's figures."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from scoring.board import Table, board
from scoring.files import CHUNK, Files
from scoring.judges import Judge, judges
from scoring.measures import Values, measured
from scoring.pairing import PAIRINGS, Pairing
from scoring.report import Made, OfQuestion, report
from scoring.scored import score


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which system is scored, by which judge and alignment, and by which version of Proviso (``code``)."""

    system: str
    judge: str
    alignment: str
    code: str


def report_on(files: Files, chosen: Chosen) -> dict[str, Any]:
    """Return the scores of what a system said, as those of an evaluation are written out."""
    judge = judges()[chosen.judge](files.idf)
    table = Table([chosen.system], np.array([target.answerable for target in files.targets], dtype=bool))
    figures = list(figures_of(files, judge, PAIRINGS[chosen.alignment]))
    for place, values in enumerate(figures):
        table.put(place, 0, values)
    made = Made(
        judge=judge.name,
        judge_version=judge.version,
        alignment=chosen.alignment,
        idf=files.idf.digest,
        code=chosen.code,
    )
    said = {"systems": [said_of(files, chosen.system)], "gold_citations": files.cited}
    questions = (
        OfQuestion(batch, external_id, None, {chosen.system: None}, {chosen.system: values})
        for (batch, external_id), values in zip(files.names, figures, strict=True)
    )
    return report(made, board(table) | said, questions)


def figures_of(files: Files, judge: Judge, pairing: Pairing) -> Iterator[Values]:
    """Yield every question's figures, in order."""
    asked = list(zip(files.targets, files.replies, strict=True))
    for begun in range(0, len(asked), CHUNK):
        yield from map(measured, score(asked[begun : begun + CHUNK], judge, pairing, files.idf))


def said_of(files: Files, system: str) -> dict[str, Any]:
    """Return what stands beside the system: how often it replied, and what became of its citations."""
    parts = [part for reply in files.replies for part in reply.said.parts]
    return {
        "name": system,
        "description": "",
        "family": "",
        "cites": files.cites,
        "conditional": files.conditional,
        "drafted": None,
        "replied": sum(reply.replied for reply in files.replies),
        "cited": sum(part.citations for part in parts),
        "left_out": sum(part.left_out for part in parts),
    }
