"""Corpus files into the database, and the database into search indexes.

Rows are committed first and indexed after. Whatever lies between the two, a crash, a deleted index, another importer's
rows, the next ``load_corpus``, ``update_index`` or ``rebuild_index`` makes good.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from retrieval.bulk import recount
from retrieval.checkpoints import ROWS_IN_TRANSACTION, batches, forget, place_to_go_on, store_batch
from retrieval.corpora import CorpusError, read_corpus
from retrieval.counting import how_many
from retrieval.engines import Engine, EngineUnavailableError, NoIndexError, Passage, engine_for
from retrieval.fragments import batched
from retrieval.freshness import freshness
from retrieval.models import Corpus
from retrieval.progress import Progress, silent

PASSAGES_IN_COMMIT = 50_000
# How often an index is built whose rows others add to behind it.
ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did: fragments that were new, and those that were there already.

    ``passed`` counts the file's records that an earlier load had stored, and this one did not read again.
    """

    corpus: Corpus
    new: int
    known: int
    passed: int = 0


def load_corpus(
    path: Path, slug: str, about: Mapping[str, object] | None = None, progress: Progress = silent
) -> Loaded:
    """Read a corpus file into a corpus, made if there is none, and into its index; a repeat changes nothing.

    ``about`` holds fields of ``Corpus`` to set. A file whose last load was broken off goes on where that came to.
    Raises ``CorpusError`` for the file, once what stands before the fault is stored, ``ValidationError`` for ``about``,
    and ``EngineUnavailableError`` when all is stored but not all is indexed.
    """
    start = place_to_go_on(slug, path)
    if start.read and start.read == path.stat().st_size:
        see_that_engine_answers(slug)
    steps = batches(read_corpus(path, start))
    new = done = 0
    try:
        begun = list(islice(steps, 1))  # a file that is wrong from its first record makes no corpus
        corpus = corpus_of(slug, about or {})
        for batch in chain(begun, steps):
            new += store_batch(corpus, path, batch)
            done += len(batch.fragments)
            progress("bytes read", batch.place.read, path.stat().st_size)
    except CorpusError as error:
        raise CorpusError(f"{error}{stored_before(done, start.record)}") from error
    try:
        update_index(corpus, progress)
    except EngineUnavailableError as error:
        said = f"{how_many(done, 'fragment')} stored{after_earlier(start.record)}, and not all indexed: {error}"
        raise EngineUnavailableError(said, passing=error.passing) from error
    forget(corpus, path)
    return Loaded(corpus, new, done - new, start.record)


def see_that_engine_answers(slug: str) -> None:
    """Raise EngineUnavailableError where it does not, before a file that is stored is unpacked again to learn that."""
    try:
        with suppress(NoIndexError):
            engine_for(Corpus.objects.get(slug=slug)).info()
    except EngineUnavailableError as error:
        said = f"the file is stored, and not all of it indexed: {error}"
        raise EngineUnavailableError(said, passing=error.passing) from error


def stored_before(done: int, passed: int) -> str:
    """Return what is said of the part of a file that stands before a fault: nothing where none of it is stored."""
    if not done and not passed:
        return ""
    return (
        f"; {how_many(done, 'fragment')} before it stored{after_earlier(passed)}, from where the next load goes on; "
        "they are searched once a load came to the end of the file, or after reindex"
    )


def after_earlier(passed: int) -> str:
    return f" after the {how_many(passed, 'record')} of earlier loads" if passed else ""


def corpus_of(slug: str, about: Mapping[str, object]) -> Corpus:
    """Return the corpus, made or changed so that it has the fields of ``about``; a new one is named after its slug."""
    corpus = Corpus.objects.filter(slug=slug).first() or Corpus(slug=slug, name=slug)
    if about or corpus.pk is None:
        for field, value in about.items():
            setattr(corpus, field, value)
        corpus.full_clean()
        corpus.save(update_fields=list(about) if corpus.pk else None)
    return corpus


def update_index(corpus: Corpus, progress: Progress = silent) -> None:
    """Index the fragments that the corpus's index lacks; rebuild it where it is missing or disagrees with the rows."""
    engine = engine_for(corpus)
    try:
        add_after(engine, corpus, engine.info().last_id, progress)
        agrees = freshness(corpus, engine).agrees
    except NoIndexError:
        agrees = False
    if not agrees:
        rebuild_index(corpus, progress)


def add_after(engine: Engine, corpus: Corpus, last_id: int, progress: Progress) -> None:
    """Index the fragments whose id is above ``last_id``."""
    total = corpus.fragments.filter(id__gt=last_id).count()
    done = 0
    for batch in batched(chain.from_iterable(pages_after(corpus, last_id)), PASSAGES_IN_COMMIT):
        engine.add(batch)
        engine.commit()
        done += len(batch)
        progress("indexed", done, total)


def rebuild_index(corpus: Corpus, progress: Progress = silent) -> int:
    """Build the corpus's index anew from the database and return the number of fragments; searches go on meanwhile.

    What was stored meanwhile is added, and the size of the corpus counted anew. Raises ``EngineUnavailableError``, also
    where rows and index never agree.
    """
    engine = engine_for(corpus)
    for _ in range(ROUNDS):
        engine.rebuild(Rows(corpus, progress))
        add_after(engine, corpus, engine.info().last_id, progress)
        now = freshness(corpus, engine)
        if now.agrees:
            recount(corpus)
            return now.indexed
    raise EngineUnavailableError(f"{now}; reindex when nothing else is being loaded")


class Rows:
    """The fragments of a corpus as what an index is built from, and measured by."""

    def __init__(self, corpus: Corpus, progress: Progress) -> None:
        self.corpus, self.progress = corpus, progress

    def pages(self) -> Iterator[list[Passage]]:
        """Yield all fragments in order of id, telling how far they are."""
        total, done = self.corpus.fragments.count(), 0
        for page in pages_after(self.corpus, 0):
            yield page
            done += len(page)
            self.progress("indexed", done, max(done, total))

    def count(self, last_id: int) -> int:
        """Return how many fragments have an id up to this one."""
        return self.corpus.fragments.filter(id__lte=last_id).count()


def pages_after(corpus: Corpus, last_id: int) -> Iterator[list[Passage]]:
    """Yield the passages above an id in order of id, in short queries rather than one long-lived cursor."""
    rows = corpus.fragments.order_by("id").values_list("id", "title", "text")
    while page := [Passage(*row) for row in rows.filter(id__gt=last_id)[:ROWS_IN_TRANSACTION]]:
        yield page
        last_id = page[-1].fragment_id
