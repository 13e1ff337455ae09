"""What every claim asks of the queue, each query compiled once (decision 8): asking takes less than saying what to ask.

All are those of the querysets, with a member, a batch and a time put in.
"""

from datetime import UTC, datetime
from functools import cache

from django.utils import timezone

from annotator.models import Assignment, Batch, Cursor, Look, Member, Project, Question
from annotator.prepared import Prepared

# They stand in for now, and for places in a batch, which are never below 0.
SOMETIME = datetime(1, 1, 2, tzinfo=UTC)
PLACES = (271_828_182, 314_159_265)

open_slot = Prepared(lambda member: Assignment.objects.filter(member=member).open()[:1], -1)
slot = Prepared(lambda member, question: Assignment.objects.filter(member=member, question=question)[:1], -1, -2)
assigned_slot = Prepared(
    lambda member, now: Assignment.objects.filter(
        member=member, question__batch__in=Batch.objects.running(now).order_by()
    ).assigned()[:1],
    -1,
    SOMETIME,
)
batches = Prepared(
    lambda member, project, now: Batch.objects.open_to(Member(pk=member, project_id=project), now), -1, -2, SOMETIME
)
cursor = Prepared(lambda member, batch: Cursor.objects.filter(member=member, batch=batch), -1, -2)
# Held until the end of the transaction, so that whoever leaves, or becomes a viewer, waits for what they are given.
held_member = Prepared(
    lambda member: (
        Member.objects.lasting().annotating().filter(pk=member).order_by().select_for_update(no_key=True)[:1]
    ),
    -1,
)
look = Prepared(lambda member, question: Look.objects.filter(member=member, question=question), -1, -2)


@cache
def lapsed_slot(*, lookers: bool) -> Prepared[Assignment]:
    return Prepared(
        lambda member, project, now: (
            Assignment.objects.lapsed_for(stand_in(member, project, lookers=lookers), now).select_related(
                "annotation", "question"
            )
        )[:1],
        *(-1, -2, SOMETIME),
    )


@cache
def free_question(place: str, *, lookers: bool) -> Prepared[Question]:
    return Prepared(
        lambda member, batch, after, end: (
            Question.objects.filter(batch=batch, **{f"{place}__gt": after, f"{place}__lte": end})
            .claimable_by(stand_in(member, 0, lookers=lookers))
            .order_by(place)[:1]
        ),
        *(-1, -2, *PLACES),
    )


def stand_in(member: int, project: int, *, lookers: bool) -> Member:
    """Return a member of whom only this much is known; ``lookers`` is whether the project's may annotate."""
    return Member(pk=member, project=Project(pk=project, lookers_may_annotate=lookers))


def open_work_of(member: Member) -> Assignment | None:
    """Return what the member has open, returned work first."""
    return owned(open_slot.first(member.pk), member)


def assigned_work_of(member: Member) -> Assignment | None:
    """Return the first slot that a manager gave the member and that may be begun now."""
    return owned(assigned_slot.first(member.pk, timezone.now()), member)


def slot_of(member: Member, question: Question) -> Assignment | None:
    """Return the member's slot on a question."""
    return owned(slot.first(member.pk, question.pk), member)


def owned(found: Assignment | None, member: Member) -> Assignment | None:
    if found:
        found.member = member
    return found


def lapsed_slot_for(member: Member) -> Assignment | None:
    """Return the first slot that the member's claim may take back, with its annotation and question."""
    lookers = member.project.lookers_may_annotate
    return lapsed_slot(lookers=lookers).first(member.pk, member.project_id, timezone.now())


def open_batches(member: Member) -> list[Batch]:
    """Return the batches that may still give the member a question, in order."""
    return list(batches.rows(member.pk, member.project_id, timezone.now()))


def cursor_in(member: Member, batch: Batch) -> Cursor | None:
    """Return how far the member's claims have gone through the batch, None where none was made."""
    return cursor.first(member.pk, batch.pk)


def first_free(member: Member, batch: Batch, after: int, end: int) -> Question | None:
    """Return the first question behind a place of the batch, and up to another one, that the member may claim."""
    asked = free_question(batch.place, lookers=member.project.lookers_may_annotate)
    found = asked.first(member.pk, batch.pk, after, end)
    if found:
        found.batch = batch
    return found


def still_annotates(member: Member) -> bool:
    """Return whether the member has neither left nor become a viewer, and let it stay so until this one is through."""
    return held_member.first(member.pk) is not None


def has_looked(member: Member, question: Question) -> bool:
    """Return whether the member has seen what others wrote on a question."""
    return look.first(member.pk, question.pk) is not None
