"""The scores of two files, in JSON's types: the board that an evaluation would have, and every question's figures."""

from typing import Any

import numpy as np

from scoring.board import Table, board
from scoring.files import CHUNK, Files
from scoring.judges import judges
from scoring.measures import PRIMARY, measured
from scoring.pairing import PAIRINGS
from scoring.scored import score


def report_on(files: Files, system: str, judge: str, alignment: str) -> dict[str, Any]:
    """Return the scores of what a system said."""
    asked = list(zip(files.targets, files.replies, strict=True))
    table = Table([system], np.array([target.answerable for target in files.targets], dtype=bool))
    chosen, lines = judges()[judge](files.idf), []
    for begun in range(0, len(asked), CHUNK):
        for place, one in enumerate(score(asked[begun : begun + CHUNK], chosen, PAIRINGS[alignment], files.idf), begun):
            figures = measured(one)
            table.put(place, 0, figures)
            batch, external_id = files.names[place]
            lines.append({**({"batch": batch} if batch else {}), "id": external_id, "figures": figures})
    return {
        "system": system,
        "judge": chosen.name,
        "judge_version": chosen.version,
        "alignment": alignment,
        "idf": files.idf.digest,
        "primary": PRIMARY,
        **board(table),
        "replied": sum(reply.replied for reply in files.replies),
        "citations": dict(files.anchors),
        "by_question": lines,
    }
