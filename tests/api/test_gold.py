"""Gold’s history through the API, drafts beside decided rows, and what systems say and gold has not."""

import pytest

from annotator.actions import looking
from annotator.models import Question
from tests.annotator.adjudication.test_adjudicating import draft
from tests.api.calls import CLOCKS, calling, send
from tests.api.test_adjudicating import client, desk, hand_in, submitted
from tests.scoring.answered import cut, evaluate, golden, make_gold, pilot, predict, systems

pytestmark = pytest.mark.alike

__all__ = ["client", "cut", "desk", "draft", "evaluate", "golden", "hand_in", "make_gold", "pilot", "predict"]
__all__ += ["submitted", "systems"]
PROPOSALS = f"{CLOCKS}proposals/"


def begun(client, question) -> dict:
    return client.post(f"{CLOCKS}questions/{question.pk}/adjudicate/").json()


def test_the_steps_of_gold_are_told_and_an_earlier_one_stands_again(client, vi, ann, desk, question, submitted):
    gold = f"{CLOCKS}questions/{question.pk}/gold/history/"
    row = next(one for one in begun(client, question)["rows"] if len(one["cards"]) == 1)
    work = row["cards"][0]["annotation"]
    send(client, "POST", desk, {"do": "adopt", "row": row["key"], "annotation": work, "step": 0})
    left = send(client, "POST", desk, {"do": "say", "note": "two cups", "step": 1}).json()
    said, adopted = client.get(gold).json()["results"]
    assert (said["changed"], said["by"]) == ("verdict taken back; note", "adjudicator-cy")
    assert adopted["changed"].endswith(f"of annotation {work}")
    stood = client.get(f"{gold}1/").json()
    assert ("note" in stood["record"], stood["decisions"][0]["parts"][0]["annotation"]) == (False, work)
    assert [calling(who).get(gold).status_code for who in (vi, ann)] == [403, 404]
    late = send(client, "POST", f"{gold}1/restore/", {"step": 1})
    assert (late.status_code, late.json()["stands"]) == (409, left)
    for _time in range(2):
        back = send(client, "POST", f"{gold}1/restore/", {"step": 2, "save_id": "r1"}).json()
        assert (back["step"], back["gold"]) == (3, stood["record"])
    assert send(client, "POST", f"{gold}2/restore/", {"step": 3, "save_id": "r1"}).status_code == 409
    client.post(f"{CLOCKS}questions/{question.pk}/leave/")
    assert send(client, "POST", f"{gold}1/restore/", {"step": 3}).status_code == 409


def test_a_draft_is_told_once_its_row_is_decided_and_adopted_by_it(client, mo, desk, question, submitted, draft):
    found = begun(client, question)
    assert client.get(f"{desk}drafts/").json() == {"results": []}
    row = next(one for one in found["rows"] if len(one["cards"]) == 1)
    adopt = {"do": "adopt", "row": row["key"], "annotation": row["cards"][0]["annotation"], "step": 0}
    row = next(one for one in send(client, "POST", desk, adopt).json()["rows"] if one["gold"])
    done = send(client, "POST", desk, {"do": "accept", "row": row["key"], "step": 1}).json()
    [beside] = client.get(f"{desk}drafts/").json()["results"]
    assert (beside["annotation"], beside["condition"]["uid"]) == (draft.pk, "machine")
    said = {"do": "adopt", "row": beside["row"], "annotation": draft.pk, "step": done["step"]}
    assert send(client, "POST", desk, said).json()["gold"]["conditions"][0]["text"] == beside["condition"]["text"]
    assert calling(mo).get(f"{desk}drafts/").status_code == 409


@pytest.fixture
def extra(evaluate, cy, systems):
    """What “poor” alone says, on a question that Cy sees."""
    score = evaluate().questions.get(place=1).scores.get(system=systems[1])
    looking.look(cy, score.question.question)
    return {"system": "poor", "condition": score.revision.record["conditions"][0]["uid"], "note": "it is true"}


def test_a_systems_condition_is_proposed_once_and_hidden_from_who_sees_no_gold(cy, vi, ann, dee, extra):
    place = f"{CLOCKS}evaluations/1/questions/1/propose/"
    made = send(calling(cy), "POST", place, extra)
    said = made.json()
    assert (made.status_code, said["condition"]["text"], said["by"]) == (201, "a cup of soup", "adjudicator-cy")
    again = send(calling(cy), "POST", place, extra | {"note": "again"})
    assert (again.status_code, again.json()) == (200, said)
    assert calling(cy).get(PROPOSALS).json()["results"] == [said]
    [hidden] = calling(vi).get(PROPOSALS).json()["results"]
    told = {"system", "condition", "note", "by", "decided_by", "reason"}
    assert {name for name, value in hidden.items() if value is None} == told
    assert [calling(who).get(PROPOSALS).status_code for who in (ann, dee)] == [404, 404]
    assert calling(cy).get(f"{PROPOSALS}?state=taken").json()["results"] == []
    for change, field in (({"system": "none"}, "system"), ({"condition": "x"}, "condition"), ({"text": "x"}, "text")):
        answer = send(calling(cy), "POST", place, extra | change)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    elsewhere = f"{CLOCKS}evaluations/1/questions/2/propose/"
    assert send(calling(cy), "POST", elsewhere, extra).status_code == 403


def test_a_proposal_is_taken_up_or_declined_by_one_and_that_once(cy, mo, vi, extra):
    client, place = calling(cy), f"{CLOCKS}evaluations/1/questions/1/propose/"
    made = send(client, "POST", place, extra).json()
    one = f"{PROPOSALS}{made['id']}/"
    assert send(calling(vi), "POST", f"{one}take/").status_code == 404
    for _time in range(2):
        assert client.post(f"{one}take/").json()["question"] == made["question"]
    assert Question.objects.get(pk=made["question"]).adjudicator_id == cy.pk
    assert client.get(f"{PROPOSALS}?state=taken").json()["results"][0]["id"] == made["id"]
    assert send(client, "POST", f"{one}decline/", {"reason": "soup"}).status_code == 409
    client.post(f"{CLOCKS}questions/{made['question']}/leave/")
    assert calling(mo).post(f"{one}take/").json()["detail"] == "The proposal was decided meanwhile."


def test_what_was_declined_says_why_and_is_not_proposed_again(cy, extra):
    client, place = calling(cy), f"{CLOCKS}evaluations/1/questions/1/propose/"
    one = f"{PROPOSALS}{send(client, 'POST', place, extra).json()['id']}/"
    assert send(client, "POST", f"{one}decline/", {"reason": " "}).json()["errors"][0]["field"] == "reason"
    said = send(client, "POST", f"{one}decline/", {"reason": "soup is no cup"}).json()
    assert (said["state"], said["reason"], said["decided_by"]) == ("declined", "soup is no cup", "adjudicator-cy")
    again = send(client, "POST", place, extra)
    assert (again.status_code, "soup is no cup" in again.json()["detail"]) == (409, True)
