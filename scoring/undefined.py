"""Why a figure of agreement is undefined, in words, and on how many questions. Pure.

Whoever reads it may still be asked one of the questions, so it never says which verdict or number all of them gave.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from scoring.comparing import Comparison

NOTHING = "No question has the work of two people."
ALONE = "There is no other question, so nothing can be shuffled."
NO_CONDITION = "nobody wrote a condition"
FEW = 5
"""On fewer questions a reason does not say what people did: it would tell what they wrote on one of them."""
SAME = {"verdicts": "gave the same verdict", "counts": "wrote the same number of conditions"}
LITTLE = "there is too little to compare"
MISSING = {
    "verdict_percent": "no two people gave a verdict",
    "answers": "no two conditions that have answers are paired",
    "citations_masi": "no two conditions are paired",
    "citations_positive": "nobody cites a fragment",
}


def share(name: str, comparisons: Sequence[Comparison]) -> str:
    """Return why a sum over another has nothing below the line."""
    if not comparisons:
        return NOTHING
    if not any("conditions_soft" in one.shares for one in comparisons):
        return ALONE
    why = MISSING.get(name, NO_CONDITION) if len(comparisons) >= FEW else LITTLE
    return f"On {questions(len(comparisons))}, {why}."


def alpha(name: str, comparisons: Sequence[Comparison]) -> str:
    """Return why α has no value: nobody gave a value twice, or everybody gave the same one."""
    counts: list[Counter[Any]] = [getattr(one, name) for one in comparisons]
    if name == "citing":
        return of_citing(comparisons)
    paired = [given for given in counts if given.total() > 1]
    values = {value for given in paired for value in given}
    if len(values) != 1:
        return f"On {questions(len(comparisons))}, no two people gave a verdict." if comparisons else NOTHING
    return f"{people(comparisons)} {SAME[name]} on {questions(len(paired))}, so α is undefined."


def of_citing(comparisons: Sequence[Comparison]) -> str:
    """Return why α over fragments has no value."""
    kinds = {kind for one in comparisons for kind, number in one.citing.items() if number}
    if not kinds:
        return f"There is no fragment in the lists of {questions(len(comparisons))}." if comparisons else NOTHING
    if len(comparisons) < FEW:
        return f"On {questions(len(comparisons))}, {LITTLE}."
    if any(citing for citing, _of in kinds):
        return f"Everybody cites every fragment of {questions(len(comparisons))}, so α is undefined."
    return f"Nobody cites a fragment on {questions(len(comparisons))}, so α is undefined."


def kappa(comparisons: Sequence[Comparison]) -> str:
    """Return why κ has no value: there are not two people, or chance alone makes them agree."""
    everybody = frozenset().union(*(one.people for one in comparisons))
    if not everybody:
        return NOTHING
    if len(everybody) != 2:
        return f"There are {len(everybody)} people, and κ is defined for two."
    given = Counter(pair for one in comparisons for pair in one.together.elements())
    if not given:
        return f"On {questions(len(comparisons))}, no two people gave a verdict."
    return f"{people(comparisons)} {SAME['verdicts']} on {questions(given.total())}, so κ is undefined."


def people(comparisons: Sequence[Comparison]) -> str:
    """Return "both people" or "all 3 people" where the same ones are compared on every question."""
    groups = {one.people for one in comparisons}
    if len(groups) > 1:
        return "Everybody"
    number = len(groups.pop())
    return "Both people" if number == 2 else f"All {number} people"


def questions(number: int) -> str:
    return {1: "the only question", 2: "both questions"}.get(number, f"all {number} questions")
