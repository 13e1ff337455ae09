"""Asking an index: one question, many over one state of it, and what it holds."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any, TypeVar

from elastic_transport import TransportError
from elasticsearch import ApiError, Elasticsearch, NotFoundError
from elasticsearch.exceptions import HTTP_EXCEPTIONS

from retrieval.engines.elastic.client import BUSY, SEARCH_SECONDS, detail, is_elasticsearch
from retrieval.engines.elastic.layout import search_of
from retrieval.engines.protocol import Hit, Passage

SEARCHES_IN_REQUEST = 100
# How long the server keeps one state of an index for the next request of a series.
KEPT = "1m"
# A server that is back answers, and refuses searches for a second or two until its indexes are open: somebody waits for
# one search, but not so long; for many there is time until a busy server breathes again.
WAITS_FOR_ONE = (0.1, 0.4, 1.0, 1.0)
WAITS_FOR_INFO = (0.1,)
WAITS_FOR_MANY = (0.25, 1.0, 4.0)

T = TypeVar("T")


def search(client: Elasticsearch, alias: str, query: str, k: int) -> list[Hit]:
    """Return the best ``k`` of the index behind an alias."""
    return persistently(alias, WAITS_FOR_ONE, lambda: search_once(client, alias, query, k))


def search_once(client: Elasticsearch, alias: str, query: str, k: int) -> list[Hit]:
    answer = client.search(
        **search_of(query, k), index=alias, allow_partial_search_results=False, filter_path="hits.hits.sort"
    )
    return hits(answer.body)


def search_many(client: Elasticsearch, alias: str, queries: Sequence[str], k: int) -> list[list[Hit]]:
    """Return the best ``k`` for each query, all over one state of the index."""
    return persistently(alias, WAITS_FOR_MANY, lambda: search_all(client, alias, queries, k))


def search_all(client: Elasticsearch, alias: str, queries: Sequence[str], k: int) -> list[list[Hit]]:
    found: list[list[Hit]] = []
    with one_state(client, alias) as state:
        for start in range(0, len(queries), SEARCHES_IN_REQUEST):
            bodies = [search_of(query, k) | {"pit": state} for query in queries[start : start + SEARCHES_IN_REQUEST]]
            found += together(client, bodies)
    return found


@contextmanager
def one_state(client: Elasticsearch, alias: str) -> Iterator[dict[str, str]]:
    """Hold the present state of an index open, for searches that name it."""
    state = client.open_point_in_time(index=alias, keep_alive=KEPT, allow_partial_search_results=False)["id"]
    try:
        yield {"id": state, "keep_alive": KEPT}
    finally:
        with suppress(ApiError, TransportError):  # it went with its index, or goes in a minute
            client.close_point_in_time(id=state)


def together(client: Elasticsearch, bodies: Sequence[dict[str, Any]]) -> list[list[Hit]]:
    """Send searches in one request; the first that fails fails them all."""
    path = ["responses.hits.hits.sort", "responses.error", "responses.status"]
    answer = client.msearch(searches=[part for body in bodies for part in ({}, body)], filter_path=path)
    for one in answer["responses"]:
        if "error" in one:
            kind = HTTP_EXCEPTIONS.get(one["status"], ApiError)
            raise kind(detail(one).get("type", ""), replace(answer.meta, status=one["status"]), one)
    return [hits(one) for one in answer["responses"]]


def hits(answer: dict[str, Any]) -> list[Hit]:
    """Return the hits of a search that is sorted by score and id; over a held state a third value follows."""
    return [Hit(hit["sort"][1], hit["sort"][0]) for hit in answer.get("hits", {}).get("hits", [])]


def persistently(alias: str, waits: Sequence[float], ask: Callable[[], T]) -> T:
    """Ask, and ask again where the server was busy, or the index went away because a new one took its place.

    One that takes its time to refuse is given the time of one search, or of all waits where they are longer.
    """
    last = time.monotonic() + max(SEARCH_SECONDS, sum(waits))
    for wait in waits:
        try:
            return ask()
        except ApiError as error:
            if (error.meta.status not in BUSY and not swapped(error, alias)) or time.monotonic() > last:
                raise
        time.sleep(wait)
    return ask()


def swapped(error: ApiError, alias: str) -> bool:
    """Return whether what was not found is an index that the alias stood for, not the alias."""
    return isinstance(error, NotFoundError) and is_elasticsearch(error) and detail(error.body).get("index") != alias


def extent(client: Elasticsearch, alias: str) -> tuple[int, int]:
    """Return how many fragments an index holds, and their highest id, 0 where there is none."""
    answer = client.search(
        index=alias,
        size=1,
        sort=[{"id": "desc"}],
        track_total_hits=True,
        stored_fields="_none_",
        allow_partial_search_results=False,
    )
    highest = [hit["sort"][0] for hit in answer["hits"]["hits"]]
    return answer["hits"]["total"]["value"], max(highest, default=0)


def digests(client: Elasticsearch, alias: str, after: int, passages: Sequence[Passage]) -> dict[int, str]:
    """Return the digests, by id, of what an index holds above an id and up to the last of some passages.

    At most one more than there are passages: enough to see that something is too many.
    """
    answer = client.search(
        index=alias,
        query={"range": {"id": {"gt": after, "lte": passages[-1].fragment_id}}},
        size=len(passages) + 1,
        sort=[{"id": "asc"}],
        docvalue_fields=[{"field": "digest"}],
        stored_fields="_none_",
        allow_partial_search_results=False,
        filter_path=["hits.hits.sort", "hits.hits.fields"],
    )
    found = answer.body.get("hits", {}).get("hits", [])
    return {hit["sort"][0]: hit["fields"]["digest"][0] for hit in found}
