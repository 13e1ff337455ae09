"""A project, its guidelines and its batches of questions."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from annotator.membership import ProjectQuerySet
from annotator.querysets import BatchQuerySet
from annotator.sharing import shared
from retrieval.models import Corpus

# The shape of a BCP 47 tag: a language, then subtags.
LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
LONGEST_LEASE = 8760
LEAST_IDLE, MOST_IDLE = 30, 3600


class Project(models.Model):
    """A dataset effort: what it is called, in which language, under which licence, and how its checks warn.

    ``lease_hours`` is how long a question stays with whoever does not touch it. By default what was begun on Friday is
    theirs on Monday; null: for ever. Whoever does nothing for ``idle_seconds`` is not at work any more. ``corpus`` is
    where people look things up on questions whose list says of no corpus that it came from there. A project that is
    ``deleted`` is there for nobody until a manager restores it.
    """

    class Reopening(models.TextChoices):
        """Until when an author may take submitted work back without being asked to."""

        BEFORE_ADJUDICATION = "before", "Until adjudication of the question begins"
        NEVER = "never", "Never: a return alone opens it again"

    class ShowDrafts(models.TextChoices):
        """From when on annotators see what machines drafted of a question."""

        AFTER = "after", _lazy("After they have submitted their own")
        BEFORE = "before", _lazy("From the beginning")

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    language = models.CharField(max_length=35, default="en", help_text="A BCP 47 tag, such as en or pt-BR.")
    licence = models.CharField(max_length=200, blank=True)
    citation = models.TextField(blank=True)
    contact = models.CharField(max_length=200, blank=True)
    silenced_checks = models.JSONField(default=list, blank=True)
    lookers_may_annotate = models.BooleanField(default=False)
    lease_hours = models.PositiveIntegerField(null=True, blank=True, default=72)
    annotators_may_adjudicate = models.BooleanField(default=False)
    agreed_from = models.FloatField(default=0.4, validators=[MinValueValidator(0), MaxValueValidator(1)])
    reopening = models.CharField(max_length=6, choices=Reopening, default=Reopening.BEFORE_ADJUDICATION)
    show_drafts = models.CharField(max_length=6, choices=ShowDrafts, default=ShowDrafts.AFTER)
    idle_seconds = models.PositiveIntegerField(default=180)
    corpus = models.ForeignKey(Corpus, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created = models.DateTimeField()
    deleted = models.DateTimeField(null=True, blank=True)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(lease_hours__isnull=True) | Q(lease_hours__gte=1, lease_hours__lte=LONGEST_LEASE),
                name="lease_of_at_most_a_year",
            ),
            models.CheckConstraint(
                condition=Q(agreed_from__gte=0, agreed_from__lte=1), name="agreed_from_a_similarity"
            ),
            models.CheckConstraint(condition=Q(reopening__in=["before", "never"]), name="project_reopening"),
            models.CheckConstraint(condition=Q(show_drafts__in=["after", "before"]), name="project_show_drafts"),
            models.CheckConstraint(
                condition=Q(idle_seconds__gte=LEAST_IDLE, idle_seconds__lte=MOST_IDLE), name="idle_for_at_most_an_hour"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.language and not LANGUAGE_TAG.fullmatch(self.language):
            message = _("“%(tag)s” is no language tag; one such as en, pt-BR or zh-Hans is expected.")
            raise ValidationError({"language": message % {"tag": self.language}})


class GuidelineVersion(models.Model):
    """The guidelines as they read at one time, in Markdown. Versions are numbered from 1 and never change."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="guidelines")
    number = models.PositiveIntegerField()
    text = models.TextField()
    created = models.DateTimeField()
    by = models.ForeignKey("annotator.Member", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["project", "-number"]
        constraints = [models.UniqueConstraint(fields=["project", "number"], name="guideline_number_once")]

    def __str__(self) -> str:
        return f"version {self.number}"


class Batch(models.Model):
    """A part of a project's questions, asked of ``overlap`` people each; no overlap means no limit.

    Where ``share`` is below 100, that many percent of the questions, drawn by ``seed``, have the overlap and the others
    are asked of one person. ``cap`` is the most questions of the batch that one person gets by claiming. Questions are
    begun from ``opens`` on and before ``closes``; work that was begun is finished whenever it is.
    """

    class Purpose(models.TextChoices):
        TRAINING = "training"
        PILOT = "pilot"
        MAIN = "main"
        IMPORTED = "imported"

    class Order(models.TextChoices):
        """In which order claims go through a batch; ``place`` is the column of the question that says so."""

        IMPORTED = "imported", _lazy("as imported")
        FEWEST = "fewest", _lazy("fewest annotations first")
        PRIORITY = "priority", _lazy("highest priority first")
        RANDOM = "random", _lazy("random, another for each person")

        @property
        def place(self) -> str:
            return "order" if self == Batch.Order.IMPORTED else f"{self.value}_place"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="batches")
    name = models.CharField(max_length=100)
    position = models.PositiveIntegerField(default=1)
    purpose = models.CharField(max_length=8, choices=Purpose, default=Purpose.MAIN)
    overlap = models.PositiveIntegerField(null=True, blank=True, default=2)
    share = models.PositiveIntegerField(default=100)
    seed = models.PositiveIntegerField(default=1)
    order = models.CharField(max_length=8, choices=Order, default=Order.IMPORTED)
    cap = models.PositiveIntegerField(null=True, blank=True)
    opens = models.DateTimeField(null=True, blank=True)
    closes = models.DateTimeField(null=True, blank=True)
    guideline_version = models.ForeignKey(
        GuidelineVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="batches"
    )
    size = models.PositiveIntegerField(default=0)
    created = models.DateTimeField()

    objects = BatchQuerySet.as_manager()

    class Meta:
        ordering = ["project", "position", "pk"]
        verbose_name_plural = "batches"
        constraints = [
            models.UniqueConstraint(fields=["project", "name"], name="batch_name_once_per_project"),
            models.CheckConstraint(
                condition=Q(purpose__in=["training", "pilot", "main", "imported"]), name="batch_purpose"
            ),
            models.CheckConstraint(
                condition=Q(overlap__isnull=True) | Q(overlap__gte=1), name="batch_overlap_positive"
            ),
            models.CheckConstraint(condition=Q(cap__isnull=True) | Q(cap__gte=1), name="batch_cap_positive"),
            models.CheckConstraint(condition=Q(share__lte=100), name="batch_share_in_percent"),
            models.CheckConstraint(
                condition=Q(order__in=["imported", "fewest", "priority", "random"]), name="batch_order"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def closed(self) -> bool:
        """Return whether nothing of it is begun any more."""
        return self.closes is not None and self.closes <= timezone.now()

    @property
    def planned_share(self) -> int:
        """Return the percentage of its questions that are asked of several people."""
        return 0 if self.overlap == 1 else self.share

    @property
    def place(self) -> str:
        """Return the column by which claims go through the questions."""
        return Batch.Order(self.order).place

    def overlap_at(self, order: int) -> int | None:
        """Return how many people annotate the question at a place."""
        return self.overlap if shared(order, self.share, self.seed) else 1
