"""What an annotation says now, with the version of each card.

An annotation's conditions change only by a step of its history. What stands after a step can therefore be kept in the
process under that step: neither the saves of one person, which come over one connection, nor an adjudicator's steps
between other people's work read anything twice.
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from annotator import models
from annotator.checks import Finding, findings
from annotator.record import Annotation, Condition
from annotator.rows import record_of
from annotator.stored import Stored, stored

MOST_KEPT = 2048  # annotations of about 20 kB

Step = tuple[int | None, int, datetime]


@dataclass(frozen=True)
class Standing:
    """The record of an annotation on ``question``, and the versions of its cards by uid."""

    record: Annotation
    versions: Mapping[str, int]
    question: str

    @cached_property
    def findings(self) -> list[Finding]:
        return findings(self.record, self.question)

    def with_card(self, card: Condition, version: int) -> "Standing":
        """Return what stands once ``card`` has become what it now is; a new one is behind the others."""
        cards = tuple(card if part.uid == card.uid else part for part in self.record.conditions)
        cards = cards if card.uid in self.versions else (*cards, card)
        return replace(
            self, record=replace(self.record, conditions=cards), versions={**self.versions, card.uid: version}
        )


kept: OrderedDict[Step, Standing] = OrderedDict()


def step_of(annotation: models.Annotation) -> Step:
    """Return what changes with every step of the annotation's history."""
    return annotation.pk, annotation.revisions_made, annotation.saved


def standing(annotation: models.Annotation) -> Standing:
    """Return what stands after the step at which ``annotation`` was fetched. Four queries where it is not kept."""
    return standings([annotation])[0]


def standings(annotations: Sequence[models.Annotation]) -> list[Standing]:
    """Return what stands after the steps at which these were fetched. Four queries where one of them is not kept."""
    found = [kept.get(step_of(annotation)) for annotation in annotations]
    unknown = [annotation.pk for annotation, stands in zip(annotations, found, strict=True) if stands is None]
    rows = stored(unknown)
    return [
        stands or keep(annotation, read(annotation, rows[annotation.pk]))
        for annotation, stands in zip(annotations, found, strict=True)
    ]


def read(annotation: models.Annotation, now: Stored) -> Standing:
    """Return what ``annotation`` says now."""
    if step_of(now.row) != step_of(annotation):
        annotation.revisions_made, annotation.saved = now.row.revisions_made, now.row.saved
        if hasattr(now.row, "assignment"):
            annotation.assignment = now.row.assignment  # a step may have closed it
    versions = {card.uid: card.version for card, _answers, _citations in now.cards}
    return Standing(record_of(now.row, now.cards), versions, now.row.question.text)


def keep(annotation: models.Annotation, found: Standing) -> Standing:
    """Keep what stands after the annotation's last step."""
    kept[step_of(annotation)] = found
    if len(kept) > MOST_KEPT:
        kept.popitem(last=False)
    return found
