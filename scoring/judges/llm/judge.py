"""The judge that asks a language model, in both orders of the two texts, and keeps every reply. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

from retrieval.progress import Progress, silent
from scoring.judges import Couple
from scoring.judges.llm import prompts
from scoring.judges.llm.asking import BEAT, answers
from scoring.judges.llm.endpoint import Declined, Endpoint, NoProbabilities
from scoring.judges.llm.memory import Forgetful, Memory, Replies
from scoring.judges.llm.replies import HIGHEST, Flaw, Reply, read_reply

NAME = "llm"
TEMPERATURE = 0
Ask = tuple[Couple, int]
"""A couple, and the order in which it is asked about: 0 with gold's text first, 1 with it last."""


@dataclass(slots=True)
class LlmJudge:
    """A language model as judge. With ``swap`` both orders of the two texts are asked and averaged.

    ``probable`` turns False where the endpoint refuses requests for log-probabilities. ``beat`` is after how many
    seconds without a reply ``progress`` is told that the work still goes on.
    """

    endpoint: Endpoint
    model: str
    swap: bool = True
    at_once: int = 4
    memory: Memory = field(default_factory=Forgetful)
    progress: Progress = silent
    probable: bool = True
    beat: float = BEAT

    @property
    def name(self) -> str:
        return NAME

    @property
    def version(self) -> str:
        return version_of(self.model, swap=self.swap)

    @property
    def orders(self) -> int:
        return 2 if self.swap else 1

    def judge(self, couples: Sequence[Couple]) -> list[float | None]:
        """Return a verdict for each couple, asking for what is not kept. Raises EndpointError; what came is kept."""
        found = self.known(couples)
        asks = [(couple, order) for couple, kept in found.items() for order in missing(kept)]
        done = 0
        with closing(answers(asks, self.ask, self.at_once, self.beat)) as coming:
            for came in coming:
                done += len(came)
                self.memory.keep(added(found, came))
                self.progress("asked", done, len(asks))
        return [verdict(found[couple]) for couple in couples]

    def known(self, couples: Iterable[Couple]) -> dict[Couple, Replies]:
        """Return what is kept of each couple, once; None in an order that has to be asked for."""
        nothing: Replies = (None,) * self.orders
        each = dict.fromkeys(couples, nothing)
        return each | dict(self.memory.recall(list(each)))

    def ask(self, one: Ask) -> Reply:
        """Ask about a couple in one order, and once more where the reply holds no verdict."""
        declined = Reply(flaw=Flaw.REFUSED)
        try:
            first = read_reply(self.sent(one))
        except Declined:
            return declined
        if first.flaw is None:
            return first
        try:
            return read_reply(self.sent(one)).after(first)
        except Declined:
            return declined.after(first)

    def sent(self, one: Ask) -> bytes:
        try:
            return self.endpoint.ask(self.body(one))
        except NoProbabilities:
            self.probable = False
            return self.endpoint.ask(self.body(one))

    def body(self, one: Ask) -> dict[str, Any]:
        couple, order = one
        texts = prompts.messages(couple, swapped=bool(order))
        body = {"model": self.model, "messages": texts, "temperature": TEMPERATURE, "max_tokens": prompts.MOST_TOKENS}
        return body | ({"logprobs": True, "top_logprobs": prompts.ALTERNATIVES} if self.probable else {})


def version_of(model: str, *, swap: bool) -> str:
    """Return what a verdict hangs on besides its texts: model, prompts, orders and temperature."""
    return f"{model}, prompt {prompts.DIGEST[:12]}, {'both orders' if swap else 'one order'}, temperature {TEMPERATURE}"


def missing(replies: Replies) -> Iterator[int]:
    """Yield the orders that were not asked yet."""
    return (order for order, reply in enumerate(replies) if reply is None)


def added(found: dict[Couple, Replies], came: Iterable[tuple[Ask, Reply]]) -> Mapping[Couple, Replies]:
    """Add replies to what is known, and return the couples of which more is known now."""
    for (couple, order), reply in came:
        found[couple] = (*found[couple][:order], reply, *found[couple][order + 1 :])
    return {couple: found[couple] for (couple, _order), _reply in came}


def verdict(replies: Replies) -> float | None:
    """Return the mean score of all orders, 0 to 1; None where one of them has none."""
    scores = [reply.score for reply in replies if reply and reply.score is not None]
    return sum(scores) / len(scores) / HIGHEST if len(scores) == len(replies) else None
