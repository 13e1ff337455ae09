"""Scoring through the API: evaluations, their leaderboard, figures by question, and releases."""

import pytest

from annotator import jobs
from annotator.actions import looking
from annotator.models import Batch, Job, Project, Question
from scoring import launching
from tests.api.calls import CLOCKS, calling, send
from tests.scoring.answered import GOOD, cut, evaluate, golden, make_gold, pilot, predict, systems

pytestmark = pytest.mark.alike

__all__ = ["cut", "evaluate", "golden", "make_gold", "pilot", "predict", "systems"]
EVALUATIONS = f"{CLOCKS}evaluations/"


def test_an_evaluation_is_begun_and_its_leaderboard_read(mo, systems):
    made = send(calling(mo), "POST", EVALUATIONS, {"judge": "exact"})
    assert (made.status_code, made.json()["stage"]) == (201, "finished")
    found = calling(mo).get(f"{EVALUATIONS}{made.json()['number']}/").json()
    assert [line["system"] for line in found["leaderboard"]] == ["good", "poor"]
    assert found["board"]["judge"] == "exact"
    assert found["done"] == found["questions"] == 3
    [listed] = calling(mo).get(EVALUATIONS).json()["results"]
    assert listed["systems"] == ["good", "poor"]
    ended = [calling(mo).post(f"{EVALUATIONS}{listed['number']}/{verb}/") for verb in ("go-on", "stop", "discard")]
    assert [one.status_code for one in ended] == [409, 409, 409]


def test_a_large_evaluation_is_scored_by_a_job_that_stops_and_goes_on(mo, systems, monkeypatch):
    monkeypatch.setattr(launching, "AT_ONCE", 1)
    begun = send(calling(mo), "POST", EVALUATIONS, {"judge": "exact"})
    told = calling(mo).get(begun["Location"]).json()
    assert (begun.status_code, begun.json(), told["verb"]) == (202, told, "evaluate")
    stopped = [calling(mo).post(f"{told['about']}stop/") for _ in range(2)]
    assert [(one.status_code, one.json()["stage"]) for one in stopped] == [(200, "stopped")] * 2
    going = [calling(mo).post(f"{told['about']}go-on/") for _ in range(2)]
    assert [(one.status_code, one["Location"] != begun["Location"]) for one in going] == [(202, True)] * 2
    jobs.run(going[0].json()["id"])
    assert calling(mo).get(told["about"]).json()["leaderboard"]


def test_what_is_refused_names_its_field(mo, systems):
    answer = send(calling(mo), "POST", EVALUATIONS, {"systems": ["nobody"]})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "systems")


def test_figures_by_question_are_told_to_who_sees_gold_alone(vi, evaluate):
    path = f"{EVALUATIONS}{evaluate().number}/questions/"
    rows = calling(vi).get(path).json()["results"]
    assert [row["figures"] for row in rows] == [None, None, None]
    looking.look(vi, Question.objects.get(pk=rows[1]["question"]))
    rows = calling(vi).get(path).json()["results"]
    assert [bool(row["figures"]) for row in rows] == [False, True, False]
    assert set(rows[1]["figures"]) == {"good", "poor"}


def test_figures_cost_the_same_for_any_number_of_questions(vi, evaluate, django_assert_num_queries):
    path = f"{EVALUATIONS}{evaluate().number}/questions/"
    client = calling(vi)
    client.get(path)
    with django_assert_num_queries(9) as one:
        client.get(f"{path}?limit=1")
    with django_assert_num_queries(len(one)):
        client.get(path)


def test_gold_is_released_under_a_tag_and_its_files_taken(mo, golden):
    made = send(calling(mo), "POST", f"{CLOCKS}releases/", {"tag": "1.0.0"})
    [listed] = calling(mo).get(f"{CLOCKS}releases/").json()["results"]
    assert (made.status_code, made.json()) == (201, listed)
    assert (listed["tag"], listed["questions"]) == ("1.0.0", 3)
    taken = calling(mo).post(f"{CLOCKS}releases/1.0.0/file/")
    assert taken.getvalue().startswith(b"PK")
    assert mo.looks.exists()


def test_what_can_be_no_tag_is_not_there(mo, project):
    assert calling(mo).post(f"{CLOCKS}releases/%00/file/").status_code == 404


def test_a_tag_is_given_once(mo, golden):
    send(calling(mo), "POST", f"{CLOCKS}releases/", {"tag": "1.0.0"})
    answer = send(calling(mo), "POST", f"{CLOCKS}releases/", {"tag": "1.0.0"})
    assert (answer.status_code, [one["field"] for one in answer.json()["errors"]]) == (422, ["tag"])


def test_a_release_that_a_job_would_make_is_refused_before(mo, golden, settings):
    settings.EXPORT_IN_REQUEST_QUESTIONS = 1
    answer = send(calling(mo), "POST", f"{CLOCKS}releases/", {"tag": "1.0.0", "splits": ["train=80", "dev=40"]})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "splits")
    begun = send(calling(mo), "POST", f"{CLOCKS}releases/", {"tag": "1.0.0"})
    assert (begun.status_code, begun.json()["about"]) == (202, None)


def test_a_release_that_lacks_gold_or_a_licence_begins_no_job(mo, golden, settings, project, batch):
    settings.EXPORT_IN_REQUEST_QUESTIONS = 1
    Batch.objects.create(project=project, name="new", guideline_version=batch.guideline_version, created=batch.created)
    for path in ("releases/", "releases/trial/"):
        said = {"batches": ["new"]} | ({"tag": "1.0.0"} if path == "releases/" else {})
        answer = send(calling(mo), "POST", f"{CLOCKS}{path}", said)
        assert (answer.status_code, "no finished gold" in answer.json()["detail"]) == (409, True)
    Project.objects.filter(pk=project.pk).update(licence=" ")
    answer = send(calling(mo), "POST", f"{CLOCKS}releases/", {"tag": "1.0.0"})
    assert (answer.status_code, "licence" in answer.json()["detail"]) == (409, True)
    assert not Job.objects.exists()


def test_a_release_that_is_asked_for_again_is_answered_by_the_job_at_it(mo, golden, settings):
    settings.EXPORT_IN_REQUEST_QUESTIONS = 1
    said = {"tag": "1.0.0"}
    first, again = (send(calling(mo), "POST", f"{CLOCKS}releases/", said) for _time in range(2))
    assert (again.status_code, again.json(), again["Location"]) == (202, first.json(), first["Location"])
    other = send(calling(mo), "POST", f"{CLOCKS}releases/", said | {"splits": ["test=100"]})
    assert (other.status_code, other.json()["errors"][0]["field"]) == (422, "tag")
    assert send(calling(mo), "POST", f"{CLOCKS}releases/", {"tag": "1.0.1"}).json()["id"] != first.json()["id"]
    assert jobs.run(first.json()["id"]).result == said


def test_the_job_that_released_is_about_the_release(mo, golden, settings, django_assert_num_queries):
    settings.EXPORT_IN_REQUEST_QUESTIONS = 1
    client = calling(mo)
    begun = send(client, "POST", f"{CLOCKS}releases/", {"tag": "1.0.0"})
    jobs.run(begun.json()["id"])
    about = client.get(begun["Location"]).json()["about"]
    assert about == f"http://testserver{CLOCKS}releases/1.0.0/"
    with django_assert_num_queries(3):
        told = client.get(about).json()
    assert [told] == client.get(f"{CLOCKS}releases/").json()["results"]


def test_a_release_that_is_refused_names_its_field(mo, question):
    for said, field in (({"batches": ["x"]}, "batches"), ({"tag": " "}, "tag"), ({"tag": "trial"}, "tag")):
        answer = send(calling(mo), "POST", f"{CLOCKS}releases/", {"tag": "1.0.0"} | said)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


@pytest.mark.parametrize(("path", "body"), [("releases/", {"tag": "1.0.0"}), ("evaluations/", {"judge": "exact"})])
def test_where_there_is_no_gold_nothing_that_is_sent_helps(mo, question, predict, path, body):
    predict("good", (question.external_id, GOOD))
    answer = send(calling(mo), "POST", f"{CLOCKS}{path}", body)
    assert (answer.status_code, "gold" in answer.json()["detail"]) == (409, True)


def test_the_permission_trio(mo, vi, dee, systems):
    answers = [send(calling(who), "POST", EVALUATIONS, {"judge": "exact"}).status_code for who in (mo, vi, dee)]
    assert answers == [201, 404, 404]
