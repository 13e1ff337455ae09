"""Looking at what others wrote: once looked, a question is no longer claimed, and what is in hand is not looked at."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from annotator.actions import claiming, looking, returning, submitting
from annotator.actions.claiming import END
from annotator.models import Annotation, Assignment, Cursor, Look, Project, Question
from tests.conftest import make_question


def allow(member) -> None:
    """Let those who looked annotate in the member's project."""
    Project.objects.filter(pk=member.project_id).update(lookers_may_annotate=True)
    member.project.refresh_from_db()


def upto(member) -> int:
    return Cursor.objects.get(member=member).upto


def test_a_question_looked_at_is_passed_over(mo, batch):
    first, second = make_question(batch, "q1"), make_question(batch, "q2")
    looking.look(mo, first)
    assert claiming.claim(mo).question == second


def test_it_cannot_be_taken_by_its_name_and_keeps_its_slot(mo, question):
    looking.look(mo, question)
    with pytest.raises(claiming.Looked):
        claiming.take(mo, question)
    question.refresh_from_db()
    assert (question.taken, question.assignments.exists()) == (0, False)


def test_the_page_says_why_it_cannot_be_taken(as_mo, mo, question):
    looking.look(mo, question)
    answer = as_mo.post("/p/clocks/claim/", {"question": question.pk}, follow=True)
    assert "You have looked at what others wrote on that question" in answer.text
    assert answer.context["counts"]["todo"] == 0


def test_a_skipped_question_that_was_looked_at_stays_skipped(as_mo, mo, question):
    own = claiming.take(mo, question)
    claiming.skip(own, "no")
    looking.look(mo, question)
    answer = as_mo.post(f"/p/clocks/q/{question.pk}/resume/", follow=True)
    own.refresh_from_db()
    question.refresh_from_db()
    assert (own.state, question.taken) == ("skipped", 0)
    assert "You have looked at what others wrote on that question" in answer.text


@pytest.mark.parametrize("state", Assignment.OPEN)
def test_who_has_the_question_in_hand_cannot_look(mo, question, state):
    claiming.take(mo, question)
    mo.assignments.update(state=state)
    with pytest.raises(looking.StillOpen, match=r"still open: 1 question$"):
        looking.look(mo, question)
    assert not Look.objects.exists()


def test_looking_twice_keeps_the_first_time(mo, question):
    looking.look(mo, question)
    first = mo.looks.get().at
    looking.look(mo, question)
    assert mo.looks.get().at == first
    with pytest.raises(IntegrityError, match=r"one_look_per_member|UNIQUE"), transaction.atomic():
        Look.objects.create(member=mo, question=question, at=timezone.now())


def test_one_members_look_is_nobody_elses(mo, cy, question):
    looking.look(mo, question)
    assert not Question.objects.not_blind_for(cy.user).exists()
    assert claiming.claim(cy).question == question


def test_where_it_is_allowed_it_is_claimed_and_hidden_again_until_submitted(mo, question):
    allow(mo)
    looking.look(mo, question)
    assert Question.objects.not_blind_for(mo.user).get() == question
    assert claiming.claim(mo).question == question
    assert not Question.objects.not_blind_for(mo.user).exists()


def test_where_it_is_allowed_a_skipped_one_is_resumed(mo, question):
    own = claiming.take(mo, question)
    claiming.skip(own, "no")
    allow(mo)
    looking.look(mo, question)
    claiming.resume(Assignment.objects.get(pk=own.pk))
    assert mo.assignments.get().state == "in_progress"


def test_looks_move_the_cursor_up_to_the_next_claim_in_any_order(mo, batch):
    questions = [make_question(batch, f"q{number}") for number in range(5)]
    for place, expected in ((2, 0), (1, 0), (0, 3), (4, 3), (3, END)):
        looking.look(mo, questions[place])
        assert upto(mo) == expected
    assert claiming.claim(mo) is None


def test_a_slot_that_comes_back_is_walked_to_once_by_who_looked_at_everything(mo, bo, batch):
    questions = [make_question(batch, f"q{number}", overlap=None) for number in range(3)]
    own = claiming.take(bo, questions[0])
    for question in questions:
        looking.look(mo, question)
    claiming.skip(own, "no")
    assert upto(mo) == 0
    assert claiming.claim(mo) is None
    assert upto(mo) == END


def test_a_question_that_comes_later_is_found_by_who_looked_at_all_before(mo, batch):
    looking.look(mo, make_question(batch, "q1"))
    assert claiming.claim(mo) is None
    later = make_question(batch, "q2")
    assert claiming.claim(mo).question == later


def handed_in(member, question) -> Annotation:
    """Let the member claim the question and submit that it cannot be answered."""
    work = claiming.take(member, question).annotation
    Annotation.objects.filter(pk=work.pk).update(verdict="unanswerable")
    work.refresh_from_db()
    submitting.submit(work, member)
    return work


def take_back(work: Annotation) -> None:
    submitting.reopen(work, work.author)


def have_returned(work: Annotation) -> None:
    returning.return_to_author(work, work.question.batch.project.members.get(user__username="cy"), "Look again.")


@pytest.mark.parametrize("back", [take_back, have_returned])
@pytest.mark.parametrize(("role", "others", "looks"), [("manager", 1, 1), ("manager", 0, 0), ("annotator", 1, 0)])
def test_who_has_work_back_after_they_could_see_anothers_has_looked(mo, ann, question, back, role, others, looks):
    mo.role = role
    mo.save(update_fields=["role"])
    work = handed_in(mo, question)
    if others:
        claiming.take(ann, question)
    back(work)
    assert mo.looks.count() == looks
    assert not Question.objects.not_blind_for(mo.user).exists()


def at_once(*acts: Callable[[], object]) -> None:
    """Do these in threads that begin together; what one of them refuses is not an error."""
    ready = Barrier(len(acts), timeout=60)

    def do(act: Callable[[], object]) -> None:
        try:
            ready.wait()
            with suppress(claiming.NoSlot, looking.StillOpen):
                act()
        finally:
            connection.close()

    threads = [Thread(target=do, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.django_db(transaction=True)
def test_of_a_look_and_a_claim_at_once_one_is_refused(mo, batch):
    questions = [make_question(batch, f"q{number}") for number in range(12)]
    for question in questions:
        at_once(partial(looking.look, mo, question), partial(claiming.take, mo, question))
    looked = set(mo.looks.values_list("question", flat=True))
    taken = set(mo.assignments.values_list("question", flat=True))
    assert not looked & taken
    assert looked | taken == {question.pk for question in questions}
