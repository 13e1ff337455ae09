"""What our search costs over tantivy alone: the same index, the same query, ids and scores of the first k.

    python -m bench.retrieval [--fragments 1000000] [--k 20]

Both take turns, query by query, so that a slow moment of the machine meets both. The aim is a ratio of 1.2 at most.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from statistics import median

import tantivy

from bench.synthetic import queries, rows
from retrieval.engines.embedded import EmbeddedEngine, open_index, query_of
from retrieval.engines.protocol import Passage

Search = Callable[[str], list[tuple[int, float]]]


class Synthetic:
    """Made-up passages as what an index is built from."""

    def __init__(self, count: int) -> None:
        self.number = count

    def rows(self) -> Iterator[tuple[int, str, str]]:
        """Yield id, title and text."""
        return rows(self.number)

    def pages(self, size: int = 2_000) -> Iterator[list[Passage]]:
        passages = (Passage(*row) for row in self.rows())
        while page := list(islice(passages, size)):
            yield page

    def count(self, last_id: int) -> int:
        return min(last_id, self.number)


def ours(engine: EmbeddedEngine, k: int) -> Search:
    """Return our search: from the question's text to hits."""
    return lambda query: [(hit.fragment_id, hit.score) for hit in engine.search(query, k)]


def raw(index: tantivy.Index, made: dict[str, tantivy.Query], k: int) -> Search:
    """Return tantivy's search of a query object made before, with the ids of what it found."""
    searcher = index.searcher()

    def search(query: str) -> list[tuple[int, float]]:
        hits = searcher.search(made[query], k, count=False).hits
        ids = searcher.fast_field_values("id", [address for _, address in hits])
        return [(int(number or 0), score) for number, (score, _) in zip(ids, hits, strict=True)]

    return search


def milliseconds(search: Search, query: str) -> float:
    """Return how long one search takes."""
    start = time.perf_counter()
    search(query)
    return (time.perf_counter() - start) * 1000


def compare(one: Search, other: Search, asked: list[str], rounds: int) -> tuple[list[float], list[float]]:
    """Return each search's median milliseconds in each round; every query goes to both before the next."""
    medians: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds):
        times: tuple[list[float], list[float]] = ([], [])
        for place, query in enumerate(asked):
            pair = [(one, times[0]), (other, times[1])]
            for search, into in pair if (place + number) % 2 else reversed(pair):
                into.append(milliseconds(search, query))
        medians[0].append(median(times[0]))
        medians[1].append(median(times[1]))
    return medians


def built(engine: EmbeddedEngine, count: int) -> None:
    """Build the index unless it is there already, and say what that took."""
    if engine.directory.stamp() and engine.info().count == count:
        return
    start = time.perf_counter()
    engine.rebuild(Synthetic(count))
    size = sum(file.stat().st_size for file in engine.directory.path().iterdir())
    print(f"built {count:,} fragments in {time.perf_counter() - start:.0f} s, {size / 1e9:.2f} GB")


def report(root: Path, options: argparse.Namespace) -> None:
    """Build, measure and print."""
    engine = EmbeddedEngine(f"bench-{options.fragments}", root)
    built(engine, options.fragments)
    asked = queries(options.queries)
    index = open_index(engine.directory.path())
    made = {query: query_of(index.schema, query) for query in asked}
    our, their = compare(ours(engine, options.k), raw(index, made, options.k), asked, options.rounds)
    ratio = median(mine / theirs for mine, theirs in zip(our, their, strict=True))
    print(f"ours {median(our):.2f} ms, tantivy {median(their):.2f} ms a query (median of {options.rounds} rounds)")
    print(f"ratio {ratio:.3f} ({len(os.sched_getaffinity(0))} cores, k {options.k}, {options.queries} queries)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fragments", type=int, default=1_000_000)
    parser.add_argument("--k", type=int, default=20)
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--keep", type=Path, help="keep the index in this folder and use it again")
    options = parser.parse_args()
    if options.keep:
        report(options.keep, options)
    else:
        with tempfile.TemporaryDirectory() as folder:
            report(Path(folder), options)


if __name__ == "__main__":
    main()
