"""The saves of an open annotation: one card, a new or removed one, or what is said of the whole.

Each proves by a conditional update that nothing changed since it was read, writes only what differs, and leaves a step
in the history. A save that was acknowledged before, or that changes nothing, is acknowledged again and writes nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count, F, Max, Q, QuerySet
from django.utils import timezone

from annotator import record, rows
from annotator.actions.history import (
    Conflict,
    Step,
    Verb,
    acknowledged,
    append,
    append_next,
    hold,
    overall_after,
    record_at,
    stepping,
)
from annotator.actions.leases import renew
from annotator.codec import LONGEST_LIST, annotation_from_json, to_json
from annotator.models import Annotation, Condition, Mark, Member, Revision
from annotator.reading import BadInput, Problem
from annotator.standing import keep, standing
from annotator.stored import stored_card, stored_condition


@dataclass(frozen=True, slots=True)
class Save:
    """What the browser says of a save: whose it is, its own id, and the version that it began from."""

    by: Member
    id: str | None
    version: int


@dataclass(frozen=True, slots=True)
class Overall:
    """What is said of the whole annotation; ``order`` lists the cards' uids."""

    verdict: record.Verdict | None = None
    reason: str = ""
    note: str = ""
    order: tuple[str, ...] = ()


def save_condition(annotation: Annotation, wanted: record.Condition, save: Save, lines: rows.Lines) -> int:
    """Store ``wanted`` as the card of its uid and return the card's version. Raises Conflict or NotOpen."""
    before = standing(annotation)
    stored, version = before.record.condition(wanted.uid), before.versions.get(wanted.uid)
    if stored == wanted and version is not None:
        return version
    step = Step(Verb.CARD, save.by, wanted, wanted.uid, save.id, save.version + 1)
    if stored is None or version != save.version:
        return version_acknowledged(annotation, step)
    try:
        with stepping(annotation):
            following = append_next(annotation, step)
            card = stored_cards(annotation).filter(uid=wanted.uid, version=save.version, removed=False)
            if not card.update(text=wanted.text, version=F("version") + 1):
                raise Conflict
            if (stored.answers, stored.citations) != (wanted.answers, wanted.citations):
                rows.update_condition(stored_card(annotation.pk, wanted.uid), wanted, lines)
    except Conflict:
        return version_acknowledged(annotation, step)
    if following:
        keep(annotation, before.with_card(wanted, save.version + 1))
    return save.version + 1


def put_condition(annotation: Annotation, wanted: record.Condition, save: Save, lines: rows.Lines) -> int:
    """Store ``wanted``, as a new card where ``save`` began from version 0; return its version. Raises as the others."""
    if save.version == 0 and wanted.uid not in standing(annotation).versions:
        add_condition(annotation, wanted.uid, replace(save, id=None))
    return save_condition(annotation, wanted, replace(save, version=max(save.version, 1)), lines)


def version_acknowledged(annotation: Annotation, step: Step) -> int:
    """Return the version that an earlier arrival of the same save produced. Raises Conflict where there was none.

    Another save under the id of one that arrived was never stored.
    """
    known = acknowledged(annotation, step.save_id)
    if known is None or known.version is None:
        raise Conflict
    if (known.verb, known.condition, words(known.record)) != (step.verb, step.condition, words(to_json(step.record))):
        raise Conflict
    return known.version


def words(saved: dict[str, Any]) -> dict[str, Any]:
    """Return what a save says, in JSON. A citation has another uid each time that the same form is read."""
    return saved | {"citations": [part | {"uid": ""} for part in saved.get("citations", ())]}


def stored_cards(annotation: Annotation) -> QuerySet[Condition]:
    """Return every card there ever was, the removed ones too, past whatever the annotation was fetched with."""
    return Condition.objects.filter(annotation=annotation)


def add_condition(annotation: Annotation, uid: str, save: Save) -> Condition:
    """Add an empty card with one empty answer at the end, or return the one that this uid already made.

    Raises Conflict, NotOpen, and BadInput where there are too many.
    """
    existing = stored_condition(annotation.pk, uid)
    if existing:
        return existing
    before = standing(annotation)
    try:
        with stepping(annotation):
            card = record.Condition(uid=uid, answers=(record.Answer(uid=record.new_uid()),))
            following = append_next(annotation, Step(Verb.ADD, save.by, card, uid, save.id, 1))
            row = add_row(annotation, card)
    except (Conflict, IntegrityError) as twice:  # the same request came twice at once, or its id is another save's
        existing = stored_condition(annotation.pk, uid)
        if existing is None:
            raise Conflict from twice
        return existing
    if following:
        keep(annotation, before.with_card(card, 1))
    return row


def add_row(annotation: Annotation, card: record.Condition, lines: rows.Lines | None = None) -> Condition:
    """Write a new card behind the others. Raises BadInput where there are too many."""
    live = Count("pk", filter=Q(removed=False))
    there = stored_cards(annotation).aggregate(last=Max("order", default=0), number=live)
    check_room(there["number"])
    row = Condition.objects.create(annotation=annotation, uid=card.uid, order=there["last"] + 1, text=card.text)
    rows.create_parts([(row, card, lines or {})])
    return row


def check_room(number: int) -> None:
    """Raise BadInput where an annotation of so many conditions holds as many as it may."""
    if number >= LONGEST_LIST:
        raise BadInput([Problem("conditions", f"An annotation holds at most {LONGEST_LIST} conditions.")])


def remove_condition(annotation: Annotation, uid: str, save: Save) -> Revision | None:
    """Take a card away; it stays stored, and undo brings it back. Returns the step, None if it was gone."""
    card = standing(annotation).record.condition(uid)
    if card is None:
        return None
    with stepping(annotation):
        step = append(annotation, Step(Verb.REMOVE, save.by, card, uid, save.id, save.version + 1))
        current = stored_cards(annotation).filter(uid=uid, version=save.version, removed=False)
        if not current.update(removed=True, version=F("version") + 1):
            raise Conflict
        return step


def bring_back(annotation: Annotation, uid: str, save: Save) -> Revision | None:
    """Bring a removed card back to its place, which the whole record of the step keeps. Raises NotOpen and BadInput.

    Returns the step, None if the card was not away.
    """
    with stepping(annotation):
        hold(annotation)
        row = stored_cards(annotation).filter(uid=uid, removed=True).first()
        if row is None:
            return None
        check_room(stored_cards(annotation).filter(removed=False).count())
        stored_cards(annotation).filter(pk=row.pk).update(removed=False, version=F("version") + 1)
        whole = rows.annotation_record(Annotation.objects.with_conditions().get(pk=annotation.pk))
        return append(annotation, Step(Verb.RESTORE, save.by, whole, uid, save.id, row.version + 1))


def save_overall(annotation: Annotation, said: Overall, save: Save) -> int:
    """Store verdict, reason, note and the order of the cards; return the annotation's version. Raises Conflict."""
    before = standing(annotation)
    stored = overall_in(before.record)
    order = ordered(stored.order, said.order)
    if stored == replace(said, order=order):
        return annotation.version
    step = Step(Verb.OVERALL, save.by, replace(said, order=order), "", save.id, save.version + 1)
    try:
        with stepping(annotation):
            current = Annotation.objects.filter(pk=annotation.pk, version=save.version)
            verdict = said.verdict.value if said.verdict else None
            if not current.update(version=F("version") + 1, verdict=verdict, reason=said.reason, note=said.note):
                raise Conflict
            if order != stored.order:
                write_order(annotation, order)
            following = append_next(annotation, step)
    except Conflict:
        return version_acknowledged(annotation, step)
    if following:
        keep(annotation, replace(before, record=overall_after(before.record, to_json(step.record))))
    return save.version + 1


def overall_of(annotation: Annotation) -> Overall:
    """Return what stands of the whole."""
    return overall_in(standing(annotation).record)


def overall_in(said: record.Annotation) -> Overall:
    """Return what a record says of the whole."""
    return Overall(said.verdict, said.reason, said.note, tuple(part.uid for part in said.conditions))


def ordered(stored: tuple[str, ...], wanted: tuple[str, ...]) -> tuple[str, ...]:
    """Return the cards' uids in the wanted order; cards that it does not name keep their order behind it."""
    named = [uid for uid in dict.fromkeys(wanted) if uid in stored]
    return (*named, *(uid for uid in stored if uid not in named))


def write_order(annotation: Annotation, uids: Iterable[str]) -> None:
    """Number the cards in the order of ``uids``, one statement for each that moved."""
    stored = dict(stored_cards(annotation).filter(removed=False).values_list("uid", "order"))
    for place, uid in enumerate(uids, 1):
        if stored.get(uid) not in (None, place):
            stored_cards(annotation).filter(uid=uid).update(order=place)


def mark(annotation: Annotation, states: Mapping[int, record.MarkState | None]) -> None:
    """Mark listed fragments, by key, as read or irrelevant, or as unread (None). Raises NotOpen."""
    with transaction.atomic():
        hold(annotation)
        annotation.marks.filter(listed__in=states).delete()
        Mark.objects.bulk_create(
            Mark(annotation=annotation, listed_id=listed, state=state.value)
            for listed, state in states.items()
            if state
        )
        renew(annotation, timezone.now())


def undo(annotation: Annotation, number: int, save: Save) -> None:
    """Put back what step ``number`` changed. Raises NotOpen, and Conflict where what it left no longer stands."""
    step = annotation.revisions.get(number=number)
    before, left = record_at(annotation, number - 1), record_at(annotation, number)
    with stepping(annotation):
        hold(annotation)
        if known := acknowledged(annotation, save.id):
            made = record_at(annotation, known.number)
            if known.condition != step.condition or part_of(made, step.condition) != part_of(before, step.condition):
                raise Conflict
        elif step.verb == Verb.OVERALL:
            undo_overall(annotation, before, left, save)
        elif step.condition:
            undo_card(annotation, before, left, step.condition, save)
        else:
            raise Conflict


def part_of(whole: record.Annotation, uid: str) -> record.Condition | Overall | None:
    """Return a card of a record; without a uid, what it says of the whole but for the order."""
    return whole.condition(uid) if uid else replace(overall_in(whole), order=())


def undo_card(annotation: Annotation, before: record.Annotation, left: record.Annotation, uid: str, save: Save) -> None:
    """Put a card back from what a step left of it to what it was before, or to where it was not."""
    now, was = standing(annotation), before.condition(uid)
    if now.record.condition(uid) != left.condition(uid):
        raise Conflict
    current = replace(save, version=now.versions.get(uid, 0))
    if was is None:
        remove_condition(annotation, uid, current)
    elif left.condition(uid) is None:
        bring_back(annotation, uid, save)
    else:
        save_condition(annotation, was, current, rows.lines_of(annotation.question, annotation))


def undo_overall(annotation: Annotation, before: record.Annotation, left: record.Annotation, save: Save) -> None:
    """Put verdict, reason, note and order back; cards that came since keep their place behind the others."""
    now = overall_of(annotation)
    was, became = (replace(said, order=ordered(now.order, said.order)) for said in map(overall_in, (before, left)))
    if now != became:
        raise Conflict
    save_overall(annotation, was, replace(save, version=annotation.version))


def restore(annotation: Annotation, number: int, save: Save) -> None:
    """Put the whole annotation back to what it was after step ``number``; what was said since stays in the history.

    ``save.version`` is the last step that was seen. Raises Conflict or NotOpen.
    """
    lines = rows.lines_of(annotation.question, annotation)
    save_whole(annotation, record_at(annotation, number), save, lines, Verb.RESTORE)


def save_whole(
    annotation: Annotation, wanted: record.Annotation, save: Save, lines: rows.Lines, verb: Verb = Verb.SAVE
) -> int:
    """Store ``wanted`` in the place of all that the annotation says; return the number of the step then seen.

    ``save.version`` is the step that it began from, ``verb`` what the history calls it. Raises Conflict or NotOpen.
    """
    if standing(annotation).record == wanted:
        return annotation.revisions_made
    if known := acknowledged(annotation, save.id):
        return number_of(known, wanted, verb)
    with stepping(annotation):
        hold(annotation)
        if annotation.revisions_made != save.version:
            return number_of(acknowledged(annotation, save.id), wanted, verb)
        write_whole(annotation, wanted, lines)
        return append(annotation, Step(verb, save.by, wanted, "", save.id)).number


def number_of(known: Revision | None, wanted: record.Annotation, verb: Verb) -> int:
    """Return the step that an earlier arrival of the same save made. Raises Conflict where there was none."""
    if known is None or known.verb != verb or annotation_from_json(known.record) != wanted:
        raise Conflict
    return known.number


def write_whole(annotation: Annotation, wanted: record.Annotation, lines: rows.Lines) -> None:
    """Write all that ``wanted`` says in the place of what is stored; only what differs has a new version."""
    stored, said = overall_of(annotation), overall_in(wanted)
    if stored != replace(said, order=ordered(stored.order, said.order)):
        values = {"verdict": said.verdict.value if said.verdict else None, "reason": said.reason, "note": said.note}
        Annotation.objects.filter(pk=annotation.pk).update(version=F("version") + 1, **values)
    replace_conditions(annotation, wanted, lines)


def replace_conditions(annotation: Annotation, wanted: record.Annotation, lines: rows.Lines) -> None:
    """Make the stored cards those of ``wanted``, uid by uid; cards it does not have are removed, not deleted."""
    stored = {row.uid: row for row in stored_cards(annotation).prefetch_related("answers", "citations__listed")}
    for order, card in enumerate(wanted.conditions, 1):
        row = stored.pop(card.uid, None) or Condition.objects.create(annotation=annotation, uid=card.uid, order=order)
        own, stands = Condition.objects.filter(pk=row.pk), rows.card_of(row)
        if not row.removed and rows.condition_record(stands, annotation.question.supplementary_id) == card:
            own.update(order=order)
            continue
        own.update(text=card.text, order=order, removed=False, extra=dict(card.extra), version=F("version") + 1)
        rows.update_condition(stands, card, lines)
    gone = [row.pk for row in stored.values() if not row.removed]
    Condition.objects.filter(pk__in=gone).update(removed=True, version=F("version") + 1)


def dismiss(annotation: Annotation, key: str, reason: str) -> None:
    """Keep a warning from being shown again, with the reason that was given for it. Raises NotOpen."""
    with transaction.atomic():
        hold(annotation)
        annotation.dismissed[key] = reason
        annotation.save(update_fields=["dismissed"])
