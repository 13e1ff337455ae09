"""Searching the corpus while annotating, apart from the frozen list, and keeping what was looked up."""

import logging
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from annotator.actions.retrieving import corpora_for
from annotator.models import Annotation, Lookup, Question
from retrieval.engines import EngineUnavailableError, engine_for
from retrieval.models import Corpus, Fragment

log = logging.getLogger(__name__)
MOST = 10
LONGEST_QUERY = 400
TYPING = timedelta(minutes=1)  # within which a longer query is the same one, typed on


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found, best first; there is ``trouble`` where it could not search."""

    query: str
    corpus: Corpus | None = None
    fragments: tuple[Fragment, ...] = ()
    trouble: bool = False


def corpus_of(question: Question) -> Corpus | None:
    """Return the corpus that is searched beside a question: that of its frozen list, else the project's choice."""
    project = question.batch.project
    allowed = corpora_for(project)
    return allowed.filter(slug=named_by(question)).first() or allowed.filter(pk=project.corpus_id or 0).first()


def named_by(question: Question) -> str:
    """Return the slug of the corpus that the question's frozen list was retrieved from, empty where it says none."""
    return str(question.retrieval.settings.get("corpus", "")) if question.retrieval else ""


def has_corpus(question: Question) -> bool:
    """Return whether a corpus is named for the question. No query, since every opening of the workbench asks."""
    return bool(named_by(question) or question.batch.project.corpus_id)


def searched(question: Question) -> QuerySet[Fragment]:
    """Return the fragments among which a search beside the question finds its own."""
    return Fragment.objects.filter(corpus=corpus_of(question))


def look_up(annotation: Annotation, words: str) -> Found:
    """Search beside an annotation, and keep that it was done; where the engine is down, say so and keep nothing."""
    query = words.strip()[:LONGEST_QUERY]
    corpus = corpus_of(annotation.question)
    if not query or corpus is None:
        return Found(query, corpus)
    engine = engine_for(corpus)
    try:
        hits = engine.search(query, MOST)
    except EngineUnavailableError as down:
        log.warning("A look-up was not answered: %s", down)
        return Found(query, corpus, trouble=True)
    there = corpus.fragments.in_bulk([hit.fragment_id for hit in hits])
    # The index may be ahead of the database, or behind it: what is not there cannot be added.
    fragments = tuple(there[hit.fragment_id] for hit in hits if hit.fragment_id in there)
    keep(annotation, query, len(fragments), engine.name)
    return Found(query, corpus, fragments)


def keep(annotation: Annotation, query: str, hits: int, engine: str) -> None:
    """Write down a search. One that goes on typing the last one takes its place."""
    now = timezone.now()
    said = {"query": query, "at": now, "hits": hits, "engine": engine}
    last = annotation.lookups.order_by("-pk").first()
    if last and now - last.at < TYPING and query.startswith(last.query):
        annotation.lookups.filter(pk=last.pk).update(**said)
    else:
        Lookup.objects.create(annotation=annotation, **said)
