"""How alike the conditions are that are paired. By the usual judge an overlap of words: shown, never ranked by."""

from scoring.measures import Values
from scoring.measures.sums import named, summed
from scoring.scored import Scored

FIGURES = named("condition", "Condition overlap", "similarity of the conditions’ texts, exploratory", ranked=False)


def measured(scored: Scored) -> Values:
    """Return the figures; of a system that never says under which condition they say nothing."""
    if not scored.conditional:
        return dict.fromkeys(FIGURES)
    return summed("condition", scored, [pair.condition for pair in scored.pairs])
