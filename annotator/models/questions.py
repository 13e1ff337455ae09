"""Questions, and who has them."""

import secrets

from django.db import models
from django.db.models import F, Q

from annotator.models.people import Member
from annotator.models.projects import Batch
from annotator.querysets import FREE, UNREAD, AssignmentQuerySet, CursorQuerySet, QuestionQuerySet
from retrieval.models import Retrieval

# A random place lies from 1 to here: one turn around the questions of a batch.
TURN = 2**52
# In a place made of two numbers, how far the greater one stands from the lesser.
STEP = 2**32


def random_place() -> int:
    return secrets.randbelow(TURN) + 1


class Question(models.Model):
    """A question in a batch, with its frozen list. ``digest`` is that of the record as imported.

    ``overlap`` is the batch's, or 1 (null: no limit); ``taken`` counts the slots given out and changes only by
    conditional update. ``order`` and the other places are those by which claims go through a batch, lowest first.
    ``accord`` is the mean soft F1 of the people's conditions (null below two), ``adjudicator`` who has the question in
    hand for adjudication until the lease ends; that is no slot. ``to_discuss`` is an adjudicator's mark. ``indexed`` is
    the key of the list with which the search has read the question, 0 without one, null if it has not.
    """

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="questions")
    external_id = models.CharField(max_length=200)
    text = models.TextField()
    order = models.PositiveIntegerField()
    source_dataset = models.CharField(max_length=200, blank=True)
    source_id = models.CharField(max_length=200, blank=True)
    source_split = models.CharField(max_length=50, blank=True)
    licence = models.CharField(max_length=200, blank=True)
    split = models.CharField(max_length=50, blank=True)
    tags = models.JSONField(default=list, blank=True)
    extra = models.JSONField(default=dict, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    brought_by = models.ForeignKey(
        "annotator.Import", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    retrieval = models.ForeignKey(Retrieval, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    supplementary = models.ForeignKey(Retrieval, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    overlap = models.PositiveIntegerField(null=True, blank=True)
    taken = models.PositiveIntegerField(default=0)
    accord = models.FloatField(null=True, blank=True)
    adjudicator = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    lease_until = models.DateTimeField(null=True, blank=True)
    to_discuss = models.BooleanField("mark for discussion", default=False)
    priority = models.PositiveIntegerField(default=0)
    fewest_place = models.GeneratedField(
        expression=F("taken") * STEP + F("order"), output_field=models.BigIntegerField(), db_persist=True
    )
    priority_place = models.GeneratedField(
        expression=(2**31 - 1 - F("priority")) * STEP + F("order"),
        output_field=models.BigIntegerField(),
        db_persist=True,
    )
    random_place = models.BigIntegerField(default=random_place)
    created = models.DateTimeField()
    indexed = models.BigIntegerField(null=True, blank=True, editable=False)

    # Set by the queryset methods ``staged`` and ``with_sight``.
    stage: str
    handed_in: int
    sees: bool

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ["batch", "order"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "external_id"], name="external_id_once_per_batch"),
            models.UniqueConstraint(fields=["batch", "order"], name="one_question_per_place"),
            models.CheckConstraint(
                condition=Q(overlap__isnull=True) | Q(taken__lte=F("overlap")), name="slots_never_exceeded"
            ),
        ]
        indexes = [
            # What claims walk: the questions with a free slot, in the batch's order.
            models.Index(fields=["batch", "order"], condition=FREE, name="questions_with_a_free_slot"),
            models.Index(fields=["batch", "fewest_place"], condition=FREE, name="free_slots_fewest_first"),
            models.Index(fields=["batch", "priority_place"], condition=FREE, name="free_slots_by_priority"),
            models.Index(fields=["batch", "random_place"], condition=FREE, name="free_slots_at_random"),
            models.Index(fields=["batch"], condition=UNREAD, name="questions_search_has_not_read"),
        ]

    def __str__(self) -> str:
        return self.text


class QuestionToAdjudicate(Question):
    """A question as the administration's queue of adjudication lists it; a name, no table."""

    class Meta:
        proxy = True
        verbose_name = "question to adjudicate"
        verbose_name_plural = "questions to adjudicate"


class Assignment(models.Model):
    """A member's slot on a question, and where their work on it stands.

    Once ``lease_until`` is past, somebody else's claim may take the slot of work in progress; null: nobody's may.
    """

    class State(models.TextChoices):
        ASSIGNED = "assigned", "Assigned, not begun"
        IN_PROGRESS = "in_progress", "In progress"
        SUBMITTED = "submitted"
        RETURNED = "returned"
        SKIPPED = "skipped"
        EXPIRED = "expired", "Lease ended"

    OPEN = (State.IN_PROGRESS, State.RETURNED)
    IN_HAND = (State.ASSIGNED, *OPEN)
    GIVEN_BACK = (State.SKIPPED, State.EXPIRED)

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="assignments")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="assignments")
    state = models.CharField(max_length=11, choices=State, default=State.IN_PROGRESS)
    reason = models.TextField(blank=True)
    created = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    annotation = models.OneToOneField(
        "annotator.Annotation", on_delete=models.SET_NULL, null=True, blank=True, related_name="assignment"
    )

    # Set by the queryset method ``counted``.
    conditions: int

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["member", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["question", "member"], name="one_slot_per_member"),
            models.CheckConstraint(
                condition=Q(state__in=["assigned", "in_progress", "submitted", "returned", "skipped", "expired"]),
                name="assignment_state",
            ),
            models.CheckConstraint(
                condition=~Q(state="assigned") | Q(annotation__isnull=True, lease_until__isnull=True),
                name="assigned_is_not_begun",
            ),
        ]
        indexes = [
            models.Index(fields=["member", "state"], name="work_of_a_member"),
            # What a claim asks first: the leases that have ended.
            models.Index(fields=["lease_until"], condition=Q(state="in_progress"), name="leases_of_work_in_progress"),
        ]

    def __str__(self) -> str:
        return f"{self.member}: {self.question} ({self.state})"


class Look(models.Model):
    """That a member has seen what others wrote on a question, and since when."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="looks")
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="looks")
    at = models.DateTimeField()

    class Meta:
        ordering = ["member", "-at"]
        # The constraint's index is also the one by which a claim passes over what its member has looked at.
        constraints = [models.UniqueConstraint(fields=["member", "question"], name="one_look_per_member")]

    def __str__(self) -> str:
        return f"{self.member}: {self.question}"


class Cursor(models.Model):
    """How far a member's claims have gone through a batch.

    They begin behind the place ``offset``, go on to the last one and, where the order is random, around to where they
    began: there a place counts as ``TURN`` more. Every question up to ``upto`` was theirs, looked at by them or without
    a free slot when it was passed, so a claim never walks over finished work. What comes into the batch, or becomes
    free, sets the cursors back and counts among its ``changes``: a claim that has not seen it yet moves no cursor.
    """

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="cursors")
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="cursors")
    upto = models.BigIntegerField(default=0)
    offset = models.BigIntegerField(default=0)
    changes = models.PositiveIntegerField(default=0)

    objects = CursorQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "batch"], name="one_cursor_per_batch")]

    def __str__(self) -> str:
        return f"{self.member} in {self.batch}: {self.upto}"
