"""Corpus files and what they hold."""

from pathlib import Path

from retrieval.corpora import START, Place, read_corpus
from retrieval.fragments import NewFragment


def fragments_in(path: Path, start: Place = START) -> list[NewFragment]:
    """Return the fragments of a file from a place on."""
    return [fragment for step in read_corpus(path, start) for fragment in step.fragments]
