"""Evaluations as pages begin them: a small one is run at once, any other by a job that can be stopped and goes on.

One whose judge is a service is only written down at first, since asking costs: its page says how much it would take,
and goes on. That is counted at once of a small one, and by a job of any other, for it is work like the run itself.
"""

from enum import StrEnum

from django.db import transaction

from annotator import jobs
from annotator.models import Job, Member, Project
from scoring.estimating import count
from scoring.evaluating import Wanted, begin
from scoring.judges import judges
from scoring.models import Evaluation
from scoring.running import run

AT_ONCE = 400  # replies to be scored within a request


class Stage(StrEnum):
    """How far an evaluation is."""

    WAITING = "waiting"
    RUNNING = "running"
    STOPPED = "stopped"
    FAILED = "failed"
    FINISHED = "finished"


OF_JOBS = {
    Job.State.WAITING: Stage.WAITING,
    Job.State.RUNNING: Stage.RUNNING,
    Job.State.FAILED: Stage.FAILED,
    Job.State.CANCELLED: Stage.STOPPED,
}


def launch(project: Project, wanted: Wanted, by: Member) -> Evaluation:
    """Begin an evaluation, and run it or let a job do so. Raises Refused, naming a field."""
    evaluation = begin(project, wanted, by)
    if asks_a_service(evaluation):
        count_left(evaluation, by)
    elif is_small(evaluation):
        run(evaluation)
    else:
        go_on(evaluation, by)
    return evaluation


def asks_a_service(evaluation: Evaluation) -> bool:
    return evaluation.judge not in judges()


def is_small(evaluation: Evaluation) -> bool:
    """Return whether an evaluation can be gone through in a request."""
    return evaluation.questions.count() * evaluation.systems.count() <= AT_ONCE


def count_left(evaluation: Evaluation, by: Member) -> None:
    """Count what asking a service for the rest would take; what a job counts is on the page once it has."""
    job = count(evaluation, by)
    if is_small(evaluation):
        jobs.run(job.pk)


def stop(evaluation: Evaluation, by: Member) -> None:
    """Ask the job of an evaluation to stop, and count what a service would take for the rest; what is scored stays."""
    if evaluation.job and evaluation.job.state in jobs.GOING:
        jobs.cancel(evaluation.job)
        if asks_a_service(evaluation):
            count(evaluation, by)


@transaction.atomic
def go_on(evaluation: Evaluation, by: Member) -> Job | None:
    """Return the job that scores what is left, begun unless there is one; one whose worker fell silent waits anew.

    None where the evaluation is finished, or its job has been asked to stop and has not yet.
    """
    found = Evaluation.objects.select_for_update().get(pk=evaluation.pk)  # one job each
    if found.finished:
        return None
    if found.job and found.job.state in jobs.GOING:
        jobs.again(found.job)
        found.job.refresh_from_db()
        return None if found.job.cancel_asked else found.job
    job = jobs.start("evaluate", evaluation.project, by, evaluation=evaluation.pk, number=evaluation.number)
    Evaluation.objects.filter(pk=evaluation.pk).update(job=job)
    return job


def stage_of(evaluation: Evaluation) -> Stage:
    """Return how far an evaluation is; without a job, a command runs it or it broke off."""
    if evaluation.finished:
        return Stage.FINISHED
    return OF_JOBS.get(Job.State(evaluation.job.state), Stage.STOPPED) if evaluation.job else Stage.STOPPED
