"""Lists: page by page, every row once, and at the same price however many there are."""

import pytest

from annotator.actions import looking
from annotator.models import Annotation, Import, Job, Question
from tests.api.calls import CLOCKS, calling
from tests.conftest import make_question

QUESTIONS = f"{CLOCKS}questions/"


def walked(client, path: str) -> list[dict]:
    """Return the rows of every page."""
    rows, following = [], path
    while following:
        page = client.get(following).json()
        rows += page["results"]
        following = page["next"]
    return rows


@pytest.fixture
def seven(batch) -> list[Question]:
    return [make_question(batch, f"q{number}") for number in range(7)]


def test_every_row_comes_once_and_in_order(mo, seven):
    rows = walked(calling(mo), f"{QUESTIONS}?limit=3")
    assert [row["external_id"] for row in rows] == [f"q{number}" for number in range(7)]


def test_a_row_that_comes_in_between_is_neither_lost_nor_shown_twice(mo, batch, seven):
    client = calling(mo)
    first = client.get(f"{QUESTIONS}?limit=3").json()
    make_question(batch, "q7")
    seven[0].delete()
    rest = walked(client, first["next"])
    assert [row["external_id"] for row in rest] == ["q3", "q4", "q5", "q6", "q7"]


def test_lists_that_fall_are_walked_too(mo, project):
    for number in (1, 2, 3):
        project.jobs.create(verb="retrieve", created=project.created, error=str(number))
    assert [row["error"] for row in walked(calling(mo), f"{CLOCKS}jobs/?limit=1")] == ["3", "2", "1"]


@pytest.mark.parametrize("query", ["cursor=x", "cursor=WzFd", "cursor=WyJhIiwxXQ", "limit=0", "limit=201", "limit=x"])
def test_a_cursor_or_limit_that_is_none_is_refused(mo, seven, query):
    answer = calling(mo).get(f"{QUESTIONS}?{query}")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, query.partition("=")[0])


@pytest.mark.parametrize("path", ["questions/", "annotations/", "search/", "jobs/"])
def test_a_parameter_that_is_none_is_named_and_nothing_is_passed_over(mo, seven, path):
    answer = calling(mo).get(f"{CLOCKS}{path}?limit=5&format=json&stge=gold")
    assert answer.status_code == 400
    assert [one["field"] for one in answer.json()["errors"]] == ["format", "stge"]


def test_questions_are_found_by_words_batch_and_stage(mo, batch, seven):
    client = calling(mo)
    make_question(batch, "bare", "Which one has no list?", retrieval=None)
    found = {
        query: len(client.get(f"{QUESTIONS}?{query}").json()["results"])
        for query in ("q=which", "batch=main 1", "batch=none", "stage=no_list", "stage=to_do", "stage=gold")
    }
    assert list(found.values()) == [1, 8, 0, 1, 7, 0]
    assert client.get(f"{QUESTIONS}?stage=x").status_code == 422


@pytest.mark.parametrize(
    "path", ["questions/", "annotations/", "work/", "members/", "systems/", "jobs/", "batches/", "imports/"]
)
def test_a_list_costs_the_same_for_one_row_and_for_many(mo, ann, batch, path, django_assert_max_num_queries):
    client = calling(mo)
    fill(batch, ann, mo, 1)
    client.get(CLOCKS + path)
    with django_assert_max_num_queries(9) as one:
        assert client.get(CLOCKS + path).json()["results"]
    fill(batch, ann, mo, 12)
    with django_assert_max_num_queries(len(one)):
        assert len(client.get(CLOCKS + path).json()["results"]) >= 5


def fill(batch, ann, mo, number: int) -> None:
    """Add questions that Ann and Mo have each written something on, and what else is listed."""
    for place in range(number):
        name = f"{number}-{place}"
        question = make_question(batch, name)
        batch.project.jobs.create(verb="retrieve", created=question.created)
        batch.project.systems.create(name=name)
        imported = Import.objects.create(project=batch.project, name=name, size=10**9, created=question.created)
        batch.project.jobs.create(verb="import", arguments={"import": imported.pk}, created=question.created)
        batch.project.batches.create(name=name, position=place + 2, created=question.created)
        for member in (ann, mo):
            slot = member.assignments.create(question=question, created=question.created, state="submitted")
            times = {"created": question.created, "saved": question.created}
            slot.annotation = Annotation.objects.create(question=question, author=member, **times)
            slot.save()
            card = slot.annotation.conditions.create(uid="c", order=1, text="men’s football")
            answer = card.answers.create(uid="a", order=1, text="2010")
            card.citations.create(uid="k", order=1, answer=answer, listed=question.retrieval.listed.first())


def test_a_list_is_read_rank_by_rank(mo, question):
    rows = walked(calling(mo), f"{QUESTIONS}{question.pk}/retrieval/?limit=2")
    assert [(row["rank"], row["title"]) for row in rows][:2] == [(1, "FIFA World Cup"), (2, "FIFA Women’s World Cup")]
    assert len(rows) == 5


def test_an_annotation_is_told_as_the_one_record(cy, assignment):
    assignment.annotation.conditions.create(uid="c1", order=1, text="men’s football")
    looking.look(cy, assignment.question)
    [row] = calling(cy).get(f"{CLOCKS}annotations/?source=human").json()["results"]
    assert row["annotation"] == {"conditions": [{"uid": "c1", "text": "men’s football"}]}
    assert (row["author"], row["question"]) == ("annotator-ann", assignment.question_id)


def test_a_token_for_one_project_lists_that_one(ann, project):
    confined = calling(ann, "read", project).get("/api/projects/").json()["results"]
    assert [row["slug"] for row in confined] == ["clocks"]


def test_a_job_says_what_it_counts(mo, project):
    job = project.jobs.create(verb="load", by=mo, done=7, total=9, what="bytes read", created=project.created)
    path = f"{CLOCKS}jobs/{job.pk}/"
    told = calling(mo).get(path).json()
    assert (told["done"], told["total"], told["what"]) == (7, 9, "bytes read")
    Job.objects.filter(pk=job.pk).update(verb="index", what="texts")
    told = calling(mo).get(path).json()
    assert (told["done"], told["total"], told["what"]) == (0, None, "")
