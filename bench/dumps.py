"""What our dump reader costs over unpacking and wikitext parser alone, and what a load takes in time and memory.

    python -m bench.dumps [--pages 900] [--rounds 3] [--memory 10000,100000] [--load 200000]

Reading a multistream XML dump takes turns with ``bz2`` over the same file and ``mwparserfromhell`` over its articles,
in processor time; the aim is 0.8 of their speed. Then a CirrusSearch dump of each number of pages in --memory is read
in a process of its own, and an XML dump of a tenth as many; the peak must not grow. --load N loads a CirrusSearch dump
of N pages into the database that DATABASE_URL names, or a new SQLite, and into the embedded index.
"""

import argparse
import bz2
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import django
import mwparserfromhell

from bench.synthetic_dumps import articles, write

ROOT = Path(__file__).resolve().parent.parent
UNPARSED = ("redirect", "talk", "template", "empty", "style")


def seconds(work: Callable[[], object]) -> float:
    """Return how much of a processor's time something takes: the machine's other work does not count."""
    start = time.process_time()
    work()
    return time.process_time() - start


def ours(path: Path) -> None:
    """Read a dump as a load does."""
    from retrieval.corpora import read_corpus

    for _ in read_corpus(path):
        pass


def bare(path: Path, texts: list[str]) -> None:
    """Unpack a dump, and parse its articles' wikitext, which stands ready."""
    with bz2.open(path) as file:
        while file.read(1 << 16):
            pass
    for text in texts:
        mwparserfromhell.parse(text, skip_style_tags=True)


def compare(folder: Path, pages: int, rounds: int) -> None:
    """Print the reader's time beside that of the parts it cannot do without."""
    path = write(folder / "speed.xml.bz2", articles(pages))
    texts = [article.wikitext() for article in articles(pages) if article.kind not in UNPARSED]
    times = [(seconds(lambda: ours(path)), seconds(lambda: bare(path, texts))) for _ in range(rounds)]
    our, their = map(median, zip(*times, strict=True))
    speed = sum(map(len, texts)) / our / 1000
    print(f"reader {our:.1f} s, unpacking and parser alone {their:.1f} s; {speed:,.0f} kB of wikitext a second")
    print(f"ratio {median(theirs / mine for mine, theirs in times):.2f} of their speed (aim ≥ 0.8)")


def in_a_process(what: str, path: Path, folder: Path) -> list[float]:
    """Run one of the measurements below in a process of its own, and return its figures."""
    command = [sys.executable, "-m", "bench.dumps", "--run", what, "--file", str(path)]
    environment = os.environ | {"PROVISO_VAR": str(folder)}
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT, env=environment)
    return [float(figure) for figure in done.stdout.split()]


def peaks(folder: Path, counts: list[int]) -> None:
    """Print the reader's peak memory by number of pages."""
    for name, share in (("many.json.gz", 1), ("many.xml.bz2", 10)):
        for count in counts:
            path = write(folder / name, articles(count // share))
            elapsed, peak, _ = in_a_process("read", path, folder)
            print(f"{name[5:]}: {count // share:,} pages read in {elapsed:.0f} s, peak {peak:.0f} MB")


def load(folder: Path, pages: int) -> None:
    """Print what loading takes, and what the index at its end."""
    path = write(folder / "load.json.gz", articles(pages))
    elapsed, peak, fragments = in_a_process("load", path, folder)
    print(f"{fragments:,.0f} fragments loaded and indexed in {elapsed:.0f} s, peak {peak:.0f} MB")


def run(what: str, path: Path) -> None:
    """Do what is measured, and print seconds, peak megabytes and fragments."""
    from django.core.management import call_command

    from retrieval.loading import load_corpus
    from retrieval.models import Fragment

    start = time.perf_counter()
    fragments = 0
    if what == "read":
        ours(path)
    else:
        call_command("migrate", verbosity=0)
        load_corpus(path, f"bench-{time.time_ns()}")
        fragments = Fragment.objects.count()
    print(time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, fragments)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=900)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--memory", default="1000,10000", metavar="PAGES,PAGES")
    parser.add_argument("--load", type=int, default=0, metavar="PAGES")
    parser.add_argument("--run", choices=["read", "load"])
    parser.add_argument("--file", type=Path)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    if options.run:
        run(options.run, options.file)
        return
    with tempfile.TemporaryDirectory() as folder:
        compare(Path(folder), options.pages, options.rounds)
        peaks(Path(folder), [int(count) for count in options.memory.split(",")])
        if options.load:
            load(Path(folder), options.load)


if __name__ == "__main__":
    main()
