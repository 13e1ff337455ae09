"""The one door to a language model: ``POST {url}/chat/completions`` of anything that speaks as OpenAI does. Pure.

What may pass by itself (429, a server's error, a time-out, a connection that was reset) is tried again, later each
time; what will not is an error that names the setting. The key stands in no message and in no representation.
"""

import json
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.message import Message
from email.utils import parsedate_to_datetime
from http.client import HTTPException, IncompleteRead
from typing import Any, Protocol
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

TRIES = 6
SHORTEST_WAIT, LONGEST_WAIT = 1.0, 120.0  # seconds between two tries
SHOWN = 300  # characters of the endpoint's own words
PASSES = {408, 425, 429}  # besides every 5xx
ABOUT_THE_TEXT = ("content_filter", "content_policy", "context_length")
SETTINGS = {
    400: "refuses the request; is LLM_JUDGE_MODEL right?",
    401: "does not know the key: LLM_JUDGE_KEY",
    403: "does not let this key ask this model: LLM_JUDGE_KEY, LLM_JUDGE_MODEL",
    404: "knows no such address or model: LLM_JUDGE_URL, LLM_JUDGE_MODEL",
}


class EndpointError(Exception):
    """No more can be asked for now; the message says why, and names the setting where one is wrong."""


class SetUpWrong(EndpointError):
    """The endpoint will never answer as it is set up."""


class Away(EndpointError):
    """The endpoint did not answer, however often it was tried."""


class Declined(Exception):
    """The endpoint will not answer about these two texts; others it may."""


class NoProbabilities(Exception):
    """The endpoint does not give log-probabilities, and refuses a request for them."""


class Passing(Exception):
    """What may pass by itself, with the seconds that the endpoint asks to wait for."""

    def __init__(self, what: str, wait: float = 0.0) -> None:
        self.wait = wait
        super().__init__(what)


class Endpoint(Protocol):
    """Something that answers a chat completion."""

    def ask(self, body: Mapping[str, Any]) -> bytes:
        """Return the reply as it came. Raises EndpointError, Declined and NoProbabilities."""
        ...


@dataclass(slots=True)
class InMemory:
    """An endpoint that answers from a function, for tests and for nobody's money. ``asked`` are the bodies it saw."""

    answer: Callable[[Mapping[str, Any]], bytes]
    asked: list[Mapping[str, Any]] = field(default_factory=list)

    def ask(self, body: Mapping[str, Any]) -> bytes:
        self.asked.append(body)
        return self.answer(body)


class NoRedirect(HTTPRedirectHandler):
    """Follows nothing: what is sent holds the key, and is for one address."""

    def redirect_request(self, *_told: Any) -> None:
        return None


@dataclass(frozen=True, slots=True)
class HttpEndpoint:
    """An endpoint over HTTP. ``sleep``, ``jitter`` (0 to 1) and ``now`` are those of a test, where there is one."""

    url: str
    key: str = field(default="", repr=False)
    timeout: float = 60.0
    tries: int = TRIES
    sleep: Callable[[float], object] = time.sleep
    jitter: Callable[[], float] = random.random
    now: Callable[[], float] = time.time

    def ask(self, body: Mapping[str, Any]) -> bytes:
        for tried in range(self.tries):
            try:
                return self.send(body)
            except Passing as passing:
                last = passing
                if passing.wait > LONGEST_WAIT:
                    raise Away(f"{self.place} asks to wait for {passing.wait:.0f} seconds: {passing}") from None
            if tried + 1 < self.tries:
                self.sleep(max(last.wait, self.backed_off(tried)))
        raise Away(f"{self.place} did not answer in {self.tries} tries; the last: {last}")

    def backed_off(self, tried: int) -> float:
        """Return how long to wait after so many tries: twice as long each time, less up to half of it by chance."""
        return float(min(LONGEST_WAIT, SHORTEST_WAIT * 2**tried) * (1 - self.jitter() / 2))

    @property
    def place(self) -> str:
        """Return the address without what may be secret in it."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.hostname}{f':{parts.port}' if parts.port else ''}{parts.path}"

    def send(self, body: Mapping[str, Any]) -> bytes:
        """Ask once. Raises Passing besides what ``ask`` raises."""
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {self.key}"} if self.key else {})
        address = f"{self.url.rstrip('/')}/chat/completions"
        request = Request(address, json.dumps(body).encode(), headers)  # noqa: S310 - the setting is of http or https
        try:
            with build_opener(NoRedirect).open(request, timeout=self.timeout) as response:
                return bytes(response.read())
        except HTTPError as error:
            with error:
                raise self.trouble(error.code, said_in(error), wait_in(error.headers, self.now())) from None
        except (URLError, OSError, HTTPException) as error:
            raise self.broken(error.reason if isinstance(error, URLError) else error) from None

    def trouble(self, status: int, said: tuple[str, str], wait: float) -> Exception:
        """Return what a status stands for, given the code and the words that came with it."""
        code, words = said[0], self.without_key(said[1])
        if status in PASSES or status >= 500:
            return Passing(f"{status} {words}".strip(), wait)
        if any(one in code for one in ABOUT_THE_TEXT):
            return Declined(words)
        if status in (400, 422) and "logprobs" in words:
            return NoProbabilities(words)
        told = SETTINGS.get(status, "does not answer as a chat completion does: LLM_JUDGE_URL")
        return SetUpWrong(f"{self.place} {told} ({status}{f': {words}' if words else ''})")

    def broken(self, cause: object) -> Exception:
        if isinstance(cause, TimeoutError):
            return Passing(f"no answer within {self.timeout:g} seconds (LLM_JUDGE_TIMEOUT)")
        if isinstance(cause, ConnectionResetError | ConnectionAbortedError | BrokenPipeError | IncompleteRead):
            return Passing("the connection was closed")
        return SetUpWrong(f"{self.place} cannot be reached: LLM_JUDGE_URL ({self.without_key(str(cause))})")

    def without_key(self, words: str) -> str:
        return (words.replace(self.key, "…") if self.key else words)[:SHOWN]


def said_in(error: HTTPError) -> tuple[str, str]:
    """Return the code and the words of an error, both empty where it has none that can be read."""
    try:
        told = json.loads(error.read())["error"]
        return (str(told.get("code") or ""), str(told["message"])) if isinstance(told, dict) else ("", str(told))
    except (ValueError, LookupError, TypeError, RecursionError, OSError, HTTPException):
        return "", ""


def wait_in(headers: Message, now: float) -> float:
    """Return the seconds of ``Retry-After``, which is a number or a date; 0 where there is none."""
    told = str(headers.get("Retry-After") or "").strip()
    try:
        return float(told) if told.isdigit() else max(0.0, parsedate_to_datetime(told).timestamp() - now)
    except (ValueError, TypeError):
        return 0.0
