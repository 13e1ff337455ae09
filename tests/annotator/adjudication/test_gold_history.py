"""The history of gold: every step of an adjudication in words, going back to one, and whose the parts of gold are."""

import pytest
from django.urls import reverse

from annotator import record, rows
from annotator.actions import adjudicating, looking, taking_up
from annotator.actions.history import NotOpen
from annotator.actions.returning import return_to_author
from annotator.decisions import Union, What
from annotator.models import Annotation, Question, System
from tests.annotator.adjudication.test_adjudicating import decide_all
from tests.browser.workbench import condition

pytestmark = pytest.mark.alike

URL = "/p/clocks/adjudicate/{}/history/"


@pytest.fixture
def url(question) -> str:
    return URL.format(question.pk)


def told(client, url: str) -> list[str]:
    """Return the words of each step, oldest first."""
    return [change.words for change in reversed(client.get(url).context["changes"])]


def number_of(judging, annotation) -> str:
    people = [work.annotation for work in judging.desk.people]
    return f"Annotator {people.index(annotation.pk) + 1}"


def test_every_step_says_what_was_decided_of_which_row(as_cy, judging, submitted, url):
    ann, bo = (number_of(judging, work) for work in submitted)
    judging.do(adjudicating.adopt, "men", submitted[0].pk)
    judging.do(adjudicating.adopt, "men", submitted[1].pk, What.TEXT)
    judging.do(adjudicating.merge, "men", Union.ALL)
    judging.do(adjudicating.accept, "men")
    judging.do(adjudicating.reopen_row, "men")
    judging.do(adjudicating.reject, "basket", "It is not called a World Cup.")
    judging.do(adjudicating.reopen_row, "basket")
    men, both = "“The men’s team, in association football", ", ".join(sorted((ann, bo)))
    words = told(as_cy, url)
    assert words[0] == f"{men}”: text, answers, citations of {ann}"
    assert words[1] == f"“The men’s team in association football,…”: text of {bo}"
    assert words[2].endswith((f"citations of {ann}, citations of {bo}", f"citations of {bo}, citations of {ann}"))
    assert [one.rpartition("”: ")[2] for one in words[3:]] == [
        *("accepted", "reopened", "none of these: It is not called a World Cup.", "reopened"),
    ]
    judging.do(adjudicating.split, "women", (submitted[1].pk, "women-2"))
    judging.do(adjudicating.join, "women", judging.row("women-2").key)
    adjudicating.say(judging.desk, judging.save, record.Verdict.UNANSWERABLE, "", "look again")
    assert [one.rpartition("”: ")[2] for one in told(as_cy, url)[7:]] == [
        *(f"split: {both}", f"joined: {both}", "verdict set to Unanswerable; note"),
    ]


def test_what_the_adjudicator_wrote_is_said_as_for_an_annotation(as_cy, judging, submitted, url):
    judging.do(adjudicating.adopt, "basket", submitted[0].pk)
    judging.do(adjudicating.rewrite, "basket", lambda card: record.Condition(card.uid, "Basketball", card.answers))
    adjudicating.write_new(judging.desk, judging.save)
    assert told(as_cy, url)[1:] == ["“Basketball”: text, citation 3 (both) removed", "“–”: added"]


def test_accepting_all_agreed_names_every_row_and_finishing_is_a_step(as_cy, judging, url):
    keys = [row.key for row in judging.desk.rows if row.state == "agreed"]
    adjudicating.accept_agreed(judging.desk, judging.save, keys)
    judging.do(adjudicating.accept, "basket")
    adjudicating.finish(judging.desk, judging.save)
    judging.open()
    adjudicating.reopen(judging.desk, judging.save)
    words = told(as_cy, url)
    assert words[0].count("accepted") == 2
    assert words[2:] == ["finished: this is gold", "taken up again"]


@pytest.mark.database
def test_going_back_lets_what_stood_then_stand_again_as_a_new_step(as_cy, judging, submitted, url, question):
    judging.do(adjudicating.adopt, "basket", submitted[0].pk)
    stood = judging.desk.said
    judging.do(adjudicating.accept, "basket")
    judging.do(adjudicating.split, "women", (submitted[1].pk, "women-2"))
    assert as_cy.post(f"{url}1/", {"step": 2}).url == url
    assert as_cy.post(f"{url}1/", {"step": 3}).url == reverse("adjudicate", args=["clocks", question.pk])
    now = judging.desk.said
    assert (now.record, set(now.decisions)) == (stood.record, set(stood.decisions))
    assert told(as_cy, url)[3] == "an earlier step restored"
    adjudicating.undo(judging.desk, judging.save)
    assert judging.rows() == [["basket"], ["men", "men-2"], ["women"], ["women-2"]]


def test_an_older_step_shows_what_stood_and_whose_it_was(as_cy, judging, submitted, url):
    judging.do(adjudicating.adopt, "basket", submitted[0].pk)
    judging.do(adjudicating.reject, "men", "too narrow")
    judging.do(adjudicating.rewrite, "basket", lambda card: record.Condition(card.uid, "Basketball", card.answers))
    ann = number_of(judging, submitted[0])
    then = as_cy.get(f"{url}?at=1").context
    assert [one.origins for one in then["conditions"]] == [
        [f"condition: {ann}", f"answers: {ann}", f"citations: {ann}"]
    ]
    assert then["left_out"] == []
    now = as_cy.get(url)
    assert now.context["conditions"][0].origins == [f"condition: {ann}, edited", f"answers: {ann}"]
    assert "too narrow" in now.text


def test_finished_gold_is_reopened_first(as_cy, judging, url):
    decide_all(judging)
    adjudicating.finish(judging.desk, judging.save)
    judging.open()
    with pytest.raises(NotOpen):
        adjudicating.restore(judging.desk, judging.save, 1)
    page = as_cy.post(f"{url}1/", {"step": judging.save.version}, follow=True)
    assert "Finished gold must be reopened first." in page.text
    assert "Go back to step" not in as_cy.get(f"{url}?at=1").text


def test_going_back_to_what_stands_is_no_step(judging, submitted):
    judging.do(adjudicating.adopt, "basket", submitted[0].pk)
    assert adjudicating.restore(judging.desk, judging.save, 1) == 1
    assert judging.desk.gold.revisions_made == 1


def test_the_question_shows_whose_gold_is_by_name_and_that_a_draft_gave_some(
    as_mo, mo, judging, submitted, question, draft
):
    judging.do(adjudicating.accept, "basket")
    judging.do(adjudicating.adopt, "basket", draft.pk, What.TEXT)
    for uid in ("basket", "men", "women"):
        judging.do(adjudicating.accept, uid)
    adjudicating.finish(judging.desk, judging.save)
    looking.look(mo, question)
    page = as_mo.get(f"/p/clocks/questions/{question.pk}/").text
    assert "condition: run 1" in page
    assert "answers: Ann" in page
    assert "citations: Ann + Bo" in page


@pytest.fixture
def draft(question, project):
    system = System.objects.create(project=project, name="run 1")
    made = {"source": "draft", "system": system, "created": question.created, "saved": question.created}
    row = Annotation.objects.create(question=question, **made)
    card = condition("machine", "The men’s team, in basketball (FIBA)", "2006", "2019", cites=(3,))
    rows.create_conditions([(row, record.Annotation(conditions=(card,)), rows.lines_of(question))])
    return row


def test_what_was_taken_from_work_that_is_back_with_its_author_is_nobodys_draft(as_cy, judging, cy, submitted, url):
    judging.do(adjudicating.accept, "basket")
    return_to_author(submitted[0], cy, "Which cup?")
    came = [f"{part}: work that is back with its author" for part in ("condition", "answers", "citations")]
    page = as_cy.get(url)
    assert page.context["conditions"][0].origins == came
    assert "text, answers, citations of work that is back" in page.context["changes"][0].words
    rows = as_cy.get(url.removesuffix("history/")).context["screen"].rows
    assert [row.origins for row in rows if row.row.gold] == [came]


def test_the_queries_do_not_grow_with_the_steps(as_cy, judging, submitted, url, django_assert_max_num_queries):
    for _time in range(10):
        judging.do(adjudicating.adopt, "basket", submitted[0].pk)
        judging.do(adjudicating.reject, "basket", "no")
        judging.do(adjudicating.reopen_row, "basket")
    as_cy.get(url)
    with django_assert_max_num_queries(30):
        as_cy.get(url)


def test_who_has_it_in_hand_who_may_look_and_who_may_not(
    as_cy, as_mo, as_ann, as_vi, as_dee, judging, submitted, mo, url, question
):
    judging.do(adjudicating.adopt, "basket", submitted[0].pk)
    judging.do(adjudicating.accept, "basket")
    assert [who.get(url).status_code for who in (as_cy, as_mo, as_ann, as_vi, as_dee)] == [200, 404, 404, 404, 404]
    looking.look(mo, question)
    page = as_mo.get(f"{url}?at=1").text
    assert "Go back to step" not in page
    assert "citations: Annotator " in page
    assert [who.post(f"{url}1/").status_code for who in (as_mo, as_ann, as_dee)] == [404, 404, 404]
    taking_up.leave(judging.by, Question.objects.get(pk=question.pk))
    assert as_cy.post(f"{url}1/").status_code == 404
