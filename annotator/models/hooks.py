"""Webhooks: where a project tells other programs that something happened, and each message that it told them."""

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from annotator.membership import DeliveryQuerySet
from annotator.models.projects import Project

LONGEST_URL = 2000
SHOWN = 1000  # characters of an answer
LONGEST_ERROR = 300


class Event(models.TextChoices):
    """What a project tells of."""

    SUBMITTED = "submitted", _("Somebody submitted an annotation")
    ADJUDICATED = "adjudicated", _("A question was finished as gold")
    RELEASED = "released", _("A release was made")
    EVALUATED = "evaluated", _("An evaluation was finished")


TEST = "test"


class Hook(models.Model):
    """An address that is told of some events. The ``secret`` signs what is sent, so it is kept as it is.

    ``failures`` counts the deliveries in a row that were given up. ``stopped`` is why it was switched off without a
    manager’s asking. Nothing is sent before ``rests_until``, which moves on when no answer came.
    """

    class Stopped(models.TextChoices):
        """Why nothing is sent any more."""

        GONE = "gone", _("The receiver answered 410: it wants no more messages.")
        FAILING = "failing", _("Too many messages in a row had to be given up.")

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="hooks")
    url = models.CharField(max_length=LONGEST_URL)
    events = models.JSONField(default=list)
    secret = models.CharField(max_length=100)
    on = models.BooleanField(default=True)
    failures = models.PositiveIntegerField(default=0)
    stopped = models.CharField(max_length=7, choices=Stopped, blank=True)
    rests_until = models.DateTimeField()
    created = models.DateTimeField()

    class Meta:
        ordering = ["project", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(stopped__in=["", "gone", "failing"]), name="hook_stopped"),
            models.CheckConstraint(condition=Q(stopped="") | Q(on=False), name="hook_stopped_is_off"),
        ]

    def __str__(self) -> str:
        return f"Hook {self.pk}"

    def event_labels(self) -> list[str]:
        """Return the events that it tells of, in words and in their order."""
        return [str(event.label) for event in Event if event.value in self.events]


class Delivery(models.Model):
    """A message to a hook, which stands before anything is sent. ``uid`` is the same however often it is sent.

    ``body`` is what is signed, to the byte. A waiting one is sent at ``due``; whoever sends it moves that on first, so
    that it falls due again should they die. ``code``, ``answer``, ``error`` and ``milliseconds`` are of the last
    attempt. ``tries`` counts all attempts, ``attempts`` those since it was taken up anew by hand.
    """

    class State(models.TextChoices):
        """What became of it."""

        WAITING = "waiting", _("waiting")
        DELIVERED = "delivered", _("delivered")
        FAILED = "failed", _("given up")

    # Whoever submits while a manager removes the hook is not to be refused: what is left of it is sent nowhere.
    hook = models.ForeignKey(
        Hook, on_delete=models.CASCADE, related_name="deliveries", db_constraint=False, db_index=False
    )
    uid = models.UUIDField(unique=True, default=uuid4)
    event = models.CharField(max_length=11, choices=[*Event.choices, (TEST, _("A test"))])
    body = models.TextField()
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    created = models.DateTimeField(db_index=True)
    due = models.DateTimeField()
    tried = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveIntegerField(default=0)
    attempts = models.PositiveIntegerField(default=0)
    code = models.PositiveIntegerField(null=True, blank=True)
    answer = models.CharField(max_length=SHOWN, blank=True)
    error = models.CharField(max_length=LONGEST_ERROR, blank=True)
    milliseconds = models.PositiveIntegerField(null=True, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name_plural = "deliveries"
        indexes = [
            models.Index(fields=["hook", "id"], name="delivery_of_hook"),
            models.Index(fields=["due"], condition=Q(state="waiting"), name="delivery_due"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(event__in=["submitted", "adjudicated", "released", "evaluated", "test"]),
                name="delivery_event",
            ),
            models.CheckConstraint(condition=Q(state__in=["waiting", "delivered", "failed"]), name="delivery_state"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.uid}"
