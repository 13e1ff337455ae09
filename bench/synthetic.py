"""Fragments made up for measuring: words by Zipf's law, a hundred to a passage as in DPR's Wikipedia.

Passages of one length make many equal scores, which is the hard case for a ranking that breaks ties by id.
"""

import argparse
import itertools
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

VOCABULARY = 200_000
TITLE_WORDS = 3
TEXT_WORDS = 100
SYLLABLES = [first + second for first in "bdfgklmnprstvz" for second in "aeiou"]


def vocabulary(size: int = VOCABULARY) -> list[str]:
    """Return distinct pronounceable words, the shortest first, as frequent words are short."""
    lengths = (itertools.product(SYLLABLES, repeat=length) for length in itertools.count(1))
    return ["".join(word) for word in itertools.islice(itertools.chain.from_iterable(lengths), size)]


def rows(count: int, seed: int = 7) -> Iterator[tuple[int, str, str]]:
    """Yield ``count`` rows of id from 1, title and text; the same for the same seed."""
    rng = random.Random(seed)
    words, weights = vocabulary(), zipf(VOCABULARY)
    for number in range(1, count + 1):
        chosen = rng.choices(words, cum_weights=weights, k=TITLE_WORDS + TEXT_WORDS)
        yield number, " ".join(chosen[:TITLE_WORDS]).title(), " ".join(chosen[TITLE_WORDS:])


def queries(count: int, seed: int = 11, most_words: int = 8) -> list[str]:
    """Return questions of 3 to ``most_words`` words; the commonest fifty words are left out, as stop words are."""
    rng = random.Random(seed)
    words, weights = vocabulary(), zipf(VOCABULARY)
    lengths = (rng.randint(3, most_words) for _ in range(count))
    return [" ".join(rng.choices(words[50:], cum_weights=weights[:-50], k=length)) for length in lengths]


def zipf(size: int) -> list[float]:
    """Return cumulative weights 1, 1/2, 1/3 … for ``random.choices``."""
    return list(itertools.accumulate(1 / rank for rank in range(1, size + 1)))


def write_jsonl(count: int, file: TextIO) -> None:
    """Write rows as our JSON lines."""
    for number, title, text in rows(count):
        file.write(json.dumps({"id": str(number), "title": title, "text": text}) + "\n")


def write_tsv(count: int, file: TextIO) -> None:
    """Write rows as DPR's table."""
    file.write("id\ttext\ttitle\n")
    for number, title, text in rows(count):
        file.write(f'{number}\t"{text}"\t{title}\n')


def main() -> None:
    parser = argparse.ArgumentParser(description="Write a synthetic corpus.")
    parser.add_argument("file", type=Path, help="ends in .jsonl or .tsv")
    parser.add_argument("--fragments", type=int, default=1_000_000)
    options = parser.parse_args()
    write = write_tsv if options.file.suffix == ".tsv" else write_jsonl
    with options.file.open("w") as file:
        write(options.fragments, file)


if __name__ == "__main__":
    main()
