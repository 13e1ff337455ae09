"""How alike the answers of paired conditions are."""

from scoring.measures import Values
from scoring.measures.sums import named, summed
from scoring.scored import Scored

FIGURES = named("answer", "Answer", "similarity of the answers under the same condition")


def measured(scored: Scored) -> Values:
    return summed("answer", scored, [pair.answer for pair in scored.pairs])
