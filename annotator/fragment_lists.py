"""What may be cited of a question: its frozen list, and the fragments that people added to it.

The frozen list never changes, so it is read once and kept in the process.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from django.db.models import Exists, F, OuterRef, Q, Subquery

from annotator import record
from annotator.cards import Citable, Texts
from annotator.models import Annotation, Citation, Question, Supplement
from annotator.prepared import Prepared
from annotator.rows import Lines, lines_of
from annotator.supplement_numbers import Numbers, drawn, mark_of, numbered, numbers_in, ranks_by, shown
from retrieval.models import Fragment, ListedFragment, Retrieval

KEPT_LISTS = 256  # about 30 kB each
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
class Added:
    """A fragment of the supplementary list: its number on the page, its rank there, and the annotations it is from."""

    number: int
    rank: int
    fragment: Fragment
    by: tuple[int, ...] = ()

    @property
    def label(self) -> str:
        return f"S{self.number}"


@dataclass(frozen=True, slots=True)
class FragmentList:
    """The fragments of a list: their rows' keys, texts by number and titles by rank.

    ``added`` are those of the supplementary list that the page shows.
    """

    lines: Lines
    texts: Texts
    titles: dict[int, str]
    frozen: datetime | None = None
    added: tuple[Added, ...] = ()

    @property
    def ranks(self) -> list[int]:
        return sorted(self.titles)

    def place_of(self, fragment: Fragment) -> tuple[bool, int] | None:
        """Return whether a fragment was added to the list, and its number here; None where the list has it not."""
        for one in self.added:
            if one.fragment.pk == fragment.pk:
                return True, one.number
        for rank in self.ranks:
            if (self.titles[rank], self.texts[str(rank)].text) == (fragment.title, fragment.text):
                return False, rank
        return None

    def number_of(self, fragment: Fragment) -> str:
        """Return the number under which a page shows a fragment, empty where it does not."""
        added, number = self.place_of(fragment) or (False, "")
        return f"S{number}" if added else str(number)

    def title_of(self, citation: record.Citation) -> str:
        """Return the title of what is cited, empty where the page does not show it."""
        if citation.supplementary:
            return next((one.fragment.title for one in self.added if one.rank == citation.rank), "")
        return self.titles.get(citation.rank or 0, "")

    @property
    def numbers(self) -> Numbers:
        """Return the numbers of what was added."""
        return {one.rank: one.number for one in self.added}

    def as_shown(self, citation: record.Citation) -> record.Citation:
        """Return a citation under the number that the page gives its fragment."""
        return shown(citation, self.numbers)

    def said(self, whole: record.Annotation) -> record.Annotation:
        """Return a record with its citations under the numbers that the page gives their fragments."""
        return numbered(whole, self.numbers)

    def meant(self, whole: record.Annotation) -> record.Annotation:
        """Return the record that ``said`` was made of; every number is one of this list’s."""
        return numbered(whole, ranks_by(self.numbers))

    def by_number(self, lines: Lines) -> Lines:
        """Return the lines that can be cited here, by the numbers that they have here."""
        frozen = {place: pk for place, pk in lines.items() if not place[0]}
        return frozen | {(True, one.number): lines[True, one.rank] for one in self.added}


EMPTY = FragmentList({}, {}, {})


def fragment_list(question: Question) -> FragmentList:
    """Return the question's list and everything that was added to it, for those who see what others wrote.

    What was taken out again, and only keeps its place, is left out. Queries only the first time that this process is
    asked for it, or where something was added.
    """
    if not question.supplementary_id:
        return frozen_list(question)
    held = (Exists(table.objects.filter(listed=OuterRef("pk"))) for table in (Supplement, Citation))
    lines = ListedFragment.objects.filter(Q(*held, _connector=Q.OR), retrieval=question.supplementary_id)
    lines = lines.select_related("fragment")
    numbers, by = numbers_in(question.supplementary_id), adders(question.supplementary_id)
    return with_added(question, [Added(numbers[one.rank], one.rank, one.fragment, by.get(one.pk, ())) for one in lines])


def own_list(annotation: Annotation) -> FragmentList:
    """Return the question's list and what the author of an annotation added to it, in the order in which they did.

    Neither another's fragments nor how many there are is told: the ranks of the shared list would tell it.
    """
    question = annotation.question
    if not question.supplementary_id:
        return frozen_list(question)
    cited = Citation.objects.filter(condition__annotation=annotation, listed=OuterRef("pk"))
    own = Supplement.objects.filter(annotation=annotation, listed=OuterRef("pk"))
    lines = ListedFragment.objects.filter(retrieval=question.supplementary_id).select_related("fragment")
    lines = lines.annotate(number=Subquery(own.values("number")), added=Subquery(own.values("pk")))
    told = lines.filter(Q(number__isnull=False) | Exists(cited))
    ordered, numbers = told.order_by(F("added").asc(nulls_last=True), "rank"), dict[int, Added]()
    for one in ordered:  # what came in by a file, and gold, cite what they did not add
        number = one.number or drawn(mark_of(one.fragment.sha256), numbers)
        numbers[number] = Added(number, one.rank, one.fragment)
    return with_added(question, list(numbers.values()))


def with_added(question: Question, added: list[Added]) -> FragmentList:
    """Return the question's list with those of the fragments that were added to it that a page shows."""
    found = frozen_list(question)
    texts = {one.label: Citable(True, one.rank, one.fragment.text) for one in added}
    return replace(found, lines=lines_of(question), texts={**found.texts, **texts}, added=tuple(added))


def adders(retrieval: int) -> dict[int, tuple[int, ...]]:
    """Return the annotations whose authors added each line of a list, the first one first. One query."""
    found: dict[int, tuple[int, ...]] = {}
    rows = Supplement.objects.filter(listed__retrieval=retrieval).order_by("pk")
    for listed, annotation in rows.values_list("listed", "annotation"):
        found[listed] = (*found.get(listed, ()), annotation)
    return found


def frozen_list(question: Question) -> FragmentList:
    retrieval = question.retrieval
    return kept_list(retrieval.pk, retrieval.digest) if retrieval else EMPTY


@lru_cache(maxsize=KEPT_LISTS)
def kept_list(pk: int, digest: str) -> FragmentList:  # noqa: ARG001 - the digest is part of the key
    retrieval = Retrieval.objects.only("created").get(pk=pk)
    listed = list(lines.rows(pk))
    return FragmentList(
        lines={(False, line.rank): line.pk for line in listed},
        texts={str(line.rank): Citable(False, line.rank, line.fragment.text) for line in listed},
        titles={line.rank: line.fragment.title for line in listed},
        frozen=retrieval.created,
    )
