"""Going back: returning work with a comment, notes in threads, and who may reopen what until when."""

import pytest
from django.test import Client

from annotator import standing
from annotator.actions import claiming, looking, submitting
from annotator.actions.leaving import leave
from annotator.actions.returning import NotReturnable, add_note, return_to_author
from annotator.models import Annotation, Assignment, Member, Note, Question, Revision
from tests.conftest import make_question, signed_in
from tests.test_blindness import hand_in


@pytest.fixture
def work(ann, question) -> Annotation:
    """What Ann has submitted, with a condition that she left standing."""
    hand_in(ann, question)
    return Annotation.objects.select_related("author", "assignment").get(author=ann)


@pytest.fixture
def card(work) -> str:
    work.conditions.create(uid="c1", order=1, text="in men’s football")
    standing.kept.clear()  # no verb wrote it
    return "c1"


def notes_of(work: Annotation) -> str:
    return f"/p/clocks/notes/{work.pk}/"


def send_back(client: Client, work: Annotation, text: str = "Which cup?", **said):
    return client.post(f"{notes_of(work)}return/", {"text": text} | said)


def state(work: Annotation) -> str:
    return Assignment.objects.get(annotation=work).state


def test_cy_who_looked_returns_work_with_a_comment_on_a_condition(as_cy, as_ann, ann, cy, work, card):
    looking.look(cy, work.question)
    assert send_back(as_cy, work, condition=card).status_code == 302
    assert (state(work), Annotation.objects.get(pk=work.pk).submitted) == ("returned", None)
    page = as_ann.get(f"/p/clocks/q/{work.question_id}/").text
    assert (
        page.index('id="condition-c1"')
        < page.index("On condition A")
        < page.index("Which cup?")
        < page.index('id="add"')
    )
    assert Member.objects.get(pk=ann.pk).submitted == 0


def test_who_returns_work_reads_the_answers_of_each_condition(as_cy, cy, work, card):
    work.conditions.get(uid=card).answers.create(uid="a1", order=1, text="In 2010", aliases=["2010"])
    standing.kept.clear()
    looking.look(cy, work.question)
    page = as_cy.get(notes_of(work)).text
    assert page.index("in men’s football") < page.index("<b>In 2010</b>")


def test_returned_work_stands_first_in_its_authors_queue(as_ann, ann, cy, work, batch):
    other = claiming.take(ann, make_question(batch, "q2"))
    return_to_author(work, cy, "Which cup?")
    assert claiming.claim(ann).annotation_id == work.pk
    assert "Which cup?" in as_ann.get("/?tab=returned").text
    assert Assignment.objects.get(pk=other.pk).state == "in_progress"


def test_it_is_submitted_again_and_every_step_is_in_the_history(as_ann, ann, cy, work):
    return_to_author(work, cy, "Which cup?")
    fresh = Annotation.objects.select_related("question__batch__project", "assignment").get(pk=work.pk)
    submitting.submit(fresh, ann)
    verbs = list(work.revisions.order_by("number").values_list("verb", flat=True))
    assert (verbs, state(work)) == (["submit", "return", "submit"], "submitted")
    assert Revision.objects.get(annotation=work, verb="return").record["verdict"] == "unanswerable"
    assert "returned to its author" in as_ann.get(f"/p/clocks/q/{work.question_id}/history/").text.lower()


def test_returning_twice_changes_nothing(as_cy, cy, work):
    looking.look(cy, work.question)
    send_back(as_cy, work)
    with pytest.raises(NotReturnable):
        return_to_author(work, cy, "Again")
    assert send_back(as_cy, work, "Again").status_code == 302
    assert [note.text for note in Note.objects.all()] == ["Which cup?"]
    assert Member.objects.get(pk=work.author_id).submitted == 0


def test_the_slot_stays_its_authors(cy, work, question):
    return_to_author(work, cy, "Which cup?")
    assert Question.objects.get(pk=question.pk).taken == 1


def test_work_of_somebody_who_left_is_not_returned(ann, cy, work):
    leave(ann)
    with pytest.raises(NotReturnable):
        return_to_author(work, cy, "Which cup?")
    assert state(work) == "submitted"


def test_a_comment_must_say_something(as_cy, cy, work):
    looking.look(cy, work.question)
    assert send_back(as_cy, work, "  ").status_code == 422
    assert send_back(as_cy, work, condition="nobodys").status_code == 422
    assert state(work) == "submitted"


def test_notes_are_answered_in_threads(as_cy, as_ann, cy, work, card):
    looking.look(cy, work.question)
    as_cy.post(notes_of(work), {"text": "Which cup?", "condition": card})
    first = Note.objects.get()
    as_ann.post(notes_of(work), {"text": "The first.", "reply_to": first.pk})
    reply = Note.objects.get(text="The first.")
    as_cy.post(notes_of(work), {"text": "Thanks.", "reply_to": reply.pk})
    assert list(first.replies.values_list("text", "condition")) == [("The first.", card), ("Thanks.", card)]
    assert "Thanks." in as_ann.get(notes_of(work)).text
    assert state(work) == "submitted"


def test_a_reply_to_another_works_note_is_not_taken(as_ann, bo, work, question):
    hand_in(bo, question)
    other = Annotation.objects.get(author=bo)
    note = add_note(other, bo, "Mine")
    assert as_ann.post(notes_of(work), {"text": "x", "reply_to": note.pk}).status_code == 404


def test_of_a_condition_that_is_gone_is_spoken_under_the_whole(as_ann, cy, work, card):
    return_to_author(work, cy, "Which cup?", card)
    work.conditions.update(removed=True)
    Annotation.objects.filter(pk=work.pk).update(revisions_made=9)
    assert "Which cup?" in as_ann.get(f"/p/clocks/q/{work.question_id}/").text
    assert "Which cup?" in as_ann.get(notes_of(work)).text


@pytest.mark.parametrize("name", ["bo", "cy", "mo", "vi"])
def test_nobody_sees_notes_on_others_work_before_they_may(request, bo, work, question, name):
    claiming.take(bo, question)
    member = request.getfixturevalue(name)
    client = signed_in(member.user)
    assert client.get(notes_of(work)).status_code == 404
    assert send_back(client, work).status_code == 404
    assert client.post(notes_of(work), {"text": "x"}).status_code == 404


def test_an_annotator_sees_no_notes_on_others_after_submitting_either(as_bo, bo, work, question):
    hand_in(bo, question)
    assert as_bo.get(notes_of(work)).status_code == 404


def test_a_viewer_who_looked_reads_and_does_not_write(as_vi, vi, work, question):
    looking.look(vi, question)
    assert as_vi.get(notes_of(work)).status_code == 200
    assert as_vi.post(notes_of(work), {"text": "x"}).status_code == 404
    assert send_back(as_vi, work).status_code == 404


def test_nobody_returns_their_own(as_mo, mo, question):
    hand_in(mo, question)
    own = Annotation.objects.get(author=mo)
    assert send_back(as_mo, own).status_code == 404
    assert as_mo.get(notes_of(own)).status_code == 200


def reopen(client: Client, work: Annotation) -> str:
    client.post(f"/p/clocks/q/{work.question_id}/reopen/")
    return state(work)


def test_work_is_reopened_until_adjudication_begins_and_the_screen_says_so(as_ann, cy, work):
    page = f"/p/clocks/q/{work.question_id}/"
    assert "You can reopen it until its adjudication begins." in as_ann.get(page).text
    Annotation.objects.create(
        question=work.question, source="gold", author=cy, created=work.created, saved=work.created
    )
    assert "Its adjudication has begun" in as_ann.get(page).text
    assert f"{page}reopen/" not in as_ann.get(page).text
    assert reopen(as_ann, work) == "submitted"


def test_a_project_may_say_that_only_a_return_opens_work_again(as_mo, as_ann, cy, work):
    said = {"name": "Clocks", "language": "en", "reopening": "never"}
    assert as_mo.post("/p/clocks/settings/", said).status_code == 302
    assert "only if somebody returns it to you" in as_ann.get(f"/p/clocks/q/{work.question_id}/").text
    assert reopen(as_ann, work) == "submitted"
    return_to_author(work, cy, "Which cup?")
    assert state(work) == "returned"


def test_reopening_twice_changes_nothing(as_ann, ann, work):
    assert [reopen(as_ann, work), reopen(as_ann, work)] == ["in_progress", "in_progress"]
    assert Member.objects.get(pk=ann.pk).submitted == 0


def test_owner_peer_and_stranger(as_ann, as_bo, as_dee, work):
    assert [who.get(notes_of(work)).status_code for who in (as_ann, as_bo, as_dee)] == [200, 404, 404]
