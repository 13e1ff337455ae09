"""Making a project and its batches."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import F, Max, Value
from django.db.models.functions import Greatest
from django.utils import timezone

from annotator.models import Batch, Cursor, Member, Project, Question, User
from annotator.querysets import QuestionQuerySet
from annotator.sharing import shared
from retrieval.fragments import LOOKUP_SIZE, batched

FIRST_BATCH = "main 1"
HIGHEST_PRIORITY = 1_000_000


def may_make_projects(user: User, memberships: Iterable[Member]) -> bool:
    """Return whether the person may make projects: whoever administers the site, or manages a project already."""
    return user.is_staff or any(member.role == Member.Role.MANAGER for member in memberships)


@transaction.atomic
def create_project(slug: str, name: str, manager: User | None = None, **about: str) -> Project:
    """Make an empty project with one batch, that says ``about`` itself what is said; its manager becomes a member."""
    now = timezone.now()
    project = Project.objects.create(slug=slug, name=name, created=now, **about)
    add_batch(project, FIRST_BATCH)
    if manager:
        role = Member.Role.MANAGER
        Member.objects.create(project=project, user=manager, role=role, pseudonym="manager-1", joined=now)
    return project


@transaction.atomic
def add_batch(project: Project, name: str, **values: Any) -> Batch:
    """Add a batch behind the others, under the guidelines as they read now unless told otherwise."""
    last = project.batches.aggregate(last=Max("position"))["last"] or 0
    values.setdefault("guideline_version", project.guidelines.first())
    return Batch.objects.create(project=project, name=name, position=last + 1, created=timezone.now(), **values)


@transaction.atomic
def change_batch(batch: Batch, fields: Sequence[str]) -> None:
    """Store these columns of a batch. A question never has fewer slots than are taken already."""
    batch.save(update_fields=fields)
    # Somebody else may have changed the other columns since it was read, or wait to change them.
    batch = Batch.objects.select_for_update(no_key=True).get(pk=batch.pk)
    # Locked in the order of looks and exports, so that no two wait for each other.
    places = list(batch.questions.order_by("pk").select_for_update().values_list("order", flat=True))
    more = [place for place in places if shared(place, batch.share, batch.seed)]
    ask(batch.questions.all(), 1)
    for some in batched(more, LOOKUP_SIZE):
        ask(batch.questions.filter(order__in=some), batch.overlap)
    batch.cursors.all().delete()


@transaction.atomic
def prioritise(questions: QuestionQuerySet, priority: int) -> int:
    """Give questions a priority, and return how many; claims in their batches begin anew."""
    found = Question.objects.filter(pk__in=questions.values("pk"))
    list(found.order_by("pk").select_for_update().values_list("pk"))
    Cursor.objects.filter(batch__in=questions.values("batch")).start_over()
    return found.update(priority=priority)


def ask(questions: QuestionQuerySet, overlap: int | None) -> None:
    """Ask these questions of so many people each, or of as many as have them already."""
    questions.update(overlap=None if overlap is None else Greatest(F("taken"), Value(overlap)))
