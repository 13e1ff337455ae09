"""What a person looked up and added, through the API: under numbers which tell nobody of another's."""

import pytest

from annotator.actions import looking_up
from annotator.actions.looking import look
from annotator.actions.supplementing import supplement
from annotator.api import lookups
from annotator.models import Annotation, Citation, Lookup, Question, Supplement
from retrieval.models import Fragment
from tests.annotator.test_looking_up import corpus, fragment
from tests.api.calls import CLOCKS, calling, send

__all__ = ["corpus"]
CITED = {"uid": "k1", "role": "both", "rank": 261, "supplementary": True}
CARD = {"uid": "c1", "text": "handball", "answers": [{"uid": "a1", "text": "2005"}], "citations": [CITED]}


def work_of(member, question) -> Annotation:
    return Annotation.objects.of_question("clocks", question.pk).get(author=member)


@pytest.fixture
def work(assignment, bo, ann, question) -> str:
    """Ann's work on a question, to which Bo added one fragment first, and she another."""
    from annotator.actions import claiming

    claiming.take(bo, question)
    supplement(work_of(bo, question), fragment("Futsal"))
    supplement(work_of(ann, question), fragment("Handball"))
    return f"{CLOCKS}work/{question.pk}/"


def test_ones_own_addition_has_its_number_whoever_added_before(work, ann):
    answer = send(calling(ann), "PUT", work, {"record": {"conditions": [CARD]}, "step": 0})
    assert answer.status_code == 200, answer.json()
    assert Citation.objects.get().listed.fragment == fragment("Handball")
    [card] = calling(ann).get(work).json()["record"]["conditions"]
    assert card["citations"][0]["rank"] == 261


def test_who_looks_on_and_who_adjudicates_have_the_same_number(work, ann, cy, question):
    send(calling(ann), "PUT", work, {"record": {"verdict": "unambiguous", "conditions": [CARD]}, "step": 0})
    calling(ann).post(f"{work}submit/")
    question.assignments.exclude(member=ann).update(state="skipped")
    Question.objects.filter(pk=question.pk).update(overlap=1, taken=1)
    client, path = calling(cy), f"{CLOCKS}questions/{question.pk}/"
    found = client.post(f"{path}adjudicate/").json()
    told = client.get(f"{path}annotations/").json()["results"]
    assert CITED in [one["annotation"].get("conditions", [CARD])[0]["citations"][0] for one in told]
    assert found["people"][0]["record"]["conditions"][0]["citations"] == [CITED]
    begun = send(client, "POST", f"{path}desk/", {"do": "new", "step": found["step"]}).json()
    row = next(one for one in begun["rows"] if one["gold"])
    gold = CARD | {"uid": row["gold"]}
    said = {"do": "rewrite", "row": row["key"], "step": begun["step"], "gold": gold}
    refused = send(client, "POST", f"{path}desk/", said | {"gold": gold | {"citations": [CITED | {"rank": 1}]}}).json()
    assert refused["errors"][0]["field"] == "gold.citations[0].rank"
    assert send(client, "POST", f"{path}desk/", said).json()["gold"]["conditions"][0]["citations"] == [CITED]
    assert Citation.objects.get(condition__annotation__source="gold").listed.fragment == fragment("Handball")
    assert "citation S261" in client.get(f"{path}gold/history/").json()["results"][0]["changed"]


def test_a_single_card_cites_by_the_same_number(work, ann):
    answer = send(calling(ann), "PUT", f"{work}conditions/c1/", {"condition": CARD, "version": 0})
    assert answer.status_code == 200, answer.json()
    assert Citation.objects.get().listed.fragment == fragment("Handball")


def test_what_others_added_is_as_if_it_were_not_there(work, ann):
    beyond = CARD | {"citations": [CITED | {"rank": 213}]}
    answer = send(calling(ann), "PUT", work, {"record": {"conditions": [beyond]}, "step": 0})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["detail"] == "is 213, and the list has no such fragment"
    assert not Citation.objects.exists()


def test_a_search_beside_ones_work_says_what_can_be_cited_already_and_is_kept(work, ann):
    found = calling(ann, "read").get(f"{work}look-up/", {"q": "spain won at handball"}).json()
    places = {one["title"]: (one["rank"], one["supplementary"]) for one in found["results"]}
    assert (found["corpus"], places["Handball"], places["Futsal"]) == ("clocks-corpus", (261, True), (None, False))
    assert places["FIFA World Cup"] == (1, False)
    kept = Lookup.objects.get()
    assert (kept.query, kept.annotation) == ("spain won at handball", work_of(ann, kept.annotation.question))


@pytest.mark.parametrize("query", ["", "q=", "q=%00", "q=" + 401 * "x"])
def test_nothing_is_looked_up_by_no_words_or_too_many(work, ann, query):
    answer = calling(ann).get(f"{work}look-up/?{query}")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "q")
    assert not Lookup.objects.exists()


def test_what_one_added_is_taken_out_until_it_is_cited(work, ann):
    own = f"{work}supplements/261/"
    cited = send(calling(ann), "PUT", work, {"record": {"conditions": [CARD]}, "step": 0})
    assert (cited.status_code, calling(ann).delete(own).status_code) == (200, 409)
    send(calling(ann), "POST", f"{work}supplements/", {"fragment": fragment("Futsal").pk})
    assert [calling(ann).delete(f"{work}supplements/213/").status_code for _ in range(2)] == [204, 404]
    assert [one["title"] for one in calling(ann).get(f"{work}supplements/").json()["results"]] == ["Handball"]


def test_an_engine_that_is_down_is_said_and_nothing_is_kept(work, ann, monkeypatch):
    monkeypatch.setattr(lookups, "look_up", lambda *_: looking_up.Found("x", trouble=True))
    answer = calling(ann).get(f"{work}look-up/?q=spain")
    assert (answer.status_code, answer["Content-Type"]) == (503, "application/problem+json")


def test_without_a_corpus_nothing_is_found(work, ann, question):
    type(question.retrieval).objects.filter(pk=question.retrieval_id).update(settings={})
    found = calling(ann).get(f"{work}look-up/?q=spain").json()
    assert (found["corpus"], found["results"]) == (None, [])


def test_what_is_found_is_added_under_its_number(work, ann, bo):
    added = send(calling(ann), "POST", f"{work}supplements/", {"fragment": fragment("Futsal").pk})
    assert [(one["rank"], one["title"]) for one in added.json()["results"]] == [(261, "Handball"), (213, "Futsal")]
    again = send(calling(ann), "POST", f"{work}supplements/", {"fragment": fragment("Futsal").pk})
    assert (added.status_code, again.status_code, again.json()) == (201, 200, added.json())
    assert calling(ann).get(f"{work}supplements/").json() == added.json()
    assert [one["title"] for one in calling(bo).get(f"{work}supplements/").json()["results"]] == ["Futsal"]


def test_what_cannot_be_added_is_refused_by_its_field(work, ann, question):
    listed = question.retrieval.listed.first().fragment_id
    elsewhere = Fragment.objects.exclude(corpus__slug="clocks-corpus").first().pk
    for key in (listed, elsewhere, 10**17):
        answer = send(calling(ann), "POST", f"{work}supplements/", {"fragment": key})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "fragment")
    assert Supplement.objects.filter(annotation__author=ann).count() == 1


def test_nothing_is_added_to_work_that_is_handed_in(work, ann):
    send(calling(ann), "PUT", work, {"record": {"verdict": "unanswerable"}, "step": 0})
    calling(ann).post(f"{work}submit/")
    assert send(calling(ann), "POST", f"{work}supplements/", {"fragment": fragment("Futsal").pk}).status_code == 409


def test_who_looked_reads_all_that_was_added_and_by_whom(work, cy, ann, bo, question):
    path = f"{CLOCKS}questions/{question.pk}/supplements/"
    assert calling(cy).get(path).status_code == 403
    look(cy, question)
    rows = calling(cy).get(path).json()["results"]
    by = [[work_of(who, question).pk] for who in (bo, ann)]
    assert [(one["rank"], one["title"], one["by"]) for one in rows] == [
        (213, "Futsal", by[0]),
        (261, "Handball", by[1]),
    ]


def test_the_permission_trio(work, ann, cy, dee):
    answers = [calling(who).get(f"{work}look-up/?q=spain").status_code for who in (ann, cy, dee)]
    assert answers == [200, 404, 404]
