"""The ways from the adjudication screen: to the notes on each person's work, to returning it, and back."""

import pytest

from annotator.actions import adjudicating, looking, submitting, taking_up
from annotator.actions.returning import add_note, return_to_author
from annotator.models import Annotation, Assignment, Question
from tests.annotator.adjudication.test_gold_history import number_of

pytestmark = pytest.mark.alike


def screen_of(question: Question) -> str:
    return f"/p/clocks/adjudicate/{question.pk}/"


def test_the_screen_leads_to_each_persons_notes_and_counts_them(as_cy, judging, submitted, ann, question):
    add_note(submitted[0], ann, "I was not sure.")
    page = as_cy.get(screen_of(question))
    assert {column.work.annotation: number for column, number in page.context["screen"].noted} == {
        submitted[0].pk: 1,
        submitted[1].pk: 0,
    }
    assert all(f'href="/p/clocks/notes/{work.pk}/"' in page.text for work in submitted)


@pytest.mark.database
def test_who_adjudicates_reads_no_name_there_and_finds_the_way_back(as_cy, judging, submitted, ann, question):
    add_note(submitted[0], ann, "I was not sure.")
    page = as_cy.get(f"/p/clocks/notes/{submitted[0].pk}/").text
    assert f"Notes on the work of {number_of(judging, submitted[0])}" in page
    assert f'href="{screen_of(question)}"' in page
    assert "I was not sure." in page
    assert "Ann," not in page


def test_who_looked_without_adjudicating_reads_the_name(as_mo, mo, judging, submitted, question):
    looking.look(mo, question)
    page = as_mo.get(f"/p/clocks/notes/{submitted[0].pk}/").text
    assert "Notes on the work of Ann" in page
    assert screen_of(question) not in page


def test_what_was_decided_stays_while_work_is_returned_and_when_it_comes_back(as_cy, judging, submitted, ann, question):
    judging.do(adjudicating.accept, "men")
    judging.do(adjudicating.reject, "basket", "no World Cup")
    gold = judging.gold
    as_cy.post(f"/p/clocks/notes/{submitted[0].pk}/return/", {"text": "Which cup?"})
    assert Assignment.objects.get(annotation=submitted[0]).state == "returned"
    page = as_cy.get(screen_of(question))
    assert "1 annotation is with its author" in page.text
    assert "this annotator" in as_cy.get(f"/p/clocks/notes/{submitted[0].pk}/").text
    assert (judging.gold, judging.states()) == (gold, {"men-2": "accepted", "women-2": "undecided"})
    back = Annotation.objects.select_related("question__batch__project", "assignment").get(pk=submitted[0].pk)
    submitting.submit(back, ann)
    assert judging.gold == gold
    assert judging.states() == {"basket": "accepted", "men": "accepted", "women": "agreed"}
    assert [part.annotation for part in judging.row("men").changed] == [submitted[0].pk]


def test_the_question_stays_in_hand_while_work_is_returned(cy, judging, submitted, question):
    return_to_author(submitted[0], cy, "Which cup?")
    assert Question.objects.get(pk=question.pk).adjudicator == cy
    taking_up.leave(cy, question)
    assert taking_up.open_next(cy) is None


def test_only_the_author_and_who_may_look_get_to_the_notes(as_ann, as_bo, as_dee, judging, submitted):
    url = f"/p/clocks/notes/{submitted[0].pk}/"
    assert [who.get(url).status_code for who in (as_ann, as_bo, as_dee)] == [200, 404, 404]
