"""Who may follow which jobs, take out what they wrote, and run them."""

from datetime import timedelta
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from annotator.models.people import Member

if TYPE_CHECKING:
    from annotator.membership import AnyUser
    from annotator.models import Job

HEARTBEAT_SILENCE = timedelta(seconds=60)
# A job whose worker died so many times in a row would kill the next one too.
CLAIMS_AT_MOST = 5


def silent() -> Q:
    """Return what holds of a job whose worker has fallen silent."""
    return Q(state="running", heartbeat__lt=timezone.now() - HEARTBEAT_SILENCE)


class JobQuerySet(models.QuerySet["Job"]):
    def with_file_for(self, user: "AnyUser") -> Self:
        """Return the jobs that wrote a file for the user, who may take it out: nobody else looked at what it tells."""
        exported = Q(by__in=Member.objects.managing(user).values("pk"))
        released = Q(by__in=Member.objects.looking_on(user).values("pk"), verb="release_file")
        return self.filter(exported | released, state="done", result__has_key="file").select_related("project", "by")

    def followed_by(self, user: "AnyUser") -> Self:
        """Return the jobs that the user may look at and stop, each with its project.

        These are all of a project to its managers, their own to others who look on, the installation's to who runs it.
        """
        manages = Q(project__in=Member.objects.managing(user).values("project"))
        own = Q(by__in=Member.objects.looking_on(user).values("pk"))
        of_site = Q(project__isnull=True) if user.is_superuser else Q(pk__in=[])
        return self.filter(manages | own | of_site).select_related("project", "by__user")

    def going(self) -> Self:
        """Return the jobs that wait or run."""
        return self.filter(state__in=["waiting", "running"])

    def ready(self) -> Self:
        """Return the jobs that wait and are due, and those whose worker has fallen silent."""
        return self.filter(Q(state="waiting", due__lte=timezone.now()) | silent())

    def put_off(self) -> Self:
        """Return the jobs that wait for what they need, such as a search engine that is away."""
        return self.filter(state="waiting", due__gt=timezone.now())

    def broken_off(self) -> Self:
        """Return the jobs that failed or were stopped, and those whose worker has fallen silent."""
        return self.filter(Q(state__in=["failed", "cancelled"]) | silent())

    def killing(self) -> Self:
        """Return the jobs whose worker has fallen silent at the last claim that is theirs."""
        return self.ready().alias(over=F("attempt") % CLAIMS_AT_MOST).filter(state="running", attempt__gt=0, over=0)

    def held(self, job: "Job") -> Self:
        """Return the job while it runs under the claim by which ``job`` was fetched."""
        return self.filter(pk=job.pk, state="running", attempt=job.attempt)
