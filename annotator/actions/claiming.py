"""Giving out questions: each slot by a conditional update, so that no question is ever handed out once too often.

A slot comes back when its question is skipped, or when its lease has ended and somebody else's claim asks for it.
"""

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from annotator import queue
from annotator.actions.consenting import require_consent
from annotator.actions.history import NotOpen, Step, Verb, append
from annotator.actions.leases import lease_end
from annotator.models import Annotation, Assignment, Batch, Cursor, Member, Question
from annotator.models.questions import TURN
from annotator.querysets import AssignmentQuerySet

State = Assignment.State
END = 2**63 - 1  # behind every place


class NoSlot(Exception):
    """No slot of the question is to be had by the member."""


class Full(NoSlot):
    """Every slot of the question is taken."""


class Shut(NoSlot):
    """The batch is not open now, or has given the member as many questions as one person gets."""


class Left(NoSlot):
    """The member has left the project, or annotates there no longer."""


class Looked(NoSlot):
    """The member has looked at what others wrote on the question, so no slot of it is theirs."""


def claim(member: Member) -> Assignment | None:
    """Return the member's next work: what they have open, what they were assigned, then a free slot; None at the end.

    One lease that has ended on a question new to the member is taken back first, so each claim finds a slot or nobody
    holds one in vain. Raises ConsentOwed.
    """
    require_consent(member)
    unfinished = queue.open_work_of(member)
    if unfinished:
        return unfinished
    assigned = queue.assigned_work_of(member)
    if assigned:
        return start(assigned)
    if late := queue.lapsed_slot_for(member):
        lapse(late)
    with suppress(Left):
        taken = (next_in(member, batch) for batch in queue.open_batches(member))
        return next((assignment for assignment in taken if assignment), None)
    return None


def next_in(member: Member, batch: Batch) -> Assignment | None:
    """Take the first free slot behind the member's cursor in a batch."""
    cursor = cursor_of(member, batch)
    for question, place in candidates(member, batch, cursor):
        try:
            assignment = give(member, question)
        except (Full, Looked):
            continue
        move(cursor, place)
        return assignment
    move(cursor, END)
    return None


def cursor_of(member: Member, batch: Batch) -> Cursor:
    """Return how far the member's claims have gone through the batch; a random order begins at a place of their own."""
    known = queue.cursor_in(member, batch)
    if known:
        return known
    digest = hashlib.sha256(f"{member.pk}".encode()).digest()
    offset = int.from_bytes(digest[:8]) % TURN if batch.order == Batch.Order.RANDOM else 0
    return Cursor.objects.get_or_create(member=member, batch=batch, defaults={"offset": offset, "upto": offset})[0]


def candidates(member: Member, batch: Batch, cursor: Cursor) -> Iterator[tuple[Question, int]]:
    """Yield what the member may claim behind the cursor, in the batch's order, each with its place for the cursor."""
    stretches = [(0, cursor.upto, END), (TURN, max(0, cursor.upto - TURN), cursor.offset)]
    for turned, last, end in stretches:
        while last < end and (question := queue.first_free(member, batch, last, end)):
            last = getattr(question, batch.place)
            yield question, turned + last


def move(cursor: Cursor, place: int) -> None:
    """Move a cursor, unless it was set back, or something before the place became free, since it was read."""
    unchanged = Cursor.objects.filter(pk=cursor.pk, upto=cursor.upto, changes=cursor.changes)
    if place != cursor.upto:
        unchanged.update(upto=place)


def pass_over(member: Member, batch: Batch) -> None:
    """Move the member's cursor up to what they may claim next, or to the end of the batch."""
    cursor = cursor_of(member, batch)
    before = (place - 1 for _question, place in candidates(member, batch, cursor))
    move(cursor, next(before, END))


def take(member: Member, question: Question) -> Assignment:
    """Give the member a slot on ``question``, or return the one they have. Raises ConsentOwed, NoSlot."""
    require_consent(member)
    own = queue.slot_of(member, question)
    if own:
        return start(own)
    admit(member, question)
    return give(member, question)


def admit(member: Member, question: Question) -> None:
    """Raise Shut where the question's batch is not open, or has given the member as many as one person gets."""
    if not Batch.objects.open_to(member).filter(pk=question.batch_id).exists():
        raise Shut


def give(member: Member, question: Question) -> Assignment:
    """Give the member a slot, a lapsed one where no other is free. Raises Full, Left, Looked."""
    try:
        with transaction.atomic():
            fill_slot(member, question)
            # The question is locked, so a double click sees here what the other one made, and counts no slot. To insert
            # and let the constraint refuse would wait for whoever changes that row and waits for the question.
            own = queue.slot_of(member, question)
            transaction.set_rollback(own is not None)
            return own or begin(member, question)
    except Full:
        own = queue.slot_of(member, question)
        if own:
            return own
        if not lapse_one(question.assignments.lapsed()):
            raise
        return give(member, question)


def fill_slot(member: Member, question: Question) -> None:
    """Count one more slot as taken, by the member. Raises Full, Left, Looked where none is theirs."""
    if not queue.still_annotates(member):
        raise Left
    if not Question.objects.with_free_slot().filter(pk=question.pk).update(taken=F("taken") + 1):
        raise Full
    # The row is ours until the end of the transaction, and a look waits for it: none comes in between.
    if not member.project.lookers_may_annotate and queue.has_looked(member, question):
        raise Looked


def begin(member: Member, question: Question) -> Assignment:
    """Make the assignment with its empty annotation."""
    now = timezone.now()
    until = lease_end(member.project, now)
    annotation = begun(member, question, now)
    return Assignment.objects.create(
        question=question, member=member, annotation=annotation, created=now, lease_until=until
    )


def begun(member: Member, question: Question, now: datetime) -> Annotation:
    """Make the member's empty annotation."""
    version = question.batch.guideline_version_id
    times = {"created": now, "opened": now, "saved": now}
    return Annotation.objects.create(question=question, author=member, guideline_version_id=version, **times)


def start(assignment: Assignment) -> Assignment:
    """Begin an assignment that a manager gave; one that was begun stays as it is. Raises Shut."""
    member, question, now = assignment.member, assignment.question, timezone.now()
    if assignment.state != State.ASSIGNED:
        return assignment
    if not Batch.objects.running().filter(pk=question.batch_id).exists():
        raise Shut
    with transaction.atomic():
        row = Assignment.objects.filter(pk=assignment.pk)
        if row.filter(state=State.ASSIGNED).update(state=State.IN_PROGRESS, lease_until=lease_end(member.project, now)):
            row.update(annotation=begun(member, question, now))
    return row.get()


def skip(assignment: Assignment, reason: str) -> bool:
    """Give the slot back, with a reason, and return whether it was open; the work done so far is kept."""
    with suppress(NotOpen), transaction.atomic():
        step = Step(Verb.SKIP, assignment.member, {"reason": reason})
        give_back(assignment, Assignment.objects.all(), step, State.SKIPPED, reason=reason)
        return True
    return False


def lapse_one(slots: AssignmentQuerySet) -> bool:
    """Take back the first of some slots whose lease has ended, and return whether there was one; its work is kept."""
    late = slots.select_related("annotation", "question").first()
    if late:
        lapse(late)
    return late is not None


def lapse(late: Assignment) -> None:
    """Take a slot back whose lease has ended, if it still has."""
    with suppress(NotOpen), transaction.atomic():
        give_back(late, Assignment.objects.ended(), Step(Verb.EXPIRE, None, {}), State.EXPIRED)


def give_back(assignment: Assignment, among: AssignmentQuerySet, step: Step, state: State, **values: str) -> None:
    """Free the slot of an assignment that is open and still ``among`` those meant. Raises NotOpen."""
    if assignment.annotation:
        append(assignment.annotation, step)
    if not among.filter(pk=assignment.pk, state__in=Assignment.OPEN).update(state=state, lease_until=None, **values):
        raise NotOpen
    free_slot(assignment.question)


def free_slot(question: Question) -> None:
    """Count one slot less as taken, and let everybody's next claim come by this question again.

    A question that kept more slots than its batch asks for, because they were taken, keeps one less instead.
    """
    row = Question.objects.filter(pk=question.pk)
    asked = question.batch.overlap_at(question.order)
    kept = row.none() if asked is None else row.filter(overlap=F("taken"), overlap__gt=asked)
    if not kept.update(taken=F("taken") - 1, overlap=F("overlap") - 1):
        row.filter(taken__gt=0).update(taken=F("taken") - 1)
    Cursor.objects.set_back(question.batch, row)


def resume(assignment: Assignment) -> None:
    """Take up a question again that was skipped, or whose lease ended, if a slot is free.

    Raises ConsentOwed, NoSlot.
    """
    member, question = assignment.member, assignment.question
    require_consent(member)
    admit(member, question)
    try:
        with transaction.atomic():
            given_back = Assignment.objects.filter(pk=assignment.pk, state__in=Assignment.GIVEN_BACK)
            until = lease_end(member.project, timezone.now())
            if given_back.update(state=State.IN_PROGRESS, reason="", lease_until=until):
                fill_slot(member, question)
    except Full:
        if not lapse_one(question.assignments.lapsed()):
            raise
        resume(assignment)
