"""An extra condition that is valid and missing from gold: proposed, taken up, declined."""

import pytest
from django.utils import timezone

from annotator.actions import looking
from annotator.models import Question
from scoring.models import Proposal

LIST = "/p/clocks/proposals/"
ONE = "/p/clocks/evaluations/1/question/1/"


@pytest.fixture
def extra(evaluate, cy, systems):
    """A condition that “poor” alone has, on a question that Cy made gold of."""
    evaluation = evaluate()
    score = evaluation.questions.get(place=1).scores.get(system=systems[1])
    looking.look(cy, score.question.question)
    return score


@pytest.fixture
def propose(extra, as_cy):
    def propose(note="it is true"):
        uid = extra.revision.record["conditions"][0]["uid"]
        return as_cy.post(f"{ONE}propose/?system={extra.system_id}", {"condition": uid, "note": note})

    return propose


@pytest.fixture
def proposal(propose) -> Proposal:
    propose()
    return Proposal.objects.get()


def test_a_reviewer_proposes_it_with_a_note(propose, as_cy, cy):
    answer = propose()
    assert answer["Location"].startswith(ONE)
    proposal = Proposal.objects.get()
    assert (proposal.text, proposal.note, proposal.by, proposal.state) == ("a cup of soup", "it is true", cy, "open")
    assert "Proposed for gold" in as_cy.get(answer["Location"]).text


def test_proposed_twice_it_stays_as_it_was(propose, proposal):
    propose("again")
    assert Proposal.objects.get().note == "it is true"


def test_proposed_again_what_became_of_it_is_said(propose, as_cy, proposal):
    assert "waits for who adjudicates" in as_cy.get(propose()["Location"]).text
    Proposal.objects.filter(pk=proposal.pk).update(state="taken", decided=timezone.now())
    assert "has been taken up" in as_cy.get(propose()["Location"]).text
    Proposal.objects.filter(pk=proposal.pk).update(state="declined", reason="soup is no cup")
    text = as_cy.get(propose()["Location"]).text
    assert "It was proposed before, and declined: soup is no cup" in text
    assert "waits for who adjudicates" not in text


def test_what_the_system_does_not_say_cannot_be_proposed(extra, as_cy):
    as_cy.post(f"{ONE}propose/?system={extra.system_id}", {"condition": "none"})
    assert not Proposal.objects.exists()


def test_nobody_proposes_what_they_have_not_looked_at(extra, as_mo):
    uid = extra.revision.record["conditions"][0]["uid"]
    assert as_mo.post(f"{ONE}propose/?system={extra.system_id}", {"condition": uid}).status_code == 404


def test_it_stands_on_the_page_and_its_number_on_others(as_cy, proposal):
    assert "a cup of soup" in as_cy.get(LIST).text
    assert "1 proposed erratum" in as_cy.get(LIST, headers={"HX-Request": "true"}).text
    for page in ("/p/clocks/adjudicate/", "/p/clocks/releases/"):
        assert f'hx-get="{LIST}"' in as_cy.get(page).text


def test_what_is_proposed_is_hidden_from_who_has_not_looked(as_mo, proposal):
    text = as_mo.get(LIST).text
    assert "stays hidden until you ask for it" in text
    assert "a cup of soup" not in text
    assert "it is true" not in text


def test_taking_it_up_leads_to_the_questions_adjudication(as_cy, proposal, cy):
    answer = as_cy.post(f"{LIST}{proposal.pk}/take/")
    assert answer["Location"] == f"/p/clocks/adjudicate/{proposal.question_id}/"
    proposal.refresh_from_db()
    assert (proposal.state, proposal.decided_by) == ("taken", cy)
    assert Question.objects.get(pk=proposal.question_id).adjudicator == cy


def panel(client, question):
    return client.get(f"{LIST}?question={question}", headers={"HX-Request": "true"}).text


def test_the_adjudication_shows_what_is_proposed_for_as_long_as_it_waits_or_is_taken_up(as_cy, proposal, cy):
    as_cy.post(f"{LIST}{proposal.pk}/take/")
    page = as_cy.get(f"/p/clocks/adjudicate/{proposal.question_id}/").text
    assert f'hx-get="{LIST}?question={proposal.question_id}"' in page
    text = panel(as_cy, proposal.question_id)
    assert "Proposed for gold, and taken up:" in text
    for said in ("a cup of soup", "hot", "it is true", "said by poor", cy.pseudonym, 'href="#fragment-4"'):
        assert said in text
    assert f'href="{ONE}?system={proposal.revision.annotation.system_id}"' in text


def test_what_was_declined_no_longer_stands_there(as_cy, proposal):
    as_cy.post(f"{LIST}{proposal.pk}/decline/", {"reason": "no"})
    assert "a cup of soup" not in panel(as_cy, proposal.question_id)


def test_the_panel_shows_nothing_to_who_has_not_looked_or_of_another_project(as_mo, as_cy, as_dee, proposal):
    assert panel(as_mo, proposal.question_id).strip() == '<div class="proposed" id="proposed"></div>'
    other = Question.objects.exclude(batch__project=proposal.question.batch.project).first()
    assert "details" not in panel(as_cy, other.pk)
    assert as_dee.get(f"{LIST}?question={proposal.question_id}").status_code == 404


def test_where_another_has_the_question_it_stays_open(as_mo, as_cy, proposal, cy):
    from annotator.actions.taking_up import open_question

    open_question(cy, proposal.question)
    assert as_mo.post(f"{LIST}{proposal.pk}/take/")["Location"] == LIST
    proposal.refresh_from_db()
    assert proposal.state == "open"


def test_it_is_declined_with_a_reason_alone(as_cy, proposal):
    as_cy.post(f"{LIST}{proposal.pk}/decline/", {"reason": " "})
    assert Proposal.objects.get().state == "open"
    as_cy.post(f"{LIST}{proposal.pk}/decline/", {"reason": "soup is no cup"})
    assert (Proposal.objects.get().state, Proposal.objects.get().reason) == ("declined", "soup is no cup")
    assert "soup is no cup" in as_cy.get(LIST, {"state": "declined"}).text


def test_what_is_decided_is_not_decided_again(as_cy, proposal):
    as_cy.post(f"{LIST}{proposal.pk}/decline/", {"reason": "no"})
    as_cy.post(f"{LIST}{proposal.pk}/take/")
    assert Proposal.objects.get().state == "declined"
    assert Question.objects.get(pk=proposal.question_id).adjudicator is None


def test_the_list_asks_as_much_of_many_as_of_one(as_cy, proposal, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        assert as_cy.get(LIST).status_code == 200


def test_adjudicators_decide_viewers_look_and_strangers_see_nothing(as_vi, as_ann, as_dee, proposal):
    clients = (as_vi, as_ann, as_dee)
    assert [client.get(LIST).status_code for client in clients] == [200, 404, 404]
    assert [client.post(f"{LIST}{proposal.pk}/take/").status_code for client in clients] == [404, 404, 404]
