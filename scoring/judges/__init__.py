"""Judges: how alike two texts are, 0 to 1. To add one that needs nothing but its texts, write its module and list it.

A judge is given couples of what gold and a system say in the same place: two conditions, or two answers with all their
wordings. It knows nothing of rows, alignments or measures.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from annotator.similarity import Idf


class Kind(StrEnum):
    """What a couple's texts are."""

    CONDITION = "condition"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Couple:
    """What gold says, and what a system says in its place: the wordings of one condition or answer on each side."""

    kind: Kind
    question: str
    gold: tuple[str, ...]
    predicted: tuple[str, ...]


class Judge(Protocol):
    """Something that says how alike the sides of couples are; its verdicts hang on its version and the texts alone."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...

    def judge(self, couples: Sequence[Couple]) -> list[float | None]:
        """Return the similarity of each couple, 0 to 1; None where there is no verdict."""
        ...


def judges() -> Mapping[str, Callable[[Idf], Judge]]:
    """Return the judges that need no service, by name; each is made with how rare words are."""
    from scoring.judges.exact import exact
    from scoring.judges.overlap import overlap
    from scoring.judges.token_f1 import token_f1

    return {"overlap": overlap, "token-f1": token_f1, "exact": exact}


USUAL = "overlap"
