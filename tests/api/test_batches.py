"""Batches through the API: made and changed by the rules of the page, asked again, and given to named people."""

import pytest

from annotator.actions import asking_found, claiming
from annotator.actions.guidelines import save_guidelines
from annotator.actions.people import add_member
from annotator.models import Batch, Member, Question
from tests.api.calls import CLOCKS, calling, send
from tests.conftest import make_question, user

BATCHES = f"{CLOCKS}batches/"


@pytest.fixture
def three(batch) -> list[Question]:
    return [make_question(batch, f"q{number}") for number in range(3)]


def test_a_batch_is_added_as_the_page_proposes_it(mo, project):
    save_guidelines(project, "# Better", 1, mo)
    made = send(calling(mo), "POST", BATCHES, {"name": "pilot", "purpose": "pilot", "opens": "2030-01-02T10:00:00Z"})
    told = made.json()
    assert (made.status_code, told["overlap"], told["share"], told["guideline_version"]) == (201, 2, 100, 2)
    assert (told["position"], told["opens"]) == (2, "2030-01-02T10:00:00Z")
    assert calling(mo).get(f"{BATCHES}{told['id']}/").json() == told


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"name": "main 1"}, "name"),
        ({"overlap": 0}, "overlap"),
        ({"share": 101}, "share"),
        ({"order": "best"}, "order"),
        ({"guideline_version": 9}, "guideline_version"),
        ({"opens": "2030-01-02T10:00:00Z", "closes": "2030-01-01T10:00:00Z"}, "closes"),
    ],
)
def test_what_the_page_refuses_is_refused_by_its_field(mo, project, said, field):
    other = project.batches.create(name="pilot", position=2, created=project.created)
    for method, path, body in (("POST", BATCHES, {"name": "next"} | said), ("PATCH", f"{BATCHES}{other.pk}/", said)):
        answer = send(calling(mo), method, path, body)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert Batch.objects.filter(project=project).count() == 2


def test_a_change_keeps_the_places_that_are_taken_and_the_rest_as_it_was(mo, ann, bo, batch, three):
    for member in (ann, bo):
        claiming.take(member, three[0])
    path = f"{BATCHES}{batch.pk}/"
    before = calling(mo).get(path).json()
    assert send(calling(mo), "PATCH", path, {"overlap": 1}).json() == before | {"overlap": 1}
    assert list(batch.questions.order_by("order").values_list("overlap", flat=True)) == [2, 1, 1]
    assert send(calling(mo), "PATCH", path, {"overlap": None}).json()["overlap"] is None
    assert set(batch.questions.values_list("overlap", flat=True)) == {None}


def test_questions_are_asked_again_now_or_by_a_job(mo, project, batch, three, monkeypatch):
    other = project.batches.create(name="again", position=2, created=project.created)
    path = f"{BATCHES}{other.pk}/ask-again/"
    asked = send(calling(mo), "POST", path, {"batch": "main 1", "stage": "to_do", "sample": 2})
    assert (asked.status_code, asked.json(), other.questions.count()) == (200, {"added": 2}, 2)
    monkeypatch.setattr(asking_found, "MOST_AT_ONCE", 0)
    many = send(calling(mo), "POST", path, {})
    told = calling(mo).get(many["Location"]).json()
    assert (many.status_code, many.json(), told["verb"]) == (202, told, "ask_again")
    assert calling(mo).get(told["about"]).json()["name"] == "again"


@pytest.mark.parametrize("said", [{"batch": "none"}, {"batch": "again"}, {"stage": "x"}, {"sample": 0}])
def test_what_cannot_be_asked_again_is_named(mo, project, three, said):
    other = project.batches.create(name="again", position=2, created=project.created)
    answer = send(calling(mo), "POST", f"{BATCHES}{other.pk}/ask-again/", said)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, *said)


def test_questions_are_given_to_people_and_taken_back(mo, ann, bo, three):
    claiming.take(ann, three[0])
    said = {"members": [ann.pk, bo.pk], "questions": [one.pk for one in three]}
    told = send(calling(mo), "POST", f"{CLOCKS}assign/", said).json()
    assert told == {"assigned": 5, "theirs": 1, "full": 0, "looked": 0, "left": 0}
    listed = calling(mo).get(f"{CLOCKS}assigned/").json()["results"]
    assert (listed[0]["question"], listed[0]["pseudonym"]) == (three[1].pk, "annotator-ann")
    back = f"{CLOCKS}assigned/{listed[0]['id']}/back/"
    assert calling(mo).post(back).status_code == 204
    assert len(calling(mo).get(f"{CLOCKS}assigned/").json()["results"]) == 4
    begun = ann.assignments.get(question=three[0])
    assert calling(mo).post(f"{CLOCKS}assigned/{begun.pk}/back/").status_code == 409


def test_nobody_is_given_what_is_not_theirs_to_have(mo, ann, vi, three):
    noise = Question.objects.exclude(batch__project=mo.project).first()
    stranger = Member.objects.exclude(project=mo.project).first()
    for said, field in (
        ({"members": [vi.pk], "questions": [three[0].pk]}, "members"),
        ({"members": [stranger.pk], "questions": [three[0].pk]}, "members"),
        ({"members": [ann.pk], "questions": [three[0].pk, noise.pk]}, "questions"),
    ):
        answer = send(calling(mo), "POST", f"{CLOCKS}assign/", said)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert not ann.assignments.exists()


def test_questions_have_a_priority(mo, three):
    said = {"questions": [three[1].pk, three[2].pk], "priority": 7}
    assert send(calling(mo), "POST", f"{CLOCKS}prioritise/", said).json() == {"changed": 2}
    assert sorted(Question.objects.filter(batch=three[0].batch).values_list("priority", flat=True)) == [0, 7, 7]


def test_a_list_of_what_is_assigned_costs_the_same_for_many(mo, project, three, django_assert_max_num_queries):
    people = [add_member(project, user(f"p{number}"), Member.Role.ANNOTATOR) for number in range(2)]
    said = {"members": [one.pk for one in people], "questions": [one.pk for one in three]}
    client = calling(mo)
    send(client, "POST", f"{CLOCKS}assign/", said)
    with django_assert_max_num_queries(9) as one:
        client.get(f"{CLOCKS}assigned/?limit=1")
    with django_assert_max_num_queries(len(one)):
        assert len(client.get(f"{CLOCKS}assigned/").json()["results"]) == 6


def test_the_permission_trio(mo, cy, dee, batch):
    path = f"{BATCHES}{batch.pk}/"
    answers = [send(calling(who), "PATCH", path, {"cap": 3}).status_code for who in (mo, cy, dee)]
    assert answers == [200, 404, 404]
