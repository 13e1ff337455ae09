"""What building and adding to our embedded index costs beside tantivy alone, and whether its memory grows.

    python -m bench.indexing [--fragments 1000000] [--fewer 100000] [--rounds 1]

Each run is a process of its own that reads the same table; a run of ours and one of tantivy take turns. The aim is
0.8 of its speed at least where an index is built, and a peak that does not grow from fewer fragments to all. Ours is
added to as a load does it, commit by commit, each by one thread and a writer of its own, so that a disk that is full
leaves the index as it was; tantivy keeps one writer open.

Of memory, what a process holds for itself must not grow. The files of the index, mapped while they are merged, count
into what the system calls resident, and grow as they do; they are the first that it takes back. Linux tells the two
apart, which is why this runs there alone.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from statistics import median

from tantivy import Document, Index

from bench.retrieval import Synthetic
from bench.synthetic import write_tsv
from retrieval.engines.embedded import ANALYZER, WRITER_BYTES, EmbeddedEngine, index_schema
from retrieval.engines.english import WORDS

ROOT = Path(__file__).resolve().parent.parent
RUNS = ("build", "add")
AS_DEPLOYED = os.environ | {"MALLOC_ARENA_MAX": "2"}  # as the Dockerfile sets it, and says why
IN_COMMIT = 50_000  # as many as a load commits at once


class Table(Synthetic):
    """The passages of a table of DPR's shape as what an index is built from."""

    def __init__(self, path: Path, number: int) -> None:
        super().__init__(number)
        self.path = path

    def rows(self) -> Iterator[tuple[int, str, str]]:
        """Yield id, title and text."""
        with self.path.open() as file:
            for line in islice(file, 1, self.number + 1):
                number, text, title = line.rstrip("\n").split("\t")
                yield int(number), title, text


def ours(what: str, table: Table, folder: Path) -> None:
    """Build an index of the table, or add the table to one."""
    engine = EmbeddedEngine("bench", folder)
    if what == "build":
        engine.rebuild(table)
        return
    for batch in table.pages(IN_COMMIT):
        engine.add(batch)
        engine.commit()


def bare(what: str, table: Table, folder: Path) -> None:
    """Do the same by tantivy's writer, with nothing beside."""
    index = Index(index_schema(), str(folder))
    index.register_tokenizer(ANALYZER, WORDS)
    writer = index.writer(WRITER_BYTES)
    for number, title, text in table.rows():
        writer.add_document(Document(id=number, title=title, text=text))
        if what == "add" and number % IN_COMMIT == 0:
            writer.commit()
    writer.commit()
    writer.wait_merging_threads()


def in_a_process(who: str, what: str, path: Path, fragments: int) -> list[float]:
    """Run one in a process of its own, and return its seconds and its two peaks in megabytes."""
    command = [sys.executable, "-m", "bench.indexing", "--run", who, what, "--file", str(path)]
    command += ["--fragments", str(fragments)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT, env=AS_DEPLOYED)
    return [float(figure) for figure in done.stdout.split()]


class Watch(threading.Thread):
    """Watches how much memory the process holds for itself, in megabytes, until it is stopped."""

    peak = 0.0

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.stopped = threading.Event()

    def run(self) -> None:
        while not self.stopped.wait(0.02):
            lines = Path("/proc/self/status").read_text().splitlines()
            self.peak = max(self.peak, *(int(line.split()[1]) / 1024 for line in lines if line.startswith("RssAnon")))


def run(who: str, what: str, table: Table) -> None:
    """Do what is measured, and print seconds and the peak megabytes of its own and with the files that are mapped."""
    watch = Watch()
    watch.start()
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        {"ours": ours, "bare": bare}[who](what, table, Path(folder))
        seconds = time.perf_counter() - start
    watch.stopped.set()
    print(seconds, watch.peak, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def report(what: str, path: Path, options: argparse.Namespace) -> None:
    """Measure one way of writing and print it."""
    _, few, few_mapped = in_a_process("ours", what, path, options.fewer)
    turns = [
        [in_a_process(who, what, path, options.fragments) for who in ("ours", "bare")] for _ in range(options.rounds)
    ]
    speed = median(bare[0] / own[0] for own, bare in turns)
    own, bare = (median(turn[who][0] for turn in turns) for who in (0, 1))
    print(f"{what} {options.fragments:,}: ours {own:.0f} s, tantivy {bare:.0f} s; speed {speed:.2f} of it")
    for name, place, before in (("of its own", 1, few), ("with mapped files", 2, few_mapped)):
        mine, theirs = (max(turn[who][place] for turn in turns) for who in (0, 1))
        print(f"peak {name} {mine:.0f} MB, tantivy {theirs:.0f} MB; with {options.fewer:,} fragments {before:.0f} MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fragments", type=int, default=1_000_000)
    parser.add_argument("--fewer", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--run", nargs=2, metavar=("WHO", "WHAT"), help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        who, what = options.run
        run(who, what, Table(options.file, options.fragments))
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "some.tsv"
        with path.open("w") as file:
            write_tsv(options.fragments, file)
        for what in RUNS:
            report(what, path, options)


if __name__ == "__main__":
    main()
