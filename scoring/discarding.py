"""Discarding an evaluation that is not finished: one that cannot end, or that nobody wants any more."""

from annotator import jobs
from annotator.actions.queued import NotNow
from annotator.models import Job
from scoring.estimating import counting_of
from scoring.evaluating import discard
from scoring.models import Evaluation


def discard_unfinished(evaluation: Evaluation) -> None:
    """Remove an evaluation that is not finished, with what is scored of it; what a service said is kept.

    It loses its number first: nobody sees a half of it, and what is left of a killed removal goes when the next one is
    begun. Raises NotNow of a finished one, whose figures others may have told of, and where a job is at work.
    """
    if evaluation.job:
        end(evaluation.job)
    if counting := counting_of(evaluation):
        jobs.cancel(counting)
    if not Evaluation.objects.filter(pk=evaluation.pk, finished=None).update(number=None):
        raise NotNow("It is finished. A finished evaluation stays, since others may have told of its figures.")
    discard(evaluation)


def end(job: Job) -> None:
    """End a job that waits, or whose worker fell silent. Raises NotNow where one is at work."""
    jobs.cancel(job)
    job.refresh_from_db()
    if job.state == Job.State.RUNNING and not jobs.unattended(job):
        raise NotNow("It is being scored, and has been asked to stop. Discard it once it has.")
    jobs.finish(job, Job.State.CANCELLED)
