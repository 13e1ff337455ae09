"""Making a project and its batches."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from annotator.models import Batch, Cursor, Member, Project, User

FIRST_BATCH = "main 1"


@transaction.atomic
def create_project(slug: str, name: str, manager: User | None = None) -> Project:
    """Make an empty project with one batch; its manager becomes a member."""
    now = timezone.now()
    project = Project.objects.create(slug=slug, name=name, created=now)
    add_batch(project, FIRST_BATCH)
    if manager:
        role = Member.Role.MANAGER
        Member.objects.create(project=project, user=manager, role=role, pseudonym="manager-1", joined=now)
    return project


def add_batch(project: Project, name: str, purpose: str = Batch.Purpose.MAIN, overlap: int | None = 2) -> Batch:
    """Add a batch behind the others, under the guidelines as they read now."""
    last = project.batches.aggregate(last=Max("position"))["last"] or 0
    return Batch.objects.create(
        project=project,
        name=name,
        position=last + 1,
        purpose=purpose,
        overlap=overlap,
        guideline_version=project.guidelines.first(),
        created=timezone.now(),
    )


@transaction.atomic
def change_settings(project: Project, fields: Sequence[str]) -> None:
    """Store these columns of a project; what its members had looked at may be theirs to claim again."""
    project.save(update_fields=fields)
    Cursor.objects.filter(batch__project=project).update(upto=0)
