"""What adjudication decided of a question: which conditions are one row, and what became of it."""

from django.db import models
from django.db.models import Q

from annotator import decisions
from annotator.models.annotations import Annotation


class Decision(models.Model):
    """One thing that was decided between two steps of gold's history; it stands while ``until`` is null.

    ``condition`` is the uid of the gold condition that the row became, ``reason`` why none of it did.
    """

    gold = models.ForeignKey(Annotation, on_delete=models.CASCADE, related_name="decisions")
    kind = models.CharField(max_length=8, choices=[(kind.value, kind.value) for kind in decisions.Kind])
    condition = models.CharField(max_length=32, blank=True)
    reason = models.TextField(blank=True)
    since = models.PositiveIntegerField()
    until = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["gold", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=[kind.value for kind in decisions.Kind]), name="decision_kind"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=models.F("since")), name="decision_ends_after_it_began"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} since step {self.since}"


class DecisionPart(models.Model):
    """A condition that a decision is about, as it stood at ``revision`` of its annotation.

    ``gave`` maps the uid of a part of gold to that of the part here from which it came: gold's provenance.
    """

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="parts")
    annotation = models.ForeignKey(Annotation, on_delete=models.CASCADE, related_name="decided")
    uid = models.CharField(max_length=32)
    revision = models.PositiveIntegerField()
    gave = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["decision", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["decision", "annotation"], name="one_condition_of_each_in_a_decision")
        ]

    def __str__(self) -> str:
        return f"{self.annotation_id}: {self.uid}"
