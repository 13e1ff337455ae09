"""Claims as one member until nothing is left, and submits, skips, resumes or lets the lease end: ``MEMBER SEED``.

A process of its own, beside others, on the database of ``DATABASE_URL``.
"""

import sys
from contextlib import suppress
from datetime import timedelta
from random import Random

import django


def work(pk: int, chance: Random) -> None:
    """Work until the queue is empty; refusals are part of it, anything else is a failure."""
    from annotator.actions import claiming
    from annotator.models import Member

    member = Member.objects.select_related("project").get(pk=pk)
    while assignment := claiming.claim(member):
        act = chance.random()
        if act < 0.15:
            claiming.skip(assignment, "no")
        elif act < 0.3:
            leave(assignment.pk)
        else:
            hand_in(assignment.annotation_id, member)
        if chance.random() < 0.1 and (skipped := member.assignments.filter(state="skipped").first()):
            with suppress(claiming.NoSlot):
                claiming.resume(skipped)


def leave(pk: int) -> None:
    """Let the lease end, as if nobody had touched the question for days."""
    from django.utils import timezone

    from annotator.models import Assignment

    past = timezone.now() - timedelta(seconds=1)
    Assignment.objects.filter(pk=pk, state="in_progress").update(lease_until=past)


def hand_in(pk: int, member: object) -> None:
    """Say that the question cannot be answered, unless its slot has gone to somebody else meanwhile."""
    from annotator import record
    from annotator.actions import saving, submitting
    from annotator.actions.history import Conflict, NotOpen
    from annotator.models import Annotation

    def fetched() -> Annotation:
        return Annotation.objects.select_related("assignment", "question__batch__project").get(pk=pk)

    with suppress(NotOpen, Conflict):
        annotation = fetched()
        save = saving.Save(member, None, annotation.version)  # type: ignore[arg-type]
        saving.save_overall(annotation, saving.Overall(record.Verdict.UNANSWERABLE), save)
        submitting.submit(fetched(), member)  # type: ignore[arg-type]


def main() -> None:
    django.setup()
    member, seed = map(int, sys.argv[1:])
    work(member, Random(seed))  # noqa: S311 - a course that can be repeated


if __name__ == "__main__":
    main()
