"""Counting how long people work: what the browser says, held against the clock.

One rule: between two reports of a member at most the time that has passed counts, and at most the project's cut-off.
So windows side by side, repeats and clocks that go back never add a second that was not there.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from annotator import record
from annotator.models import Annotation, Member, WorkDay
from annotator.models.work import LONGEST_DAY

A_MOMENT = timedelta(seconds=2)


@transaction.atomic
def spend(annotation: Annotation, by: Member, said: int) -> int:
    """Count ``said`` seconds of the member's work on an annotation, as far as the clock allows; return how many count.

    Work that is closed is counted up to its last step: the browser's last report may come behind it.
    """
    if said < 1:
        return 0
    # Locked in the order in which handing in does it.
    work = Annotation.objects.select_for_update(no_key=True).get(pk=annotation.pk)
    member = Member.objects.select_for_update(no_key=True).get(pk=by.pk)
    until = min(timezone.now(), work.saved) if closed(work) else timezone.now()
    opened = work.opened or work.created
    since = max(member.seen or opened, opened)
    seconds = min(said, int((until - since).total_seconds()), annotation.question.batch.project.idle_seconds)
    if seconds < 1:
        return 0
    counted = since + timedelta(seconds=seconds)
    # Reports come a moment early as often as late: what is left of a second is the next one's.
    Member.objects.filter(pk=member.pk).update(seen=counted if until - counted < A_MOMENT else until)
    Annotation.objects.filter(pk=work.pk).update(active_seconds=F("active_seconds") + seconds)
    count(member, annotation.question.batch_id, until, seconds)
    return seconds


def closed(work: Annotation) -> bool:
    """Return whether nobody works on it now: it is handed in, finished, or its slot was given back."""
    if work.source == record.Source.GOLD or work.submitted:
        return work.submitted is not None
    return work.assignment.state not in work.assignment.OPEN


def count(member: Member, batch: int, at: datetime, seconds: int) -> None:
    """Add seconds to the member's day in a batch; the member's row is locked, so no two begin the same day."""
    key = {"member": member, "batch_id": batch, "day": timezone.localdate(at)}
    if not WorkDay.objects.filter(**key, seconds__lte=LONGEST_DAY - seconds).update(seconds=F("seconds") + seconds):
        WorkDay.objects.get_or_create(**key, defaults={"seconds": seconds})


def worker_on(annotation: Annotation) -> Member | None:
    """Return whose work an annotation is now: its author, and of gold that is not finished who has it in hand."""
    in_hand = annotation.source == record.Source.GOLD and annotation.submitted is None
    return annotation.question.adjudicator if in_hand else annotation.author
