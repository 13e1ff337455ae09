"""Handing work in, and taking it back."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from annotator import record
from annotator.actions import looking, saving
from annotator.actions.according import note_accord
from annotator.actions.announcing import announce
from annotator.actions.history import Conflict, NotOpen, Step, Verb, append_next
from annotator.actions.leases import lease_end
from annotator.checks import Finding, findings
from annotator.models import Annotation, Assignment, Event, Member, Project
from annotator.standing import keep, standing

State = Assignment.State


class Blocked(Exception):
    """Something of what is ``said`` must be mended first; ``findings`` says what and where."""

    def __init__(self, said: record.Annotation, findings: list[Finding]) -> None:
        self.said, self.findings = said, findings
        super().__init__("; ".join(finding.headline for finding in findings))


class Closed(Exception):
    """Its author can no longer take the work back, or has left; while they have not, somebody may still return it."""


def findings_of(annotation: Annotation, said: record.Annotation) -> list[Finding]:
    """Return what the checks find in what an annotation says, and is not put aside."""
    return without_dismissed(findings(said, annotation.question.text), annotation)


def without_dismissed(found: Sequence[Finding], annotation: Annotation) -> list[Finding]:
    """Return the findings less the warnings that the project silences or the author dismissed."""
    silenced = annotation.question.batch.project.silenced_checks
    return [one for one in found if one.blocks or (one.code not in silenced and one.key not in annotation.dismissed)]


def put_aside(annotation: Annotation, key: str, reason: str) -> bool:
    """Dismiss the warning of this key, and return whether there is one. Raises NotOpen.

    What was dismissed before stays so, with its reason unless another one is given.
    """
    before = annotation.dismissed.get(key)
    if before is not None and reason in ("", before):
        return True
    shown = without_dismissed(standing(annotation).findings, annotation)
    if before is None and not any(finding.key == key and not finding.blocks for finding in shown):
        return False
    saving.dismiss(annotation, key, reason)
    return True


def submit(annotation: Annotation, by: Member) -> None:
    """Hand the annotation in. Submitting twice changes nothing.

    Raises Blocked where a blocking check fires, Conflict where a save came in between, NotOpen where it was put aside.
    """
    if annotation.submitted:
        return
    stands = standing(annotation)
    blocking = [finding for finding in stands.findings if finding.blocks]
    if blocking:
        raise Blocked(stands.record, blocking)
    with transaction.atomic():
        if not append_next(annotation, Step(Verb.SUBMIT, by, stands.record)):
            raise Conflict
        keep(annotation, stands)
        Annotation.objects.filter(pk=annotation.pk).update(submitted=timezone.now())
        if not Assignment.objects.filter(annotation=annotation, state__in=Assignment.OPEN).update(
            state=State.SUBMITTED, lease_until=None
        ):
            raise NotOpen
        Member.objects.filter(pk=by.pk).update(submitted=F("submitted") + 1)
        note_accord(annotation.question_id)
        announce(Event.SUBMITTED, by.project_id, "question", annotation.question_id)


def may_reopen(annotation: Annotation) -> bool:
    """Return whether its author may take submitted work back: until adjudication begins, if the project lets them."""
    question = annotation.question
    if question.batch.project.reopening == Project.Reopening.NEVER:
        return False
    return not Annotation.objects.filter(question=question.pk, source=record.Source.GOLD).exists()


def reopen(annotation: Annotation, by: Member) -> None:
    """Take submitted work back to go on with it; what was submitted stays in the history.

    Reopening open work changes nothing. Raises Closed.
    """
    with transaction.atomic():
        handed_in = Annotation.objects.filter(pk=annotation.pk, submitted__isnull=False)
        if handed_in.update(submitted=None):
            if not may_reopen(annotation):
                raise Closed
            lease_until = lease_end(by.project, timezone.now())
            Assignment.objects.filter(annotation=annotation).update(state=State.IN_PROGRESS, lease_until=lease_until)
            present = Member.objects.lasting().annotating().filter(pk=by.pk)
            if not present.update(submitted=F("submitted") - 1):
                raise Closed
            looking.keep_seen(by, annotation.question_id)
            note_accord(annotation.question_id)
