"""Which evaluations, pairs and proposals are meant, as queryset methods that chain."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from annotator.models import Member, Question

if TYPE_CHECKING:
    from annotator.models import Project
    from scoring.models import Evaluation, Proposal, Sample, SampledPair


class EvaluationQuerySet(models.QuerySet["Evaluation"]):
    def begun(self) -> Self:
        """Return those that are written down whole."""
        return self.filter(number__isnull=False)

    def finished(self) -> Self:
        return self.filter(finished__isnull=False)

    def listed(self) -> Self:
        """Return them, the last one first, with what a list shows of each. Two queries, whatever their number."""
        from scoring.models import EvaluatedQuestion

        own = EvaluatedQuestion.objects.filter(evaluation=OuterRef("pk")).order_by().values("evaluation")
        number = Subquery(own.annotate(number=Count("pk")).values("number"))
        counted = self.begun().annotate(number_of_questions=Coalesce(number, 0)).defer("board")
        return counted.select_related("release", "job", "by").prefetch_related("systems__system").order_by("-number")


class SampleQuerySet(models.QuerySet["Sample"]):
    def with_counts(self) -> Self:
        """Annotate each sample with its ``number`` of pairs, and how many ``people`` have rated one."""
        people = Count("pairs__ratings__member", distinct=True)
        return self.annotate(number=Count("pairs", distinct=True), people=people).order_by("pk")


class SampledPairQuerySet(models.QuerySet["SampledPair"]):
    def offered_to(self, member: Member) -> Self:
        """Return, in order, the pairs that a member may rate: those of questions on which they may see gold."""
        if member.user is None:
            return self.none()
        seen = Question.objects.not_blind_for(member.user)
        return self.filter(score__question__question__in=seen.values("pk")).order_by("place")


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def open(self) -> Self:
        """Return those that nobody has taken up or declined."""
        return self.filter(state="open")

    def in_project(self, project: "Project") -> Self:
        return self.filter(question__batch__project=project)
