"""The numbers of supplementary fragments, S100 and on: one for a fragment of a question, whoever looks at it.

A running number would tell people how much others had added before them. So it is drawn from the fragment itself; where
two of one person's draw the same, the later one has the next. Two people's that draw the same keep it, since to step
aside would tell of the other: those who see both have the next for one of them.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from itertools import count

from annotator import record
from annotator.models import Annotation, Supplement
from annotator.reading import BadInput, Problem
from retrieval.models import Fragment, ListedFragment

FIRST, DRAWN = 100, 900
MARKS = 2**31
Numbers = Mapping[int, int]
"""The rank of each line of a supplementary list → its number."""


def mark_of(sha256: str) -> int:
    """Return what tells a fragment of this digest from others, as ``Annotation.taken_out`` keeps it."""
    return int(sha256, 16) % MARKS


def drawn(mark: int, taken: Collection[int] = ()) -> int:
    """Return the number that a fragment of this mark gets: its own, or the next that is free."""
    return next(number for number in count(FIRST + mark % DRAWN) if number not in taken)


def numbers_of(lists: Iterable[int | None]) -> Mapping[int | None, Numbers]:
    """Return the numbers of supplementary lists: those under which lines were first added. Two queries at most."""
    found: dict[int | None, dict[int, int]] = defaultdict(dict)
    kept = set(lists) - {None}
    if not kept:
        return found
    added = Supplement.objects.filter(listed__retrieval__in=kept).order_by("-pk")
    given = dict(added.values_list("listed", "number"))
    lines = ListedFragment.objects.filter(retrieval__in=kept)
    rows = lines.values_list("pk", "retrieval", "rank", "fragment__sha256").order_by("retrieval", "rank")
    for pk, retrieval, rank, sha256 in sorted(rows, key=lambda row: row[0] not in given):
        taken, number = found[retrieval].values(), given.get(pk)
        found[retrieval][rank] = drawn(mark_of(sha256), taken) if number is None or number in taken else number
    return found


def numbers_in(listed: int | None) -> Numbers:
    """Return the numbers of one supplementary list; there are none where there is no list."""
    return numbers_of([listed])[listed]


def number_for(annotation: Annotation, fragment: Fragment) -> int:
    """Return the number under which the annotation's author adds a fragment; what others added has no part in it.

    It is none that the author has given, nor that of another one that they took out last: a window may show it still.
    """
    mark, taken = mark_of(fragment.sha256), set(annotation.supplements.values_list("number", flat=True))
    if annotation.taken_out and annotation.taken_out != mark:
        taken.add(drawn(annotation.taken_out, taken))
    return drawn(mark, taken)


def with_citations(whole: record.Annotation, of: Callable[[record.Citation], record.Citation]) -> record.Annotation:
    """Return a record with each of its citations made into another."""
    cards = (replace(card, citations=tuple(map(of, card.citations))) for card in whole.conditions)
    return replace(whole, conditions=tuple(cards))


def numbered(whole: record.Annotation, numbers: Numbers) -> record.Annotation:
    """Return a record with its citations under the numbers that pages give their fragments."""
    return with_citations(whole, lambda one: shown(one, numbers)) if numbers else whole


def shown(citation: record.Citation, numbers: Numbers) -> record.Citation:
    """Return a citation under the number that pages give its fragment."""
    known = citation.supplementary and citation.rank in numbers
    return replace(citation, rank=numbers[citation.rank or 0]) if known else citation


def ranks_by(numbers: Numbers) -> Numbers:
    """Return the way back: the number of each line → its rank."""
    return {number: rank for rank, number in numbers.items()}


def ranked(condition: record.Condition, numbers: Numbers) -> record.Condition:
    """Return a condition that names fragments by these numbers with their ranks.

    Raises BadInput for another number, by its place in a record that holds the condition alone.
    """
    ranks = ranks_by(numbers)
    for at, one in enumerate(condition.citations):
        if one.supplementary and one.rank is not None and one.rank not in ranks:
            said = f"is {one.rank}, and no added fragment has that number"
            raise BadInput([Problem(f"conditions[0].citations[{at}].rank", said)])
    return replace(condition, citations=tuple(shown(one, ranks) for one in condition.citations))
