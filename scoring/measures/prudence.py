"""Whether a system keeps silent where there is nothing to say, and only there. Not to reply at all is no prudence."""

from scoring.measures import Figure, Over, Values
from scoring.scored import Scored

FIGURES = {
    "prudence": Figure(
        "Prudence", "share of unanswerable questions for which nothing is predicted", over=Over.UNANSWERABLE
    ),
    "over_conservative": Figure("Over-conservative", "share of answerable questions for which nothing is predicted"),
}


def measured(scored: Scored) -> Values:
    silent = not scored.predicted.parts
    answerable = scored.target.answerable
    return {
        "prudence": None if answerable else float(silent and scored.replied),
        "over_conservative": float(silent) if answerable else None,
    }
