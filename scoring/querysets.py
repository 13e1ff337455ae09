"""Who may see which evaluations, as queryset methods that chain."""

from typing import TYPE_CHECKING, Self

from django.db import models

from annotator.membership import belonging

if TYPE_CHECKING:
    from annotator.membership import AnyUser
    from annotator.models import Project
    from scoring.models import Evaluation, Proposal


class EvaluationQuerySet(models.QuerySet["Evaluation"]):
    def seen_by(self, user: "AnyUser") -> Self:
        """Return the evaluations of the projects in which the user may look at what others wrote."""
        looks_on = {"project__members__role__in": ["manager", "adjudicator", "viewer"]}
        return self.filter(belonging(user, "project__members__"), **looks_on)

    def finished(self) -> Self:
        return self.filter(finished__isnull=False)


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def open(self) -> Self:
        """Return those that nobody has taken up or declined."""
        return self.filter(state="open")

    def in_project(self, project: "Project") -> Self:
        return self.filter(question__batch__project=project)
