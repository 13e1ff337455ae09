"""One’s own work through the API: claimed, saved whole or card by card, and handed in."""

import pytest

from annotator.actions import claiming
from annotator.models import Revision
from annotator.steps import changes
from tests.api.calls import CLOCKS, calling, send
from tests.conftest import make_question

pytestmark = pytest.mark.alike

CITATION = {"uid": "k1", "role": "both", "rank": 1, "start": 0, "end": 5, "quote": "Spain"}
CARD = {"uid": "c1", "text": "men’s football", "answers": [{"uid": "a1", "text": "2010"}], "citations": [CITATION]}
OTHER = {"uid": "c2", "text": "women’s football", "answers": [{"uid": "a1", "text": "2023"}]}
WHOLE = {"verdict": "ambiguous", "conditions": [CARD, OTHER]}


@pytest.fixture
def work(assignment) -> str:
    return f"{CLOCKS}work/{assignment.question_id}/"


@pytest.fixture
def client(ann):
    return calling(ann)


def put(client, work: str, record: dict, step: int, **more):
    return send(client, "PUT", work, {"record": record, "step": step, **more})


def test_a_question_is_claimed_and_there_is_an_end(ann, question, client):
    found = send(client, "POST", f"{CLOCKS}claim/", {})
    assert (found.status_code, found.json()["question"], found.json()["step"]) == (200, question.pk, 0)
    put(client, f"{CLOCKS}work/{question.pk}/", {"verdict": "unanswerable"}, 0)
    client.post(f"{CLOCKS}work/{question.pk}/submit/")
    assert send(client, "POST", f"{CLOCKS}claim/", {}).status_code == 204


def test_the_question_one_names_is_claimed(batch, question, client):
    other = make_question(batch, "q2")
    assert send(client, "POST", f"{CLOCKS}claim/", {"question": other.pk}).json()["question"] == other.pk


def test_a_full_question_is_refused(ann, bo, cy, question, client):
    for member in (bo, cy):
        claiming.take(member, question)
    answer = send(client, "POST", f"{CLOCKS}claim/", {"question": question.pk})
    assert (answer.status_code, answer.json()["detail"]) == (409, "Others have taken every place on the question.")


def test_all_is_saved_in_one_step_and_read_again_to_the_letter(client, work, assignment):
    answer = put(client, work, WHOLE, 0)
    assert (answer.status_code, answer.json()["step"]) == (200, 1)
    assert client.get(work).json()["record"] == WHOLE
    step = Revision.objects.get(annotation=assignment.annotation_id)
    assert (step.verb, step.record) == ("save", WHOLE)
    assert changes(assignment.annotation, 1, 1)[0].words == "saved as a whole by a program"


def test_a_save_that_stands_already_is_acknowledged(client, work):
    put(client, work, WHOLE, 0, save_id="s1")
    again = put(client, work, WHOLE, 0, save_id="s1")
    assert (again.status_code, again.json()["step"], Revision.objects.count()) == (200, 1, 1)


def test_a_save_of_the_whole_gives_a_new_version_only_to_what_it_changes(client, work, assignment):
    put(client, work, WHOLE, 0)
    noted = put(client, work, WHOLE | {"note": "Ask Cy."}, 1)
    assert noted.json()["versions"] == {"c1": 2, "c2": 2}
    changed = put(client, work, WHOLE | {"note": "Ask Cy.", "conditions": [CARD, OTHER | {"text": "women"}]}, 2)
    assert changed.json()["versions"] == {"c1": 2, "c2": 3}
    turned = put(client, work, WHOLE | {"note": "Ask Cy.", "conditions": [OTHER | {"text": "women"}, CARD]}, 3)
    assert turned.json()["versions"] == {"c1": 2, "c2": 3}
    assert [part["uid"] for part in turned.json()["record"]["conditions"]] == ["c2", "c1"]
    assignment.annotation.refresh_from_db()
    assert assignment.annotation.version == 4  # a verdict, a note and an order


def test_a_save_that_came_too_late_is_answered_with_both_texts(client, work):
    put(client, work, WHOLE, 0)
    late = put(client, work, {"conditions": [OTHER]}, 0)
    assert late.status_code == 409
    assert late.json()["sent"] == {"conditions": [OTHER]}
    assert late.json()["stands"]["record"] == WHOLE
    assert put(client, work, {"conditions": [OTHER]}, late.json()["stands"]["step"]).status_code == 200


def test_a_card_is_added_changed_and_refused_when_late(client, work):
    card = f"{work}conditions/c1/"
    made = send(client, "PUT", card, {"condition": CARD, "version": 0, "save_id": "s1"})
    assert made.json()["versions"] == {"c1": 2}
    assert send(client, "PUT", card, {"condition": CARD, "version": 0, "save_id": "s1"}).status_code == 200
    changed = CARD | {"text": "men’s football, since 1930"}
    assert send(client, "PUT", card, {"condition": changed, "version": 2}).json()["versions"] == {"c1": 3}
    late = send(client, "PUT", card, {"condition": CARD, "version": 2})
    assert (late.status_code, late.json()["sent"]["text"]) == (409, CARD["text"])
    assert late.json()["stands"]["record"]["conditions"][0]["text"] == changed["text"]


@pytest.mark.database
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"uid": ""}, "record.conditions[0].uid"),
        ({"citations": [CITATION | {"rank": 6}]}, "record.conditions[0].citations[0].rank"),
        ({"citations": [CITATION | {"quote": "Spani"}]}, "record.conditions[0].citations[0].quote"),
        ({"extra": {"a": 1}}, "record.conditions[0].extra"),
        ({"text": 5}, "record.conditions[0].text"),
        ({"txet": "x"}, "record.conditions[0].txet"),
        ({"text": "a\0"}, "record.conditions[0].text"),
    ],
)
def test_what_does_not_fit_is_named_and_nothing_is_written(client, work, change, field):
    answer = put(client, work, {"conditions": [CARD | change]}, 0)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert client.get(work).json()["record"] == {}


@pytest.mark.parametrize(("change", "field"), [({"uid": "c9"}, "uid"), ({"text": 5}, "text"), ({"extra": 1}, "extra")])
def test_what_does_not_fit_a_card_is_named_as_it_was_sent(client, work, change, field):
    answer = send(client, "PUT", f"{work}conditions/c1/", {"condition": CARD | change, "version": 0})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, f"condition.{field}")


def test_work_is_handed_in_once_nothing_blocks_it(client, work):
    put(client, work, {"verdict": "ambiguous", "conditions": [CARD, OTHER | {"text": ""}]}, 0)
    blocked = client.post(f"{work}submit/")
    assert (blocked.status_code, blocked.json()["errors"][0]["field"]) == (422, "conditions[1]")
    put(client, work, WHOLE, 1)
    assert client.post(f"{work}submit/").json()["state"] == "submitted"
    assert put(client, work, {"conditions": [OTHER]}, 3).status_code == 409
    assert client.post(f"{work}resume/").status_code == 409
    assert [client.post(f"{work}reopen/").json()["state"] for _ in range(2)] == ["in_progress"] * 2


def test_a_question_is_skipped_with_a_reason_and_taken_up_again(client, work):
    skipped = send(client, "POST", f"{work}skip/", {"reason": "too hard"}).json()
    assert (skipped["state"], skipped["reason"]) == ("skipped", "too hard")
    assert send(client, "POST", f"{work}skip/", {"reason": "too hard"}).status_code == 409
    assert client.post(f"{work}reopen/").status_code == 409
    assert [client.post(f"{work}resume/").json()["state"] for _ in range(2)] == ["in_progress"] * 2


def test_work_that_was_submitted_goes_back_with_a_comment(client, cy, bo, work, assignment):
    put(client, work, WHOLE, 0)
    client.post(f"{work}submit/")
    back = f"{CLOCKS}annotations/{assignment.annotation_id}/return/"
    assert send(calling(cy), "POST", back, {"comment": "Which cup?"}).status_code == 403  # not looked yet
    calling(cy).post(f"{CLOCKS}questions/{assignment.question_id}/look/")
    assert send(calling(cy), "POST", back, {"comment": "Which cup?", "condition": "c9"}).status_code == 422
    assert send(calling(cy), "POST", back, {"comment": "Which cup?", "condition": "c1"}).status_code == 204
    assert client.get(work).json()["reason"] == "Which cup?"


def test_the_permission_trio(work, ann, bo, dee):
    assert [calling(who).get(work).status_code for who in (ann, bo, dee)] == [200, 404, 404]
