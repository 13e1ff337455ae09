"""Adjudication through the API: in hand, row by row, into gold."""

from dataclasses import replace

import pytest

from annotator.actions.deciding import NEEDS
from annotator.actions.people import add_member
from annotator.actions.returning import return_to_author
from annotator.actions.submitting import submit
from annotator.models import Annotation, Member
from annotator.record import Verdict
from tests.annotator.adjudication.conftest import ANN, BO, hand_in
from tests.api.calls import CLOCKS, calling, send
from tests.conftest import make_question, user

pytestmark = pytest.mark.alike

__all__ = ["hand_in"]


@pytest.fixture
def submitted(ann, bo, question, hand_in) -> list[Annotation]:
    return [hand_in(ann, question, *ANN), hand_in(bo, question, *BO)]


@pytest.fixture
def client(cy, submitted):
    return calling(cy)


@pytest.fixture
def desk(question) -> str:
    return f"{CLOCKS}questions/{question.pk}/desk/"


@pytest.mark.database
def test_the_next_question_is_taken_in_hand(client, cy, question):
    assert client.post(f"{CLOCKS}adjudicate/").json()["id"] == question.pk
    assert cy.looks.filter(question=question).exists()


def test_a_question_that_is_in_nobodys_hands_says_so(client, desk):
    answer = client.get(desk)
    assert (answer.status_code, answer.json()["detail"][:35]) == (409, "The question is not in your hands: ")


def test_rows_are_decided_and_gold_is_finished(client, desk, question, submitted):
    found = client.post(f"{CLOCKS}questions/{question.pk}/adjudicate/").json()
    agreed = [row["key"] for row in found["rows"] if row["state"] == "agreed"]
    found = send(client, "POST", desk, {"do": "accept_agreed", "rows": agreed, "step": found["step"]}).json()
    left = next(row for row in found["rows"] if not row["decided"])
    step = {"do": "adopt", "row": left["key"], "annotation": submitted[0].pk, "step": found["step"]}
    found = send(client, "POST", desk, step).json()
    row = next(one for one in found["rows"] if one["gold"] and not one["decided"])
    found = send(client, "POST", desk, {"do": "accept", "row": row["key"], "step": found["step"]}).json()
    done = send(client, "POST", desk, {"do": "finish", "step": found["step"], "work": found["work"]})
    assert done.status_code == 200
    assert done.json()["finished"]
    assert Annotation.objects.gold().get(question=question).conditions.count() == 3


def test_a_row_of_six_people_is_decided_by_its_key(cy, batch, project, hand_in):
    question = make_question(batch, "six", overlap=6)
    for number in range(6):
        member = add_member(project, user(f"p{number}"), Member.Role.ANNOTATOR)
        hand_in(member, question, replace(ANN[0], uid=f"{number:032}"), verdict=Verdict.UNAMBIGUOUS)
    client = calling(cy)
    found = client.post(f"{CLOCKS}questions/{question.pk}/adjudicate/").json()
    (row,) = found["rows"]
    said = {"do": "accept", "row": row["key"], "step": found["step"]}
    assert send(client, "POST", f"{CLOCKS}questions/{question.pk}/desk/", said).json()["rows"][0]["decided"]


def test_what_is_undecided_keeps_it_from_gold(client, desk, question):
    found = client.post(f"{CLOCKS}questions/{question.pk}/adjudicate/").json()
    answer = send(client, "POST", desk, {"do": "finish", "step": found["step"], "work": found["work"]})
    assert (answer.status_code, answer.json()["errors"][0]["detail"]) == (422, "Not decided yet: rows 1, 2 and 3.")


def test_a_step_that_came_too_late_is_told_what_stands(client, desk, question):
    found = client.post(f"{CLOCKS}questions/{question.pk}/adjudicate/").json()
    said = {"do": "say", "verdict": "ambiguous", "note": "two cups", "step": found["step"]}
    assert send(client, "POST", desk, said).status_code == 200
    late = send(client, "POST", desk, said | {"note": "three cups"})
    assert (late.status_code, late.json()["stands"]["gold"]["note"]) == (409, "two cups")


@pytest.mark.parametrize("do", sorted(NEEDS))
def test_what_a_decision_lacks_is_named(client, desk, question, do):
    found = client.post(f"{CLOCKS}questions/{question.pk}/adjudicate/").json()
    answer = send(client, "POST", desk, {"do": do, "step": found["step"]})
    assert (answer.status_code, [one["field"] for one in answer.json()["errors"]]) == (422, list(NEEDS[do]))
    assert send(client, "POST", desk, {"do": do, "row": "", "step": found["step"]}).status_code == 422
    assert client.get(desk).json() == found


def test_gold_is_made_only_of_work_that_was_read(client, ann, cy, desk, question, submitted):
    found = client.post(f"{CLOCKS}questions/{question.pk}/adjudicate/").json()
    unread = send(client, "POST", desk, {"do": "finish", "step": found["step"]})
    assert (unread.status_code, unread.json()["errors"][0]["field"]) == (422, "work")
    return_to_author(submitted[0], cy, "Which cup?")
    submit(Annotation.objects.get(pk=submitted[0].pk), ann)
    late = send(client, "POST", desk, {"do": "finish", "step": found["step"], "work": found["work"]})
    assert late.status_code == 409
    assert late.json()["stands"]["work"] != found["work"]
    assert not Annotation.objects.gold().filter(question=question).exists()


@pytest.fixture
def single(ann, cy, batch, hand_in) -> tuple[str, dict]:
    """A question of one person’s in Cy’s hands: its address, and what makes it gold."""
    question = make_question(batch, "single", overlap=1)
    hand_in(ann, question, *ANN)
    path = f"{CLOCKS}questions/{question.pk}/"
    found = calling(cy).post(f"{path}adjudicate/").json()
    return path, {"do": "promote", "step": found["step"], "work": found["work"]}


def test_what_made_it_gold_is_acknowledged_when_it_is_sent_again(cy, mo, single):
    path, said = single
    done = send(calling(cy), "POST", f"{path}desk/", said)
    for do in ("promote", "finish"):
        again = send(calling(cy), "POST", f"{path}desk/", said | {"do": do})
        assert (done.status_code, again.status_code, again.json()) == (200, 200, done.json())
    assert send(calling(cy), "POST", f"{path}desk/", said | {"work": f"{said['work']}~1.1"}).status_code == 409
    assert send(calling(mo), "POST", f"{path}desk/", said).status_code == 409


def test_what_made_it_gold_is_acknowledged_no_more_once_somebody_takes_it_up_again(cy, mo, single):
    path, said = single
    send(calling(cy), "POST", f"{path}desk/", said)
    step = calling(mo).post(f"{path}adjudicate/").json()["step"]
    assert send(calling(cy), "POST", f"{path}desk/", said).status_code == 200
    send(calling(mo), "POST", f"{path}desk/", {"do": "reopen", "step": step})
    assert send(calling(cy), "POST", f"{path}desk/", said).status_code == 409


@pytest.mark.parametrize("do", ["accept", "accept_agreed", "split", "undo"])
def test_a_decision_that_is_sent_again_under_its_id_is_acknowledged(client, desk, question, do):
    found = client.post(f"{CLOCKS}questions/{question.pk}/adjudicate/").json()
    send(client, "POST", desk, {"do": "say", "note": "two cups", "step": found["step"]})
    row = next(one for one in found["rows"] if one["state"] == "agreed")
    said = {"do": do, "row": row["key"], "rows": [row["key"]], "step": 1, "save_id": "s1", **row["cards"][0]}
    done, again = (send(client, "POST", desk, said) for _time in range(2))
    assert (done.json()["step"], again.status_code, again.json()) == (2, 200, done.json())


@pytest.fixture
def accepted(client, desk, question) -> tuple[dict, dict]:
    """What accepts a row under an id, and what stands then; it has arrived once."""
    found = client.post(f"{CLOCKS}questions/{question.pk}/adjudicate/").json()
    row = next(one for one in found["rows"] if one["state"] == "agreed")
    said = {"do": "accept", "row": row["key"], "step": 0, "save_id": "x"}
    return said, send(client, "POST", desk, said).json()


@pytest.mark.parametrize("do", ["accept", "accept_agreed", "reject", "say", "undo", "reopen", "finish", "promote"])
def test_another_decision_under_the_id_of_one_that_arrived_is_a_conflict(client, desk, accepted, do):
    said, stands = accepted
    other = next(row["key"] for row in stands["rows"] if row["state"] == "agreed")
    more = {"do": do, "row": other, "rows": [other], "reason": "no", "note": "mine", "work": stands["work"]}
    late = send(client, "POST", desk, {"step": 1, "save_id": "x"} | more)
    assert (late.status_code, late.json()["stands"]) == (409, stands)
    assert send(client, "POST", desk, {"step": 1, "save_id": "y"} | more).status_code in (200, 409, 422)
    assert send(client, "POST", desk, said).status_code == 200


def test_two_steps_back_under_one_id_are_not_one(client, desk, accepted):
    back = {"do": "undo", "save_id": "u"}
    assert send(client, "POST", desk, back | {"step": 1}).json()["step"] == 2
    assert send(client, "POST", desk, back | {"step": 2}).status_code == 409


def test_the_id_of_anothers_decision_acknowledges_nothing(client, mo, desk, question, accepted):
    said, _stands = accepted
    client.post(f"{CLOCKS}questions/{question.pk}/leave/")
    other = calling(mo)
    stands = other.post(f"{CLOCKS}questions/{question.pk}/adjudicate/").json()
    late = send(other, "POST", desk, said)
    assert (late.status_code, late.json()["stands"]) == (409, stands)


def test_a_row_that_is_not_decided_has_nothing_to_confirm(client, desk, question):
    found = client.post(f"{CLOCKS}questions/{question.pk}/adjudicate/").json()
    said = {"do": "confirm", "row": found["rows"][0]["key"], "step": found["step"]}
    answer = send(client, "POST", desk, said)
    assert (answer.status_code, answer.json()["detail"][:36]) == (422, "The row is not decided yet: accept i")


def test_ones_last_decision_is_undone(client, desk, question):
    found = client.post(f"{CLOCKS}questions/{question.pk}/adjudicate/").json()
    said = send(client, "POST", desk, {"do": "say", "note": "two cups", "step": found["step"]}).json()
    undone = send(client, "POST", desk, {"do": "undo", "step": said["step"]}).json()
    assert (said["gold"]["note"], undone["gold"]) == ("two cups", found["gold"])


def test_gold_is_written_in_ones_own_words(client, desk, question):
    found = client.post(f"{CLOCKS}questions/{question.pk}/adjudicate/").json()
    begun = send(client, "POST", desk, {"do": "new", "step": found["step"]}).json()
    row = next(one for one in begun["rows"] if one["gold"])
    citation = {"uid": "k1", "role": "both", "rank": 1, "start": 0, "end": 5, "quote": "Spain"}
    gold = {"uid": row["gold"], "text": "futsal", "answers": [{"uid": "a1", "text": "2000"}], "citations": [citation]}
    said = {"do": "rewrite", "row": row["key"], "step": begun["step"], "gold": gold}
    written = send(client, "POST", desk, said).json()
    assert written["gold"]["conditions"] == [gold]
    key = next(one["key"] for one in written["rows"] if one["gold"] == row["gold"])
    done = send(client, "POST", desk, {"do": "accept", "row": key, "step": written["step"]}).json()
    assert next(one for one in done["rows"] if one["gold"])["decided"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"uid": "other"}, "gold.uid"),
        ({"citations": [{"uid": "k1", "role": "both", "rank": 6}]}, "gold.citations[0].rank"),
        ({"answers": [{"uid": "", "text": "2000"}]}, "gold.answers[0].uid"),
        (None, "gold"),
    ],
)
def test_what_does_not_fit_gold_is_named_and_nothing_is_written(client, desk, question, change, field):
    found = client.post(f"{CLOCKS}questions/{question.pk}/adjudicate/").json()
    begun = send(client, "POST", desk, {"do": "new", "step": found["step"]}).json()
    row = next(one for one in begun["rows"] if one["gold"])
    gold = None if change is None else {"uid": row["gold"], "text": "futsal"} | change
    answer = send(client, "POST", desk, {"do": "rewrite", "row": row["key"], "step": begun["step"], "gold": gold})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert client.get(desk).json() == begun


def test_a_question_in_other_hands_is_refused_and_one_can_be_left(client, mo, question, desk):
    client.post(f"{CLOCKS}questions/{question.pk}/adjudicate/")
    other = calling(mo)
    assert other.post(f"{CLOCKS}questions/{question.pk}/adjudicate/").status_code == 409
    assert other.get(desk).status_code == 409
    client.post(f"{CLOCKS}questions/{question.pk}/leave/")
    assert other.post(f"{CLOCKS}questions/{question.pk}/adjudicate/").status_code == 200


def test_the_permission_trio(client, ann, cy, dee, question):
    path = f"{CLOCKS}questions/{question.pk}/adjudicate/"
    assert [calling(who).post(path).status_code for who in (cy, ann, dee)] == [200, 404, 404]
