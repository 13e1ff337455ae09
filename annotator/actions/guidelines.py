"""Saving guidelines: every save is a new version, and nobody's is overwritten unseen."""

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from annotator.models import GuidelineVersion, Member, Project


class Outdated(Exception):
    """Somebody saved a version while this one was written; ``newest`` is theirs."""

    def __init__(self, newest: GuidelineVersion) -> None:
        self.newest = newest
        super().__init__(f"version {newest.number} was saved meanwhile")


@transaction.atomic
def save_guidelines(project: Project, text: str, base: int, by: Member | None = None) -> GuidelineVersion:
    """Save ``text``, written over version ``base`` (0: none), as the next version, read in every batch not yet closed.

    A text equal to the newest version's makes no other. Raises Outdated.
    """
    Project.objects.select_for_update().get(pk=project.pk)
    newest = project.guidelines.select_related("by__user").first()
    if newest and newest.text == text:
        return newest
    if newest and newest.number != base:
        raise Outdated(newest)
    last = project.guidelines.aggregate(last=Max("number"))["last"] or 0
    now = timezone.now()
    saved = GuidelineVersion.objects.create(project=project, number=last + 1, text=text, created=now, by=by)
    project.batches.filter(Q(closes__isnull=True) | Q(closes__gt=now)).update(guideline_version=saved)
    return saved
