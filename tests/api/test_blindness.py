"""Blindness: every operation of the API, called by those who must not see what Ann has written."""

from collections.abc import Callable

import pytest

from annotator.actions import claiming, looking
from annotator.models import Member, Question
from tests.api.calls import CLOCKS, calling, send
from tests.api.routes import LINES
from tests.canary import CANARY
from tests.test_blindness import draft, hand_in

pytestmark = pytest.mark.alike
Walk = Callable[[Member], list[str]]


@pytest.fixture
def walk(ask) -> Walk:
    """Call everything as a member, and return where they see Ann’s work and have not looked by asking."""

    def walked(member: Member) -> list[str]:
        client = calling(member)
        return [f"{method} {line}" for method, line in LINES if not ask(client, member.user, method, line)[1]]

    return walked


def test_mo_who_holds_the_question_sees_nothing_of_it(walk, arguments, mo, question):
    claiming.take(mo, question)
    assert walk(mo) == []


def test_mo_who_may_still_claim_it_sees_nothing_without_having_looked(walk, arguments, mo):
    assert walk(mo) == []


def test_mo_who_skipped_it_sees_nothing_without_having_looked(walk, arguments, mo, question):
    claiming.skip(claiming.take(mo, question), "too hard")
    assert walk(mo) == []


def test_vi_sees_nothing_where_every_place_is_taken(walk, arguments, vi, question):
    Question.objects.filter(pk=question.pk).update(overlap=1)
    assert walk(vi) == []


def test_cy_who_looked_and_claimed_sees_nothing_until_submitting(walk, arguments, cy, question):
    looking.look(cy, question)
    cy.project.lookers_may_annotate = True
    cy.project.save(update_fields=["lookers_may_annotate"])
    claiming.take(cy, question)
    assert walk(cy) == []


def test_bo_who_only_annotates_sees_nothing_of_hers_afterwards_either(walk, arguments, bo, question):
    hand_in(bo, question)
    assert walk(bo) == []


def test_bo_sees_no_draft_before_submitting(walk, arguments, assignment, bo, question):
    draft(assignment)
    claiming.take(bo, question)
    assert walk(bo) == []


def test_who_looked_by_asking_sees_it_and_is_never_given_it(arguments, cy, question):
    client = calling(cy)
    written = f"{CLOCKS}questions/{question.pk}/annotations/"
    assert client.get(written).status_code == 403
    assert send(client, "POST", f"{CLOCKS}questions/{question.pk}/look/").status_code == 204
    assert CANARY in client.get(written).text
    assert CANARY in client.get(f"{CLOCKS}annotations/").text
    assert claiming.claim(cy) is None


def test_ann_sees_her_own(arguments, ann, question):
    assert CANARY in calling(ann).get(f"{CLOCKS}work/{question.pk}/").text
