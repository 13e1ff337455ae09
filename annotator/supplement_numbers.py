"""The numbers of supplementary fragments, S10 and on: one for a fragment of a question, whoever looks at it.

A running number would tell people how much others had added before them. So it is drawn from the fragment itself.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from itertools import count

from annotator import record
from annotator.models import Annotation, Supplement
from annotator.reading import BadInput, Problem
from retrieval.models import ListedFragment

FIRST, DRAWN = 10, 90
Numbers = Mapping[int, int]
"""The rank of each line of a supplementary list → its number."""


def drawn(sha256: str, taken: Collection[int] = ()) -> int:
    """Return the number that a fragment of this digest gets: its own, or the next that is free."""
    own = FIRST + int(sha256, 16) % DRAWN
    return next(number for number in count(own) if number not in taken)


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
        found[retrieval][rank] = drawn(sha256, taken) if number is None or number in taken else number
    return found


def number_for(annotation: Annotation, line: ListedFragment) -> int:
    """Return the number under which the annotation's author adds a line: that which everybody sees.

    It is none that the author has given, nor of what they took out last: another window may show it still.
    """
    shared, natural = numbers_of([line.retrieval_id])[line.retrieval_id], drawn(line.fragment.sha256)
    taken = set(annotation.supplements.values_list("number", flat=True))
    taken |= {annotation.taken_out} - {natural}  # the same fragment has its number again
    # Those below the first one were running numbers: another’s would tell how much they had added.
    if (number := shared[line.rank]) >= FIRST and number not in taken:
        return number
    return drawn(line.fragment.sha256, {*taken, *shared.values()})


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


def ranked(condition: record.Condition, numbers: Numbers) -> record.Condition:
    """Return a condition that names fragments by these numbers with their ranks.

    Raises BadInput for another number, by its place in a record that holds the condition alone.
    """
    ranks = {number: rank for rank, number in numbers.items()}
    for at, one in enumerate(condition.citations):
        if one.supplementary and one.rank is not None and one.rank not in ranks:
            raise BadInput(
                [
                    Problem(
                        f"conditions[0].citations[{at}].rank", f"is {one.rank}, and no added fragment has that number"
                    )
                ]
            )
    return replace(condition, citations=tuple(shown(one, ranks) for one in condition.citations))
