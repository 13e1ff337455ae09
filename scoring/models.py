"""Evaluations: systems' predictions scored against gold, by steps of histories that never change."""

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.db.models import Q

from annotator.codec import annotation_from_json
from annotator.models import Job, Member, Project, Question, Release, Revision, System
from scoring.querysets import EvaluationQuerySet, ProposalQuerySet, SampledPairQuerySet, SampleQuerySet


class Evaluation(models.Model):
    """Systems against gold, with all that is needed to do it again; it never changes once it is ``finished``.

    ``only`` names the batches and the splits of the release that it is confined to. ``settings`` are those of the judge
    (a model, an address), ``idf`` is the digest of how rare words were, ``code`` the version of Proviso. ``board`` is
    the leaderboard, worked out once. It gets its ``number`` when all that it is about is written: then it is begun.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="evaluations")
    number = models.PositiveIntegerField(null=True, blank=True)
    by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created = models.DateTimeField()
    release = models.ForeignKey(Release, on_delete=models.PROTECT, null=True, blank=True, related_name="evaluations")
    only = models.JSONField(default=dict, blank=True)
    judge = models.CharField(max_length=200)
    judge_version = models.CharField(max_length=200)
    settings = models.JSONField(default=dict, blank=True)
    alignment = models.CharField(max_length=20)
    primary = models.CharField(max_length=50)
    draws = models.PositiveIntegerField()
    seed = models.BigIntegerField()
    idf = models.CharField(max_length=64, blank=True)
    code = models.CharField(max_length=50)
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    board = models.JSONField(default=dict, blank=True)
    finished = models.DateTimeField(null=True, blank=True)

    objects = EvaluationQuerySet.as_manager()

    class Meta:
        ordering = ["project", "-number"]
        constraints = [models.UniqueConstraint(fields=["project", "number"], name="evaluation_number_once_per_project")]

    def __str__(self) -> str:
        return f"Evaluation {self.number}"

    def column(self, figure: str) -> Mapping[str, Any]:
        """Return a figure of all systems over the questions that have an answer, without any where it is not there."""
        nothing: Mapping[str, Any] = {"means": {}, "letters": {}, "pairs": []}
        found: Mapping[str, Mapping[str, Any]] = self.board["figures"].get("answerable", {})
        return found.get(figure, nothing)

    def ordered(self, by: str) -> list[dict[str, Any]]:
        """Return the systems, best first by a figure over the questions with an answer; without a value last."""
        means = self.column(by)["means"]

        def place(system: dict[str, Any]) -> tuple[bool, float]:
            value = means.get(system["name"], {}).get("value")
            return value is None, -(value or 0.0)

        return sorted(self.board["systems"], key=place)

    def rival(self, system: int, by: str) -> int | None:
        """Return the key of the other system whose figure is nearest to a system's, None where it is alone."""
        means = self.column(by)["means"]
        values = {one["pk"]: means.get(one["name"], {}).get("value") for one in self.ordered(by)}
        own = values.pop(system)

        def far(other: int) -> tuple[bool, float]:
            return values[other] is None, abs((values[other] or 0.0) - (own or 0.0))

        return min(values, key=far, default=None)

    def ranking(self) -> list[tuple[dict[str, Any], dict[str, Any], str]]:
        """Return each system with its primary figure and letters, best first."""
        column = self.column(self.primary)
        means, letters = column["means"], column["letters"]
        systems = self.ordered(self.primary) if means else []
        return [(one, means[one["name"]], letters.get(one["name"], "")) for one in systems]


class EvaluatedSystem(models.Model):
    """A system of an evaluation, in its ``place``, with what was known of it then.

    It may be said to have no citations (``cites``), and may never say under which condition (``conditional``).
    """

    evaluation = models.ForeignKey(Evaluation, on_delete=models.CASCADE, related_name="systems")
    system = models.ForeignKey(System, on_delete=models.PROTECT, related_name="evaluated")
    place = models.PositiveIntegerField()
    cites = models.BooleanField(default=True)
    conditional = models.BooleanField(default=True)

    class Meta:
        ordering = ["evaluation", "place"]
        constraints = [models.UniqueConstraint(fields=["evaluation", "system"], name="system_once_per_evaluation")]

    def __str__(self) -> str:
        return str(self.system)


class EvaluatedQuestion(models.Model):
    """A question of an evaluation, in its ``place``: its text then, and the step of gold's history that counts.

    Where a file brought several people's work and nobody made gold of it, ``gold`` is null and their work counts.
    ``drafted`` are the names of the systems of whose drafts conditions of gold were made, by their uids.
    """

    evaluation = models.ForeignKey(Evaluation, on_delete=models.CASCADE, related_name="questions")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="evaluated")
    place = models.PositiveIntegerField()
    text = models.TextField()
    gold = models.ForeignKey(Revision, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answerable = models.BooleanField()
    conditions = models.PositiveIntegerField()
    drafted = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["evaluation", "place"]
        constraints = [
            models.UniqueConstraint(fields=["evaluation", "question"], name="question_once_per_evaluation"),
            models.UniqueConstraint(fields=["evaluation", "place"], name="one_evaluated_question_per_place"),
        ]

    def __str__(self) -> str:
        return f"{self.question_id} in {self.evaluation_id}"


class EvaluatedWork(models.Model):
    """What one person had submitted of an evaluated question: the step of its history."""

    question = models.ForeignKey(EvaluatedQuestion, on_delete=models.CASCADE, related_name="work")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")
    annotator = models.CharField(max_length=200)

    class Meta:
        ordering = ["question", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["question", "revision"], name="work_once_per_evaluated_question")
        ]

    def __str__(self) -> str:
        return self.annotator


class Score(models.Model):
    """What a system, or a person, scores on a question: every figure, and the pairs that they were worked out from.

    Either ``system`` or ``work`` says whose. ``revision`` is what was said, null where a system did not reply.
    ``pairs`` name conditions by their places in gold (in its ``reference``, where there are several) and prediction.
    Of the citations, which number ``cited``, those ``left_out`` name no fragment of the list. ``among_people`` are the
    figures against people's work instead of gold, where three or more wrote: each but one in turn, the best of the rest
    counting, and their mean; a person's are those against all the others.
    """

    question = models.ForeignKey(EvaluatedQuestion, on_delete=models.CASCADE, related_name="scores")
    system = models.ForeignKey(System, on_delete=models.PROTECT, null=True, blank=True, related_name="scores")
    work = models.ForeignKey(EvaluatedWork, on_delete=models.CASCADE, null=True, blank=True, related_name="scores")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reference = models.PositiveIntegerField(default=0)
    cited = models.PositiveIntegerField(default=0)
    left_out = models.PositiveIntegerField(default=0)
    figures = models.JSONField(default=dict)
    among_people = models.JSONField(default=dict, blank=True)
    pairs = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["question", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["question", "system"], name="system_scored_once_per_question"),
            models.UniqueConstraint(fields=["question", "work"], name="work_scored_once_per_question"),
            models.CheckConstraint(
                condition=Q(system__isnull=False, work__isnull=True) | Q(system__isnull=True, work__isnull=False),
                name="score_of_a_system_or_a_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.system or self.work} on {self.question}"


class Judgement(models.Model):
    """What a judge that has to be asked said of two texts; kept, so that it is asked once in a project.

    ``digest`` is that of all that it was asked about. ``details`` keep what came back: the score in each order, tokens.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="judgements")
    judge = models.CharField(max_length=200)
    version = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    kind = models.CharField(max_length=9)
    question = models.TextField()
    gold = models.JSONField()
    predicted = models.JSONField()
    score = models.FloatField(null=True, blank=True)
    details = models.JSONField(default=dict, blank=True)
    created = models.DateTimeField()

    class Meta:
        ordering = ["project", "judge", "version", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["project", "judge", "version", "digest"], name="judged_once_per_version"),
            models.CheckConstraint(condition=Q(kind__in=["condition", "answer"]), name="judgement_kind"),
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__gte=0, score__lte=1), name="judgement_from_0_to_1"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.judge}: {self.score}"


class Sample(models.Model):
    """A sample of an evaluation's pairs that people rate without seeing what the judge said of them."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.CASCADE, related_name="samples")
    kind = models.CharField(max_length=9)
    seed = models.BigIntegerField()
    by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created = models.DateTimeField()

    objects = SampleQuerySet.as_manager()

    class Meta:
        ordering = ["evaluation", "pk"]
        constraints = [models.CheckConstraint(condition=Q(kind__in=["condition", "answer"]), name="sample_kind")]

    def __str__(self) -> str:
        return f"{self.kind}s of {self.evaluation}"


class SampledPair(models.Model):
    """A pair of texts to be rated, and what the judge said of them."""

    sample = models.ForeignKey(Sample, on_delete=models.CASCADE, related_name="pairs")
    place = models.PositiveIntegerField()
    score = models.ForeignKey(Score, on_delete=models.CASCADE, related_name="+")
    question = models.TextField()
    gold = models.TextField()
    predicted = models.TextField()
    judged = models.FloatField()

    objects = SampledPairQuerySet.as_manager()

    class Meta:
        ordering = ["sample", "place"]
        constraints = [models.UniqueConstraint(fields=["sample", "place"], name="one_sampled_pair_per_place")]

    def __str__(self) -> str:
        return f"{self.place}. of {self.sample}"


class Rating(models.Model):
    """How alike a person finds the two texts of a pair, 0 to 10."""

    pair = models.ForeignKey(SampledPair, on_delete=models.CASCADE, related_name="ratings")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="ratings")
    value = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["pair", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["pair", "member"], name="rated_once_per_person"),
            models.CheckConstraint(condition=Q(value__lte=10), name="rating_from_0_to_10"),
        ]

    def __str__(self) -> str:
        return str(self.value)


class Proposal(models.Model):
    """That a condition of a prediction, which gold has not, is valid: an erratum for who adjudicates to look at.

    ``reason`` says why it was declined.
    """

    class State(models.TextChoices):
        OPEN = "open", "To be looked at"
        TAKEN = "taken", "Taken up"
        DECLINED = "declined", "Declined"

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="proposals")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")
    condition = models.CharField(max_length=32)
    text = models.TextField(blank=True)
    note = models.TextField(blank=True)
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    reason = models.TextField(blank=True)
    decided_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided = models.DateTimeField(null=True, blank=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["question", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["revision", "condition"], name="condition_proposed_once"),
            models.CheckConstraint(condition=Q(state__in=["open", "taken", "declined"]), name="proposal_state"),
            models.CheckConstraint(
                condition=Q(state="open", decided__isnull=True) | ~Q(state="open") & Q(decided__isnull=False),
                name="proposal_decided_once_it_is_closed",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]

    @property
    def said(self) -> str:
        """Return the condition with its answers, as the system gave them."""
        condition = annotation_from_json(self.revision.record).condition(self.condition)
        answers = "; ".join(answer.text for answer in condition.answers) if condition else ""
        return ": ".join(filter(None, (self.text, answers)))
