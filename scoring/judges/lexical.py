"""What judges by words have in common: a couple is as alike as the two most alike of its wordings."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product

from annotator.similarity import Idf
from scoring.judges import Couple, Kind

Alike = Callable[[str, str, str, Idf], float]
"""How alike two texts are, given the question and how rare words are."""


@dataclass(frozen=True, slots=True)
class Lexical:
    """A judge that compares two texts, conditions in one way and answers in another."""

    name: str
    version: str
    condition: Alike
    answer: Alike
    idf: Idf

    def judge(self, couples: Sequence[Couple]) -> list[float | None]:
        return [self.best(couple) for couple in couples]

    def best(self, couple: Couple) -> float:
        alike = self.condition if couple.kind is Kind.CONDITION else self.answer
        wordings = product(couple.gold or ("",), couple.predicted or ("",))
        return max(alike(a, b, couple.question, self.idf) for a, b in wordings)
