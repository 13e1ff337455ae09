"""Taking a question in hand for adjudication: who may, for how long, and what giving it up leaves."""

import pytest

from annotator.actions import adjudicating, claiming, submitting, taking_up
from annotator.actions.leaving import leave
from annotator.actions.taking_up import NotReady, Taken
from annotator.models import Assignment, Look, Question
from tests.annotator.adjudication.conftest import ANN, MEN
from tests.browser.workbench import condition
from tests.conftest import make_question


def test_opening_is_a_look_and_holds_the_question(judging, cy, mo, question):
    assert Look.objects.filter(member=cy, question=question).exists()
    with pytest.raises(Taken):
        taking_up.open_question(mo, question)
    taking_up.leave(cy, question)
    taking_up.open_question(mo, question)
    assert Question.objects.get(pk=question.pk).adjudicator == mo


@pytest.mark.parametrize("give_up", [taking_up.leave, lambda cy, _question: leave(cy)])
def test_a_question_that_was_only_opened_is_not_begun(judging, cy, question, submitted, give_up):
    give_up(cy, question)
    assert Question.objects.staged().get(pk=question.pk).stage == "done"
    assert submitting.may_reopen(submitted[0])


def test_what_was_decided_is_kept_when_the_question_is_given_out_of_hand(judging, cy, question):
    judging.do(adjudicating.accept, "men")
    taking_up.leave(cy, question)
    assert judging.states()["men"] == "accepted"


def test_an_expired_lease_goes_to_the_next_and_the_first_cannot_step(judging, submitted, mo, question):
    Question.objects.filter(pk=question.pk).update(lease_until="2020-01-01T00:00Z")
    judging.do(adjudicating.adopt, "men", submitted[0].pk)
    Question.objects.filter(pk=question.pk).update(lease_until="2020-01-01T00:00Z")
    taking_up.open_question(mo, question)
    with pytest.raises(Taken):
        judging.do(adjudicating.accept, "men")


def test_a_question_is_not_ready_before_every_slot_is_submitted(ann, cy, question, hand_in):
    hand_in(ann, question, *ANN)
    with pytest.raises(NotReady):
        taking_up.open_question(cy, question)


@pytest.mark.parametrize(("ends", "ready"), [("2020-01-01T00:00Z", True), ("2999-01-01T00:00Z", False), (None, False)])
def test_whose_lease_has_ended_is_not_waited_for_where_there_is_no_limit(ann, bo, mo, cy, batch, hand_in, ends, ready):
    question = make_question(batch, overlap=None)
    for member in (ann, bo):
        hand_in(member, question, *ANN)
    claiming.take(mo, question)
    Assignment.objects.filter(member=mo).update(lease_until=ends)
    assert (taking_up.open_next(cy) == question) == ready


def test_nobody_adjudicates_what_they_annotated_unless_the_project_allows_it(cy, bo, question, hand_in):
    hand_in(cy, question, *ANN)
    hand_in(bo, question, *ANN)
    with pytest.raises(NotReady):
        taking_up.open_question(cy, question)
    cy.project.annotators_may_adjudicate = True
    taking_up.open_question(cy, question)


def test_the_next_question_is_the_one_with_the_lowest_accord(ann, bo, cy, mo, batch, hand_in):
    first, second = make_question(batch, "first"), make_question(batch, "second")
    for member in (ann, bo):
        hand_in(member, first, *ANN)
    hand_in(ann, second, *ANN)
    hand_in(bo, second, MEN, condition("x", "An opera", "never"))
    assert taking_up.open_next(cy) == second
    assert taking_up.open_next(mo) == first
    assert taking_up.open_next(cy, besides=second.pk) is None
