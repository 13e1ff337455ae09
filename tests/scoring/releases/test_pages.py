"""The pages of releases: what is counted is what is released, and gold is told to nobody who may still be asked."""

import re

import pytest

from annotator import jobs
from annotator.actions import claiming, looking
from annotator.models import Annotation, Job, Look, Project, Question, Release

CUT, LIST = "/p/clocks/release/", "/p/clocks/releases/"


def asked(client, **values):
    """Return what the form of the page posts, and values beside."""
    text = client.get(CUT, values).text
    form = text[text.rindex(f'action="{CUT}"') :]
    hidden = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form)
    fields: dict[str, list[str]] = {}
    for name, value in hidden:
        fields.setdefault(name, []).append(value)
    return fields


def test_the_page_counts_what_would_be_released(as_mo, golden, django_assert_max_num_queries):
    with django_assert_max_num_queries(70):
        text = as_mo.get(CUT).text
    for said in ('value="1.0.0"', "gold.dev.jsonl", "gold.test.jsonl", "questions without gold (1)", "Release 1.0.0"):
        assert said in text


def test_what_was_seen_is_released_once_the_notices_are_read(as_mo, golden, project):
    Annotation.objects.filter(question=golden["m1"], source="human").update(submitted=None)
    form = asked(as_mo)
    assert "read" not in form
    assert as_mo.post(CUT, form).status_code == 422
    assert not Release.objects.exists()
    answer = as_mo.post(CUT, form | {"read": "1"})
    assert answer["Location"] == "/p/clocks/releases/1.0.0/"
    assert project.releases.get().questions.count() == 3


def test_what_has_changed_since_it_was_seen_is_not_released(as_mo, golden, correct):
    form = asked(as_mo) | {"read": "1"}
    correct(golden["m1"])
    answer = as_mo.post(CUT, form)
    assert answer.status_code == 422
    assert "Gold has changed since you looked" in answer.text
    assert not Release.objects.exists()


def test_a_choice_is_counted_anew_and_answered_with_the_part_alone(as_mo, golden, batch):
    values = {"batch": batch.pk, "how": "drawn", "train": 50, "dev": 0, "test": 50, "seed": 7}
    answer = as_mo.get(CUT, values, headers={"HX-Request": "true"}).text
    assert "<html" not in answer
    assert 'id="cut"' in answer
    assert "2 questions, 4 conditions" in answer
    assert 'value="7"' in answer


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"how": "drawn", "train": "1"}, "the shares make"),
        ({"how": "drawn", "train": "0", "dev": "0", "test": "0"}, "the shares make 0 %"),
        ({"tag": "1 0"}, "tag: 1 to 50 letters"),
    ],
)
def test_what_is_asked_wrongly_is_said_on_the_page(as_mo, golden, values, message):
    answer = as_mo.post(CUT, values | {"read": "1"})
    assert answer.status_code == 422
    assert message in answer.text


def test_a_tag_that_cannot_be_is_said_beside_its_field_as_soon_as_it_is_left(as_mo, cut):
    cut()
    taken = "there is a release 1.0.0 already"
    for tag, message in (("1.0.0", taken), ("1 0", "1 to 50 letters"), ("trial", "names the trial")):
        text = as_mo.get(CUT, {"tag": tag}, headers={"HX-Request": "true"}).text
        field = text[text.index('id="tag"') : text.index('id="how"')]
        assert 'aria-invalid="true"' in field
        assert message in field
        assert f'aria-disabled="true" aria-describedby="tag-refusal">Release {tag}' in text
    assert "tag-refusal" not in as_mo.get(CUT, {"tag": "1.0.1"}).text


def test_a_release_that_changes_nothing_is_made_only_once_that_is_read(as_mo, cut):
    cut()
    assert "Nothing has changed since 1.0.0." in as_mo.get(CUT).text
    form = asked(as_mo)
    assert as_mo.post(CUT, form).status_code == 422
    assert as_mo.post(CUT, form | {"read": "1"})["Location"] == "/p/clocks/releases/1.0.1/"


def test_a_correction_tells_why_to_who_may_see_gold_alone(as_vi, vi, cut, golden, correct):
    cut()
    correct(golden["m1"], "The men’s side, in football", note="No case was named.")
    cut("1.0.1")
    page = f"{LIST}1.0.1/since/1.0.0/"
    assert "No case was named." not in as_vi.get(page).text
    looking.look(vi, golden["m1"])
    assert "No case was named." in as_vi.get(page).text


def test_two_releases_in_the_wrong_order_are_shown_in_the_right_one(as_vi, cut):
    cut()
    cut("1.0.1")
    assert as_vi.get(f"{LIST}1.0.0/since/1.0.1/")["Location"] == f"{LIST}1.0.1/since/1.0.0/"


def test_a_project_without_licence_is_stopped(as_mo, golden, project):
    Project.objects.filter(pk=project.pk).update(licence="")
    text = as_mo.get(CUT).text
    assert "The project names no licence." in text
    assert "1 stops the release" in text
    assert 'aria-disabled="true"' in text


def test_much_is_counted_and_released_by_jobs(as_mo, golden, settings, project):
    settings.EXPORT_IN_REQUEST_QUESTIONS = 1
    assert "It is counted by a job" in as_mo.get(CUT).text
    as_mo.post(f"{CUT}look/", {"how": "batch"})
    job = jobs.run(Job.objects.get(verb="release_look").pk)
    assert job.state == "done"
    assert "gold.dev.jsonl" in as_mo.get(CUT).text
    answer = as_mo.post(CUT, {"tag": "1.0.0", "read": "1"})
    assert jobs.run(int(answer["Location"].split("/")[-2])).result == {"tag": "1.0.0"}
    trial = jobs.run(int(as_mo.post(f"{CUT}trial/")["Location"].split("/")[-2]))
    assert trial.result["file"]["name"] == "clocks-not-released.zip"
    assert b"".join(as_mo.get(f"/p/clocks/jobs/{trial.pk}/file/").streaming_content)[:2] == b"PK"


@pytest.mark.parametrize("said", [{"tag": "bad tag!"}, {"tag": "1.0.0", "how": "drawn", "train": "80", "dev": "80"}])
def test_what_cannot_be_released_begins_no_job(as_mo, golden, settings, said):
    settings.EXPORT_IN_REQUEST_QUESTIONS = 1
    assert as_mo.post(CUT, said | {"read": "1"}).status_code == 422
    assert not Job.objects.exists()


def test_a_release_that_is_asked_for_again_is_the_job_at_it(as_mo, golden, settings):
    settings.EXPORT_IN_REQUEST_QUESTIONS = 1
    said = {"tag": "1.0.0", "read": "1"}
    first, again = (as_mo.post(CUT, said)["Location"] for _time in range(2))
    assert (again, Job.objects.count()) == (first, 1)
    assert "a job is releasing 1.0.0 already" in as_mo.post(CUT, said | {"how": "one"}).text


def test_a_job_without_licence_is_refused_before_it_begins(as_mo, golden, settings, project):
    settings.EXPORT_IN_REQUEST_QUESTIONS = 1
    Project.objects.filter(pk=project.pk).update(licence="")
    assert "the project names none" in as_mo.post(CUT, {"tag": "1.0.0", "read": "1"}).text
    assert not Job.objects.exists()


def test_what_a_job_has_counted_is_what_the_page_then_shows(as_mo, golden, settings):
    settings.EXPORT_IN_REQUEST_QUESTIONS = 1
    as_mo.post(f"{CUT}look/", {"how": "drawn", "train": "50", "dev": "0", "test": "50", "seed": "7"})
    jobs.run(Job.objects.get(verb="release_look").pk)
    text = as_mo.get(CUT).text
    assert "gold.train.jsonl" in text
    assert 'value="7"' in text
    assert "It is counted by a job" in as_mo.get(CUT, {"how": "batch"}).text


def test_taking_the_files_is_a_look_at_every_question_in_them(as_vi, vi, cut):
    cut()
    assert "on 3 questions" in as_vi.get(f"{LIST}1.0.0/").text
    assert not Look.objects.filter(member=vi).exists()
    assert as_vi.post(f"{LIST}1.0.0/file/").status_code == 200
    assert Look.objects.filter(member=vi).count() == 3


def test_who_has_a_released_question_open_gets_no_file_and_no_trial(as_mo, mo, cut, golden):
    cut()
    Question.objects.filter(pk=golden["m1"].pk).update(overlap=3)
    claiming.take(mo, golden["m1"])
    assert as_mo.post(f"{LIST}1.0.0/file/").status_code == 409
    assert as_mo.post(f"{CUT}trial/").status_code == 422
    assert not Look.objects.filter(member=mo).exists()


@pytest.mark.parametrize("path", [f"{LIST}1.0.0/file/", f"{CUT}trial/"])
def test_running_a_job_for_files_again_is_a_look_at_them_too(as_mo, mo, cut, golden, settings, path):
    cut()
    settings.EXPORT_IN_REQUEST_QUESTIONS = 1
    job = Job.objects.get(pk=int(as_mo.post(path)["Location"].split("/")[-2]))
    jobs.cancel(job)
    Look.objects.all().delete()
    again = f"{job.get_absolute_url()}again/"
    Question.objects.filter(pk=golden["m1"].pk).update(overlap=3)
    slot = claiming.take(mo, golden["m1"])
    assert (as_mo.post(again).status_code, Look.objects.count()) == (409, 0)
    slot.delete()
    assert (as_mo.post(again).status_code, Look.objects.filter(member=mo).count()) == (302, 3)


def test_a_trial_is_a_download_and_a_look(as_mo, mo, golden):
    answer = as_mo.post(f"{CUT}trial/")
    assert answer["Content-Disposition"] == 'attachment; filename="clocks-not-released.zip"'
    assert Look.objects.filter(member=mo).count() == 3


def test_words_that_changed_are_shown_to_who_may_see_gold_alone(as_mo, mo, cut, golden, correct):
    cut()
    correct(golden["m1"], "The men’s side, in football")
    assert "1 changed" in as_mo.get(CUT).text
    assert "side," not in as_mo.get(CUT).text
    looking.look(mo, golden["m1"])
    assert "<ins>side,</ins>" in as_mo.get(CUT).text


def test_words_that_changed_between_two_releases_are_so_too(as_vi, vi, cut, golden, correct):
    cut()
    correct(golden["m1"], "The men’s side, in football")
    cut("1.0.1")
    page = f"{LIST}1.0.1/since/1.0.0/"
    assert "Look at the question to see what changed" in as_vi.get(page).text
    assert "side," not in as_vi.get(page).text
    looking.look(vi, golden["m1"])
    assert "<ins>side,</ins>" in as_vi.get(page).text


def test_a_check_of_gold_names_its_question_to_who_may_see_it_alone(as_mo, mo, golden, correct):
    correct(golden["m1"], "The side of 2010, or of 2023")
    question = f"/p/clocks/questions/{golden['m1'].pk}/"
    text = as_mo.get(CUT).text
    assert "1 question with a condition that repeats its answer." in text
    assert question not in text
    looking.look(mo, golden["m1"])
    assert question in as_mo.get(CUT).text


def test_the_list_names_each_release_in_few_queries(as_vi, cut, django_assert_max_num_queries):
    cut()
    cut("1.0.1")
    with django_assert_max_num_queries(6):
        text = as_vi.get(LIST).text
    assert text.index("1.0.1") < text.index("1.0.0<")
    assert "Cut a release" not in text


def test_the_export_page_offers_releases(as_mo, cut):
    cut()
    text = as_mo.get("/p/clocks/export/", {"release": "1.0.0"}).text
    assert "--release 1.0.0" in text
    form = {"format": "condambigqa", "annotations": "gold", "release": "1.0.0"}
    answer = as_mo.post("/p/clocks/export/file/", form)
    assert answer["Content-Disposition"] == 'attachment; filename="clocks-1.0.0-condambigqa-gold.json"'


def test_owner_peer_and_stranger(as_mo, as_vi, as_ann, as_dee, cut):
    cut()
    for path, expected in ((CUT, [200, 404, 404, 404]), (LIST, [200, 200, 404, 404])):
        assert [who.get(path).status_code for who in (as_mo, as_vi, as_ann, as_dee)] == expected
