"""One’s own history through the API: what each step changed, undone and gone back to; and what is beside."""

import pytest

from annotator.actions.consenting import publish_consent
from annotator.models import Annotation, Mark, Revision
from tests.annotator.test_adopting import draft, shown
from tests.api.calls import CLOCKS, calling, send
from tests.api.test_work import CARD, OTHER, WHOLE, put
from tests.conftest import make_list

pytestmark = pytest.mark.alike

__all__ = ["draft", "shown"]


@pytest.fixture
def work(assignment) -> str:
    return f"{CLOCKS}work/{assignment.question_id}/"


@pytest.fixture
def client(ann):
    return calling(ann)


def say(client, work: str, text: str, version: int):
    return send(client, "PUT", f"{work}conditions/c1/", {"condition": CARD | {"text": text}, "version": version}).json()


def test_every_step_says_what_it_changed_page_by_page_at_one_price(client, work, django_assert_num_queries):
    say(client, work, "men’s", 0)
    with django_assert_num_queries(5):
        client.get(f"{work}history/")
    for version in range(2, 9):
        say(client, work, f"men {version}", version)
    with django_assert_num_queries(5):
        told = client.get(f"{work}history/?limit=5").json()
    assert [one["number"] for one in told["results"]] == [9, 8, 7, 6, 5]
    assert (told["results"][0]["changed"], told["results"][0]["text"], told["results"][0]["by"]) == (
        "text",
        "men 8",
        "annotator-ann",
    )
    rest = client.get(told["next"]).json()
    assert [one["verb"] for one in rest["results"]] == ["card", "card", "card", "add"]
    assert client.get(f"{work}history/2/").json()["record"]["conditions"][0]["text"] == "men’s"
    assert client.get(f"{work}history/10/").status_code == 404


def test_a_step_is_undone_and_done_again_unless_it_was_changed_since(client, work):
    say(client, work, "men", 0)
    say(client, work, "women", 2)
    undone = send(client, "POST", f"{work}history/3/undo/", {"save_id": "u1"}).json()
    assert (undone["record"]["conditions"][0]["text"], undone["step"]) == ("men", 4)
    assert send(client, "POST", f"{work}history/3/undo/", {"save_id": "u1"}).json() == undone
    assert send(client, "POST", f"{work}history/4/undo/", {}).json()["record"]["conditions"][0]["text"] == "women"
    late = send(client, "POST", f"{work}history/2/undo/", {})
    assert (late.status_code, late.json()["stands"]["step"]) == (409, 5)
    assert send(client, "POST", f"{work}history/9/undo/", {}).status_code == 404


def test_an_earlier_step_is_restored_once_and_only_from_what_was_read(client, work):
    put(client, work, WHOLE, 0)
    put(client, work, {"conditions": [OTHER]}, 1)
    late = send(client, "POST", f"{work}history/1/restore/", {"step": 1})
    assert (late.status_code, late.json()["stands"]["record"]) == (409, {"conditions": [OTHER]})
    for _time in range(2):
        back = send(client, "POST", f"{work}history/1/restore/", {"step": 2, "save_id": "r1"})
        assert (back.status_code, back.json()["record"], back.json()["step"]) == (200, WHOLE, 3)
    assert Revision.objects.get(number=3).verb == "restore"
    client.post(f"{work}submit/")
    assert send(client, "POST", f"{work}history/2/restore/", {"step": 4}).status_code == 409


def test_a_draft_is_shown_where_the_page_shows_it_and_adopted_once(client, work, draft, assignment):
    assert client.get(f"{work}drafts/").json() == {"results": []}
    adopt = {"draft": draft.pk, "condition": "d1", "uid": "mine"}
    assert send(client, "POST", f"{work}adopt/", adopt).status_code == 409
    assignment.question.batch.project.show_drafts = "before"
    assignment.question.batch.project.save()
    [told] = client.get(f"{work}drafts/").json()["results"]
    assert (told["id"], told["adopted"], told["record"]["conditions"][0]["uid"]) == (draft.pk, [], "d1")
    for _time in range(2):
        adopted = send(client, "POST", f"{work}adopt/", adopt)
        assert [one["uid"] for one in adopted.json()["record"]["conditions"]] == ["mine"]
    assert client.get(f"{work}drafts/").json()["results"][0]["adopted"] == ["d1"]
    assert send(client, "POST", f"{work}adopt/", adopt | {"uid": "a b"}).json()["errors"][0]["field"] == "uid"


def test_fragments_of_the_frozen_list_are_marked_by_rank(client, work, assignment):
    added = make_list("clocks-corpus", [("Futsal", "Spain won.")]).listed.get()
    Mark.objects.create(annotation_id=assignment.annotation_id, listed=added, state="irrelevant")
    send(client, "PATCH", f"{work}marks/", {"read": [2, 1], "irrelevant": [3]})
    assert send(client, "PATCH", f"{work}marks/", {"unread": [1]}).json() == {"read": [2], "irrelevant": [3]}
    for said, field in (({"read": [2, 9]}, "read[1]"), ({"read": [1], "irrelevant": [1]}, "irrelevant[0]")):
        answer = send(client, "PATCH", f"{work}marks/", said)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert client.get(f"{work}marks/").json() == {"read": [2], "irrelevant": [3]}
    assert Mark.objects.filter(annotation=assignment.annotation_id).count() == 3


def test_a_warning_is_put_aside_again_too_and_what_blocks_is_not(client, work, assignment):
    found = put(client, work, WHOLE | {"verdict": None}, 0).json()["findings"]
    warning, blocking = (next(one for one in found if one["blocks"] is blocks) for blocks in (False, True))
    for sent, kept in ({"reason": "it is so"}, "it is so"), ({}, "it is so"), ({"reason": "no"}, "no"):
        left = send(client, "POST", f"{work}dismiss/", {"key": warning["key"]} | sent).json()["findings"]
        assert left == [one for one in found if one != warning]
        assert Annotation.objects.get(pk=assignment.annotation_id).dismissed == {warning["key"]: kept}
    answer = send(client, "POST", f"{work}dismiss/", {"key": blocking["key"]})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "key")


def test_consent_is_asked_read_and_given_before_a_question_is(ann, bo, mo, question):
    consent, client = f"{CLOCKS}consent/", calling(bo)
    assert client.get(consent).json() == {"number": 0, "text": "", "agreed": None}
    assert send(calling(mo), "POST", consent, {"text": "We keep what you write."}).json()["number"] == 1
    assert send(client, "POST", f"{CLOCKS}claim/", {}).status_code == 403
    publish_consent(question.batch.project, "We publish what you write.", mo)
    late = send(client, "POST", f"{consent}agree/", {"number": 1})
    assert (late.status_code, late.json()["stands"]["text"]) == (409, "We publish what you write.")
    assert send(client, "POST", f"{consent}agree/", {"number": 2}).json()["agreed"]
    assert send(client, "POST", f"{CLOCKS}claim/", {}).status_code == 200
    assert send(calling(ann), "POST", consent, {"text": "No."}).status_code == 404


def test_the_permission_trio(work, ann, bo, dee):
    for path in ("history/", "drafts/", "marks/"):
        assert [calling(who).get(work + path).status_code for who in (ann, bo, dee)] == [200, 404, 404]
