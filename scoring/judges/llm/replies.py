"""How the reply of a chat completion is read: one number, weighted by its probabilities where they come back. Pure."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from math import exp, isfinite
from typing import Any

HIGHEST = 10
NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?")
OUT_OF = re.compile(r"\s*(?:/|out of)\s*10\b")


class Flaw(StrEnum):
    """Why a reply holds no verdict."""

    MALFORMED = "malformed"
    TRUNCATED = "truncated"
    REFUSED = "refused"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of asking once about two texts in one order: a score of 0 to 10, or the flaw for which there is none.

    ``weighted`` says whether it is the mean over the tokens' probabilities. Tokens are those that the endpoint counted.
    """

    score: float | None = None
    flaw: Flaw | None = None
    weighted: bool = False
    calls: int = 1
    tokens_in: int = 0
    tokens_out: int = 0

    def after(self, earlier: "Reply") -> "Reply":
        """Return this reply, with what an earlier one cost that held no verdict."""
        sums = {name: getattr(self, name) + getattr(earlier, name) for name in ("calls", "tokens_in", "tokens_out")}
        return replace(self, **sums)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Reply":
        flaw = kept["flaw"]
        return cls(**{**kept, "flaw": Flaw(flaw) if flaw else None})


def read_reply(body: bytes) -> Reply:
    """Return what a reply says; whatever is wrong with it is a flaw and never an error."""
    try:
        whole = json.loads(body)
    except (ValueError, RecursionError):
        return Reply(flaw=Flaw.MALFORMED)
    read, counted = read_choice(part(part(whole, "choices"), 0)), part(whole, "usage")
    tokens_in, tokens_out = number(part(counted, "prompt_tokens")), number(part(counted, "completion_tokens"))
    return replace(read, tokens_in=tokens_in, tokens_out=tokens_out)


def part(value: Any, key: str | int) -> Any:
    """Return what stands under a key or place, None where there is no such thing."""
    if isinstance(key, str):
        return value.get(key) if isinstance(value, dict) else None
    return value[key] if isinstance(value, list) and len(value) > key else None


def number(value: Any) -> int:
    return value if isinstance(value, int) and value > 0 else 0


def read_choice(choice: Any) -> Reply:
    message = part(choice, "message")
    said, ended = part(message, "content"), part(choice, "finish_reason")
    if part(message, "refusal") or ended == "content_filter":
        return Reply(flaw=Flaw.REFUSED)
    if not isinstance(said, str):
        return Reply(flaw=Flaw.MALFORMED)
    if ended == "length":
        return Reply(flaw=Flaw.TRUNCATED)
    score = score_in(said)
    if score is None:
        return Reply(flaw=Flaw.UNCLEAR if NUMBER.search(said) else Flaw.REFUSED)
    mean = weighted(choice, score)
    return Reply(float(score) if mean is None else mean, weighted=mean is not None)


def score_in(said: str) -> int | None:
    """Return the one whole number from 0 to 10 that a text holds, as in "7", "Score: 7" or "7/10"; else None."""
    found = set(NUMBER.findall(OUT_OF.sub("", said)))
    return read_score(found.pop()) if len(found) == 1 else None


def read_score(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 3 and int(text) <= HIGHEST else None


def weighted(choice: Any, score: int) -> float | None:
    """Return Σ p·score / Σ p over the tokens that read as 0 to 10 in the place of the score (Liu et al. 2023, eq. 1).

    None where no probabilities came back, or where the number is no token of its own.
    """
    for token in lines(part(part(choice, "logprobs"), "content")):
        if (first := read_score(text_of(token))) is not None:
            return mean_score(token) if first == score else None
    return None


def mean_score(token: Mapping[str, Any]) -> float | None:
    alternatives = [token, *lines(token.get("top_logprobs"))]
    # The token that was chosen is listed among its alternatives too.
    chances = {part(one, "token"): chance(one) for one in alternatives if read_score(text_of(one)) is not None}
    whole = sum(chances.values())
    mean = sum(p * int(text.strip()) for text, p in chances.items()) / whole if whole > 0 else None
    return None if mean is None else min(mean, float(HIGHEST))  # which rounding may exceed


def lines(value: Any) -> Iterator[Mapping[str, Any]]:
    return (one for one in value if isinstance(one, dict)) if isinstance(value, list) else iter(())


def text_of(token: Mapping[str, Any]) -> str:
    return str(token.get("token", "")).strip()


def chance(token: Mapping[str, Any]) -> float:
    """Return the probability of a token, 0 where none is given; a logarithm is never above 0."""
    logarithm = token.get("logprob")
    return exp(min(logarithm, 0.0)) if isinstance(logarithm, int | float) and isfinite(logarithm) else 0.0
