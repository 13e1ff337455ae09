"""Adjudicating: people's work into gold, step by step.

Every verb is one transaction and one step of gold's history, and proves that nobody else stepped since the desk was
laid out. ``deciding`` makes a step once that arrives twice.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from annotator import decisions, record, rows
from annotator.actions import saving
from annotator.actions.announcing import announce
from annotator.actions.history import Conflict, NotOpen, Step, Verb, record_at, written
from annotator.actions.saving import Save
from annotator.actions.submitting import Blocked
from annotator.actions.taking_up import NotReady, Taken, hold, leave
from annotator.aligned import Row
from annotator.checks import findings
from annotator.decisions import Card, Decision, Node, Said, Union, What, as_decided
from annotator.desk import Desk, decision_record, decisions_at, desk_of, unsettled
from annotator.models import Annotation, DecisionPart, Event, Member
from annotator.models import Decision as DecisionRow

# Steps


def change(desk: Desk, save: Save, said: Said) -> int:
    """Let ``said`` stand from here on, as a step if it says anything new; return the number of the step then seen."""
    if said == desk.said:
        return save.version
    return step(desk, save, said)


@transaction.atomic
def step(desk: Desk, save: Save, said: Said, verb: Verb = Verb.DECIDE, back_to: int | None = None) -> int:
    """Write a step after which ``said`` stands, and return its number. Raises Conflict, NotOpen, Taken.

    One that takes others back says after which step that stood: ``back_to``.
    """
    gold = desk.gold
    if gold is None:
        raise Taken
    now = timezone.now()
    hold(desk.question, save.by)
    current = Annotation.objects.filter(pk=gold.pk, revisions_made=save.version)
    if not current.filter(submitted__isnull=True).update(revisions_made=F("revisions_made") + 1, saved=now):
        raise NotOpen if current.exists() else Conflict
    write(desk, gold, said, save.version + 1)
    written(gold, save.version + 1, now, Step(verb, save.by, said.record, "", save.id, back_to))
    desk.said = said
    return save.version + 1


def write(desk: Desk, gold: Annotation, said: Said, number: int) -> None:
    """Write what differs between what stands and ``said``, as of step ``number``."""
    whole = said.record
    if whole != desk.said.record:
        values = {"verdict": whole.verdict.value if whole.verdict else None, "reason": whole.reason, "note": whole.note}
        Annotation.objects.filter(pk=gold.pk).update(version=F("version") + 1, **values)
        saving.replace_conditions(gold, whole, rows.lines_of(desk.question))
    stood = standing_rows(gold)
    gone = [row for row, known in stood if known not in said.decisions]
    DecisionRow.objects.filter(pk__in=[row.pk for row in gone]).update(until=number)
    known = {decision for _row, decision in stood}
    fresh = [one for one in said.decisions if one not in known]
    made = DecisionRow.objects.bulk_create(
        DecisionRow(gold=gold, kind=one.kind.value, condition=one.condition, reason=one.reason, since=number)
        for one in fresh
    )
    DecisionPart.objects.bulk_create(
        DecisionPart(
            decision=row, annotation_id=part.annotation, uid=part.uid, revision=part.revision, gave=dict(part.gave)
        )
        for row, one in zip(made, fresh, strict=True)
        for part in one.parts
    )


def standing_rows(gold: Annotation) -> list[tuple[DecisionRow, Decision]]:
    """Return the decisions that stand, as rows and as records."""
    return [(row, decision_record(row)) for row in gold.decisions.filter(until=None).prefetch_related("parts")]


def found(desk: Desk, key: str) -> Row:
    """Return the row as it was shown. Raises Conflict where it is another by now."""
    row = desk.row(key)
    if row is None:
        raise Conflict
    return row


# Verbs


def adopt(desk: Desk, save: Save, key: str, annotation: int, what: What = What.ALL) -> int:
    """Take what one person, or a draft that is shown, wrote into the row's gold condition."""
    row = found(desk, key)
    own = next((card for card in row.cards if card.part.annotation == annotation), None)
    if own:
        return change(desk, save, decisions.adopt(desk.said, row.decision, row.parts, own, what))
    drafted = desk.drafted.get(row.gold.uid, []) if row.gold else []
    card = next((card for card, _score in drafted if card.part.annotation == annotation), None)
    if card is None or not draft_shown(desk, row):
        raise Conflict
    said, decision = desk.said, row.decision
    if row.decided:
        said, decision = reopened(said, row)
    return change(desk, save, decisions.adopt(said, decision, row.parts, card, what))


def draft_shown(desk: Desk, row: Row) -> bool:
    """Return whether drafts stand open beside a row: it is decided, or was before one of them was adopted."""
    drafts = {draft.annotation for draft in desk.drafts}
    return row.decided or bool(row.decision and any(part.annotation in drafts for part in row.decision.parts))


def reopened(said: Said, row: Row) -> tuple[Said, Decision | None]:
    """Return what stands once a row is open again, and the decision it then has."""
    after = decisions.reopen(said, row.decision)
    left = [one for one in after.decisions if one not in said.decisions]
    return after, left[0] if left else None


def merge(desk: Desk, save: Save, key: str, how: Union) -> int:
    """Let gold cite what the row's people cite, all of it or what they share, with the words that all agree on."""
    row = found(desk, key)
    said, decision = worded(desk.said, row)
    return change(desk, save, decisions.merge_citations(said, decision, row.parts, row.cards, how))


def rewrite(
    desk: Desk, save: Save, key: str, into: Callable[[record.Condition], record.Condition], uid: str = ""
) -> int:
    """Write the row's gold condition in other words; a row that has none begins one under ``uid``."""
    row = found(desk, key)
    if row.gold is None and desk.said.record.condition(uid):
        raise Conflict
    return change(desk, save, decisions.rewrite(desk.said, row.decision, row.parts, into, uid))


def write_new(desk: Desk, save: Save) -> int:
    """Begin a gold condition that nobody has."""
    new = decisions.begun(None, ())
    return change(desk, save, desk.said.with_card(record.Condition(new.condition)).with_decision(None, new))


def accept(desk: Desk, save: Save, key: str) -> int:
    """Accept what gold says for the row; where all agree and nothing is adopted yet, what they agree on."""
    row = found(desk, key)
    return change(desk, save, accepted(desk.said, row))


def accepted(said: Said, row: Row) -> Said:
    decision = row.decision
    if row.gold is None and row.obvious:
        said, decision = proposed(said, row)
    elif row.gold and row.gold.wordless and not any(card.condition.wordless for card in row.cards):
        raise decisions.Unfit("Gold has neither a condition nor an answer here yet; adopt or write one.")
    return decisions.accept(said, decision, row.parts)


def worded(said: Said, row: Row) -> tuple[Said, Decision | None]:
    """Return what stands with the words adopted that all agree on, where nothing is adopted or written yet."""
    if row.gold or not row.obvious or row.nearest is None:
        return said, row.decision
    after = decisions.adopt(said, row.decision, row.parts, row.nearest, What.ALL)
    return after, next(one for one in after.decisions if one not in said.decisions)


def proposed(said: Said, row: Row) -> tuple[Said, Decision]:
    """Return what stands with the row's proposal adopted: the card most like the others, and everybody's citations."""
    said, built = worded(said, row)
    assert row.nearest is not None  # noqa: S101 - a row whose proposal goes without saying has a card
    assert built is not None  # noqa: S101 - and now gold
    before = set(said.decisions)
    said = decisions.merge_citations(said, built, row.parts, ordered(row.cards, row.nearest), Union.ALL)
    return said, next((one for one in said.decisions if one not in before), built)


def ordered(cards: Sequence[Card], first: Card) -> list[Card]:
    return [first, *(card for card in cards if card != first)]


def accept_agreed(desk: Desk, save: Save, keys: Sequence[str]) -> int:
    """Accept the rows on which all agree, of those that were shown. Raises Conflict where one is so no longer."""
    said = desk.said
    for key in keys:
        row = found(desk, key)
        if row.state != "agreed":
            raise Conflict
        said = accepted(said, row)
    return change(desk, save, said)


def reject(desk: Desk, save: Save, key: str, reason: str) -> int:
    """Say that none of the row belongs into gold, and why."""
    row = found(desk, key)
    return change(desk, save, decisions.reject(desk.said, row.decision, row.parts, reason))


def confirm(desk: Desk, save: Save, key: str) -> int:
    """Say that a decided row is right for what people wrote since, too. Raises Unfit where it is not decided."""
    row = found(desk, key)
    return save.version if row.settled else change(desk, save, decisions.confirm(desk.said, row.decision, row.parts))


def reopen_row(desk: Desk, save: Save, key: str) -> int:
    """Take back that a row is decided."""
    return change(desk, save, decisions.reopen(desk.said, found(desk, key).decision))


def split(desk: Desk, save: Save, key: str, node: Node) -> int:
    """Take one person's condition out of its row."""
    row = found(desk, key)
    return change(desk, save, decisions.split(desk.said, row.decision, row.parts, node))


def join(desk: Desk, save: Save, key: str, other: str) -> int:
    """Make two rows one."""
    first, second = found(desk, key), found(desk, other)
    if first == second:
        raise decisions.Unfit("A row cannot be joined with itself.")
    return change(desk, save, decisions.join(desk.said, (first.decision, first.parts), (second.decision, second.parts)))


def say(desk: Desk, save: Save, verdict: record.Verdict | None, reason: str, note: str) -> int:
    """Set gold's verdict, the reason of "cannot annotate", and a note."""
    whole = replace(desk.said.record, verdict=verdict, reason=reason, note=note)
    return change(desk, save, replace(desk.said, record=whole))


def undo(desk: Desk, save: Save) -> int:
    """Put back what stood before the last step of the member's own that is not undone yet; Unfit where there is none.

    Nobody undoes an undoing, or what another adjudicator did.
    """
    gold = desk.gold
    assert gold is not None  # noqa: S101
    for number in own_steps(gold, save.by):
        before = said_at(gold, number - 1) if number > 1 else Said(begun_as(desk))
        if not same(before, desk.said):
            return step(desk, save, before, back_to=number - 1)
    raise decisions.Unfit("Nothing of yours is left to undo.")


def own_steps(gold: Annotation, by: Member) -> Iterator[int]:
    """Yield the member's steps that are not undone, the last first, down to one of somebody else. One query."""
    steps = {number: (who, back) for number, who, back in gold.revisions.values_list("number", "by", "version")}
    number = gold.revisions_made
    while number in steps and steps[number][0] == by.pk:
        back = steps[number][1]
        if back is None:
            yield number
        number = number - 1 if back is None else back


def restore(desk: Desk, save: Save, number: int) -> int:
    """Let what stood after step ``number`` stand again, as a step of its own, and return the step then seen."""
    gold = desk.gold
    assert gold is not None  # noqa: S101
    then = said_at(gold, number)
    return save.version if same(then, desk.said) and not gold.submitted else step(desk, save, then, Verb.RESTORE)


def begun_as(desk: Desk) -> record.Annotation:
    """Return what stood before the first step: no condition, and the verdict of everybody."""
    return replace(record.Annotation(), verdict=desk.verdict)


def said_at(gold: Annotation, number: int) -> Said:
    return as_decided(Said(record_at(gold, number), decisions_at(gold.pk, number)))


def same(one: Said, other: Said) -> bool:
    return one.record == other.record and set(one.decisions) == set(other.decisions)


# Gold


def finish(desk: Desk, save: Save) -> None:
    """Make it gold, by the member who finishes it.

    Raises Blocked where a row is undecided or changed since it was decided, or a check blocks. What is gold stays so.
    """
    if desk.gold and desk.gold.submitted:
        return
    blocking = [*unsettled(desk), *(one for one in findings(desk.said.record, desk.question.text) if one.blocks)]
    if blocking:
        raise Blocked(desk.said.record, blocking)
    with transaction.atomic():
        step(desk, save, desk.said, Verb.SUBMIT)
        made = {"submitted": timezone.now(), "author": save.by, "brought_by": None}
        Annotation.objects.filter(question=desk.question, source=record.Source.GOLD).update(**made)
        leave(save.by, desk.question)
        announce(Event.ADJUDICATED, save.by.project_id, "question", desk.question.pk)


def promote(desk: Desk, save: Save) -> None:
    """Make the only annotation of a question gold, as its author wrote it.

    Raises Blocked, and NotReady where there are several, or somebody is still at work on one.
    """
    if len(desk.people) != 1 or desk.with_authors:
        raise NotReady
    take_over(desk, save)


def take_over(desk: Desk, save: Save) -> None:
    """Make gold of the verdict that everybody gave and of each row's proposal, where it is not decided. Raises Blocked.

    Gold's own verdict may be older: it was filled in when the question was first taken in hand.
    """
    verdict, reason = desk.verdict_said
    said = replace(desk.said, record=replace(desk.said.record, verdict=verdict, reason=reason))
    for row in desk.rows:
        if not row.decided:
            said = accepted(said, row)
    with transaction.atomic():
        number = change(desk, save, said)
        finish(desk_of(desk.question), replace(save, id=None, version=number))


def reopen(desk: Desk, save: Save) -> None:
    """Take finished gold up again; what was finished stays in the history."""
    with transaction.atomic():
        finished = Annotation.objects.gold().filter(question=desk.question)
        if finished.update(submitted=None, author=save.by, brought_by=None):
            step(desk, save, desk.said)
