"""Files that jobs write: the direct export's bytes, for who asked alone, whole or not there, and swept in the end."""

import hashlib
import os
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from annotator import jobs
from annotator.actions import claiming
from annotator.actions.exporting import export, export_plan
from annotator.actions.kept_files import folder, kept_file, sweep
from annotator.actions.queued import HOLDS
from annotator.models import Job, Member, Question, User
from annotator.models.work import WRITES_FILE
from tests.api.calls import CLOCKS, calling, send
from tests.conftest import make_question, signed_in

pytestmark = pytest.mark.alike

ASKED = {"format": "full"}


@pytest.fixture(autouse=True)
def large(settings, monkeypatch):
    """Whatever the size, a job writes it."""
    settings.EXPORT_IN_REQUEST_QUESTIONS = 0
    monkeypatch.setattr(jobs, "nudge", lambda _pk: None)


@pytest.fixture
def job(as_mo, assignment) -> Job:
    as_mo.post("/p/clocks/export/file/", ASKED)
    return Job.objects.get()


def path(job: Job) -> str:
    return f"/p/clocks/jobs/{job.pk}/file/"


def body(answer) -> bytes:
    return b"".join(answer.streaming_content)


def test_the_job_writes_what_the_direct_export_sends(as_mo, mo, job, project):
    assert jobs.run(job.pk).state == "done"
    sent = body(as_mo.get(path(job)))
    assert sent == b"".join(export(export_plan(project, "full")))
    kept = kept_file(Job.objects.get())
    assert (kept.name, kept.size, kept.sha256) == ("clocks-full.jsonl", len(sent), hashlib.sha256(sent).hexdigest())
    page = as_mo.get(job.get_absolute_url())
    assert kept.sha256 in page.text
    assert f'href="{path(job)}"' in page.text


def test_asking_is_the_look_and_what_is_begun_until_it_is_written_is_looked_at_too(mo, ann, job, batch):
    assert mo.looks.count() == 1
    claiming.take(ann, make_question(batch, "begun meanwhile"))
    jobs.run(job.pk)
    assert mo.looks.count() == 2


def test_a_question_taken_meanwhile_keeps_the_file_until_it_is_handed_in(as_mo, mo, ann, job, batch):
    other = make_question(batch, "begun meanwhile")
    claiming.take(mo, other)
    claiming.take(ann, other)
    jobs.run(job.pk)
    refused = as_mo.get(path(job))
    assert refused.status_code == 409
    assert "You have 1 question open of which the file may tell" in refused.text
    assert calling(mo).get(f"{CLOCKS}jobs/{job.pk}/file/").status_code == 409


def test_another_manager_sees_the_job_and_not_the_file(job, bo):
    Member.objects.filter(pk=bo.pk).update(role="manager")
    jobs.run(job.pk)
    page = signed_in(bo.user).get(job.get_absolute_url())
    assert "It is for who asked for it" in page.text
    assert signed_in(bo.user).get(path(job)).status_code == 404


def test_what_tells_of_work_that_one_has_not_looked_at_is_told_to_nobody_else(job, bo, mo):
    Member.objects.filter(pk=bo.pk).update(role="manager")
    jobs.run(job.pk)
    kept = kept_file(Job.objects.get())
    assert kept.sha256 not in signed_in(bo.user).get(job.get_absolute_url()).text
    for listed in (f"{CLOCKS}jobs/{job.pk}/", f"{CLOCKS}jobs/"):
        assert kept.sha256 in calling(mo).get(listed).text
        assert kept.sha256 not in calling(bo).get(listed).text
    assert calling(bo).get(f"{CLOCKS}jobs/{job.pk}/").json()["done"] == 0


@pytest.mark.parametrize("verb", ["index", "export"])
def test_how_much_is_gone_through_is_not_told_either(verb, job, bo):
    Member.objects.filter(pk=bo.pk).update(role="manager")
    Job.objects.update(verb=verb, state="running", done=41, total=97, heartbeat=timezone.now())
    text = signed_in(bo.user).get(job.get_absolute_url(), headers={"HX-Request": "true"}).text
    assert ("At work" in text, "41 of 97" in text, "max=" in text) == (True, False, False)


def test_the_administration_tells_nobody_how_much_a_job_wrote(job, ann):
    jobs.run(job.pk)
    Job.objects.update(done=4141, total=9797)
    User.objects.filter(pk=ann.user.pk).update(is_staff=True, is_superuser=True)
    row = f"/admin/annotator/job/{job.pk}/change/"
    text = "".join(signed_in(ann.user).get(page, follow=True).text for page in ("/admin/annotator/job/", row))
    assert "export" in text
    assert not [told for told in ("4141", "9797", kept_file(Job.objects.get()).sha256) if told in text]


def test_whoever_runs_an_export_again_looks_at_it_and_has_the_file(job, bo, mo):
    Member.objects.filter(pk=bo.pk).update(role="manager")
    jobs.cancel(job)
    signed_in(bo.user).post(f"{job.get_absolute_url()}again/")
    jobs.run(job.pk)
    assert (Job.objects.get().by, bo.looks.count()) == (bo, Question.objects.filter(batch__project=bo.project).count())
    assert body(signed_in(bo.user).get(path(job)))
    assert signed_in(mo.user).get(path(job)).status_code == 404


@pytest.fixture
def blind(bo, job, assignment) -> Member:
    """Bo as a second manager, who has the question open of which Mo’s export, which broke off, tells."""
    Member.objects.filter(pk=bo.pk).update(role="manager")
    claiming.take(bo, assignment.question)
    Job.objects.update(state="failed")
    return bo


def test_who_has_a_question_open_does_not_run_an_export_again(blind, mo, job):
    refused = signed_in(blind.user).post(f"{job.get_absolute_url()}again/")
    assert (refused.status_code, "You have 1 question open of which the file would tell" in refused.text) == (409, True)
    assert send(calling(blind), "POST", f"{CLOCKS}jobs/{job.pk}/again/").status_code == 409
    assert (Job.objects.get().state, Job.objects.get().by, blind.looks.count()) == ("failed", mo, 0)


def test_a_job_that_is_run_again_has_done_nothing_yet(job, mo):
    Job.objects.update(state="failed", done=17, total=42, what="Written")
    told = send(calling(mo), "POST", f"{CLOCKS}jobs/{job.pk}/again/").json()
    assert [told[name] for name in ("state", "what", "done", "total")] == ["waiting", "", 0, None]


def test_a_job_that_waits_stays_whose_it_is(job, bo, mo):
    Member.objects.filter(pk=bo.pk).update(role="manager")
    assert send(calling(bo), "POST", f"{CLOCKS}jobs/{job.pk}/again/").status_code == 202
    assert (Job.objects.get().by, bo.looks.count()) == (mo, 0)


def test_the_api_says_that_a_job_is_about_its_file_to_whoever_may_take_it_while_it_is_kept(job, mo, bo):
    Member.objects.filter(pk=bo.pk).update(role="manager")
    told = f"{CLOCKS}jobs/{job.pk}/"
    assert calling(mo).get(told).json()["about"] is None
    jobs.run(job.pk)
    about = [calling(who).get(told).json()["about"] for who in (mo, bo)]
    assert about == [f"http://testserver{told}file/", None]
    assert body(calling(mo).get(about[0]))
    kept_file(Job.objects.get()).path.unlink()
    assert calling(mo).get(told).json()["about"] is None


def test_who_takes_a_question_meanwhile_is_not_told_of_the_file_by_the_api_either(mo, ann, job, batch):
    other = make_question(batch, "begun meanwhile")
    claiming.take(mo, other)
    claiming.take(ann, other)
    jobs.run(job.pk)
    for listed in (f"{CLOCKS}jobs/{job.pk}/", f"{CLOCKS}jobs/"):
        text = calling(mo).get(listed).text
        assert not [told for told in (kept_file(Job.objects.get()).sha256, "/file/") if told in text]


def test_the_api_says_what_a_job_counts_to_who_may_know(job, bo, mo):
    Member.objects.filter(pk=bo.pk).update(role="manager")
    Job.objects.update(state="running", what="Written", done=17, heartbeat=timezone.now())
    assert [calling(who).get(f"{CLOCKS}jobs/{job.pk}/").json()["what"] for who in (mo, bo)] == ["Written", ""]


def test_of_each_job_that_writes_a_file_it_is_known_what_that_holds():
    assert set(HOLDS) == WRITES_FILE


@pytest.mark.parametrize("change", [{"role": "viewer"}, {"left": timezone.now()}])
def test_who_may_export_no_longer_gets_no_file(as_mo, mo, job, change):
    jobs.run(job.pk)
    Member.objects.filter(pk=mo.pk).update(**change)
    assert as_mo.get(path(job)).status_code == 404


def test_a_file_that_is_not_whole_is_not_there(as_mo, job, monkeypatch):
    def broken(_member, _plan, _progress):
        yield b"half"
        raise jobs.Cancelled

    monkeypatch.setattr("annotator.actions.queued.taken_out", broken)
    jobs.run(job.pk)
    assert list(folder().iterdir()) == []
    assert as_mo.get(path(job)).status_code == 404


def test_a_worker_that_lost_the_job_does_not_spoil_the_file_of_the_next(job, project):
    lost = jobs.claimed(job.pk)
    Job.objects.update(heartbeat=timezone.now() - timedelta(minutes=5))
    jobs.run(job.pk)
    from annotator.actions.kept_files import keep

    keep(lost, "late", [b"late"])
    assert kept_file(Job.objects.get()).path.read_bytes() == b"".join(export(export_plan(project, "full")))


def test_files_are_swept_away_and_the_page_says_so(as_mo, job, settings):
    jobs.run(job.pk)
    sweep()
    written = kept_file(Job.objects.get()).path
    long_ago = written.stat().st_mtime - timedelta(days=settings.EXPORT_KEPT_DAYS, hours=1).total_seconds()
    os.utime(written, (long_ago, long_ago))
    sweep()
    assert not written.exists()
    assert "no longer kept" in as_mo.get(job.get_absolute_url()).text
    assert as_mo.get(path(job)).status_code == 404


def test_a_file_that_goes_while_files_are_swept_away_stops_nothing(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    folder().mkdir()
    (folder() / "1-1").symlink_to("nowhere")  # listed, and not there once it is looked at
    sweep()


@pytest.mark.parametrize(
    "error", [OSError(28, "No space left on device"), OperationalError("database or disk is full")]
)
def test_a_full_disk_is_named(job, monkeypatch, error):
    def full(*_of):
        raise error

    monkeypatch.setattr("annotator.actions.queued.keep", full)
    with pytest.raises(type(error)):
        jobs.run(job.pk)
    assert Job.objects.get().error == "The server’s disk is full."


def test_the_api_answers_with_the_job_and_then_with_its_file(mo, assignment, project):
    answer = send(calling(mo), "POST", f"{CLOCKS}export/", ASKED)
    assert (answer.status_code, answer.json()["verb"], answer.json()["file"]) == (202, "export", None)
    jobs.run(answer.json()["id"])
    own = f"{CLOCKS}jobs/{answer.json()['id']}/"
    assert calling(mo).get(own).json()["file"]["name"] == "clocks-full.jsonl"
    assert body(calling(mo).get(f"{own}file/")) == b"".join(export(export_plan(project, "full")))


def test_owner_peer_and_stranger(as_mo, as_ann, as_dee, job):
    jobs.run(job.pk)
    assert body(as_mo.get(path(job)))
    assert [who.get(path(job)).status_code for who in (as_ann, as_dee)] == [404, 404]
