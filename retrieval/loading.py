"""Corpus files into the database, and the database into search indexes.

Rows are committed first and indexed after. Whatever lies between the two, a crash, a deleted index, another importer's
rows, the next ``load_corpus``, ``update_index`` or ``rebuild_index`` makes good.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from retrieval.checkpoints import ROWS_IN_TRANSACTION, batches, forget, place_to_go_on, store_batch
from retrieval.corpora import CorpusError, read_corpus
from retrieval.counting import how_many
from retrieval.engines import Engine, EngineUnavailableError, Passage, engine_for
from retrieval.fragments import batched
from retrieval.models import Corpus
from retrieval.progress import Progress, silent

PASSAGES_IN_COMMIT = 50_000


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
    Raises ``CorpusError`` for the file, once what stands before the fault is stored, and ``ValidationError`` for
    ``about``.
    """
    start = place_to_go_on(slug, path)
    steps = batches(read_corpus(path, start))
    begun = list(islice(steps, 1))  # a file that is wrong from its first record makes no corpus
    corpus = corpus_of(slug, about or {})
    new = done = 0
    try:
        for batch in chain(begun, steps):
            new += store_batch(corpus, path, batch)
            done += len(batch.fragments)
            progress("bytes read", batch.place.read, path.stat().st_size)
    except CorpusError as error:
        stored = f"; {how_many(done, 'fragment')} before it stored, from where the next load goes on" if done else ""
        raise CorpusError(f"{error}{stored}") from error
    update_index(corpus, progress)
    forget(corpus, path)
    return Loaded(corpus, new, done - new, start.record)


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
    except EngineUnavailableError:
        rebuild_index(corpus, progress)
        return
    info = engine.info()
    # Rows that another process committed out of order, or that went with a restored backup, show in the count.
    if info.count != corpus.fragments.filter(id__lte=info.last_id).count():
        rebuild_index(corpus, progress)


def add_after(engine: Engine, corpus: Corpus, last_id: int, progress: Progress) -> None:
    """Index the fragments whose id is above ``last_id``."""
    total = corpus.fragments.filter(id__gt=last_id).count()
    done = 0
    for batch in batched(passages_after(corpus, last_id), PASSAGES_IN_COMMIT):
        engine.add(batch)
        engine.commit()
        done += len(batch)
        progress("indexed", done, total)


def rebuild_index(corpus: Corpus, progress: Progress = silent) -> int:
    """Build the corpus's index anew from the database and return the number of fragments; searches go on meanwhile."""
    total = corpus.fragments.count()
    engine = engine_for(corpus)
    engine.rebuild(reported(passages_after(corpus, 0), total, progress))
    return engine.info().count


def passages_after(corpus: Corpus, last_id: int) -> Iterator[Passage]:
    """Yield the passages above an id in order of id, in short queries rather than one long-lived cursor."""
    while True:
        rows = corpus.fragments.filter(id__gt=last_id).order_by("id").values_list("id", "title", "text")
        page = [Passage(*row) for row in rows[:ROWS_IN_TRANSACTION]]
        yield from page
        if len(page) < ROWS_IN_TRANSACTION:
            return
        last_id = page[-1].fragment_id


def reported(passages: Iterator[Passage], total: int, progress: Progress) -> Iterator[Passage]:
    """Yield the passages, telling how far they are."""
    for done, passage in enumerate(passages, start=1):
        yield passage
        if done % ROWS_IN_TRANSACTION == 0 or done == total:
            progress("indexed", done, total)
