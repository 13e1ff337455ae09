"""What our Elasticsearch engine costs over the bare client: building an index, one search, many searches.

    ELASTICSEARCH_URL=http://127.0.0.1:9200 python -m bench.elastic [--fragments 50000] [--k 20]

Both take turns. The aims: indexing at 0.8 of the speed of ``parallel_bulk`` at least, though ours also verifies
and swaps; searching in 1.1 of the client's time at most. The client is asked for the same ranking, ties and all;
what those cost over an order by score alone is printed beside it.
"""

import argparse
import os
import time
from collections.abc import Iterator
from statistics import median
from typing import Any

from elasticsearch import Elasticsearch
from elasticsearch.helpers import parallel_bulk

from bench.retrieval import Search, Synthetic, compare
from bench.synthetic import queries
from retrieval.engines.elastic.client import Address
from retrieval.engines.elastic.engine import ElasticEngine
from retrieval.engines.elastic.layout import CREATED, FIELDS, LOADING, MAPPINGS
from retrieval.engines.protocol import Passage

BARE = "bench.bare"


class Made:
    """Passages that are made already, so that making them is not measured."""

    def __init__(self, count: int) -> None:
        self.kept = list(Synthetic(count).pages())
        self.number = count

    def pages(self) -> Iterator[list[Passage]]:
        return iter(self.kept)

    def count(self, last_id: int) -> int:
        return min(last_id, self.number)


def seconds_of_ours(engine: ElasticEngine, made: Made) -> float:
    start = time.perf_counter()
    engine.rebuild(made)
    return time.perf_counter() - start


def seconds_of_bare(client: Elasticsearch, made: Made) -> float:
    """Return how long the client's own helper takes for the same documents, in an index of the same layout."""
    client.indices.delete(index=BARE, ignore_unavailable=True)
    start = time.perf_counter()
    client.indices.create(
        index=BARE, settings={**CREATED, "index": CREATED["index"] | LOADING["index"]}, mappings=MAPPINGS
    )
    actions = (
        {"_id": str(one.fragment_id), "id": one.fragment_id, "title": one.title, "text": one.text}
        for page in made.pages()
        for one in page
    )
    for _ in parallel_bulk(client, actions, index=BARE):
        pass
    client.indices.refresh(index=BARE)
    return time.perf_counter() - start


def ours(engine: ElasticEngine, k: int) -> Search:
    return lambda query: [(hit.fragment_id, hit.score) for hit in engine.search(query, k)]


def bare(client: Elasticsearch, k: int, **more: Any) -> Search:
    """Return the client's search for the same words over the same index."""

    def search(query: str) -> list[tuple[int, float]]:
        asked = {"combined_fields": {"query": query, "fields": FIELDS, "operator": "or"}}
        answer = client.search(index="bench.live.bench", query=asked, size=k, **more)
        return [(int(hit["_id"]), hit["_score"]) for hit in answer["hits"]["hits"]]

    return search


def report(url: str, options: argparse.Namespace) -> None:
    """Index, search and print."""
    engine, client = ElasticEngine("bench", Address(url, prefix="bench")), Elasticsearch(url, request_timeout=60)
    made = Made(options.fragments)
    pairs = [(seconds_of_bare(client, made), seconds_of_ours(engine, made)) for _ in range(options.rounds)]
    speed = median(bare / own for bare, own in pairs)
    print(f"indexing {options.fragments:,}: ours {median(own for _, own in pairs):.1f} s, ", end="")
    print(f"parallel_bulk {median(bare for bare, _ in pairs):.1f} s; speed {speed:.2f} of it")
    asked = queries(options.queries)
    same: dict[str, Any] = {"sort": [{"_score": "desc"}, {"id": "asc"}], "track_total_hits": False}
    for name, more in {"the client": same, "the client by score alone": {"track_total_hits": False}}.items():
        our, their = compare(ours(engine, options.k), bare(client, options.k, **more), asked, options.rounds)
        ratio = median(mine / theirs for mine, theirs in zip(our, their, strict=True))
        print(f"ours {median(our):.2f} ms, {name} {median(their):.2f} ms a search; ratio {ratio:.3f}")
    print(f"{milliseconds_of_many(engine, asked, options.k):.2f} ms a search where {len(asked)} are asked at once")
    client.indices.delete(index=[BARE, *engine.builds.all()])


def milliseconds_of_many(engine: ElasticEngine, asked: list[str], k: int) -> float:
    start = time.perf_counter()
    engine.search_many(asked, k)
    return (time.perf_counter() - start) / len(asked) * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fragments", type=int, default=50_000)
    parser.add_argument("--k", type=int, default=20)
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    if url := os.environ.get("ELASTICSEARCH_URL"):
        report(url, options)
    else:
        print("Elasticsearch: not measured, since ELASTICSEARCH_URL names none")


if __name__ == "__main__":
    main()
