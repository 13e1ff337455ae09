"""Jobs: claimed once, heard of while they run, stopped when asked, and taken up again when their worker fell silent."""

import threading
import time
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.utils import timezone

from annotator import job_querysets, jobs
from annotator.actions import queued
from annotator.job_querysets import CLAIMS_AT_MOST
from annotator.models import Job
from annotator.tasks import run_job
from retrieval.engines import EngineUnavailableError
from tests.config.test_serve import eventually

HTMX = {"HX-Request": "true"}
State = Job.State


@pytest.fixture
def work(monkeypatch) -> list[int]:
    """A verb that notes whom it ran for; every job of these tests runs it."""
    ran: list[int] = []

    def verb(job, progress):
        progress("done", 1, 2)
        ran.append(job.pk)
        return {"frozen": 2}

    monkeypatch.setitem(queued.VERBS, "retrieve", verb)
    monkeypatch.setattr(jobs, "nudge", lambda _pk: None)
    return ran


@pytest.fixture
def job(project, mo, work) -> Job:
    return jobs.start("retrieve", project, mo, corpus="wiki", k=5)


def again(job: Job) -> Job:
    return Job.objects.get(pk=job.pk)


def test_a_job_runs_once(job, work):
    jobs.run(job.pk)
    assert jobs.run(job.pk) is None
    done = again(job)
    assert (done.state, done.done, done.total, done.result) == ("done", 1, 2, {"frozen": 2})
    assert work == [job.pk]


def test_the_task_is_told_a_number_alone(job, work):
    run_job(job.pk)
    assert work == [job.pk]


def test_a_running_job_is_nobody_elses_until_it_falls_silent(job, work):
    now = timezone.now()
    Job.objects.filter(pk=job.pk).update(state=State.RUNNING, heartbeat=now - timedelta(seconds=30))
    assert jobs.run(job.pk) is None
    Job.objects.filter(pk=job.pk).update(heartbeat=now - timedelta(seconds=90))
    assert jobs.run(job.pk).state == State.DONE


def lose(running: Job) -> Job | None:
    """Let a running job fall silent, and another worker run it from its claim to its end."""
    Job.objects.filter(pk=running.pk).update(heartbeat=timezone.now() - timedelta(seconds=90))
    return jobs.run(running.pk)


def test_a_worker_that_lost_its_job_stops_at_its_next_beat_and_writes_nothing(job, monkeypatch):
    def second(_job, progress):
        progress("done", 7, 7)
        return {"frozen": 7}

    def first(running, progress):
        monkeypatch.setitem(queued.VERBS, "retrieve", second)
        assert lose(running).result == {"frozen": 7}
        progress("done", 1, 1)
        raise AssertionError("it went on")

    monkeypatch.setitem(queued.VERBS, "retrieve", first)
    assert jobs.run(job.pk).state == State.DONE
    done = again(job)
    assert (done.state, done.attempt, done.done, done.result) == (State.DONE, 2, 7, {"frozen": 7})


@pytest.mark.parametrize("ends", ["with a result", "with an error"])
def test_a_worker_that_lost_its_job_does_not_close_it_for_the_one_that_has_it(job, monkeypatch, ends):
    def first(running, _progress):
        Job.objects.filter(pk=running.pk).update(heartbeat=timezone.now() - timedelta(seconds=90))
        assert jobs.claimed(running.pk)
        if ends == "with an error":
            raise queued.Refused("too late")
        return {"frozen": 99}

    monkeypatch.setitem(queued.VERBS, "retrieve", first)
    jobs.run(job.pk)
    held = again(job)
    assert (held.state, held.attempt, held.result, held.error) == (State.RUNNING, 2, {}, "")


def test_a_job_that_waits_once_more_is_not_the_old_workers(job, monkeypatch):
    def first(running, progress):
        Job.objects.filter(pk=running.pk).update(heartbeat=timezone.now() - timedelta(seconds=90))
        jobs.again(running)
        progress("done", 1, 1)

    monkeypatch.setitem(queued.VERBS, "retrieve", first)
    assert jobs.run(job.pk).state == State.WAITING


def let_die(job: Job, times: int) -> None:
    """Let as many workers claim a job, each of which dies of it."""
    for _time in range(times):
        assert jobs.claimed(job.pk)
        Job.objects.filter(pk=job.pk).update(heartbeat=timezone.now() - timedelta(seconds=90))


def test_a_job_of_which_every_worker_dies_fails_and_says_so(as_mo, job, work):
    let_die(job, CLAIMS_AT_MOST)
    assert jobs.run(job.pk) is None
    text = as_mo.get(f"/p/clocks/jobs/{job.pk}/").text
    assert "The worker died each of the 5 times" in text
    assert "Run it again" in text
    assert (again(job).state, work) == (State.FAILED, [])


def test_a_job_that_failed_before_has_as_many_claims_when_it_is_run_again(as_mo, job, work):
    let_die(job, CLAIMS_AT_MOST - 2)
    jobs.again(job)
    let_die(job, CLAIMS_AT_MOST)
    assert jobs.run(job.pk) is None
    as_mo.post(f"/p/clocks/jobs/{job.pk}/again/")
    let_die(job, CLAIMS_AT_MOST - 1)
    assert jobs.run(job.pk).state == State.DONE


@pytest.fixture
def short_silence(monkeypatch) -> float:
    """A worker counts as silent within a moment, whose length in seconds this is."""
    monkeypatch.setattr(job_querysets, "HEARTBEAT_SILENCE", timedelta(seconds=0.8))
    monkeypatch.setattr(jobs, "SECONDS_BETWEEN_BEATS", 0.1)
    return 0.8


@pytest.mark.django_db(transaction=True)
def test_a_verb_that_tells_nothing_for_long_keeps_its_job(job, monkeypatch, short_silence):
    def silent(running, _progress):
        time.sleep(2 * short_silence)
        assert jobs.claimed(running.pk) is None  # as another worker asks for it
        return {"frozen": 1}

    monkeypatch.setitem(queued.VERBS, "retrieve", silent)
    assert jobs.run(job.pk).result == {"frozen": 1}
    assert again(job).attempt == 1


@pytest.mark.django_db(transaction=True)
def test_nobody_beats_for_work_that_has_ended_or_is_another_workers(job, monkeypatch, short_silence):
    def fail(running, _progress):
        Job.objects.filter(pk=running.pk).update(attempt=7)
        assert eventually(lambda: f"job {job.pk}" not in names())
        raise queued.Refused("no")

    monkeypatch.setitem(queued.VERBS, "retrieve", fail)
    jobs.run(job.pk)
    assert again(job).state == State.RUNNING
    monkeypatch.setitem(queued.VERBS, "retrieve", lambda *_of: {})
    Job.objects.update(state=State.WAITING)
    jobs.run(job.pk)
    assert eventually(lambda: f"job {job.pk}" not in names())


def names() -> set[str]:
    return {thread.name for thread in threading.enumerate()}


@pytest.mark.django_db(transaction=True)
def test_a_beat_that_fails_is_followed_by_the_next(job, monkeypatch, short_silence, caplog):
    failures = [OperationalError("away")]
    held = Job.objects.held

    def once(of):
        if failures and threading.current_thread() is not threading.main_thread():
            raise failures.pop()
        return held(of)

    monkeypatch.setattr(Job.objects, "held", once)

    def slow(*_of):
        time.sleep(2 * short_silence)
        return {}

    monkeypatch.setitem(queued.VERBS, "retrieve", slow)
    assert jobs.run(job.pk).state == State.DONE
    assert "could not say that its worker is there" in caplog.text
    assert again(job).attempt == 1


def test_a_waiting_job_is_cancelled_at_once(job, work):
    jobs.cancel(job)
    assert again(job).state == State.CANCELLED
    assert jobs.run(job.pk) is None


def test_a_running_job_stops_at_its_next_heartbeat(job, work, monkeypatch):
    def verb(running, progress):
        jobs.cancel(running)
        progress("done", 1, 5)
        raise AssertionError("it went on")

    monkeypatch.setitem(queued.VERBS, "retrieve", verb)
    assert jobs.run(job.pk).state == State.CANCELLED


def test_what_is_refused_says_why_and_what_breaks_does_not(job, work, monkeypatch):
    def refuse(_job, _progress):
        raise queued.Refused("There is no corpus “x”.")

    def crash(_job, _progress):
        raise ZeroDivisionError("secret")

    monkeypatch.setitem(queued.VERBS, "retrieve", refuse)
    assert jobs.run(job.pk).error == "There is no corpus “x”."
    jobs.again(job)
    monkeypatch.setitem(queued.VERBS, "retrieve", crash)
    with pytest.raises(ZeroDivisionError):
        jobs.run(job.pk)
    assert again(job).state == State.FAILED
    assert "secret" not in again(job).error


def away(_job, _progress):
    raise EngineUnavailableError("Elasticsearch is away", passing=True)


def test_what_needs_an_engine_that_is_away_waits_for_it_and_goes_on_by_itself(as_mo, job, work, monkeypatch):
    verb = queued.VERBS["retrieve"]
    monkeypatch.setitem(queued.VERBS, "retrieve", away)
    for _time in range(CLAIMS_AT_MOST + 1):
        assert jobs.run(job.pk).state == State.WAITING
        assert jobs.run(job.pk) is None
        text = as_mo.get(f"/p/clocks/jobs/{job.pk}/").text
        assert "Elasticsearch is away" in text
        assert "Try now" in text
        as_mo.post(f"/p/clocks/jobs/{job.pk}/again/")
    assert jobs.run(job.pk).state == State.WAITING
    monkeypatch.setitem(queued.VERBS, "retrieve", verb)
    call_command("run_job", str(job.pk), stdout=StringIO())
    assert (again(job).state, again(job).error) == (State.DONE, "")


def test_what_was_asked_to_stop_is_not_put_off(job, work, monkeypatch):
    def stopped(running, progress):
        jobs.cancel(running)
        away(running, progress)

    monkeypatch.setitem(queued.VERBS, "retrieve", stopped)
    assert jobs.run(job.pk).state == State.CANCELLED


def test_the_command_runs_a_job_here(job, work):
    out = StringIO()
    call_command("run_job", str(job.pk), stdout=out)
    assert out.getvalue() == f"Job {job.pk} is done.\n"
    with pytest.raises(CommandError, match=f"Job {job.pk} is done"):
        call_command("run_job", str(job.pk))
    with pytest.raises(CommandError, match="no job 9999"):
        call_command("run_job", "9999")


def test_the_page_says_when_no_worker_came(as_mo, job):
    path = f"/p/clocks/jobs/{job.pk}/"
    assert "No worker has taken this up" not in as_mo.get(path).text
    Job.objects.update(due=timezone.now() - timedelta(minutes=1))
    text = as_mo.get(path).text
    assert "No worker has taken this up" in text
    assert f"python manage.py run_job {job.pk}" in text


def test_polling_goes_on_while_it_runs_and_stops_with_286(as_mo, job, work):
    path = f"/p/clocks/jobs/{job.pk}/"
    waiting = as_mo.get(path, headers=HTMX)
    assert (waiting.status_code, "every 2s" in waiting.text, "<html" in waiting.text) == (200, True, False)
    jobs.run(job.pk)
    ended = as_mo.get(path, headers=HTMX)
    assert (ended.status_code, "every 2s" in ended.text, ended["HX-Refresh"]) == (286, False, "true")


def test_a_job_is_stopped_and_run_again_from_its_page(as_mo, job, work):
    path = f"/p/clocks/jobs/{job.pk}/"
    as_mo.post(f"{path}cancel/")
    assert again(job).state == State.CANCELLED
    as_mo.post(f"{path}again/")
    assert again(job).state == State.WAITING
    jobs.run(job.pk)
    as_mo.post(f"{path}again/")
    assert again(job).state == State.DONE


def test_owner_peer_and_stranger(as_mo, as_ann, as_dee, job):
    path = f"/p/clocks/jobs/{job.pk}/"
    assert [who.get(path).status_code for who in (as_mo, as_ann, as_dee)] == [200, 404, 404]
    assert as_ann.post(f"{path}cancel/").status_code == 404
    assert as_mo.get(f"/p/noise/jobs/{job.pk}/").status_code == 404
