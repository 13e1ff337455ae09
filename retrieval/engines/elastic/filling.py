"""Filling a build from its source: whatever a run before it left is compared, kept where it agrees, and completed."""

from collections.abc import Iterator

from elasticsearch import Elasticsearch

from retrieval.engines.elastic.builds import Builds
from retrieval.engines.elastic.bulk import Noted, write
from retrieval.engines.elastic.layout import digest
from retrieval.engines.elastic.searching import digests, extent
from retrieval.engines.protocol import EngineUnavailableError, Source

# What others store while a build runs may lie behind it, so that it has to go through the passages once more.
ROUNDS = 3


class DisagreesError(EngineUnavailableError):
    """A build holds what its source does not: it was begun over another state of the data."""

    def __init__(self) -> None:
        super().__init__("the new index holds fragments that the database does not have; reindex when nobody else does")


def fill(client: Elasticsearch, builds: Builds, source: Source) -> None:
    """Complete the build until it holds what the source does; begin it anew where it holds anything else.

    Raises ``EngineUnavailableError`` when the counts still differ after some rounds; the build is kept.
    """
    for _ in range(ROUNDS):
        held, due = filled(client, builds, source)
        if held == due:
            return
    raise EngineUnavailableError(
        f"the new index holds {held:,} of {due:,} fragments after {ROUNDS} rounds, so the old one stays; "
        "reindex when nothing else is being loaded"
    )


def filled(client: Elasticsearch, builds: Builds, source: Source) -> tuple[int, int]:
    """Send what the build lacks; return how many fragments it then holds, and how many it should up to its last."""
    client.indices.refresh(index=builds.building)
    try:
        write(client, builds.building, lacking(client, builds.building, source))
    except DisagreesError:
        builds.renew()
        write(client, builds.building, lacking(client, builds.building, source))
    client.indices.refresh(index=builds.building)
    held, last_id = extent(client, builds.building)
    return held, source.count(last_id)


def lacking(client: Elasticsearch, alias: str, source: Source) -> Iterator[Noted]:
    """Yield the passages that a build lacks. Raises ``DisagreesError`` where it holds anything else.

    Each page is compared by ids and digests with what is stored: no order of writing has to be relied on.
    """
    _, last_id = extent(client, alias)
    after = 0
    for page in source.pages():
        due = {passage.fragment_id: digest(passage) for passage in page} if after < last_id else {}
        stored = digests(client, alias, after, page) if after < last_id else {}
        if not stored.items() <= due.items():
            raise DisagreesError
        yield from ((passage.fragment_id, passage) for passage in page if passage.fragment_id not in stored)
        after = page[-1].fragment_id
    if last_id > after:
        raise DisagreesError
