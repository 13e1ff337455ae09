"""Who may see and change which rows, as queryset methods that chain. Every view begins with one of these."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Prefetch, Q
from django.utils import timezone

if TYPE_CHECKING:
    from annotator.models import Annotation, Assignment, Job, Member, Project, Question, User

    AnyUser = User | AnonymousUser

HEARTBEAT_SILENCE = timedelta(seconds=60)


class ProjectQuerySet(models.QuerySet["Project"]):
    def visible_to(self, user: "AnyUser") -> Self:
        """Return the projects that the user is a member of."""
        return self.filter(members__user_id=user.pk) if user.pk else self.none()

    def managed_by(self, user: "AnyUser") -> Self:
        """Return the projects that the user manages."""
        return self.filter(members__user_id=user.pk, members__role="manager") if user.pk else self.none()


class MemberQuerySet(models.QuerySet["Member"]):
    def of(self, user: "AnyUser") -> Self:
        """Return the user's own memberships."""
        return self.filter(user_id=user.pk) if user.pk else self.none()

    def annotating(self) -> Self:
        """Return those whose role lets them claim questions."""
        return self.exclude(role="viewer")


class QuestionQuerySet(models.QuerySet["Question"]):
    def with_free_slot(self) -> Self:
        """Return the questions that may still be claimed (they have a list, and a slot); the index ``questions_with_a_free_slot`` holds just these."""
        return self.filter(Q(retrieval__isnull=False) & (Q(overlap__isnull=True) | Q(taken__lt=F("overlap"))))

    def managed_by(self, user: "AnyUser") -> Self:
        return (
            self.filter(batch__project__members__user_id=user.pk, batch__project__members__role="manager")
            if user.pk
            else self.none()
        )

    def found_by(self, words: str) -> Self:
        """Return the questions whose text or id holds ``words``."""
        return self.filter(Q(text__icontains=words) | Q(external_id__icontains=words)) if words else self


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def of(self, user: "AnyUser") -> Self:
        """Return the user's own slots."""
        return self.filter(member__user_id=user.pk) if user.pk else self.none()

    def open(self) -> Self:
        """Return the slots whose work is not yet handed in, returned work first, then as last touched."""
        return self.filter(state__in=["in_progress", "returned"]).order_by("-state", "-annotation__saved")


class AnnotationQuerySet(models.QuerySet["Annotation"]):
    def editable_by(self, user: "AnyUser") -> Self:
        """Return the user's own human annotations."""
        return self.filter(source="human", author__user_id=user.pk) if user.pk else self.none()

    def of_question(self, slug: str, pk: int) -> Self:
        """Return those on one question, with what its pages show of question, batch, project and author. No query more."""
        return self.filter(question=pk, question__batch__project__slug=slug).select_related(
            "question__batch__project", "question__retrieval", "author__user", "assignment"
        )

    def gold(self) -> Self:
        return self.filter(source="gold")

    def submitted(self) -> Self:
        return self.filter(submitted__isnull=False)

    def with_conditions(self, *, removed: bool = False) -> Self:
        """Prefetch conditions in order with answers and citations: three queries, whatever the number of rows."""
        from annotator.models import Citation, Condition

        conditions: Any = Condition.objects.order_by("order", "pk")
        if not removed:
            conditions = conditions.filter(removed=False)
        return self.prefetch_related(
            Prefetch(
                "conditions",
                conditions.prefetch_related(
                    "answers", Prefetch("citations", Citation.objects.select_related("listed"))
                ),
            )
        )


class JobQuerySet(models.QuerySet["Job"]):
    def ready(self) -> Self:
        """Return the jobs that wait, and those whose worker has fallen silent."""
        silent = Q(state="running", heartbeat__lt=timezone.now() - HEARTBEAT_SILENCE)
        return self.filter(Q(state="waiting") | silent)
