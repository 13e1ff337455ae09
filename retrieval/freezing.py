"""Freezing ranked lists: writing them once, with a digest, and proving later that nothing has changed."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone

from retrieval.engines import Hit
from retrieval.fragments import digests_of
from retrieval.models import Fragment, ListedFragment, Retrieval

INSERT_SIZE = 2_000


class StaleIndexError(LookupError):
    """A search named fragments that the database does not have: its index belongs to another state of the data."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a list to be written. Ranks begin at 1; ``extra`` is what a file said besides."""

    rank: int
    fragment_id: int
    sha256: str
    score: float | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NewList:
    """A ranked list to be written: what was asked, of which engine, and its lines in order of rank."""

    query: str
    k: int
    engine: str
    settings: Mapping[str, Any]
    lines: Sequence[Line]
    kind: Retrieval.Kind = Retrieval.Kind.FROZEN
    created: datetime | None = None


def freeze_many(lists: Sequence[NewList]) -> list[Retrieval]:
    """Write lists in one transaction and return their rows in the same order; a list may be empty."""
    now = timezone.now()
    with transaction.atomic():
        retrievals = Retrieval.objects.bulk_create([retrieval_row(new, now) for new in lists], batch_size=INSERT_SIZE)
        lines = (
            listed_row(retrieval, line) for retrieval, new in zip(retrievals, lists, strict=True) for line in new.lines
        )
        ListedFragment.objects.bulk_create(lines, batch_size=INSERT_SIZE)
    return retrievals


def retrieval_row(new: NewList, now: datetime) -> Retrieval:
    """Return the unsaved row of a list, with its digest."""
    return Retrieval(
        query=new.query,
        k=new.k,
        engine=new.engine,
        settings=dict(new.settings),
        kind=new.kind,
        digest=list_digest((line.rank, line.sha256) for line in new.lines),
        created=new.created or now,
    )


def listed_row(retrieval: Retrieval, line: Line) -> ListedFragment:
    """Return the unsaved row of a line."""
    return ListedFragment(
        retrieval=retrieval,
        rank=line.rank,
        fragment_id=line.fragment_id,
        score=line.score,
        extra=dict(line.extra),
    )


def lines_of(searches: Sequence[Sequence[Hit]]) -> list[list[Line]]:
    """Return the lines that searches' hits make, ranked from 1, with one query per 900 fragments.

    Raises ``StaleIndexError`` when a hit names a fragment that the database does not have.
    """
    digests = digests_of({hit.fragment_id for hits in searches for hit in hits})
    try:
        return [
            [Line(rank, hit.fragment_id, digests[hit.fragment_id], hit.score) for rank, hit in enumerate(hits, start=1)]
            for hits in searches
        ]
    except KeyError as error:
        raise StaleIndexError(f"the index names fragment {error}, which is not in the database; run reindex") from error


def append(retrieval: Retrieval, fragment: Fragment, score: float | None = None) -> ListedFragment:
    """Return the line of a supplementary list that shows this fragment, added at the end if there is none yet.

    Raises ``ValueError`` for a frozen list.
    """
    if retrieval.kind != Retrieval.Kind.SUPPLEMENTARY:
        raise ValueError("a frozen list never changes")
    with transaction.atomic():
        locked = Retrieval.objects.select_for_update().get(pk=retrieval.pk)
        lines = list(locked.listed.select_related("fragment"))
        for line in lines:
            if line.fragment_id == fragment.pk:
                return line
        added = ListedFragment.objects.create(retrieval=locked, rank=len(lines) + 1, fragment=fragment, score=score)
        digest = list_digest((line.rank, line.fragment.sha256) for line in [*lines, added])
        Retrieval.objects.filter(pk=locked.pk).update(digest=digest)
    retrieval.digest = digest
    return added


def take_out(line: ListedFragment) -> None:
    """Take a line out of a supplementary list; those behind it move up. For the caller's transaction.

    Raises ``ValueError`` for a frozen list.
    """
    retrieval = Retrieval.objects.select_for_update().get(pk=line.retrieval_id)
    if retrieval.kind != Retrieval.Kind.SUPPLEMENTARY:
        raise ValueError("a frozen list never changes")
    line.delete()
    for behind in retrieval.listed.filter(rank__gt=line.rank).order_by("rank"):
        retrieval.listed.filter(pk=behind.pk).update(rank=behind.rank - 1)
    lines = retrieval.listed.values_list("rank", "fragment__sha256")
    Retrieval.objects.filter(pk=retrieval.pk).update(digest=list_digest(lines))


def list_digest(ranked: Iterable[tuple[int, str]]) -> str:
    """Return the SHA-256, in hexadecimal, of ``rank SP fragment's SHA-256 LF`` for each line in order of rank."""
    canonical = "".join(f"{rank} {sha256}\n" for rank, sha256 in sorted(ranked))
    return hashlib.sha256(canonical.encode()).hexdigest()


def verify(retrieval: Retrieval) -> list[str]:
    """Return what is wrong with a list, one sentence each; empty when every line is as it was written.

    Two queries, none where ``listed__fragment`` was prefetched.
    """
    prefetch_related_objects([retrieval], "listed__fragment")
    lines = list(retrieval.listed.all())
    problems = [
        f"rank {line.rank}: fragment {line.fragment_id} is not the text it was stored as"
        for line in lines
        if Fragment.digest_of(line.fragment.title, line.fragment.text) != line.fragment.sha256
    ]
    if [line.rank for line in lines] != list(range(1, len(lines) + 1)):
        problems.append(f"ranks do not run from 1 to {len(lines)}")
    if list_digest((line.rank, line.fragment.sha256) for line in lines) != retrieval.digest:
        problems.append("the lines are not the ones that were frozen: the digest differs")
    return problems
