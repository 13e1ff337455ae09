"""How far a corpus file has come, stored in the transaction of the rows that were read from it."""

import hashlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from django.db import transaction

from retrieval.bulk import add_fragments
from retrieval.corpora import START, CorpusError, Place, Step
from retrieval.fragments import NewFragment
from retrieval.models import Checkpoint, Corpus

# Small enough that other writers get their turn between two transactions.
ROWS_IN_TRANSACTION = 2_000
PROOF_BYTES = 1 << 16
# Reading runs ahead of what it gives, perhaps into the very damage that will be put right.
MOST_AHEAD = 1 << 22


@dataclass
class Batch:
    """What one transaction stores: the fragments of some records, and the place after them."""

    place: Place = START
    records: int = 0
    fragments: list[NewFragment] = field(default_factory=list)

    def take(self, step: Step) -> None:
        self.place = step.place
        self.records += 1
        self.fragments += step.fragments

    @property
    def full(self) -> bool:
        return max(self.records, len(self.fragments)) >= ROWS_IN_TRANSACTION


def batches(steps: Iterator[Step]) -> Iterator[Batch]:
    """Yield the steps by transaction; what was read before a fault is given before the fault is raised."""
    batch = Batch()
    try:
        for step in steps:
            batch.take(step)
            if batch.full:
                yield batch
                batch = Batch()
    except CorpusError:
        if batch.records:
            yield batch
        raise
    if batch.records:
        yield batch


@transaction.atomic
def store_batch(corpus: Corpus, path: Path, batch: Batch) -> int:
    """Store fragments with the place that they go up to, and return how many were new."""
    reached = {"place": asdict(batch.place), "proof": proof_of(path, batch.place)}
    Checkpoint.objects.update_or_create(corpus=corpus, file=path.name, defaults=reached)
    return add_fragments(corpus, batch.fragments)


def place_to_go_on(slug: str, path: Path) -> Place:
    """Return the place up to which a file is stored; its start where nothing is, or where it is not the file it was."""
    checkpoint = Checkpoint.objects.filter(corpus__slug=slug, file=path.name).first()
    if checkpoint is None or not path.is_file():
        return START
    place = Place(**checkpoint.place)
    return place if proof_of(path, place) == checkpoint.proof else START


def forget(corpus: Corpus, path: Path) -> None:
    """Forget how far a file has come: the next load reads it from its start."""
    Checkpoint.objects.filter(corpus=corpus, file=path.name).delete()


def proof_of(path: Path, place: Place) -> str:
    """Return a digest of what a file begins with, and of what lies well before the place.

    It stays when a file that was cut off or damaged is made whole, and changes with nearly any other of the same name.
    """
    end = max(place.entry or place.read - MOST_AHEAD, min(place.read, MOST_AHEAD))
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for start in (0, max(0, end - PROOF_BYTES)):
            file.seek(start)
            digest.update(file.read(min(PROOF_BYTES, end)))
    return digest.hexdigest()
