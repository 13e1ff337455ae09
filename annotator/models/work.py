"""What brings work in or carries it out: imports, systems, jobs that outlast a request, and how long people worked."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from annotator.job_querysets import JobQuerySet
from annotator.models.people import Member
from annotator.models.projects import Batch, Project
from annotator.system_querysets import SystemQuerySet

if TYPE_CHECKING:
    from annotator.membership import AnyUser

LONGEST_DAY = 25 * 3600  # seconds, where the clocks go back


class System(models.Model):
    """One fixed run of a machine that made drafts or predictions; runs of one model share a family.

    ``retrieval`` says in words where its fragments were from; it ``cites`` unless it is known to cite nothing, and then
    its citations are no measure of it. ``digest`` is that of the file that brought its work; it is not ``complete``
    while that file is being written.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="systems")
    name = models.CharField(max_length=200)
    family = models.CharField(max_length=200, blank=True)
    model = models.CharField(max_length=200, blank=True)
    description = models.CharField(max_length=200, blank=True)
    prompt = models.TextField(blank=True)
    retrieval = models.TextField(blank=True)
    cites = models.BooleanField(default=True)
    link = models.URLField(max_length=500, blank=True)
    seed = models.BigIntegerField(null=True, blank=True)
    made_on = models.DateField(null=True, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    complete = models.BooleanField(default=True)

    objects = SystemQuerySet.as_manager()

    class Meta:
        ordering = ["project", "name"]
        constraints = [models.UniqueConstraint(fields=["project", "name"], name="system_name_once_per_project")]

    def __str__(self) -> str:
        return self.name


class Import(models.Model):
    """A file that was looked at, and perhaps brought in; ``report`` holds its counts and problems."""

    class State(models.TextChoices):
        LOOKED_AT = "looked_at", "Looked at"
        REFUSED = "refused"
        WRITING = "writing"
        DONE = "done"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="imports")
    batch = models.ForeignKey(Batch, on_delete=models.SET_NULL, null=True, blank=True, related_name="imports")
    by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=255)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    shape = models.CharField(max_length=30, blank=True)
    state = models.CharField(max_length=9, choices=State, default=State.LOOKED_AT)
    report = models.JSONField(default=dict)
    created = models.DateTimeField()
    finished = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["looked_at", "refused", "writing", "done"]), name="import_state"
            )
        ]

    def __str__(self) -> str:
        return self.name


LONGEST_WHAT = 50
# The jobs that write a file for whoever asks, who looks at what it holds.
WRITES_FILE = frozenset({"export", "release_file", "release_trial"})


class Job(models.Model):
    """Work that outlasts a request. The row is the truth; a Celery message is only a nudge.

    ``attempt`` numbers the claims: whoever runs the job writes it only while theirs is the last. Each time somebody
    lets it run again the numbers go on from the next multiple of ``CLAIMS_AT_MOST``. A job without a project is of the
    installation, for who runs it. Of the jobs that are ``alone`` for the same thing one goes on at a time. ``what``
    says of what there are ``done`` and ``total``. One that waits runs no sooner than at ``due``, and ``error`` says
    what it was put off for.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        CANCELLED = "cancelled"

    verb = models.CharField(max_length=50)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, null=True, blank=True, related_name="jobs")
    by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    arguments = models.JSONField(default=dict)
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    attempt = models.PositiveIntegerField(default=0)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(null=True, blank=True)
    what = models.CharField(max_length=LONGEST_WHAT, blank=True)
    heartbeat = models.DateTimeField(null=True, blank=True)
    cancel_asked = models.BooleanField(default=False)
    result = models.JSONField(default=dict, blank=True)
    error = models.TextField(blank=True)
    created = models.DateTimeField()
    due = models.DateTimeField(default=timezone.now)
    alone = models.CharField(max_length=100, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-created"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "running", "done", "failed", "cancelled"]), name="job_state"
            ),
            models.UniqueConstraint(
                fields=["alone"],
                condition=Q(state__in=["waiting", "running"]) & ~Q(alone=""),
                name="one_job_of_its_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.pk}: {self.state}"

    def get_absolute_url(self) -> str:
        """Return the address of the job's page, below which stopping it and the like have theirs."""
        if self.project is None:
            return reverse("site_job", kwargs={"pk": self.pk})
        return reverse("job", kwargs={"slug": self.project.slug, "pk": self.pk})

    @property
    def own_project(self) -> Project:
        """Return the project in which the job was started. Raises LookupError for one of the installation."""
        if self.project is None:
            raise LookupError(f"{self}: of no project")
        return self.project

    @property
    def asker(self) -> Member:
        """Return who asked for the job. Raises LookupError where that was no member, but a command."""
        if self.by is None:
            raise LookupError(f"{self}: asked for by nobody")
        return self.by

    def counts_for(self, user: "AnyUser") -> bool:
        """Return whether the user may know how much the job goes through: of some verbs that tells of unseen work."""
        if self.verb in WRITES_FILE:
            return self.by is not None and self.by.user_id == user.pk
        return self.verb != "index"


class Worker(models.Model):
    """A process that runs jobs, by the name that Celery gives it, and when it last said that it is there."""

    name = models.CharField(max_length=200, unique=True)
    started = models.DateTimeField()
    seen = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["-seen"]

    def __str__(self) -> str:
        return self.name


class WorkDay(models.Model):
    """How many seconds a member worked on a batch on one day, annotating and adjudicating."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="days")
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()
    seconds = models.PositiveIntegerField()

    class Meta:
        ordering = ["batch", "member", "day"]
        constraints = [
            models.UniqueConstraint(fields=["member", "batch", "day"], name="one_work_day_per_batch"),
            models.CheckConstraint(condition=Q(seconds__lte=LONGEST_DAY), name="work_day_no_longer_than_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.member}, {self.day}: {self.seconds} s"
