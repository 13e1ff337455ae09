"""Where replies are kept, so that nothing is asked twice. Pure: the database's is in ``scoring/judging.py``."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from scoring.judges import Couple
from scoring.judges.llm.replies import Reply

Replies = tuple[Reply | None, ...]
"""What came of asking about a couple, order by order: gold's text first, then last; None: not asked yet."""


class Memory(Protocol):
    """Keeps replies by what was asked about."""

    def recall(self, couples: Sequence[Couple]) -> Mapping[Couple, Replies]:
        """Return what is kept of these couples; one that was never asked about is not in it."""
        ...

    def keep(self, replies: Mapping[Couple, Replies]) -> None:
        """Keep what came, at once: nothing that came is lost when the work is killed."""
        ...


@dataclass(slots=True)
class Forgetful:
    """A memory that lasts as long as the process."""

    kept: dict[Couple, Replies] = field(default_factory=dict)

    def recall(self, couples: Sequence[Couple]) -> Mapping[Couple, Replies]:
        return {couple: self.kept[couple] for couple in couples if couple in self.kept}

    def keep(self, replies: Mapping[Couple, Replies]) -> None:
        self.kept.update(replies)


def digest(couple: Couple) -> str:
    """Return the SHA-256 of all that a judge is asked about: kind, question, and the wordings of either side."""
    asked = [couple.kind, couple.question, couple.gold, couple.predicted]
    return hashlib.sha256(json.dumps(asked, ensure_ascii=False).encode()).hexdigest()
