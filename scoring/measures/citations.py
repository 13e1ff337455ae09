"""Whether paired conditions cite the same fragments."""

from scoring.measures import Values
from scoring.measures.sums import named, shares
from scoring.scored import Cited, Part, Scored

FIGURES = named("citation", "Citation", "F1 of the sets of fragments cited by paired conditions")


def measured(scored: Scored) -> Values:
    """Return the figures; of a system that cites nothing they say nothing."""
    if not scored.cites:
        return dict.fromkeys(FIGURES)
    found = [of_sets(*sets(gold, predicted)) for _pair, gold, predicted in scored.sides()]
    precise, recalled, both = (sum(one[place] for one in found) for place in range(3))
    return shares("citation", scored, precise, recalled, both)


def sets(gold: Part, predicted: Part) -> tuple[Cited, Cited]:
    """Return what both cite: fragments, or fragments with what they support where both sides say it of all."""
    if gold.by_role is not None and predicted.by_role is not None:
        return gold.by_role, predicted.by_role
    return gold.cited, predicted.cited


def of_sets(gold: Cited, predicted: Cited) -> tuple[float, float, float]:
    """Return precision, recall and F1 of a set; who cites nothing gets nothing, also where gold cites nothing."""
    if not gold or not predicted:
        return 0.0, 0.0, 0.0
    shared = len(gold & predicted)
    return shared / len(predicted), shared / len(gold), 2 * shared / (len(gold) + len(predicted))
