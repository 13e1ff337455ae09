"""An adjudicator's desk: a question with all that people submitted on it, gold so far, and the rows of both.

What people wrote, what was decided and a frozen list are kept in the process (decision 8): the desk is laid out anew
with every request, and only what has changed is read.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, lru_cache
from hashlib import sha256

from django.db.models import Q

from annotator import models, record
from annotator.aligned import Row, Work, agreed_verdict, beside, rows_of
from annotator.alignment import Compared
from annotator.checks import Code, Finding
from annotator.decisions import Card, Decision, Kind, Part, Said, as_decided
from annotator.prepared import Prepared
from annotator.standing import standing, standings, step_of
from retrieval.models import Fragment, ListedFragment

KEPT = 512
WRITTEN = ["human", "draft", "gold"]
WHOLE = Q(system=None) | Q(system__complete=True)  # not the drafts of a file that is still being written
on_desk = Prepared(
    lambda pk: (
        models.Annotation.objects.filter(WHOLE, source__in=WRITTEN, question=pk)
        .select_related("author__user", "assignment")
        .order_by("pk")
    ),
    -1,
)
Fragments = Mapping[tuple[bool, int], int]
"""(supplementary, rank) → key of the fragment, in the question's own lists."""


@dataclass
class Desk:
    """What stands on the desk. ``people`` are in the order drawn for the question, which tells nothing of them."""

    question: models.Question
    gold: models.Annotation | None
    people: list[Work]
    drafts: list[Work]
    said: Said
    fragments: Fragments
    authors: Mapping[int, models.Annotation]

    @cached_property
    def rows(self) -> list[Row]:
        return rows_of(self.people, self.said, self.question.text, self.question.batch.project.agreed_from)

    @property
    def work(self) -> str:
        """Name what people submitted by annotation and revision, as a page showed it."""
        return "~".join(f"{one.annotation}.{one.revision}" for one in self.people)

    @property
    def verdict(self) -> record.Verdict | None:
        """Return the verdict of everybody, None where they differ."""
        return agreed_verdict(self.people)

    @property
    def verdict_said(self) -> tuple[record.Verdict | None, str]:
        """Return the verdict of everybody, with somebody's reason where it is that they cannot annotate."""
        cannot = self.verdict is record.Verdict.CANNOT_ANNOTATE
        return self.verdict, self.people[0].record.reason if cannot else ""

    @property
    def with_authors(self) -> int:
        """Return how many people have theirs with them still, or again; it is not among the ``people``."""
        slots = (one.assignment for one in self.authors.values() if hasattr(one, "assignment"))
        return sum(slot.state in slot.OPEN for slot in slots)

    @cached_property
    def drafted(self) -> dict[str, list[tuple[Card, float]]]:
        """Return the drafts' cards, with S, that stand beside each gold condition, by its uid."""
        cards = self.said.record.conditions
        gold = [Compared.of(card, self.fragments) for card in cards]
        found: dict[str, list[tuple[Card, float]]] = {}
        for draft in self.drafts:
            for place, shown in beside(gold, draft, self.question.text).items():
                found.setdefault(cards[place].uid, []).append(shown)
        return found

    def row(self, key: str) -> Row | None:
        return next((row for row in self.rows if row.key == key), None)


def desk_of(question: models.Question) -> Desk:
    """Return the desk of a question fetched with its batch, project and list. Nine queries at most, one at least."""
    found = list(on_desk.rows(question.pk))
    fragments = fragments_of(question)
    gold = next((one for one in found if one.source == record.Source.GOLD), None)
    people = [one for one in found if one.source == record.Source.HUMAN and one.submitted]
    drafts = [one for one in found if one.source == record.Source.DRAFT]
    standings([*people, *drafts, *([gold] if gold else [])])  # all that is not kept at once
    return Desk(
        question,
        gold,
        works_of(drawn(people, question), fragments),
        works_of(drafts, fragments),
        as_decided(Said(standing(gold).record, decided(*step_of(gold)))) if gold else Said(),
        fragments,
        {one.pk: one for one in found},
    )


def drawn(people: Sequence[models.Annotation], question: models.Question) -> list[models.Annotation]:
    """Return people's work in an order drawn once for each question."""
    return sorted(people, key=lambda one: sha256(f"{question.pk} {one.pk}".encode()).digest())


def fragments_of(question: models.Question) -> Fragments:
    """Return which fragment stands where. A query for a list that this process has not seen, or that grows."""
    frozen, growing = question.retrieval, question.supplementary_id
    found = {(False, rank): fragment for rank, fragment in kept_places(frozen.pk, frozen.digest)} if frozen else {}
    return found | {(True, rank): fragment for rank, fragment in places(growing)} if growing else found


@lru_cache(maxsize=KEPT)
def kept_places(frozen: int, digest: str) -> list[tuple[int, int]]:  # noqa: ARG001 - the digest is part of the key
    return places(frozen)


def places(retrieval: int) -> list[tuple[int, int]]:
    return list(ListedFragment.objects.filter(retrieval=retrieval).values_list("rank", "fragment_id"))


def works_of(found: Sequence[models.Annotation], fragments: Fragments) -> list[Work]:
    """Return what stands in some annotations, over the question's own lists.

    Four queries where it is not kept, and one where machines brought lists of their own.
    """
    own = lines_of({row.retrieval_id for row in found if row.retrieval_id})
    said = (stands.record for stands in standings(found))
    return [work_of(row, one, fragments, own.get(row.retrieval_id or 0)) for row, one in zip(found, said, strict=True)]


def lines_of(retrievals: Collection[int]) -> dict[int, dict[int, Fragment]]:
    """Return the fragments of some lists by rank. One query, none without a list."""
    found: dict[int, dict[int, Fragment]] = {retrieval: {} for retrieval in retrievals}
    listed = ListedFragment.objects.filter(retrieval__in=retrievals).select_related("fragment")
    for line in listed if retrievals else ():
        found[line.retrieval_id][line.rank] = line.fragment
    return found


def work_of(
    row: models.Annotation, said: record.Annotation, fragments: Fragments, own: Mapping[int, Fragment] | None
) -> Work:
    if own is not None:
        said = in_the_list(said, own, fragments)
    compared = tuple(Compared.of(condition, fragments) for condition in said.conditions)
    return Work(row.pk, row.revisions_made, said, compared)


def in_the_list(said: record.Annotation, own: Mapping[int, Fragment], fragments: Fragments) -> record.Annotation:
    """Return what a machine said over its own list with the ranks of the question's; others keep title and text."""
    ranks = {fragment: place for place, fragment in reversed(list(fragments.items()))}

    def moved(citation: record.Citation) -> record.Citation:
        fragment = own.get(citation.rank or 0)
        if fragment is None:
            return citation
        if fragment.pk in ranks:
            return replace(citation, supplementary=ranks[fragment.pk][0], rank=ranks[fragment.pk][1])
        bare = replace(citation, rank=None, start=None, end=None)
        return replace(bare, title=fragment.title, text=fragment.text)

    cards = (replace(card, citations=tuple(map(moved, card.citations))) for card in said.conditions)
    return replace(said, conditions=tuple(cards))


@lru_cache(maxsize=KEPT)
def decided(gold: int, number: int, saved: datetime) -> tuple[Decision, ...]:  # noqa: ARG001 - the key of a step
    return decisions_at(gold, number)


def decisions_at(gold: int, number: int) -> tuple[Decision, ...]:
    """Return the decisions that stood after a step of gold's history. Two queries."""
    stood = Q(since__lte=number) & (Q(until__isnull=True) | Q(until__gt=number))
    found = models.Decision.objects.filter(stood, gold=gold).prefetch_related("parts").order_by("pk")
    return tuple(map(decision_record, found))


def decision_record(row: models.Decision) -> Decision:
    parts = tuple(
        Part(part.annotation_id, part.uid, part.revision, tuple(sorted(part.gave.items()))) for part in row.parts.all()
    )
    return Decision(Kind(row.kind), parts, row.condition, row.reason)


def unsettled(desk: Desk) -> Iterator[Finding]:
    """Yield which rows, by number, are undecided, and which changed since."""
    if numbers := [number for number, row in enumerate(desk.rows, 1) if not row.decided]:
        yield Finding(Code.VERDICT_RULE, f"Not decided yet: {named(numbers)}.", about="undecided")
    if numbers := [number for number, row in enumerate(desk.rows, 1) if row.changed]:
        advice = "Look again, and say whether it is still right."
        yield Finding(Code.VERDICT_RULE, f"Changed since the decision: {named(numbers)}.", advice, about="changed")


def named(numbers: Sequence[int]) -> str:
    *others, last = map(str, numbers)
    return f"rows {', '.join(others)} and {last}" if others else f"row {last}"
