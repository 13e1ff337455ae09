"""What managers read of people’s work through the API: progress, hours, agreement; and a judge’s sample, rated."""

from typing import Any

import pytest

from annotator import jobs
from annotator.actions import looking
from annotator.models import Job, WorkDay
from scoring import reporting
from tests.api.calls import CLOCKS, calling, send
from tests.conftest import make_question
from tests.scoring.conftest import said, submit
from tests.scoring.judges.samples import add_scored, make_evaluation

pytestmark = pytest.mark.alike

MEN, WOMEN = ("men’s football", "2010", 1), ("women’s football", "2023", 2)


def values_in(told: Any) -> set[float | None]:
    """Return the values of all figures of a report, in whatever part."""
    if isinstance(told, dict) and "value" in told:
        return {told["value"]}
    parts = told.values() if isinstance(told, dict) else told if isinstance(told, list) else ()
    return set().union(*map(values_in, parts))


@pytest.fixture
def two(ann, bo, question):
    return submit(ann, question, said(MEN, WOMEN)), submit(bo, question, said(MEN))


def test_progress_tells_each_batch_and_the_pace(mo, ann, two, batch, django_assert_max_num_queries):
    make_question(batch, "q2")
    with django_assert_max_num_queries(13):
        told = calling(mo).get(f"{CLOCKS}progress/").json()
    [one] = told["batches"]
    assert (one["batch"], one["questions"], one["submitted"], one["stages"]["to_do"]) == ("main 1", 2, 2, 1)
    assert one | {"batch": ""} == told["total"] | {"batch": ""}
    assert [(day["submitted"], day["adjudicated"]) for day in told["days"]] == [(2, 0)]
    assert (told["ahead"]["per_day"], told["ahead"]["why"]) == (2.0, None)
    assert calling(ann).get(f"{CLOCKS}progress/").status_code == 404


def test_hours_are_told_by_pseudonym_for_each_person_and_batch(mo, cy, ann, two, batch):
    WorkDay.objects.create(member=ann, batch=batch, day="2026-05-01", seconds=90)
    rows = calling(mo).get(f"{CLOCKS}hours/").json()["results"]
    assert [(row["pseudonym"], row["seconds"], row["submitted"]) for row in rows] == [
        ("annotator-ann", 90, 1),
        ("annotator-bo", 0, 1),
    ]
    assert rows[0]["first_day"] == "2026-05-01"
    assert calling(cy).get(f"{CLOCKS}hours/").status_code == 404


def test_agreement_has_the_figures_of_its_page_and_those_of_questions_that_one_sees(mo, cy, two, question):
    client, path = calling(mo), f"{CLOCKS}agreement/"
    told = client.get(path).json()
    assert (told["shared"], told["by_job"], told["job"]) == (1, False, None)
    assert [part["people"] for part in told["report"]["pairs"]] == [["annotator-ann", "annotator-bo"]]
    assert values_in(told["report"]) == {None}
    assert client.get(f"{path}questions/").json()["results"] == []
    looking.look(mo, question)
    assert {0.0, 1.0} < values_in(client.get(path).json()["report"])
    [row] = client.get(f"{path}questions/").json()["results"]
    assert (row["question"], row["figures"]["count_difference"]["value"]) == (question.pk, 1.0)
    assert calling(cy).get(path).status_code == 404


def test_much_agreement_is_computed_by_a_job(mo, two, monkeypatch):
    monkeypatch.setattr(reporting, "AT_ONCE", 0)
    client, path = calling(mo), f"{CLOCKS}agreement/"
    assert client.get(path).json() == {"shared": 1, "by_job": True, "job": None, "report": None}
    job = client.post(path).json()["id"]
    assert client.post(path).json()["id"] == job, "one at a time"
    jobs.run(job)
    told = client.get(path).json()
    assert (told["job"], told["report"]["questions"], Job.objects.get(pk=job).verb) == (job, 1, "agreement")
    assert client.post(path).json()["id"] > job
    assert client.get(f"{path}questions/?limit=21").status_code == 422


def test_agreement_by_question_costs_the_same_for_one_and_for_many(
    mo, ann, bo, two, batch, question, django_assert_num_queries
):
    client, path = calling(mo), f"{CLOCKS}agreement/questions/"
    looking.look(mo, question)
    client.get(path)
    with django_assert_num_queries(8):
        assert len(client.get(path).json()["results"]) == 1
    for name in ("q2", "q3", "q4"):
        other = make_question(batch, name)
        for member in (ann, bo):
            submit(member, other, said(MEN))
        looking.look(mo, other)
    with django_assert_num_queries(8):
        assert len(client.get(path).json()["results"]) == 4


@pytest.fixture
def samples(project, question) -> str:
    evaluation = make_evaluation(project)
    add_scored(
        evaluation, question, [("men", "2010"), ("women", "2023")], [("men’s", "in 2010"), ("ladies", "22")], 0.9, 0.4
    )
    return f"{CLOCKS}evaluations/{evaluation.number}/samples/"


def test_a_sample_is_drawn_begun_and_rated_without_what_the_judge_said(mo, vi, bo, samples):
    refused = send(calling(vi), "POST", samples, {"kind": "condition"})
    drawn = send(calling(mo), "POST", samples, {"kind": "condition", "size": 10, "seed": 1})
    assert (refused.status_code, drawn.status_code, drawn.json()["pairs"]) == (404, 201, 2)
    client, one = calling(vi), f"{samples}{drawn.json()['id']}/"
    assert client.get(f"{one}pairs/").json()["results"] == []
    assert client.get(one).json()["standing"] == {"offered": 0, "rated": 0, "unseen": 1, "in_hand": 0}
    begun = client.post(f"{one}begin/").json()
    assert (begun["standing"]["offered"], vi.looks.count()) == (2, 1)
    pairs = client.get(f"{one}pairs/").json()["results"]
    assert [set(pair) for pair in pairs] == [{"place", "question", "texts", "rating"}] * 2
    assert send(client, "PUT", f"{one}pairs/1/", {"value": 9}).json()["rating"] == 9
    assert send(client, "PUT", f"{one}pairs/1/", {"value": 11}).json()["errors"][0]["field"] == "value"
    assert send(client, "PUT", f"{one}pairs/3/", {"value": 1}).status_code == 404
    assert [pair["rating"] for pair in client.get(f"{one}pairs/").json()["results"]] == [9, None]
    told = client.get(one).json()
    assert (told["people"], told["standing"]["rated"], told["judge"]["pearson"]["value"]) == (1, 1, None)
    assert client.get(samples).json()["results"][0] == {name: told[name] for name in drawn.json()}
    assert calling(bo).get(one).status_code == 404


def test_what_cannot_be_drawn_says_why(mo, samples, project):
    client = calling(mo)
    for change, field in (({"kind": "word"}, "kind"), ({"size": 9}, "size"), ({"colour": "red"}, "colour")):
        answer = send(client, "POST", samples, {"kind": "condition"} | change)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    project.evaluations.update(finished=None)
    answer = send(client, "POST", samples, {"kind": "condition"})
    assert (answer.status_code, answer.json()["detail"]) == (409, "The evaluation is not finished yet.")
