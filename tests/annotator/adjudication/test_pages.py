"""The pages of adjudication: the queue, the screen with and without script, and yours beside gold."""

import re
from dataclasses import replace
from typing import Any

import pytest

from annotator.actions import adjudicating, claiming, taking_up
from annotator.actions.assigning import assign
from annotator.actions.claiming import Looked
from annotator.actions.consenting import ConsentOwed, agree, publish_consent
from annotator.models import Annotation, Look, Project, Question
from tests.annotator.adjudication.conftest import ANN, BASKET, BO, MEN, Judging, say_anew
from tests.conftest import make_question

QUEUE = "/p/clocks/adjudicate/"


@pytest.fixture
def url(question) -> str:
    return f"{QUEUE}{question.pk}/"


def form(judging: Judging, do: str, **more: Any) -> dict[str, Any]:
    """Return what the page's form posts when a button is pressed."""
    desk = judging.desk
    return {"made": desk.gold.revisions_made, "work": desk.work, "verdict": "ambiguous", "do": do} | more


def test_what_was_typed_comes_back_to_who_has_the_question_no_longer(as_cy, judging, submitted, url, cy, mo, question):
    judging.do(adjudicating.adopt, "basket", submitted[0].pk)
    (card,) = judging.gold.conditions
    words = {f"text.{card.uid}": "My own words", "gold": card.uid, "active": judging.row("basket").key}
    taking_up.leave(cy, question)
    taking_up.open_question(mo, question)
    answer = as_cy.post(url, form(judging, "autosave", **words))
    assert (answer.status_code, answer.context["kept_text"]) == (409, "My own words")
    assert "You do not have that question in hand" in answer.text
    assert as_cy.post(url, form(judging, "autosave")).url == QUEUE


def test_an_s_can_be_typed_where_numbers_are_and_the_field_says_so(as_cy, judging, submitted, url):
    judging.do(adjudicating.adopt, "basket", submitted[0].pk)
    page = as_cy.get(url).text
    assert "such as 3 or S471</label>" in page
    assert "inputmode" not in page


# The queue


def test_the_queue_counts_each_question_once_and_says_why_it_is_empty(as_cy, ann, bo, batch, hand_in):
    assert "No questions yet" in as_cy.get(QUEUE).text
    ready, begun = make_question(batch, "ready"), make_question(batch, "begun")
    hand_in(ann, begun, *ANN)
    assert "2 questions still wait for their annotations" in as_cy.get(QUEUE).text
    hand_in(ann, ready, *ANN)
    hand_in(bo, ready, *BO)
    page = as_cy.get(QUEUE)
    assert {name: count for name, _label, count in page.context["tabs"] if count} == {"ready": 1, "waiting": 1}
    assert list(page.context["questions"]) == [ready]


def test_what_another_adjudicator_has_is_shown_as_theirs(as_mo, judging, question):
    page = as_mo.get(f"{QUEUE}?state=others")
    assert "Cy has it until" in page.text
    assert as_mo.get(QUEUE).context["counts"]["ready"] == 0


def test_what_the_adjudicator_annotated_is_left_to_somebody_else(as_cy, cy, bo, question, hand_in):
    hand_in(cy, question, *ANN)
    hand_in(bo, question, *BO)
    assert "you annotated yourself" in as_cy.get(QUEUE).text
    assert as_cy.post(f"{QUEUE}{question.pk}/open/").url == QUEUE


def test_filters_by_batch_and_state(as_cy, submitted, batch):
    assert list(as_cy.get(f"{QUEUE}?batch={batch.pk}").context["questions"]) == [submitted[0].question]
    assert list(as_cy.get(f"{QUEUE}?batch=999999").context["questions"]) == []
    assert list(as_cy.get(f"{QUEUE}?state=gold").context["questions"]) == []


def test_the_queue_shows_agreement_on_what_was_opened(as_cy, submitted, url, question):
    figure = f"{Question.objects.get(pk=question.pk).accord:.2f}"
    page = as_cy.get(QUEUE).text
    assert ("once opened</small>" in page, figure in page) == (True, False)
    as_cy.post(f"{url}open/")
    assert figure in as_cy.get(f"{QUEUE}?state=mine").text


def test_the_queue_of_many_needs_few_queries(as_cy, batch, django_assert_max_num_queries):
    for number in range(30):
        make_question(batch, f"q{number}")
    with django_assert_max_num_queries(16):
        as_cy.get(QUEUE)


# Blindness


def test_an_adjudicator_sees_nothing_before_opening_and_can_no_longer_claim_afterwards(as_cy, cy, submitted, url):
    assert MEN.text not in as_cy.get(QUEUE).text
    assert as_cy.get(url).url == QUEUE
    assert as_cy.post(f"{url}open/").url == url
    assert MEN.text in as_cy.get(url).text
    question = submitted[0].question
    Question.objects.filter(pk=question.pk).update(overlap=3)
    with pytest.raises(Looked):
        claiming.take(cy, question)


def test_nobody_adjudicates_before_agreeing_to_what_the_project_asks(as_cy, cy, mo, submitted, url):
    consent = publish_consent(cy.project, "We publish your work.", mo)
    for take_up in (lambda: taking_up.open_question(cy, submitted[0].question), lambda: taking_up.open_next(cy)):
        with pytest.raises(ConsentOwed):
            take_up()
    for button in (f"{QUEUE}next/", f"{url}open/"):
        assert as_cy.post(button).url.startswith("/p/clocks/consent/?")
    assert not Look.objects.filter(member=cy).exists()
    agree(cy, consent)
    assert as_cy.post(f"{QUEUE}next/").url == url


def test_gold_is_opened_without_agreeing_to_anything_new(as_cy, judging, cy, url, mo, project):
    for uid in ("men", "women"):
        judging.do(adjudicating.accept, uid)
    judging.do(adjudicating.reject, "basket", "not asked for")
    adjudicating.finish(judging.desk, judging.save)
    publish_consent(project, "one", mo)
    assert as_cy.post(f"{url}open/").url == url


def test_names_are_hidden_from_adjudicators_and_shown_to_managers_who_ask(as_cy, as_mo, judging, url, cy, mo, question):
    page = as_cy.get(f"{url}?names=1").text
    assert "Annotator 1" in page
    assert "Ann<" not in page
    taking_up.leave(cy, question)
    taking_up.open_question(mo, question)
    assert "Annotator 1" in as_mo.get(url).text
    assert {"Ann", "Bo"} <= {column.name for column in as_mo.get(f"{url}?names=1").context["screen"].columns}


def test_names_stay_shown_as_rows_are_opened_and_decided(as_mo, judging, url, cy, mo, question):
    taking_up.leave(cy, question)
    taking_up.open_question(mo, question)
    page = as_mo.get(f"{url}?names=1")
    assert f'action="{url}?names=1"' in page.text
    rows = re.findall(r'href="(\?row=[^"]*)"', page.text)
    assert len(rows) == 3
    assert all("&amp;names=1#" in row for row in rows)
    made = page.context["made"]
    assert "names=1" in as_mo.post(f"{url}?names=1", {"do": "save", "made": made}).url
    assert "names" not in as_mo.post(url, {"do": "save", "made": made}).url


def test_it_is_closed_to_annotators_strangers_and_viewers(as_ann, as_vi, as_dee, judging, url):
    for client in (as_ann, as_vi, as_dee):
        assert client.get(url).status_code == client.post(url).status_code == client.get(QUEUE).status_code == 404


# The screen


def test_without_script_a_row_is_adopted_rewritten_accepted_and_all_finished(as_cy, judging, submitted, url):
    key = judging.row("basket").key
    answer = as_cy.post(url, form(judging, f"adopt:{key}:{submitted[0].pk}:all", active=key))
    assert answer.status_code == 302
    card = judging.gold.conditions[0]
    words = {f"text.{card.uid}": "Basketball, men", f"answers.{card.uid}": [one.uid for one in card.answers]}
    words |= {f"answer.{one.uid}": one.text for one in card.answers} | {"gold": card.uid, "active": key}
    as_cy.post(url, form(judging, f"accept:{key}", **words))
    assert judging.gold.conditions[0].text == "Basketball, men"
    assert judging.row("basket").state == "accepted"
    keys = [row.key for row in judging.desk.rows if row.state == "agreed"]
    as_cy.post(url, form(judging, "accept_agreed", agreed=keys))
    assert as_cy.post(url, form(judging, "finish")).url == QUEUE
    assert Annotation.objects.gold().filter(question=judging.question).exists()


def test_a_row_says_how_alike_it_is_and_why_people_disagree(as_cy, judging, submitted, url):
    page = as_cy.get(url).text
    assert re.search(r"<b>[01]\.\d\d</b> of 0.40 needed", page)
    assert "Condition, answers and verdict agree" not in page
    assert "no two of them are less alike than 0.40" in page
    Annotation.objects.filter(pk=submitted[0].pk).update(verdict="unambiguous", revisions_made=9)
    assert "Disagree · verdict" in as_cy.get(url).text


def test_a_script_gets_the_part_alone(as_cy, judging, submitted, url):
    key = judging.row("men").key
    posted = form(judging, f"adopt:{key}:{submitted[0].pk}:all", active=key)
    page = as_cy.post(url, posted, headers={"HX-Request": "true"})
    assert (page.status_code, "<html" in page.text, 'id="judge"' in page.text) == (200, False, True)


def test_an_autosave_never_answers_with_a_text(as_cy, judging, submitted, url):
    judging.do(adjudicating.adopt, "men", submitted[0].pk)
    card, key = judging.gold.conditions[0], judging.row("men").key
    posted = form(judging, "autosave", active=key, gold=card.uid) | {f"text.{card.uid}": "Other words"}
    page = as_cy.post(url, posted, headers={"HX-Request": "true"})
    assert 'id="made"' in page.text
    assert "<textarea" not in page.text
    assert ", edited" in page.text
    assert judging.gold.conditions[0].text == "Other words"


def test_what_cannot_be_done_is_422_with_the_reason(as_cy, judging, url):
    key = judging.row("basket").key
    page = as_cy.post(url, form(judging, f"reject:{key}", active=key, why=" "))
    assert (page.status_code, "Say why none of these is right." in page.text) == (422, True)
    page = as_cy.post(url, form(judging, f"confirm:{key}", active=key))
    assert (page.status_code, "The row is not decided yet: accept it" in page.text) == (422, True)
    page = as_cy.post(url, form(judging, "finish"))
    assert (page.status_code, "Not decided yet: rows 1, 2 and 3." in page.text) == (422, True)
    assert page.text.count("Go to row") == 3


def test_an_older_screen_is_409_and_shows_the_text_that_was_not_saved(as_cy, judging, submitted, url):
    judging.do(adjudicating.adopt, "men", submitted[0].pk)
    card, key = judging.gold.conditions[0], judging.row("men").key
    words = {f"text.{card.uid}": "My own words", "gold": card.uid, "active": key}
    page = as_cy.post(url, form(judging, "autosave", **words) | {"made": 0})
    assert (page.status_code, "My own words" in page.text) == (409, True)
    assert MEN.text in page.text


def test_gold_is_not_made_of_other_work_than_the_page_showed(as_cy, judging, submitted, url, ann, cy):
    for uid in ("men", "women", "basket"):
        judging.do(adjudicating.accept, uid)
    shown = form(judging, "finish")
    say_anew(submitted[0], ann, cy, replace(MEN, text="The men, in football"))
    page = as_cy.post(url, shown)
    assert (page.status_code, "somebody’s new submission" in page.text) == (409, True)
    page = as_cy.post(url, form(judging, "finish"))
    assert (page.status_code, "Changed since the decision: row" in page.text) == (422, True)
    changed = [row.key for row in judging.desk.rows if row.changed]
    assert [shown.key for shown in page.context["at_fault"]] == changed
    for key in changed:
        as_cy.post(url, form(judging, f"confirm:{key}"))
    assert as_cy.post(url, form(judging, "finish")).url == QUEUE


@pytest.mark.parametrize("do", ["adopt:x:y:z", "adopt", "merge:a:b", "join:a", "nonsense", "split:a"])
def test_a_button_that_nobody_drew_changes_nothing(as_cy, judging, url, do):
    assert as_cy.post(url, form(judging, do)).status_code in (302, 409)
    assert judging.desk.gold.revisions_made == 0


def test_undo_goes_back_step_by_step(as_cy, judging, submitted, url):
    for uid in ("men", "women"):
        judging.do(adjudicating.adopt, uid, submitted[0].pk)
    for left in (1, 0):
        as_cy.post(url, form(judging, "undo"))
        assert len(judging.gold.conditions) == left
    page = as_cy.post(url, form(judging, "undo"))
    assert (page.status_code, "Nothing of yours is left to undo." in page.text) == (422, True)


def test_skipping_gives_the_question_out_of_hand(as_cy, judging, url, question):
    assert as_cy.post(f"{url}leave/").url == QUEUE
    assert Question.objects.get(pk=question.pk).adjudicator is None


def test_the_screen_of_five_people_needs_as_few_queries_as_that_of_two(
    as_cy, judging, url, django_assert_max_num_queries
):
    with django_assert_max_num_queries(26):
        as_cy.get(url)


def test_a_finished_question_is_opened_and_reopened(as_cy, judging, url):
    for uid in ("men", "women", "basket"):
        judging.do(adjudicating.accept, uid)
    adjudicating.finish(judging.desk, judging.save)
    as_cy.post(f"{url}open/")
    assert "This is gold since" in as_cy.get(url).text
    as_cy.post(url, form(judging, "reopen"))
    assert Annotation.objects.get(question=judging.question, source="gold").submitted is None


# Yours beside gold


def test_an_annotator_sees_theirs_beside_gold_with_why_one_was_left_out(as_ann, as_bo, as_dee, judging, question):
    page = f"/p/clocks/q/{question.pk}/gold/"
    assert as_ann.get(page).status_code == 404
    judging.do(adjudicating.reject, "basket", "Not called a World Cup.")
    for uid in ("men", "women"):
        judging.do(adjudicating.accept, uid)
    adjudicating.finish(judging.desk, judging.save)
    shown = as_ann.get(page)
    assert [(pair.own.uid, pair.gold is not None) for pair in shown.context["pairs"]] == [
        *(("men", True), ("women", True), ("basket", False)),
    ]
    assert "Not called a World Cup." in shown.text
    assert BASKET.text not in as_bo.get(page).text
    assert "See yours beside gold" in as_ann.get(f"/p/clocks/q/{question.pk}/").text
    assert as_dee.get(page).status_code == 404


def test_making_gold_of_the_only_work_comes_too_late_where_there_is_another(as_cy, judging, url):
    assert as_cy.post(url, form(judging, "promote")).status_code == 409


def test_a_question_that_the_adjudicator_was_assigned_is_passed_over(as_cy, cy, project, submitted):
    Project.objects.filter(pk=project.pk).update(annotators_may_adjudicate=True)
    Question.objects.filter(pk=submitted[0].question_id).update(overlap=None)
    assert assign(cy, Question.objects.get(pk=submitted[0].question_id)) == "assigned"
    assert as_cy.post(f"{QUEUE}next/").url == QUEUE
