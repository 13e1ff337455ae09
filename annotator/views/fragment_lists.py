"""A frozen list as the workbench shows it. It never changes, so its HTML is made once and kept in the process."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from annotator.cards import Texts
from annotator.models import Question
from annotator.prepared import Prepared
from annotator.rows import Lines, lines_of
from retrieval.models import ListedFragment, Retrieval

KEPT_LISTS = 256  # about 60 kB each
lines = Prepared(
    lambda retrieval: (
        ListedFragment.objects.filter(retrieval=retrieval)
        .select_related("fragment")
        .only("rank", "fragment__title", "fragment__text")
        .order_by("rank")
    ),
    -1,
)


@dataclass(frozen=True, slots=True)
class FragmentList:
    """The fragments of a list, by rank: their rows' keys, titles and texts, and the HTML of them all."""

    lines: Lines
    texts: Texts
    titles: dict[int, str]
    html: SafeString
    frozen: datetime | None = None

    @property
    def ranks(self) -> list[int]:
        return sorted(self.titles)


EMPTY = FragmentList({}, {}, {}, SafeString(""))


def fragment_list(question: Question) -> FragmentList:
    """Return the question's frozen list. Queries only the first time that this process is asked for it.

    Where the question has a supplementary list, which grows, its lines are read each time: a card may cite them.
    """
    retrieval = question.retrieval
    found = kept_list(retrieval.pk, retrieval.digest) if retrieval else EMPTY
    return replace(found, lines=lines_of(question)) if question.supplementary_id else found


@lru_cache(maxsize=KEPT_LISTS)
def kept_list(pk: int, digest: str) -> FragmentList:  # noqa: ARG001 - the digest is part of the key
    retrieval = Retrieval.objects.only("created").get(pk=pk)
    listed = list(lines.rows(pk))
    return FragmentList(
        lines={(False, line.rank): line.pk for line in listed},
        texts={(False, line.rank): line.fragment.text for line in listed},
        titles={line.rank: line.fragment.title for line in listed},
        html=render_to_string("annotator/workbench.html#fragments", {"listed": listed}),
        frozen=retrieval.created,
    )
