"""What a person looked up and added, through the API: under numbers of their own, which tell nobody of another's."""

import pytest

from annotator.actions.supplementing import supplement
from annotator.models import Annotation, Citation
from tests.annotator.test_looking_up import corpus, fragment
from tests.api.calls import CLOCKS, calling, send

__all__ = ["corpus"]
CITED = {"uid": "k1", "role": "both", "rank": 1, "supplementary": True}
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


def test_ones_own_addition_is_the_first_whoever_added_before(work, ann):
    answer = send(calling(ann), "PUT", work, {"record": {"conditions": [CARD]}, "step": 0})
    assert answer.status_code == 200, answer.json()
    assert Citation.objects.get().listed.fragment == fragment("Handball")
    [card] = calling(ann).get(work).json()["record"]["conditions"]
    assert card["citations"][0]["rank"] == 1


def test_a_single_card_cites_by_the_same_number(work, ann):
    answer = send(calling(ann), "PUT", f"{work}conditions/c1/", {"condition": CARD, "version": 0})
    assert answer.status_code == 200, answer.json()
    assert Citation.objects.get().listed.fragment == fragment("Handball")


def test_what_others_added_is_as_if_it_were_not_there(work, ann):
    beyond = CARD | {"citations": [CITED | {"rank": 2}]}
    answer = send(calling(ann), "PUT", work, {"record": {"conditions": [beyond]}, "step": 0})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["detail"] == "is 2, and the list has no such fragment"
    assert not Citation.objects.exists()
