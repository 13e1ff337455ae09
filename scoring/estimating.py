"""Counting, by a job, what asking a judge that costs would take: every fragment and pair is read for it.

What came of it stays with the job, so that a page shows it without counting again.
"""

from dataclasses import asdict
from typing import Any

from django.db import transaction

from annotator import jobs
from annotator.models import Job, Member
from retrieval.progress import Progress
from scoring.judging import Estimate
from scoring.models import Evaluation
from scoring.running import estimate_of

VERB = "estimate"


def estimate_by_job(job: Job, progress: Progress) -> dict[str, Any]:
    """Count what judging the rest of the evaluation that a job is about would take. Raises Refused."""
    return asdict(estimate_of(Evaluation.objects.get(pk=job.arguments["evaluation"]), progress))


@transaction.atomic
def count(evaluation: Evaluation, by: Member) -> Job:
    """Let a job count what asking for the rest would take, unless one does already."""
    found = Evaluation.objects.select_for_update().get(pk=evaluation.pk)  # one job each
    job = counting_of(found)
    if job and job.state in jobs.GOING:
        jobs.again(job)
        return job
    return jobs.start(VERB, evaluation.project, by, evaluation=found.pk, number=found.number)


def counting_of(evaluation: Evaluation) -> Job | None:
    """Return the last job that counted, or counts, what is left of an evaluation as it is now. One query."""
    own = Job.objects.filter(project=evaluation.project_id, verb=VERB, arguments__evaluation=evaluation.pk)
    return own.filter(pk__gt=evaluation.job_id or 0).order_by("-pk").first()


def counted_by(job: Job | None) -> Estimate | None:
    """Return what a job counted, None until it has."""
    return Estimate(**job.result) if job and job.state == Job.State.DONE else None
