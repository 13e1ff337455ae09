"""The default engine: tantivy, in the process, one index directory per corpus."""

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import version
from itertools import chain
from pathlib import Path

from tantivy import DocAddress, Document, Index, IndexWriter, Occur, Query, Schema, SchemaBuilder, Searcher

from retrieval.disk import is_full
from retrieval.engines.directories import IndexDirectory
from retrieval.engines.english import WORDS, query_terms
from retrieval.engines.protocol import EngineUnavailableError, Hit, Info, NoIndexError, Passage, Source

ANALYZER = "english"
# Measured: a term counts where it is worth most, title or text, plus this share of the other.
TIE_BREAKER = 0.3
ROOM_FOR_TIES = 100
WRITER_BYTES = 128_000_000
SETTINGS = {"analyzer": ANALYZER, "tie_breaker": TIE_BREAKER, "tantivy": version("tantivy")}


@dataclass(frozen=True, slots=True)
class Opened:
    """An index as a process has it open, and the stamp it was read at."""

    path: Path
    index: Index
    stamp: tuple[int, int]


# Opening a large index costs some 80 ms, so a process keeps one per corpus and looks for commits with a stat.
opened: dict[Path, Opened] = {}
opening = threading.Lock()


class EmbeddedEngine:
    """The index of one corpus below ``root``; cheap to make, safe to use from many processes."""

    name = "embedded"
    settings = SETTINGS

    def __init__(self, slug: str, root: Path) -> None:
        self.slug = slug
        self.directory = IndexDirectory(root / slug)
        self.noted: dict[int, Passage | None] = {}

    def search(self, query: str, k: int) -> list[Hit]:
        return self.search_many([query], k)[0]

    def search_many(self, queries: Sequence[str], k: int) -> list[list[Hit]]:
        if k < 1:
            raise ValueError("k must be at least 1")
        index = self._reader()
        searcher, schema = index.searcher(), index.schema
        return [ranked(searcher, query_of(schema, query), k) for query in queries]

    def add(self, passages: Iterable[Passage]) -> None:
        self.noted.update((passage.fragment_id, passage) for passage in passages)

    def delete(self, fragment_ids: Iterable[int]) -> None:
        self.noted.update(dict.fromkeys(fragment_ids))

    def commit(self) -> None:
        with self._written():
            if self.directory.stamp() is None:
                self._build([])
            # Opened anew each time: a handle kept across another process's commits would write over them.
            index = open_index(self.directory.path())
            # With more threads than one, those that are left when one fails would go on writing.
            writer = index.writer(WRITER_BYTES, num_threads=1)
            writer.delete_documents_by_query(Query.term_set_query(index.schema, "id", list(self.noted)))
            try:
                write(writer, (passage for passage in self.noted.values() if passage))
            except BaseException:
                tidy(index)
                raise
        self.noted.clear()

    def rebuild(self, source: Source) -> None:
        with self._written():
            self._build(chain.from_iterable(source.pages()))
        self.noted.clear()

    def info(self) -> Info:
        searcher = self._reader().searcher()
        highest = searcher.search(Query.all_query(), 1, count=False, order_by_field="id").hits
        return Info(searcher.num_docs, highest[0][0] if highest else 0, self.settings)

    @contextmanager
    def _written(self) -> Iterator[None]:
        """Hold the lock of the index while it is written; a disk that is full is said plainly."""
        try:
            with self.directory.locked():
                yield
        except (OSError, ValueError) as error:
            if not is_full(error):
                raise
            raise EngineUnavailableError(f"the disk is full, and {self.slug} could not be indexed") from error

    def _build(self, passages: Iterable[Passage]) -> None:
        with self.directory.new_build() as build:
            index = Index(index_schema(), str(build))
            index.register_tokenizer(ANALYZER, WORDS)
            write(index.writer(WRITER_BYTES), passages)

    def _reader(self) -> Index:
        """Return the index open for reading, at its latest commit."""
        stamp = self.directory.stamp()
        with opening:
            known = opened.get(self.directory.home)
            if stamp is None or known is None or known.stamp != stamp:
                known = opened[self.directory.home] = self._opened(known, stamp)
        return known.index

    def _opened(self, known: Opened | None, stamp: tuple[int, int] | None) -> Opened:
        if stamp is None:
            raise NoIndexError(self.slug)
        try:
            path = self.directory.path()
            if known and known.path == path:
                known.index.reload()
                return Opened(path, known.index, stamp)
            return Opened(path, open_index(path), stamp)
        except (OSError, ValueError) as error:
            raise NoIndexError(self.slug, f"cannot be read ({error})") from error


def index_schema() -> Schema:
    """Return what an index holds: terms of title and text without positions, and the fragment's id. No text is kept."""
    builder = SchemaBuilder().add_integer_field("id", indexed=True, fast=True)
    for name in ("title", "text"):
        builder.add_text_field(name, tokenizer_name=ANALYZER, index_option="freq")
    return builder.build()


def open_index(path: Path) -> Index:
    """Open a build; readers follow ``reload`` only, so no thread watches the folder."""
    index = Index.open(str(path))
    index.register_tokenizer(ANALYZER, WORDS)
    index.config_reader("manual")
    return index


def write(writer: IndexWriter, passages: Iterable[Passage]) -> None:
    """Add passages and commit, all or none. (tantivy's own ``with writer`` commits even when its body fails.)"""
    try:
        for passage in passages:
            writer.add_document(Document(id=passage.fragment_id, title=passage.title, text=passage.text))
        writer.commit()
    finally:
        # Waits for merges and gives tantivy's lock back; what is not committed is dropped.
        writer.wait_merging_threads()


def tidy(index: Index) -> None:
    """Remove what a writer that failed left lying: until the next commit it would keep full the disk that it filled."""
    with suppress(ValueError):
        writer = index.writer(WRITER_BYTES)
        writer.garbage_collect_files()
        writer.wait_merging_threads()


def query_of(schema: Schema, query: str) -> Query:
    """Return the query: any term may match, each scored by the better of title and text."""
    return Query.boolean_query(
        [
            (
                Occur.Should,
                Query.disjunction_max_query(
                    [Query.term_query(schema, name, term, "freq") for name in ("title", "text")], TIE_BREAKER
                ),
            )
            for term in query_terms(query)
        ]
    )


def ranked(searcher: Searcher, query: Query, k: int) -> list[Hit]:
    """Return the best ``k``, ties by fragment id, however the segments happen to lie."""
    hits = with_ties(searcher, query, k)
    ids = searcher.fast_field_values("id", [address for _, address in hits])
    found = (Hit(int(number or 0), score) for number, (score, _) in zip(ids, hits, strict=True))
    return sorted(found, key=lambda hit: (-hit.score, hit.fragment_id))[:k]


def with_ties(searcher: Searcher, query: Query, k: int) -> list[tuple[float, DocAddress]]:
    """Return the best ``k`` scores with all that equal the last of them: who is in is decided over them all."""
    # A longer list costs a search nothing, a second search costs it again; passages of one length tie often.
    limit = k + ROOM_FOR_TIES
    while True:
        hits = searcher.search(query, limit, count=False).hits
        if len(hits) < limit or hits[-1][0] < hits[k - 1][0]:
            break
        limit *= 4
    return [hit for hit in hits if hit[0] >= hits[min(k, len(hits)) - 1][0]]
