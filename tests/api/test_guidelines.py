"""Guidelines and notes through the API: every save a version, nobody's overwritten, and talk for those who see it."""

import pytest

from annotator.actions import looking
from annotator.actions.guidelines import save_guidelines
from tests.api.calls import CLOCKS, calling, send

GUIDELINES = f"{CLOCKS}guidelines/"


def test_the_next_version_is_published_and_every_one_can_be_read(mo, ann, project):
    made = send(calling(mo), "POST", GUIDELINES, {"base": 1, "text": "# Better\n\n- a \n"})
    assert (made.status_code, made.json()["number"], made.json()["by"]) == (201, 2, "manager-mo")
    again = send(calling(mo), "POST", GUIDELINES, {"base": 2, "text": made.json()["text"]})
    assert (again.status_code, again.json()) == (200, made.json())
    client = calling(ann)
    assert client.get(f"{GUIDELINES}newest/").json() == made.json()
    assert made.json()["text"] == "# Better\n\n- a \n"
    assert client.get(f"{GUIDELINES}1/").json()["text"] == "# Guidelines"
    assert [one["number"] for one in client.get(GUIDELINES).json()["results"]] == [2, 1]
    assert client.get(f"{GUIDELINES}9/").status_code == 404
    assert project.batches.get().guideline_version.number == 2


def test_whoever_saves_second_is_answered_with_both_texts(mo, project):
    save_guidelines(project, "theirs", 1)
    late = send(calling(mo), "POST", GUIDELINES, {"base": 1, "text": "mine"})
    assert (late.status_code, late.json()["sent"], late.json()["stands"]["text"]) == (409, "mine", "theirs")
    assert project.guidelines.count() == 2


@pytest.mark.parametrize(("said", "field"), [({"text": ""}, "text"), ({"base": -1}, "base"), ({"base": None}, "base")])
def test_what_cannot_be_saved_is_named(mo, project, said, field):
    answer = send(calling(mo), "POST", GUIDELINES, {"base": 1, "text": "x"} | said)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert project.guidelines.count() == 1


def test_a_project_without_guidelines_has_no_newest(mo, project):
    project.batches.update(guideline_version=None)
    project.guidelines.all().delete()
    assert calling(mo).get(f"{GUIDELINES}newest/").status_code == 404


@pytest.fixture
def notes(assignment) -> str:
    """Where the notes on Ann's annotation stand, which has one card."""
    assignment.annotation.conditions.create(uid="c1", order=1, text="men’s football")
    return f"{CLOCKS}annotations/{assignment.annotation_id}/notes/"


def test_notes_are_answered_in_threads(notes, ann, cy, assignment):
    looking.look(cy, assignment.question)
    first = send(calling(cy), "POST", notes, {"text": "Which cup?", "condition": "c1"})
    assert (first.status_code, first.json()["author"]) == (201, "adjudicator-cy")
    send(calling(ann), "POST", notes, {"text": "The men’s.", "reply_to": first.json()["id"]})
    rows = calling(cy).get(notes).json()["results"]
    said = [(one["author"], one["condition"], one["reply_to"]) for one in rows]
    assert said == [("adjudicator-cy", "c1", None), ("annotator-ann", "c1", first.json()["id"])]


@pytest.mark.parametrize(
    ("said", "field"), [({"text": " "}, "text"), ({"condition": "c9"}, "condition"), ({"reply_to": 999}, "reply_to")]
)
def test_a_note_that_cannot_be_is_named(notes, ann, assignment, said, field):
    answer = send(calling(ann), "POST", notes, {"text": "Hm."} | said)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert not assignment.annotation.notes.exists()


def test_who_only_looks_on_reads_and_does_not_write(notes, vi, assignment):
    assert calling(vi).get(notes).status_code == 403
    looking.look(vi, assignment.question)
    assert calling(vi).get(notes).status_code == 200
    assert send(calling(vi), "POST", notes, {"text": "Hm."}).status_code == 404


def test_the_permission_trio(notes, ann, bo, dee):
    assert [calling(who).get(notes).status_code for who in (ann, bo, dee)] == [200, 404, 404]
