"""Whether a system sees as many conditions as gold does."""

from scoring.measures import Figure, Over, Values
from scoring.scored import Scored

FIGURES = {
    "count_exact": Figure("Count", "share of questions with as many conditions as gold", ranked=True),
    "count_bias": Figure("Count, bias", "conditions more (less: −) than gold, mean"),
    "count_difference": Figure("Count, difference", "conditions more or less than gold, mean"),
    "replied": Figure("Replied", "share of questions with any reply", over=Over.ALL),
}


def measured(scored: Scored) -> Values:
    m, n = scored.sizes
    return {
        "count_exact": float(scored.replied and m == n),
        "count_bias": float(n - m),
        "count_difference": float(abs(n - m)),
        "replied": float(scored.replied),
    }
