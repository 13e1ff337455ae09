"""Deleting a project, and bringing it back: nothing of it is thrown away."""

from django.db import transaction
from django.utils import timezone

from annotator.jobs import cancel
from annotator.models import Project


@transaction.atomic
def delete_project(project: Project) -> None:
    """Take a project away from everybody, until a manager restores it; its jobs stop. Twice changes nothing."""
    Project.objects.filter(pk=project.pk, deleted__isnull=True).update(deleted=timezone.now())
    for job in project.jobs.going():
        cancel(job)


def restore_project(project: Project) -> None:
    """Bring a deleted project back as it was; its jobs can be run again."""
    Project.objects.filter(pk=project.pk).update(deleted=None)
