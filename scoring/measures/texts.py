"""What measures of texts share: the answers of a condition as one text, and means over what has a value."""

from collections.abc import Callable, Collection, Iterable

from scoring.scored import Part


def said(part: Part) -> str:
    """Return the answers of a condition as one text, each in its first wording."""
    return "; ".join(wordings[0] for wordings in part.said.answers)


def recall(told: Callable[[str], Collection[str]], gold: Part, predicted: Part | None) -> float | None:
    """Return which share of what gold's answers tell stands in the predicted ones, None where they tell nothing.

    Of each answer that wording counts of which most is there.
    """
    there = told("; ".join(wording for wordings in predicted.said.answers for wording in wordings) if predicted else "")

    def kept(wording: str) -> float:
        found = share(told(wording), there)
        return -1.0 if found is None else found

    return share(told("; ".join(max(wordings, key=kept) for wordings in gold.said.answers)), there)


def share(wanted: Collection[str], there: Collection[str]) -> float | None:
    """Return which share of the different words wanted is there; None where none is wanted."""
    words = frozenset(wanted)
    return len(words & frozenset(there)) / len(words) if words else None


def mean(values: Iterable[float | None]) -> float | None:
    """Return the mean of the values there are; None of none."""
    found = [value for value in values if value is not None]
    return sum(found) / len(found) if found else None
