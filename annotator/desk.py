"""An adjudicator's desk: a question with all that people submitted on it, gold so far, and the rows of both."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256

from annotator import models, record, rows
from annotator.aligned import Row, Work, agreed_verdict, beside, rows_of
from annotator.alignment import Compared
from annotator.decisions import Card, Decision, Kind, Part, Said
from retrieval.models import ListedFragment

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
    def verdict(self) -> record.Verdict | None:
        """Return the verdict of everybody, None where they differ."""
        return agreed_verdict(self.people)

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
    """Return the desk of a question fetched with its batch, project and list. Nine queries at most."""
    written = models.Annotation.objects.filter(question=question, source__in=["human", "draft", "gold"])
    found = list(written.select_related("question", "author__user", "system").with_conditions().order_by("pk"))
    fragments = fragments_of(question)
    gold = next((one for one in found if one.source == record.Source.GOLD), None)
    people = [one for one in found if one.source == record.Source.HUMAN and one.submitted]
    drafts = [one for one in found if one.source == record.Source.DRAFT]
    return Desk(
        question,
        gold,
        [work_of(one, fragments) for one in drawn(people, question)],
        [work_of(one, fragments) for one in drafts],
        Said(rows.annotation_record(gold), decisions_of(gold)) if gold else Said(),
        fragments,
        {one.pk: one for one in found},
    )


def drawn(people: Sequence[models.Annotation], question: models.Question) -> list[models.Annotation]:
    """Return people's work in an order drawn once for each question."""
    return sorted(people, key=lambda one: sha256(f"{question.pk} {one.pk}".encode()).digest())


def fragments_of(question: models.Question) -> Fragments:
    kept = [pk for pk in (question.retrieval_id, question.supplementary_id) if pk]
    lines = ListedFragment.objects.filter(retrieval_id__in=kept).values_list("retrieval_id", "rank", "fragment_id")
    return {(retrieval != question.retrieval_id, rank): fragment for retrieval, rank, fragment in lines}


def work_of(row: models.Annotation, fragments: Fragments) -> Work:
    said = rows.annotation_record(row)
    if row.retrieval_id:
        said = in_the_list(said, row.retrieval_id, fragments)
    compared = tuple(Compared.of(condition, fragments) for condition in said.conditions)
    return Work(row.pk, row.revisions_made, said, compared)


def in_the_list(said: record.Annotation, own: int, fragments: Fragments) -> record.Annotation:
    """Return what a machine said over its own list with the ranks of the question's; others keep title and text."""
    lines = {
        line.rank: line.fragment for line in ListedFragment.objects.filter(retrieval=own).select_related("fragment")
    }
    ranks = {fragment: place for place, fragment in reversed(list(fragments.items()))}

    def moved(citation: record.Citation) -> record.Citation:
        fragment = lines.get(citation.rank or 0)
        if fragment is None:
            return citation
        if fragment.pk in ranks:
            return replace(citation, supplementary=ranks[fragment.pk][0], rank=ranks[fragment.pk][1])
        bare = replace(citation, rank=None, start=None, end=None)
        return replace(bare, title=fragment.title, text=fragment.text)

    cards = (replace(card, citations=tuple(map(moved, card.citations))) for card in said.conditions)
    return replace(said, conditions=tuple(cards))


def decisions_of(gold: models.Annotation, at: int | None = None) -> tuple[Decision, ...]:
    """Return the decisions that stand, or stood after step ``at``. Two queries."""
    found: Iterable[models.Decision] = gold.decisions.prefetch_related("parts").order_by("pk")
    if at is None:
        found = [one for one in found if one.until is None]
    else:
        found = [one for one in found if one.since <= at and (one.until is None or one.until > at)]
    return tuple(map(decision_record, found))


def decision_record(row: models.Decision) -> Decision:
    parts = tuple(
        Part(part.annotation_id, part.uid, part.revision, tuple(sorted(part.gave.items()))) for part in row.parts.all()
    )
    return Decision(Kind(row.kind), parts, row.condition, row.reason)
