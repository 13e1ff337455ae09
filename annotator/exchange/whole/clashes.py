"""What a whole export says of corpora and fragments otherwise than the database, or than itself elsewhere.

A corpus is shared by projects and a fragment is stored once in it, with where it came from. What is there already stays
as it is, so a file that says something else is refused rather than half believed.
"""

from collections.abc import Iterator

from annotator.exchange.columns import COLUMNS, values
from annotator.exchange.whole.entries import Header
from annotator.exchange.whole.questions import LineEntry, QuestionEntry
from annotator.reading import Problem
from retrieval.fragments import LOOKUP_SIZE, NewFragment, batched
from retrieval.models import Corpus, Fragment

PROVENANCE = COLUMNS[Fragment][2:]


class Clashes:
    """Remembers, for one file, where its fragments are said to come from: a few bytes for each."""

    def __init__(self, header: Header) -> None:
        slugs = [entry.values["slug"] for entry in header.corpora]
        self.corpora = {corpus.slug: corpus for corpus in Corpus.objects.filter(slug__in=slugs)}
        self.origins: dict[int, int] = {}
        self.header = header

    def of_corpora(self) -> Iterator[Problem]:
        """Yield a problem for each corpus that is here with another description."""
        for index, entry in enumerate(self.header.raw["corpora"]):
            stored = self.corpora.get(entry["slug"])
            if stored and values(stored) != values(Corpus(**self.header.corpora[index].values)):
                yield Problem(f"corpora[{index}]", f"the corpus “{entry['slug']}” is here already, described otherwise")

    def of_question(self, entry: QuestionEntry) -> Iterator[Problem]:
        """Yield a problem for each fragment that comes from elsewhere than was said before, here or in the file."""
        lines = [line for part in entry.lists() for line in part.listed]
        stored = self.stored(lines)
        for line in lines:
            origin = hash(origin_of(line.fragment))
            known = self.origins.setdefault(hash((line.corpus, line.sha256)), origin)
            if origin != stored.get((line.corpus, line.sha256), known) or origin != known:
                yield Problem("", f"the fragment “{line.fragment.title[:60]}” is known already, from another place")

    def stored(self, lines: list[LineEntry]) -> dict[tuple[str, str], int]:
        """Return where the corpora that are here already have these fragments from. A query per 900 fragments."""
        found: dict[tuple[str, str], int] = {}
        for slug, corpus in self.corpora.items():
            for some in batched({line.sha256 for line in lines if line.corpus == slug}, LOOKUP_SIZE):
                rows = Fragment.objects.filter(corpus=corpus, sha256__in=some)
                for sha256, *origin in rows.values_list("sha256", *PROVENANCE):
                    found[slug, sha256] = hash(tuple(origin))
        return found


def origin_of(fragment: NewFragment) -> tuple[object, ...]:
    return tuple(getattr(fragment, name) for name in PROVENANCE)
