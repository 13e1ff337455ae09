"""Evaluations as pages begin them: a small one is run at once, any other by a job that can be stopped and goes on.

One whose judge is a service is only written down at first, since asking costs: its page says how much it would take,
and goes on. Of one that is not small it names the command that counts, for that is work like the run itself.
"""

from enum import StrEnum

from django.db import transaction

from annotator import jobs
from annotator.models import Job, Member, Project
from scoring.evaluating import Wanted, begin
from scoring.judges import judges
from scoring.judging import Estimate, is_on
from scoring.models import Evaluation
from scoring.running import estimate_of, run

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
        return evaluation
    if is_small(evaluation):
        run(evaluation)
    else:
        go_on(evaluation, by)
    return evaluation


def asks_a_service(evaluation: Evaluation) -> bool:
    return evaluation.judge not in judges()


def is_small(evaluation: Evaluation) -> bool:
    """Return whether an evaluation can be gone through in a request."""
    return evaluation.questions.count() * evaluation.systems.count() <= AT_ONCE


def what_it_takes(evaluation: Evaluation) -> Estimate | None:
    """Return what asking a service would take before it is asked.

    None where none is asked, where it is off, and where counting takes long.
    """
    if evaluation.job_id or not asks_a_service(evaluation) or not is_on() or not is_small(evaluation):
        return None
    return estimate_of(evaluation)


@transaction.atomic
def go_on(evaluation: Evaluation, by: Member) -> None:
    """Let a job score what is left, unless one does already; a job whose worker fell silent waits for another."""
    found = Evaluation.objects.select_for_update().get(pk=evaluation.pk)  # one job each
    if found.finished:
        return
    if found.job and found.job.state in jobs.GOING:
        jobs.again(found.job)
        return
    job = jobs.start("evaluate", evaluation.project, by, evaluation=evaluation.pk, number=evaluation.number)
    Evaluation.objects.filter(pk=evaluation.pk).update(job=job)


def stage_of(evaluation: Evaluation) -> Stage:
    """Return how far an evaluation is; without a job, a command runs it or it broke off."""
    if evaluation.finished:
        return Stage.FINISHED
    return OF_JOBS.get(Job.State(evaluation.job.state), Stage.STOPPED) if evaluation.job else Stage.STOPPED
