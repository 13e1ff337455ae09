"""Discarding an evaluation that is not finished: by the page and the API, never a finished one or one at work."""

import pytest
from django.utils import timezone

from annotator import jobs
from annotator.actions.queued import Refused
from annotator.models import Job
from scoring.discarding import discard_unfinished
from scoring.evaluating import Wanted, begin
from scoring.launching import go_on
from scoring.models import Evaluation, Score
from scoring.running import run
from tests.api.calls import CLOCKS, calling

ONE = "/p/clocks/evaluations/1/"


@pytest.fixture
def begun(project, systems) -> Evaluation:
    return begin(project, Wanted(draws=200))


def test_a_stopped_evaluation_is_discarded_with_what_is_scored_of_it(as_mo, begun, mo):
    go_on(begun, mo)
    as_mo.post(f"{ONE}stop/")
    Score.objects.create(question=begun.questions.first(), system=begun.systems.first().system)
    assert "Discard evaluation 1" in as_mo.get(ONE).text
    page = as_mo.post(f"{ONE}discard/", follow=True)
    assert "Evaluation 1 is discarded." in page.text
    assert not Evaluation.objects.exists()
    assert not Score.objects.exists()


def test_a_finished_evaluation_stays(as_mo, begun):
    run(begun)
    assert "Discard evaluation" not in as_mo.get(ONE).text
    assert "A finished evaluation stays" in as_mo.post(f"{ONE}discard/", follow=True).text
    assert Evaluation.objects.get().board


def test_one_that_waits_for_a_worker_never_runs_after_it(begun, mo):
    go_on(begun, mo)
    begun.refresh_from_db()
    discard_unfinished(begun)
    job = Job.objects.get(verb="evaluate")
    assert job.state == "cancelled"
    assert jobs.run(job.pk) is None


def test_one_that_is_at_work_is_asked_to_stop_first_unless_its_worker_fell_silent(begun, mo):
    go_on(begun, mo)
    begun.refresh_from_db()
    Job.objects.update(state="running", heartbeat=timezone.now())
    with pytest.raises(Refused, match="has been asked to stop"):
        discard_unfinished(begun)
    assert Job.objects.get().cancel_asked
    Job.objects.update(heartbeat="2026-01-01T00:00Z")
    discard_unfinished(begun)
    assert Job.objects.get().state == "cancelled"
    assert not Evaluation.objects.exists()


def test_a_program_discards_one_too(begun, mo):
    assert calling(mo).post(f"{CLOCKS}evaluations/1/discard/").status_code == 204
    assert not Evaluation.objects.exists()


def test_managers_alone_discard(as_vi, as_ann, as_dee, begun):
    assert "Discard" not in as_vi.get(ONE).text
    assert [one.post(f"{ONE}discard/").status_code for one in (as_vi, as_ann, as_dee)] == [404] * 3
    assert Evaluation.objects.exists()
