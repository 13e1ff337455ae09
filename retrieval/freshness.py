"""How far a corpus's index is behind the database."""

from dataclasses import dataclass

from retrieval.counting import how_many
from retrieval.engines import Engine
from retrieval.models import Corpus


@dataclass(frozen=True, slots=True)
class Freshness:
    """An index beside the rows: what it holds, what it should hold up to its highest id, and what came after that.

    ``current`` says whether it was built with the settings that are used now.
    """

    slug: str
    indexed: int
    due: int
    waiting: int
    settings: str
    current: bool

    @property
    def agrees(self) -> bool:
        """Whether the index is right as far as it goes."""
        return self.indexed == self.due and self.current

    @property
    def fresh(self) -> bool:
        """Whether nothing is missing."""
        return self.agrees and not self.waiting

    def __str__(self) -> str:
        return f"{self.slug}: {self.said}"

    @property
    def said(self) -> str:
        """What there is to say of the index, for where its corpus is named already."""
        said = f"{self.indexed:,} of {how_many(self.due + self.waiting, 'fragment')} indexed"
        return f"{said}, settings {self.settings}" + ("" if self.current else " where others are used now")


def glance(corpus: Corpus, engine: Engine) -> Freshness:
    """Compare an index with the size that its corpus is said to have: no row is counted, so a page can wait for it.

    Raises ``EngineUnavailableError``.
    """
    info = engine.info()
    return Freshness(corpus.slug, info.count, corpus.size, 0, info.digest, info.settings == engine.settings)


def freshness(corpus: Corpus, engine: Engine) -> Freshness:
    """Compare an index with the database: two counts. Raises ``EngineUnavailableError``."""
    info = engine.info()
    return Freshness(
        slug=corpus.slug,
        indexed=info.count,
        due=corpus.fragments.filter(id__lte=info.last_id).count(),
        waiting=corpus.fragments.filter(id__gt=info.last_id).count(),
        settings=info.digest,
        current=info.settings == engine.settings,
    )
