"""The append-only history of an annotation: writing a step, and rebuilding what stood at one.

Whoever changes an annotation holds its row before any other of its rows, by ``append`` or ``hold``; assignment, member,
question and cursors come after it, in that order. Everybody keeps to this one, so that no two wait for each other.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from annotator import record
from annotator.actions import leases
from annotator.codec import annotation_from_json, read_condition, to_json
from annotator.models import Annotation, Assignment, Member, Revision
from annotator.reading import Node

Verb = Revision.Verb
WHOLE = (Verb.IMPORT, Verb.SUBMIT, Verb.RETURN, Verb.RESTORE, Verb.DECIDE, Verb.SAVE)
PUT_ASIDE = (Verb.SKIP, Verb.EXPIRE)


class NotOpen(Exception):
    """The annotation has been handed in, or put aside, meanwhile; nothing was written."""


class Conflict(Exception):
    """Somebody else, or another window, changed it first; nothing was written."""


@dataclass(frozen=True, slots=True)
class Step:
    """What a save did, and who did it."""

    verb: Verb
    by: Member | None
    record: Any
    condition: str = ""
    save_id: str | None = None
    version: int | None = None


@contextmanager
def stepping(annotation: Annotation) -> Iterator[None]:
    """A transaction for a step; where it fails, ``annotation`` is again as it was read."""
    read = annotation.revisions_made, annotation.saved
    try:
        with transaction.atomic():
            yield
    except Exception:
        annotation.revisions_made, annotation.saved = read
        raise


def hold(annotation: Annotation) -> None:
    """Read an open annotation anew, and keep all others from it until the caller's transaction ends. Raises NotOpen."""
    held = ["version", "revisions_made", "taken_out", "saved", "submitted", "dismissed"]
    annotation.refresh_from_db(fields=held, from_queryset=Annotation.objects.select_for_update(no_key=True))
    # Only now: a query that waits for one row reads all others as they were before it waited.
    if annotation.submitted or not Assignment.objects.open().filter(annotation=annotation).exists():
        raise NotOpen


def append(annotation: Annotation, step: Step) -> Revision:
    """Add a step to the history of an open annotation, inside the caller's transaction.

    Raises NotOpen, and Conflict where the id of the save is that of another.
    """
    now = timezone.now()
    number = next_number(annotation, now)
    if step.verb not in (Verb.SUBMIT, Verb.RETURN, *PUT_ASIDE):
        leases.renew(annotation, now)
    return written(annotation, number, now, step)


def written(annotation: Annotation, number: int, now: datetime, step: Step) -> Revision:
    """Write a step whose number has been counted."""
    annotation.revisions_made, annotation.saved = number, now
    try:
        return Revision.objects.create(
            annotation=annotation,
            number=number,
            by=step.by,
            at=now,
            verb=step.verb,
            condition=step.condition,
            save_id=step.save_id,
            version=step.version,
            record=to_json(step.record),
        )
    except IntegrityError as known:
        raise Conflict from known


def append_next(annotation: Annotation, step: Step) -> bool:
    """Add a step to the history, and return whether nobody else's stands between it and what was read."""
    last = annotation.revisions_made
    return append(annotation, step).number == last + 1


def next_number(annotation: Annotation, now: datetime) -> int:
    """Count one step more and return its number, if the annotation is open. Raises NotOpen.

    Handing in and putting aside are steps too: where nobody stepped in between, it is as open as it was when read.
    """
    row = Annotation.objects.filter(pk=annotation.pk, submitted__isnull=True)
    expected = annotation.revisions_made + 1
    unmoved = row.filter(revisions_made=annotation.revisions_made)
    if annotation.assignment.state in Assignment.OPEN and unmoved.update(revisions_made=expected, saved=now):
        return expected
    row.update(revisions_made=F("revisions_made") + 1, saved=now)
    # Only now, with the row held: an update that waits for it would have read the assignment before it waited.
    number = row.filter(assignment__state__in=Assignment.OPEN).values_list("revisions_made", flat=True).first()
    if number is None:
        raise NotOpen
    return number


def acknowledged(annotation: Annotation, save_id: str | None) -> Revision | None:
    """Return the step that a save with this id has already made."""
    return annotation.revisions.filter(save_id=save_id).first() if save_id else None


def record_at(annotation: Annotation, number: int) -> record.Annotation:
    """Return the record as it stood after step ``number``; before the first step it is empty."""
    steps = annotation.revisions.filter(number__lte=number)
    base = steps.filter(verb__in=WHOLE).order_by("-number").values_list("number", flat=True).first()
    found = record.Annotation()
    for step in steps.filter(number__gte=base or 1).order_by("number"):
        found = after(found, step)
    return found


def after(before: record.Annotation, step: Revision) -> record.Annotation:
    """Return the record after a step."""
    if step.verb in WHOLE:
        return annotation_from_json(step.record)
    if step.verb in PUT_ASIDE:
        return before
    if step.verb == Verb.OVERALL:
        return overall_after(before, step.record)
    others = tuple(part for part in before.conditions if part.uid != step.condition)
    if step.verb == Verb.REMOVE:
        return replace(before, conditions=others)
    card = read_condition(Node(step.record))
    if before.condition(step.condition) is None:
        return replace(before, conditions=(*before.conditions, card))
    return replace(before, conditions=tuple(card if part.uid == card.uid else part for part in before.conditions))


def overall_after(before: record.Annotation, said: dict[str, Any]) -> record.Annotation:
    """Return the record with another verdict, reason, note and order of the cards."""
    places = {uid: place for place, uid in enumerate(said.get("order", ()))}
    return replace(
        before,
        verdict=record.Verdict(said["verdict"]) if said.get("verdict") else None,
        reason=said.get("reason", ""),
        note=said.get("note", ""),
        conditions=tuple(sorted(before.conditions, key=lambda part: places.get(part.uid, len(places)))),
    )
