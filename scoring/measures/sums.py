"""Precision, recall and F1 of what the pairs of a question sum up to, however many conditions stand alone."""

from collections.abc import Sequence

from scoring.measures import Figure, Values
from scoring.scored import Scored


def named(what: str, label: str, says: str, *, ranked: bool = True) -> dict[str, Figure]:
    """Return the three figures of a similarity."""
    return {
        f"{what}_f1": Figure(label, says, ranked=ranked),
        f"{what}_precision": Figure(f"{label}, precision", f"{says}; of what the system says"),
        f"{what}_recall": Figure(f"{label}, recall", f"{says}; of what gold says"),
    }


def summed(what: str, scored: Scored, values: Sequence[float | None]) -> Values:
    """Return Σ / n, Σ / m and 2 Σ / (n + m) of one value per pair; nothing on both sides is 1, on one side 0.

    Without a reply all is 0, and where a pair has no value nothing is known.
    """
    if any(value is None for value in values):
        return dict.fromkeys((f"{what}_f1", f"{what}_precision", f"{what}_recall"))
    total = sum(value or 0.0 for value in values)
    return shares(what, scored, total, total, total)


def shares(what: str, scored: Scored, precise: float, recalled: float, both: float) -> Values:
    """Return precision, recall and F1 of sums over the pairs, of which each may have its own."""
    m, n = scored.sizes
    if not scored.replied or not m or not n:
        alike = float(scored.replied and not m and not n)
        return {f"{what}_f1": alike, f"{what}_precision": alike, f"{what}_recall": alike}
    return {f"{what}_f1": 2 * both / (n + m), f"{what}_precision": precise / n, f"{what}_recall": recalled / m}
