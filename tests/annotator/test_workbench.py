"""The workbench as a page, and as the one form that it is without script."""

import pytest
from django.urls import reverse

from annotator.actions import claiming
from annotator.models import Annotation, Assignment
from tests.annotator.scriptless import press, stored
from tests.conftest import make_question


@pytest.fixture
def url(assignment, project) -> str:
    return reverse("workbench", args=[project.slug, assignment.question_id])


def test_the_page_shows_question_fragments_and_nobody_elses_work(as_ann, url, question, bo):
    claiming.take(bo, question)
    Annotation.objects.filter(author=bo).update(note="canary")
    html = as_ann.get(url).content.decode()
    assert question.text in html
    assert html.count('class="fragment"') == 5
    assert "canary" not in html


def test_opening_costs_four_queries_once_all_is_kept(as_ann, url, django_assert_num_queries):
    press(as_ann, url, "add")
    as_ann.get(url)
    with django_assert_num_queries(4):  # session, user, annotation, marks
        as_ann.get(url)


def test_without_script_a_condition_is_added_written_cited_and_submitted(as_ann, url, assignment):
    press(as_ann, url, "add")
    (card,) = stored(assignment).conditions
    answer = card.answers[0].uid
    written = {
        f"text.{card.uid}": "men’s football",
        f"answer.{answer}": "2010",
        f"alias.{answer}": ["11 July 2010", ""],
    }
    press(as_ann, url, "save", **written, **{f"cite.{card.uid}": "1", f"citefor.{card.uid}": "both"})
    page = press(as_ann, url, "submit", verdict="unambiguous", **{f"alias.{answer}": "11 July 2010"})
    (card,) = stored(assignment).conditions
    assert card.answers[0].wordings == ("2010", "11 July 2010")
    assert card.citations[0].rank == 1
    assert "Submitted" in page.content.decode()
    assert Assignment.objects.get(pk=assignment.pk).state == "submitted"


def test_without_script_cards_move_and_go(as_ann, url, assignment):
    press(as_ann, url, "add")
    press(as_ann, url, "add")
    first, second = (card.uid for card in stored(assignment).conditions)
    press(as_ann, url, f"down:{first}")
    assert [card.uid for card in stored(assignment).conditions] == [second, first]
    press(as_ann, url, f"up:{first}")
    press(as_ann, url, f"remove:{second}")
    assert [card.uid for card in stored(assignment).conditions] == [first]


def test_without_script_answers_come_and_go(as_ann, url, assignment):
    press(as_ann, url, "add")
    (card,) = stored(assignment).conditions
    press(as_ann, url, "save", **{f"more.{card.uid}": "answer"})
    assert len(stored(assignment).conditions[0].answers) == 2
    press(as_ann, url, "save", **{f"drop.{card.uid}": card.answers[0].uid})
    assert len(stored(assignment).conditions[0].answers) == 1


def test_what_blocks_a_submission_is_linked_to_its_place(as_ann, url, assignment):
    press(as_ann, url, "add")
    (card,) = stored(assignment).conditions
    html = press(as_ann, url, "submit").content.decode()
    assert "Not submitted." in html
    assert f'<a href="#condition-{card.uid}">The condition has no text.</a>' in html
    assert '<a href="#verdict">Choose a verdict.</a>' in html
    assert "Not submitted." not in as_ann.get(url).content.decode()


def test_submitting_goes_on_to_the_next_question(as_ann, url, batch):
    following = make_question(batch, "q2", "Who discovered oxygen?")
    page = press(as_ann, url, "submit", verdict="unanswerable")
    assert page.redirect_chain[-1][0] == reverse("workbench", args=["clocks", following.pk])


def test_submitted_work_is_shown_locked_and_can_be_reopened(as_ann, url, assignment):
    press(as_ann, url, "submit", verdict="unanswerable")
    assert "disabled" in as_ann.get(url).content.decode().split('class="whole"')[1][:12]
    as_ann.post(reverse("reopen", args=["clocks", assignment.question_id]))
    assert Assignment.objects.get(pk=assignment.pk).state == "in_progress"


def test_it_is_blind_until_one_has_submitted(as_ann, url, assignment):
    assert "until you submit" in as_ann.get(url).text
    Assignment.objects.filter(pk=assignment.pk).update(state="submitted")
    assert "until you submit" not in as_ann.get(url).text


def test_skipping_keeps_the_work_and_frees_the_slot(as_ann, url, assignment, question):
    as_ann.post(reverse("skip", args=["clocks", question.pk]), {"reason": "Another reason", "words": "too long"})
    assignment.refresh_from_db()
    question.refresh_from_db()
    assert (assignment.state, assignment.reason, question.taken) == ("skipped", "Another reason: too long", 0)
    as_ann.post(reverse("resume", args=["clocks", question.pk]))
    assignment.refresh_from_db()
    assert assignment.state == "in_progress"


def test_previous_and_next_walk_through_ones_own_questions(as_ann, url, ann, batch, assignment):
    second = claiming.take(ann, make_question(batch, "q2"))
    onward = reverse("next", args=["clocks", assignment.question_id])
    assert as_ann.get(onward).url == reverse("workbench", args=["clocks", second.question_id])
    assert as_ann.get(reverse("previous", args=["clocks", second.question_id])).url == url
    assert as_ann.get(reverse("next", args=["clocks", second.question_id])).url == "/?project=clocks"


def test_the_history_shows_every_step_and_goes_back_to_one_unless_another_came_since(as_ann, url, assignment):
    press(as_ann, url, "add")
    (card,) = stored(assignment).conditions
    press(as_ann, url, "save", **{f"text.{card.uid}": "first"})
    press(as_ann, url, "save", **{f"text.{card.uid}": "second"})
    html = as_ann.get(reverse("history", args=["clocks", assignment.question_id]) + "?at=2").content.decode()
    assert "After step 2" in html
    assert 'name="step" value="3"' in html
    back = reverse("restore", args=["clocks", assignment.question_id, 2])
    late = as_ann.post(back, {"step": 2}, follow=True)
    assert ("Look again" in late.text, stored(assignment).conditions[0].text) == (True, "second")
    as_ann.post(back, {"step": 3})
    assert stored(assignment).conditions[0].text == "first"


def test_a_card_that_a_restore_took_away_is_brought_back(as_ann, url, assignment):
    press(as_ann, url, "add")
    press(as_ann, url, "add")
    first, second = (card.uid for card in stored(assignment).conditions)
    as_ann.post(reverse("restore", args=["clocks", assignment.question_id, 1]), {"step": 2})
    late = as_ann.post(f"{url}c/{second}/", {f"text.{second}": "still writing", f"version.{second}": 1, "save": "s"})
    assert late.status_code == 409
    assert "still writing" in late.content.decode()
    assert "Bring it back" in late.content.decode()
    assert as_ann.post(f"{url}c/{second}/back/", {"save": "b"}).status_code == 200
    assert [card.uid for card in stored(assignment).conditions] == [first, second]
    assert as_ann.post(f"{url}c/unheard-of/", {"save": "t"}).status_code == 404


def test_any_number_of_marks_costs_the_same(as_ann, url, django_assert_max_num_queries):
    as_ann.get(url)
    with django_assert_max_num_queries(14):
        as_ann.post(f"{url}mark/", {"read": ["1", "2", "3"], "irrelevant": ["4", "99", "x"]})
    with django_assert_max_num_queries(14):
        as_ann.post(f"{url}mark/", {"read": ["4"], "unread": ["1"]})
    states = Annotation.objects.get(author__user__username="ann").marks.values_list("listed__rank", "state")
    assert dict(states) == {2: "read", 3: "read", 4: "read"}


def test_skipping_what_is_handed_in_says_so(as_ann, url, assignment):
    Assignment.objects.filter(pk=assignment.pk).update(state="submitted")
    answer = as_ann.post(f"{url}skip/", {"reason": "too\0late"}, follow=True)
    assert "was handed in, or put aside, before" in answer.content.decode()
    assert Assignment.objects.get(pk=assignment.pk).state == "submitted"


def test_a_reason_and_an_address_with_nul_are_taken_without_it(as_ann, url, assignment):
    as_ann.post(f"{url}skip/", {"reason": "a\0b"})
    assert Assignment.objects.get(pk=assignment.pk).reason == "ab"
    assert as_ann.get("/?project=a%00b").status_code == 404


def test_an_address_that_leads_nowhere_is_a_page_too(as_ann, db):
    assert as_ann.get("/nowhere/").status_code == 404


@pytest.mark.parametrize("name", ["as_bo", "as_cy", "as_mo", "as_vi", "as_dee"])
def test_nobody_else_can_open_it(request, name, url):
    assert request.getfixturevalue(name).get(url).status_code == 404
