"""Writing many documents: some requests at once; what a busy server refuses is sent again, other refusals are told."""

import random
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from threading import Event
from typing import Any

from elastic_transport import TransportError
from elasticsearch import ApiError, Elasticsearch

from retrieval.counting import how_many
from retrieval.engines.elastic.client import BLOCKED, BUSY, passes, refusal
from retrieval.engines.elastic.layout import operation
from retrieval.engines.protocol import EngineUnavailableError, Passage

IN_REQUEST = 1_000
BYTES_IN_REQUEST = 4_000_000
SENDERS = 2
# Half a minute in all: a node that is started anew is back by then.
WAITS = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
LONGEST_WAIT = 60.0
SHOWN = 5
GONE = "index_not_found_exception"
ANSWER = ["errors", "items.*.status", "items.*.error"]

Noted = tuple[int, Passage | None]


@dataclass(frozen=True, slots=True)
class Operation:
    """One document to be indexed or taken out, as the request carries it."""

    number: int
    lines: bytes


@dataclass(frozen=True, slots=True)
class Refused:
    """A document that the server did not take, and why."""

    number: int
    why: str


class RefusedError(EngineUnavailableError):
    """Some documents were refused for good; all others are written."""

    def __init__(self, refused: Sequence[Refused]) -> None:
        self.refused = refused
        reasons: dict[str, list[int]] = {}
        for one in refused:
            reasons.setdefault(one.why, []).append(one.number)
        told = "; ".join(told_of(numbers, why) for why, numbers in islice(reasons.items(), SHOWN))
        left = sum(map(len, islice(reasons.values(), SHOWN, None)))
        more = f"; and {left:,} more" if left else ""
        super().__init__(f"Elasticsearch refused {how_many(len(refused), 'fragment')}: {told}{more}")


def told_of(numbers: Sequence[int], why: str) -> str:
    """Return in words that the fragments of these numbers were refused for one reason."""
    more = f" and {len(numbers) - 1:,} more" if len(numbers) > 1 else ""
    return f"fragment {numbers[0]}{more}: it {why}"


def write(client: Elasticsearch, alias: str, noted: Iterable[Noted]) -> None:
    """Write passages (None: take it out) behind an alias, in bounded memory and in any order.

    Raises ``RefusedError`` when all others are written, and what the client raises when the server is away for long.
    """
    refused: list[Refused] = []
    over = Event()
    sending: deque[Future[list[Refused]]] = deque()
    with ThreadPoolExecutor(SENDERS) as pool:
        try:
            for chunk in chunks(noted):
                sending.append(pool.submit(send, client, alias, chunk, over))
                if len(sending) > SENDERS:
                    refused += sending.popleft().result()
            for future in sending:
                refused += future.result()
        finally:
            over.set()
    if refused:
        raise RefusedError(refused)


def chunks(noted: Iterable[Noted]) -> Iterator[list[Operation]]:
    """Yield operations in lists that each make one request."""
    chunk: list[Operation] = []
    size = 0
    for number, passage in noted:
        one = Operation(number, operation(number, passage))
        if chunk and (len(chunk) == IN_REQUEST or size + len(one.lines) > BYTES_IN_REQUEST):
            yield chunk
            chunk, size = [], 0
        chunk.append(one)
        size += len(one.lines)
    if chunk:
        yield chunk


def send(client: Elasticsearch, alias: str, chunk: list[Operation], over: Event) -> list[Refused]:
    """Send operations until each is done or refused for good, and return the refused.

    A repeat does no harm: an id is written over. ``over`` ends the waiting when nobody needs the result any more.
    """
    refused: list[Refused] = []
    left = chunk
    for wait in WAITS:
        try:
            left, more = sorted_out(alias, left, ask(client, alias, left))
            refused += more
        except (ApiError, TransportError) as error:
            if not passes(error):
                raise
            wait = max(wait, retry_after(error))
        if not left or over.wait(wait * random.uniform(0.75, 1.25)):  # noqa: S311 - so that senders do not meet again
            return refused
    left, more = sorted_out(alias, left, ask(client, alias, left))
    return refused + more + [Refused(one.number, refusal(429, "", "")) for one in left]


def ask(client: Elasticsearch, alias: str, chunk: list[Operation]) -> list[dict[str, Any]]:
    """Send one request and return what it says of each operation. An alias that is gone is no new index."""
    lines: list[Any] = [one.lines for one in chunk]  # the client sends bytes as they are
    answer = client.bulk(index=alias, operations=lines, require_alias=True, timeout="30s", filter_path=ANSWER)
    items: list[dict[str, Any]] = answer["items"] if answer["errors"] else [{}] * len(chunk)
    return items


def sorted_out(
    alias: str, chunk: list[Operation], items: list[dict[str, Any]]
) -> tuple[list[Operation], list[Refused]]:
    """Return which operations to send again, and which are refused for good.

    An index that is gone while its alias is there has given its place to a new one.
    """
    again: list[Operation] = []
    refused: list[Refused] = []
    for one, item in zip(chunk, items, strict=True):
        result: dict[str, Any] = next(iter(item.values()), {})
        error = result.get("error")
        if not error:
            continue  # done; of a delete, also where there was nothing
        status, kind = result["status"], error.get("type", "")
        if (status in BUSY and kind != BLOCKED) or (kind == GONE and error.get("index") != alias):
            again.append(one)
        else:
            refused.append(Refused(one.number, refusal(status, kind, str(error.get("reason", ""))[:300])))
    return again, refused


def retry_after(error: ApiError | TransportError) -> float:
    """Return the seconds that the server asks to wait, 0 where it does not say; a minute at most."""
    said = error.meta.headers.get("retry-after") if isinstance(error, ApiError) else None
    return min(float(said), LONGEST_WAIT) if said and said.isdigit() else 0.0
