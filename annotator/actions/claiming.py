"""Giving out questions: each slot by a conditional update, so that no question is ever handed out once too often.

A slot comes back when its question is skipped, or when its lease has ended and somebody else's claim asks for it.
"""

from collections.abc import Iterator
from contextlib import suppress

from django.db import IntegrityError, transaction
from django.db.models import F, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from annotator.actions.history import NotOpen, Step, Verb, append
from annotator.actions.leases import lease_end
from annotator.models import Annotation, Assignment, Batch, Cursor, Member, Question
from annotator.querysets import AssignmentQuerySet

State = Assignment.State


class NoSlot(Exception):
    """No slot of the question is to be had by the member."""


class Full(NoSlot):
    """Every slot of the question is taken."""


class Looked(NoSlot):
    """The member has looked at what others wrote on the question, so no slot of it is theirs."""


def claim(member: Member) -> Assignment | None:
    """Return the member's next work: their own open work first, then a free slot in batch order; None at the end.

    One lease that has ended on a question new to the member is taken back first, so each claim finds a slot or nobody
    holds one in vain.
    """
    unfinished = member.assignments.open().first()
    if unfinished:
        return unfinished
    lapse_one(Assignment.objects.lapsed_for(member))
    taken = (next_in(member, batch) for batch in member.project.batches.order_by("position", "pk"))
    return next((assignment for assignment in taken if assignment), None)


def next_in(member: Member, batch: Batch) -> Assignment | None:
    """Take the first free slot behind the member's cursor in a batch."""
    cursor, _new = Cursor.objects.get_or_create(member=member, batch=batch)
    for question in candidates(member, batch, cursor.upto):
        try:
            assignment = take(member, question)
        except NoSlot:
            continue
        # Only forward, and only if no slot came back meanwhile: then the cursor was set back and stays so.
        Cursor.objects.filter(pk=cursor.pk, upto=cursor.upto).update(upto=question.order)
        return assignment
    if cursor.upto < batch.size:
        pass_over(cursor)
    return None


def candidates(member: Member, batch: Batch, last: int) -> Iterator[Question]:
    """Yield what the member may claim behind a place in the batch, in its order, one query for each."""
    while True:
        behind = batch.questions.filter(order__gt=last)
        question = behind.claimable_by(member).order_by("order").first()
        if question is None:
            return
        yield question
        last = question.order


def pass_over(cursor: Cursor) -> None:
    """Move a cursor up to what its member may claim next, or to the end of the batch."""
    behind = Question.objects.filter(batch=cursor.batch_id, order__gt=cursor.upto)
    before_next = behind.claimable_by(cursor.member).order_by("order").annotate(before=F("order") - 1).values("before")
    the_end = behind.order_by("-order").values("order")
    # One statement, so that no question is added or freed between looking and moving.
    Cursor.objects.filter(pk=cursor.pk, upto=cursor.upto).update(
        upto=Coalesce(Subquery(before_next[:1]), Subquery(the_end[:1]), F("upto"))
    )


def take(member: Member, question: Question) -> Assignment:
    """Give the member a slot on ``question``, or return the one they have. Raises Full, Looked."""
    try:
        with transaction.atomic():
            fill_slot(member, question)
            return begin(member, question)
    except IntegrityError:  # a double click: the other one made the assignment
        return member.assignments.get(question=question)
    except NoSlot as none:
        own = member.assignments.filter(question=question).first()
        if own:
            return own
        if isinstance(none, Full) and lapse_one(question.assignments.lapsed()):
            return take(member, question)
        raise


def fill_slot(member: Member, question: Question) -> None:
    """Count one more slot as taken, by the member. Raises Full where none is free, Looked where none is theirs."""
    if not Question.objects.with_free_slot().filter(pk=question.pk).update(taken=F("taken") + 1):
        raise Full
    # The row is ours until the end of the transaction, and a look waits for it: none comes in between.
    if not member.project.lookers_may_annotate and member.looks.filter(question=question).exists():
        raise Looked


def begin(member: Member, question: Question) -> Assignment:
    """Make the assignment with its empty annotation."""
    now = timezone.now()
    annotation = Annotation.objects.create(
        question=question,
        author=member,
        guideline_version=question.batch.guideline_version,
        created=now,
        opened=now,
        saved=now,
    )
    until = lease_end(member.project, now)
    return Assignment.objects.create(
        question=question, member=member, annotation=annotation, created=now, lease_until=until
    )


def skip(assignment: Assignment, reason: str) -> None:
    """Give the slot back, with a reason; the work done so far is kept. Skipping twice changes nothing."""
    with suppress(NotOpen), transaction.atomic():
        step = Step(Verb.SKIP, assignment.member, {"reason": reason})
        give_back(assignment, Assignment.objects.all(), step, State.SKIPPED, reason=reason)


def lapse_one(slots: AssignmentQuerySet) -> bool:
    """Take back the first of some slots whose lease has ended, and return whether there was one; its work is kept."""
    late = slots.select_related("annotation", "question").first()
    if late:
        with suppress(NotOpen), transaction.atomic():
            give_back(late, Assignment.objects.ended(), Step(Verb.EXPIRE, None, {}), State.EXPIRED)
    return late is not None


def give_back(assignment: Assignment, among: AssignmentQuerySet, step: Step, state: State, **values: str) -> None:
    """Free the slot of an assignment that is open and still ``among`` those meant. Raises NotOpen."""
    if assignment.annotation:
        append(assignment.annotation, step)
    if not among.filter(pk=assignment.pk, state__in=Assignment.OPEN).update(state=state, lease_until=None, **values):
        raise NotOpen
    free_slot(assignment.question)


def free_slot(question: Question) -> None:
    """Count one slot less as taken, and let everybody's next claim come by this question again."""
    Question.objects.filter(pk=question.pk, taken__gt=0).update(taken=F("taken") - 1)
    reached(question.batch_id, question.order)


def reached(batch: int, order: int) -> None:
    """Set back the cursors that have passed ``order`` in a batch."""
    Cursor.objects.filter(batch=batch, upto__gte=order).update(upto=order - 1)


def resume(assignment: Assignment) -> None:
    """Take up a question again that was skipped, or whose lease ended, if a slot is free. Raises Full, Looked."""
    member, question = assignment.member, assignment.question
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


def change_overlap(batch: Batch, overlap: int | None) -> None:
    """Ask for another number of annotations per question; a question never has fewer slots than are taken."""
    with transaction.atomic():
        Batch.objects.filter(pk=batch.pk).update(overlap=overlap)
        questions = batch.questions.all()
        if overlap is None:
            questions.update(overlap=None)
        else:
            questions.filter(taken__lte=overlap).update(overlap=overlap)
            questions.filter(taken__gt=overlap).update(overlap=F("taken"))
        Cursor.objects.filter(batch=batch).update(upto=0)
