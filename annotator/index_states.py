"""How the search index of each corpus stands, as pages and the status tell it: no row is counted, nobody waits long."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from annotator.actions.corpus_files import work_on
from annotator.actions.retrieving import IMPORTED
from annotator.models import Job, Project
from retrieval.engines import EngineUnavailableError, NoIndexError, engine_for
from retrieval.freshness import Freshness, glance
from retrieval.models import Corpus

# An engine that refuses at once is asked of each corpus, one that does not answer of one alone.
PATIENCE = 1.0


class How(StrEnum):
    """``AWAY`` may end by itself, what is ``BARRED`` somebody has to mend; ``UNUSED`` is missed by nobody."""

    FRESH = "fresh"
    BEHIND = "behind"
    MISSING = "missing"
    UNUSED = "unused"
    EMPTY = "empty"
    AT_WORK = "at work"
    AWAY = "away"
    BARRED = "barred"

    @property
    def failed(self) -> bool:
        """Whether the engine did not say how an index is."""
        return self in (How.AWAY, How.BARRED)


@dataclass(frozen=True, slots=True)
class IndexState:
    """A corpus and how its index stands.

    ``found`` is what a fresh one or one that is behind holds, ``job`` the key of the job that works on it, ``trouble``
    what is wrong with one that cannot be read, or why the engine does not say.
    """

    corpus: Corpus
    how: How
    found: Freshness | None = None
    job: int | None = None
    trouble: str = ""


def index_states(corpora: Iterable[Corpus]) -> Iterator[IndexState]:
    """Yield how each corpus's index stands, with two queries beside theirs."""
    chosen = set(Project.objects.exclude(corpus=None).values_list("corpus", flat=True))
    working = dict(Job.objects.going().filter(error="").exclude(alone="").values_list("alone", "pk"))
    silent: IndexState | None = None
    for corpus in corpora:
        if job := working.get(work_on(corpus.slug)):
            yield IndexState(corpus, How.AT_WORK, job=job)
        elif not corpus.size:
            yield IndexState(corpus, How.EMPTY)
        elif silent:
            yield replace(silent, corpus=corpus)
        else:
            began = time.monotonic()
            state = index_state(corpus)
            if state.how is How.AWAY and time.monotonic() - began > PATIENCE:
                silent = state
            needed = corpus.pk in chosen or not corpus.slug.endswith(IMPORTED)
            gone = state.how is How.MISSING and not state.trouble
            yield replace(state, how=How.UNUSED) if gone and not needed else state


def troubles(states: Iterable[IndexState]) -> dict[tuple[How, str], list[str]]:
    """Return in what way the engine failed, each with the slugs of the corpora that it concerns."""
    found: dict[tuple[How, str], list[str]] = {}
    for state in states:
        if state.how.failed:
            found.setdefault((state.how, state.trouble), []).append(state.corpus.slug)
    return found


def index_state(corpus: Corpus) -> IndexState:
    """Ask the engine of a corpus how its index stands."""
    try:
        found = glance(corpus, engine_for(corpus))
    except NoIndexError as error:
        return IndexState(corpus, How.MISSING, trouble=error.problem)
    except EngineUnavailableError as error:
        return IndexState(corpus, How.AWAY if error.passing else How.BARRED, trouble=str(error))
    return IndexState(corpus, How.FRESH if found.fresh else How.BEHIND, found)
