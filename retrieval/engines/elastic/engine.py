"""The engine: searches through the alias of a corpus, and rebuilds behind it."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from elasticsearch import NotFoundError

from retrieval.engines.elastic.builds import Builds, settings_behind
from retrieval.engines.elastic.bulk import RefusedError, write
from retrieval.engines.elastic.client import LOADING_SECONDS, SEARCH_SECONDS, Address, client, is_elasticsearch, plainly
from retrieval.engines.elastic.filling import fill
from retrieval.engines.elastic.layout import SERVING, SETTINGS
from retrieval.engines.elastic.searching import WAITS_FOR_INFO, extent, persistently, search, search_many
from retrieval.engines.protocol import Hit, Info, NoIndexError, Passage, Source


class ElasticEngine:
    """The index of one corpus on a cluster; cheap to make, safe to use from many processes."""

    name = "elasticsearch"
    settings = SETTINGS

    def __init__(self, slug: str, address: Address) -> None:
        self.slug, self.address = slug, address
        self.searcher, self.loader = client(address, SEARCH_SECONDS), client(address, LOADING_SECONDS)
        self.builds = Builds(self.loader, address.prefix, slug)
        self.noted: dict[int, Passage | None] = {}

    def search(self, query: str, k: int) -> list[Hit]:
        if k < 1:
            raise ValueError("k must be at least 1")
        with self._asked():
            return search(self.searcher, self.builds.live, query, k)

    def search_many(self, queries: Sequence[str], k: int) -> list[list[Hit]]:
        if k < 1:
            raise ValueError("k must be at least 1")
        with self._asked():
            return search_many(self.loader, self.builds.live, queries, k)

    def add(self, passages: Iterable[Passage]) -> None:
        self.noted.update((passage.fragment_id, passage) for passage in passages)

    def delete(self, fragment_ids: Iterable[int]) -> None:
        self.noted.update(dict.fromkeys(fragment_ids))

    def commit(self) -> None:
        with self._asked():
            if not self.builds.behind(self.builds.live):
                self.builds.create(self.builds.live, SERVING)
            write(self.loader, self.builds.live, self.noted.items())
            self.loader.indices.refresh(index=self.builds.live)
        self.noted.clear()

    def rebuild(self, source: Source) -> None:
        with self._asked():
            self._build(source)
        self.noted.clear()

    def info(self) -> Info:
        with self._asked():
            return persistently(self.builds.live, WAITS_FOR_INFO, self._info)

    def _info(self) -> Info:
        return Info(*extent(self.searcher, self.builds.live), settings_behind(self.searcher, self.builds.live))

    def _build(self, source: Source) -> None:
        before = self.builds.behind(self.builds.live)
        try:
            self.builds.begin()
            with self.builds.loading():
                fill(self.loader, self.builds, source)
            self.builds.publish()
        except (NotFoundError, RefusedError):
            # Another process filled the same build, and was the first to put it in its place.
            if self.builds.behind(self.builds.live) in (None, before):
                raise

    @contextmanager
    def _asked(self) -> Iterator[None]:
        with plainly(self.address):
            try:
                yield
            except NotFoundError as error:
                if not is_elasticsearch(error):
                    raise
                raise NoIndexError(self.slug) from error
