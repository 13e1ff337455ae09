"""What replies sum up to: their cost, how many hold no verdict, whether the order of the texts mattered. Pure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from scoring.judges.llm.memory import Replies
from scoring.judges.llm.replies import Flaw

MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Prices:
    """What a million tokens cost, in whatever currency; None where nobody said."""

    tokens_in: float | None = None
    tokens_out: float | None = None

    def of(self, tokens_in: int, tokens_out: int) -> float | None:
        """Return what so many tokens cost; None where a price is not known."""
        if self.tokens_in is None or self.tokens_out is None:
            return None
        return (tokens_in * self.tokens_in + tokens_out * self.tokens_out) / MILLION


@dataclass(slots=True)
class Sums:
    """Sums over couples. ``flaws`` counts those without a verdict by why, ``weighted`` the replies with probabilities.

    ``both`` is how many have a score in both orders, ``apart`` the sum of the differences of these in points of 0 to
    10, ``close`` how many differ by no more than a point.
    """

    couples: int = 0
    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    weighted: int = 0
    replies: int = 0
    both: int = 0
    apart: float = 0.0
    close: int = 0
    flaws: Counter[Flaw] = field(default_factory=Counter)

    def add(self, replies: Replies) -> None:
        self.couples += 1
        came = [reply for reply in replies if reply]
        self.replies += len(came)
        for reply in came:
            self.calls += reply.calls
            self.tokens_in += reply.tokens_in
            self.tokens_out += reply.tokens_out
            self.weighted += reply.weighted
        self.flaws.update([reply.flaw for reply in came if reply.flaw][:1])
        self.compare([reply.score for reply in came if reply.score is not None])

    def compare(self, scores: list[float]) -> None:
        if len(scores) == 2:
            self.both += 1
            self.apart += abs(scores[0] - scores[1])
            self.close += abs(scores[0] - scores[1]) <= 1

    @property
    def without(self) -> int:
        """Return how many couples have no verdict."""
        return self.flaws.total()

    @property
    def difference(self) -> float | None:
        """Return the mean difference between the two orders, in points; None where no couple has both."""
        return self.apart / self.both if self.both else None

    @property
    def percent_close(self) -> float | None:
        """Return the percentage of couples whose two scores differ by at most a point; None where none has both."""
        return 100 * self.close / self.both if self.both else None


def sums(kept: Iterable[Replies]) -> Sums:
    """Return the sums over couples."""
    found = Sums()
    for replies in kept:
        found.add(replies)
    return found
