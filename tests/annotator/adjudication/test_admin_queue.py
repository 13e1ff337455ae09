"""The queue of adjudication in the administration: membership decides what is seen, and acting is adjudicating."""

import json
from collections.abc import Iterable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from annotator.actions import adjudicating, claiming, submitting, taking_up
from annotator.actions.returning import return_to_author
from annotator.actions.saving import Save
from annotator.desk import desk_of
from annotator.models import Annotation, Assignment, Condition, Look, Member, Note, Question, User
from annotator.record import Verdict
from tests.annotator.adjudication.conftest import BO, WOMEN, WOMEN_TOO
from tests.conftest import make_question

QUEUE = reverse("admin:annotator_questiontoadjudicate_changelist")
ALONE = {"verdict": Verdict.UNAMBIGUOUS}


def staff(client: Client, member) -> Client:
    User.objects.filter(pk=member.user_id).update(is_staff=True)
    return client


@pytest.fixture
def cy_in(as_cy, cy) -> Client:
    return staff(as_cy, cy)


@pytest.fixture
def mo_in(as_mo, mo) -> Client:
    return staff(as_mo, mo)


@pytest.fixture
def agreed(batch, ann, bo, hand_in):
    """A question on which Ann and Bo agree."""
    question = make_question(batch, "agreed", "When did Spain’s women win?")
    hand_in(ann, question, WOMEN, **ALONE)
    hand_in(bo, question, WOMEN_TOO, **ALONE)
    return question


def act(client: Client, action: str, *questions: Question, state: str = "ready", **more: str):
    form = {"action": action, "_selected_action": [question.pk for question in questions], **more}
    return client.post(f"{QUEUE}?state={state}", form, follow=True)


def said(answer) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


def listed(client: Client, **asked: str) -> list[Question]:
    return list(client.get(QUEUE, asked).context["cl"].result_list)


def test_the_queue_shows_what_is_ready_in_ones_own_projects(cy_in, submitted, question, batch):
    make_question(batch, "waits")
    assert listed(cy_in) == [question]
    assert [row.external_id for row in listed(cy_in, state="waiting")] == ["waits"]
    assert listed(cy_in, q="nothing") == listed(cy_in, batch="0") == []


def test_the_states_are_counted_on_request(cy_in, submitted):
    assert "Ready (1)" in cy_in.get(QUEUE, {"_facets": "True"}).text


def test_who_runs_the_site_and_adjudicates_nowhere_sees_no_question(as_dee, dee, submitted):
    User.objects.filter(pk=dee.pk).update(is_staff=True, is_superuser=True)
    assert listed(as_dee) == []


@pytest.mark.parametrize("name", ["ann", "vi"])
def test_staff_who_do_not_adjudicate_do_not_get_in(name, request, submitted):
    client = staff(request.getfixturevalue(f"as_{name}"), request.getfixturevalue(name))
    assert client.get(QUEUE).status_code == 403


def test_adjudicators_who_are_not_staff_do_not_get_in(as_cy, submitted):
    assert as_cy.get(QUEUE).status_code == 302


def test_agreement_is_shown_to_who_has_looked(cy_in, cy, submitted, question):
    row: Any = listed(cy_in)[0]
    assert not row.seen
    page = cy_in.get(QUEUE).text
    assert "shown once you open it" in page
    assert f"{row.accord:.2f}" not in page
    taking_up.open_question(cy, question)
    row = listed(cy_in, state="mine")[0]
    assert f"{row.accord:.2f}" in cy_in.get(QUEUE, {"state": "mine"}).text


def test_what_all_agree_on_becomes_gold_by_the_one_who_adopts_it(cy_in, cy, agreed):
    assert said(act(cy_in, "adopt", agreed)) == ["Gold: 1."]
    gold = Annotation.objects.gold().get(question=agreed)
    assert (gold.author, gold.verdict, gold.conditions.count()) == (cy, "unambiguous", 1)
    assert gold.decisions.get().parts.count() == 2
    assert Look.objects.filter(member=cy, question=agreed).exists()


def test_where_people_differ_nothing_is_adopted_and_the_question_stays_free(cy_in, submitted, question, agreed):
    answer = act(cy_in, "adopt", question, agreed)
    assert said(answer) == ["Gold: 1.", "Left as they are: 1 (people differ, or only one annotated it)."]
    question.refresh_from_db()
    assert question.adjudicator is None
    assert not Annotation.objects.gold().filter(question=question).exists()


def stage_of(question: Question) -> str:
    return Question.objects.staged().get(pk=question.pk).stage


def test_what_is_left_as_it_is_stays_done_and_its_authors_may_still_reopen(cy_in, submitted, question):
    act(cy_in, "adopt", question)
    assert not Annotation.objects.filter(source="gold", question=question).exists()
    assert (stage_of(question), submitting.may_reopen(submitted[0])) == ("done", True)


def say_again(works: Iterable[Annotation], by: Member, verdict: Verdict, reason: str = "") -> None:
    """Let work be returned and handed in again with another verdict, and without conditions."""
    for work in works:
        return_to_author(work, by, "Look again.")
        Annotation.objects.filter(pk=work.pk).update(verdict=verdict, reason=reason, saved=timezone.now())
        Condition.objects.filter(annotation=work).update(removed=True)
        again = Annotation.objects.select_related("question__batch__project", "assignment").get(pk=work.pk)
        submitting.submit(again, again.author)


def test_the_verdict_adopted_is_the_one_that_people_give_now(cy_in, cy, ann, bo, question, hand_in):
    works = [hand_in(member, question, verdict=Verdict.UNANSWERABLE) for member in (ann, bo)]
    taking_up.open_question(cy, question)
    say_again(works, cy, Verdict.CANNOT_ANNOTATE, "Its list is in Finnish.")
    assert said(act(cy_in, "adopt", question, state="mine")) == ["Gold: 1."]
    gold = Annotation.objects.gold().get(question=question)
    assert (gold.verdict, gold.reason) == ("cannot_annotate", "Its list is in Finnish.")


def test_who_differed_first_and_agree_now_are_adopted(cy_in, cy, ann, bo, question, hand_in):
    works = hand_in(ann, question, WOMEN, **ALONE), hand_in(bo, question, verdict=Verdict.UNANSWERABLE)
    taking_up.open_question(cy, question)
    say_again(works[:1], cy, Verdict.UNANSWERABLE)
    assert said(act(cy_in, "adopt", question, state="mine")) == ["Gold: 1."]
    assert Annotation.objects.gold().get(question=question).verdict == "unanswerable"


def test_another_verdict_that_an_adjudicator_chose_is_left_to_them(cy_in, cy, agreed):
    taking_up.open_question(cy, agreed)
    desk = desk_of(agreed)
    adjudicating.say(desk, Save(cy, None, 0), Verdict.UNANSWERABLE, "", "")
    assert "people differ" in said(act(cy_in, "adopt", agreed, state="mine"))[0]
    assert not Annotation.objects.gold().filter(question=agreed).exists()


def test_what_one_person_wrote_is_not_agreed_on(cy_in, batch, ann, hand_in):
    question = make_question(batch, "single", overlap=1)
    hand_in(ann, question, WOMEN, **ALONE)
    assert "people differ, or only one" in said(act(cy_in, "adopt", question))[0]


def test_what_one_person_wrote_is_made_gold_as_it_is(cy_in, cy, agreed, batch, ann, hand_in):
    singles = [make_question(batch, name, overlap=1) for name in ("first", "second")]
    for question in singles:
        hand_in(ann, question, WOMEN, **ALONE)
    answer = act(cy_in, "promote", *singles, agreed)
    assert said(answer) == ["Gold: 2.", "Left as they are: 1 (several people annotated it)."]
    assert list(Annotation.objects.gold().values_list("author", flat=True)) == [cy.pk, cy.pk]
    agreed.refresh_from_db()
    assert agreed.adjudicator is None


def test_what_another_has_in_hand_is_left_to_them(cy_in, mo, agreed):
    taking_up.open_question(mo, agreed)
    answer = act(cy_in, "adopt", agreed, state="others")
    assert said(answer) == ["Left as they are: 1 (in another adjudicator’s hands)."]


def test_what_one_had_in_hand_stays_there(cy_in, cy, submitted, question):
    taking_up.open_question(cy, question)
    act(cy_in, "adopt", question, state="mine")
    question.refresh_from_db()
    assert question.adjudicator == cy


def test_work_is_returned_to_each_author_with_the_comment(cy_in, submitted, question):
    assert said(act(cy_in, "give_back", question, comment="Which year?")) == ["Returned: 1."]
    assert set(Assignment.objects.filter(question=question).values_list("state", "reason")) == {
        ("returned", "Which year?")
    }
    assert Note.objects.filter(text="Which year?", author__user__username="cy").count() == 2
    question.refresh_from_db()
    assert question.adjudicator is None


def test_nothing_is_returned_without_a_comment(cy_in, submitted, question):
    assert "write a comment" in said(act(cy_in, "give_back", question, comment=" "))[0]
    assert Annotation.objects.submitted().filter(question=question).count() == 2


def test_questions_are_marked_for_discussion_and_unmarked(cy_in, as_cy, submitted, question):
    assert said(act(cy_in, "mark", question)) == ["Marked for discussion: 1."]
    assert listed(cy_in, to_discuss__exact="1") == [question]
    assert "To discuss" in as_cy.get("/p/clocks/adjudicate/").text
    assert said(act(cy_in, "unmark", question)) == ["No longer marked: 1."]
    assert listed(cy_in, to_discuss__exact="1") == []
    assert not Look.objects.filter(question=question).exists()


def test_the_selected_are_exported_alone_and_that_is_a_look(mo_in, mo, submitted, question, agreed):
    answer = act(mo_in, "export_submitted", agreed)
    assert {record["id"] for record in json.loads(b"".join(answer.streaming_content))} == {"agreed"}
    assert list(Look.objects.filter(member=mo).values_list("question", flat=True)) == [agreed.pk]


def test_who_does_not_manage_exports_nothing(cy_in, agreed):
    assert "Export the gold" not in cy_in.get(QUEUE).text
    act(cy_in, "export_gold", agreed)
    assert not Look.objects.exists()


def test_what_one_has_open_oneself_is_not_exported(mo_in, mo, agreed):
    Question.objects.filter(pk=agreed.pk).update(overlap=3)
    claiming.take(mo, agreed)
    assert "your own open work" in said(act(mo_in, "export_submitted", agreed, state="waiting"))[0]
    assert not Look.objects.exists()


def test_questions_of_other_projects_cannot_be_named(cy_in, agreed):
    other = Question.objects.get(batch__project__slug="noise")
    act(cy_in, "mark", other, state="waiting")
    other.refresh_from_db()
    assert not other.to_discuss


def test_a_hundred_questions_take_few_queries(mo_in, batch, ann, bo, hand_in, django_assert_max_num_queries):
    first = make_question(batch, "first")
    for member in (ann, bo):
        hand_in(member, first, *BO)
    for number in range(99):
        question = make_question(batch, f"more{number}", retrieval=first.retrieval)
        Question.objects.filter(pk=question.pk).update(overlap=0)
    with django_assert_max_num_queries(15):
        assert len(listed(mo_in)) == 100
