"""Work that outlasts a request. The row is the truth: who claimed it, how far it is, whether it should stop.

Whoever runs a job claims it by a conditional update, so two workers never run one, and says beside its work that they
are there, however long the work tells nothing. A worker that fell silent loses its job: each claim has its number, and
whoever holds an older one writes nothing more of the job.
Each verb can be run twice without harm, so a job that died half way is simply run again.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread
from typing import Any

from django.db import IntegrityError, connections, transaction
from django.db.models import F
from django.utils import timezone

from annotator.actions import looking
from annotator.actions.queued import HOLDS, VERBS, Refused
from annotator.job_querysets import CLAIMS_AT_MOST, HEARTBEAT_SILENCE
from annotator.models import Job, Member, Project
from annotator.models.work import LONGEST_WHAT
from annotator.nudging import tell
from annotator.reading import BadInput
from retrieval.disk import is_full
from retrieval.engines import EngineUnavailableError
from retrieval.freezing import StaleIndexError

log = logging.getLogger(__name__)

SECONDS_BETWEEN_NUMBERS = 2.0
# Three signs may be lost, or wait for somebody’s long write, before the worker counts as silent.
SECONDS_BETWEEN_BEATS = HEARTBEAT_SILENCE.total_seconds() / 4
# A waiting job that nobody took for this long means that no worker runs.
WORKER_EXPECTED_WITHIN = timedelta(seconds=30)
# Soon enough for who waits, and no burden on what is just starting.
PUT_OFF = timedelta(seconds=30)
AT_ONCE = 100
KILLED = f"The worker died each of the {CLAIMS_AT_MOST} times it was at this, perhaps for want of memory."
State = Job.State
# The number from which the claims of a job count anew.
ANEW = F("attempt") + CLAIMS_AT_MOST - F("attempt") % CLAIMS_AT_MOST
GOING = (State.WAITING, State.RUNNING)


class Cancelled(Exception):
    """Somebody asked for the job to stop, or another worker has claimed it."""


def start(verb: str, project: Project, by: Member | None, **arguments: Any) -> Job:
    """Make a job, and tell the workers of it once it is stored."""
    return begun(Job(verb=verb, project=project, by=by, arguments=arguments))


def start_alone(
    alone: str, verb: str, project: Project | None = None, by: Member | None = None, **arguments: Any
) -> Job | None:
    """Make a job, of the installation without a project; None where one that is alone for the same waits or runs."""
    try:
        with transaction.atomic():
            return begun(Job(verb=verb, project=project, by=by, arguments=arguments, alone=alone))
    except IntegrityError:
        return None


def begun(job: Job) -> Job:
    job.created = job.due = timezone.now()
    job.save(force_insert=True)
    transaction.on_commit(lambda: nudge(job.pk))
    return job


def nudge(pk: int) -> None:
    """Tell the workers that a job waits. Where no message can be sent the job still waits, and its page says so."""
    from annotator.tasks import run_job  # which imports this module

    tell(run_job, "job", pk)


def run(pk: int) -> Job | None:
    """Claim a job and run it to its end; None if it is not there to be claimed."""
    job = claimed(pk)
    if job is None:
        return None
    try:
        with beating(job):
            result = VERBS[job.verb](job, Numbers(job))
        finish(job, State.DONE, result=result)
    except Cancelled:
        finish(job, State.CANCELLED)
    except EngineUnavailableError as error:
        if error.passing:
            put_off(job, str(error))
        else:
            finish(job, State.FAILED, error=str(error))
    except (Refused, BadInput, StaleIndexError) as refusal:
        finish(job, State.FAILED, error=str(refusal))
    except Exception as error:
        if is_full(error):
            finish(job, State.FAILED, error="The server’s disk is full.")
            raise
        finish(job, State.FAILED, error="Something went wrong; the server’s log says what.")
        raise
    return job


@transaction.atomic
def claimed(pk: int) -> Job | None:
    """Claim a job, and return it with the number of the claim; one that would kill its worker once more has failed."""
    failed = {"state": State.FAILED, "heartbeat": timezone.now(), "error": KILLED}
    Job.objects.killing().filter(pk=pk).update(**failed)
    claim = {"state": State.RUNNING, "attempt": F("attempt") + 1, "heartbeat": timezone.now(), "error": ""}
    won = Job.objects.ready().filter(pk=pk).update(**claim)
    return Job.objects.select_related("project", "by").get(pk=pk) if won else None


def finish(job: Job, state: State, **values: Any) -> None:
    """Close a job that is still ours; ``job`` then says how it stands, whoever closed it."""
    Job.objects.held(job).update(state=state, heartbeat=timezone.now(), **values)
    job.refresh_from_db()


def put_off(job: Job, why: str) -> None:
    """Let a job that is still ours wait a while for what it needs, unless it was asked to stop."""
    waits = {"state": State.WAITING, "attempt": ANEW, "due": timezone.now() + PUT_OFF, "error": why}
    if not Job.objects.held(job).filter(cancel_asked=False).update(**waits):
        finish(job, State.CANCELLED)
    job.refresh_from_db()


def note(job: Job, result: dict[str, Any]) -> None:
    """Write what comes of a job in the transaction that brings it about, so that a later claim knows of it.

    Raises Cancelled where the job is another worker's by now.
    """
    if not Job.objects.held(job).update(result=result):
        raise Cancelled


@contextmanager
def beating(job: Job) -> Iterator[None]:
    """Say now and then that the job's worker is there, from a thread of its own, as long as the block lasts.

    Nobody waits for the thread: where the block stands in a transaction its last beat may wait for that one's end.
    """
    ended = Event()
    Thread(target=beat, args=(job, ended), name=f"job {job.pk}", daemon=True).start()
    try:
        yield
    finally:
        ended.set()


def beat(job: Job, ended: Event) -> None:
    """Give a sign now and then until the work has ended or is another worker's, whatever goes wrong meanwhile."""
    while not ended.wait(SECONDS_BETWEEN_BEATS):
        try:
            if not Job.objects.held(job).update(heartbeat=timezone.now()):
                return
        except Exception:
            log.exception("Job %s could not say that its worker is there.", job.pk)
        finally:
            connections.close_all()  # this thread's own


class Numbers:
    """A job's progress: writes how far it is every few seconds, and stops it when asked to. Raises Cancelled."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.last = 0.0

    def __call__(self, what: str, done: int, total: int) -> None:
        if time.monotonic() - self.last < SECONDS_BETWEEN_NUMBERS and done != total:
            return
        self.last = time.monotonic()
        going_on = Job.objects.held(self.job).filter(cancel_asked=False)
        said = {"what": what[:LONGEST_WHAT], "done": done, "total": total or None}
        if not going_on.update(**said, heartbeat=timezone.now()):
            raise Cancelled


def cancel(job: Job) -> None:
    """Ask a job to stop: at once if it waits, else when it next tells how far it is."""
    waiting, running = (Job.objects.filter(pk=job.pk, state=state) for state in GOING)
    if waiting.update(state=State.CANCELLED) or running.update(cancel_asked=True):
        return
    waiting.update(state=State.CANCELLED)  # it was put off between the two


def again(job: Job, by: Member | None = None) -> None:
    """Let a job that failed, was cancelled or fell silent wait once more, now for whoever asks for it.

    Of one that waits, also of one put off, the workers are told at once, and it stays whose it is. Raises StillOpen.
    """
    try:
        wait_anew(job, by)
    except IntegrityError:  # another one that is alone for the same thing goes on
        return
    if Job.objects.filter(pk=job.pk, state=State.WAITING).update(due=timezone.now()):
        transaction.on_commit(lambda: nudge(job.pk))


@transaction.atomic
def wait_anew(job: Job, by: Member | None) -> None:
    """Let a job that was broken off wait for a member, who looks at what its file will hold. Raises StillOpen."""
    found = Job.objects.broken_off().select_for_update().filter(pk=job.pk).first()
    if found is None:
        return
    if by and found.verb in HOLDS:
        looking.take_out(by, HOLDS[found.verb](found))
    found.attempt = ANEW
    found.state, found.by, found.due = State.WAITING, by or found.by, timezone.now()
    found.cancel_asked, found.error = False, ""
    found.done, found.total, found.what = 0, None, ""
    found.save()


def remind() -> None:
    """Tell the workers again of jobs that wait, or whose worker died: messages may be lost, rows are not."""
    for pk in Job.objects.ready().order_by("due").values_list("pk", flat=True)[:AT_ONCE]:
        nudge(pk)


def not_taken_up(project: Project | None) -> Job | None:
    """Return the job of a project, or the installation, that has waited longest for a worker that should have come."""
    late = Job.objects.ready().filter(project=project, due__lt=timezone.now() - WORKER_EXPECTED_WITHIN)
    return late.order_by("due").first()


def unattended(job: Job) -> bool:
    """Return whether a job waits for a worker that should have come by now, or lost the one it had."""
    if job.state == State.WAITING:
        return timezone.now() - job.due > WORKER_EXPECTED_WITHIN
    return job.state == State.RUNNING and Job.objects.ready().filter(pk=job.pk).exists()
