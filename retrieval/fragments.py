"""Fragments on their way into a corpus: stored once each, found again by their digest."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from retrieval.bulk import add_fragments
from retrieval.models import Corpus, Fragment

# SQLite takes 999 variables in a statement, whatever its build.
LOOKUP_SIZE = 900

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class NewFragment:
    """A passage as a file brings it; where it came from is None when unknown. ``offset`` counts code points."""

    title: str
    text: str
    source_id: str | None = None
    page_id: int | None = None
    revision_id: int | None = None
    url: str | None = None
    section: str | None = None
    offset: int | None = None

    @property
    def sha256(self) -> str:
        """The digest that identifies the fragment within its corpus."""
        return Fragment.digest_of(self.title, self.text)


def store_fragments(corpus: Corpus, fragments: Iterable[NewFragment]) -> dict[str, int]:
    """Insert what the corpus lacks and return the id of every fragment given, by its SHA-256.

    A fragment keeps the row and provenance that it came with first. Safe beside another process that stores the same;
    about one query per 900 fragments looked up.
    """
    by_digest: dict[str, NewFragment] = {}
    for fragment in fragments:
        by_digest.setdefault(fragment.sha256, fragment)
    ids = fragment_ids(corpus, by_digest)
    missing = {sha256: fragment for sha256, fragment in by_digest.items() if sha256 not in ids}
    if missing:
        add_fragments(corpus, missing.values())
    return ids | fragment_ids(corpus, missing)


def fragment_ids(corpus: Corpus, digests: Collection[str]) -> dict[str, int]:
    """Return the ids of the corpus's fragments that have one of these digests, by digest."""
    ids: dict[str, int] = {}
    for some in batched(digests, LOOKUP_SIZE):
        ids.update(corpus.fragments.filter(sha256__in=some).values_list("sha256", "id"))
    return ids


def digests_of(fragment_ids: Collection[int]) -> dict[int, str]:
    """Return the SHA-256 of each of these fragments, by id; unknown ids are left out."""
    digests: dict[int, str] = {}
    for some in batched(fragment_ids, LOOKUP_SIZE):
        digests.update(Fragment.objects.filter(id__in=some).values_list("id", "sha256"))
    return digests


def batched(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield the items in lists of ``size``, the last one shorter."""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch
