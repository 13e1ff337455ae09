"""Giving out questions."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotator.actions import claiming, looking
from annotator.models import Annotation, Assignment, Cursor, Question
from tests.conftest import make_question


def test_the_first_question_of_the_batch_comes_first(ann, batch):
    first, _second = make_question(batch, "q1"), make_question(batch, "q2")
    assert claiming.claim(ann).question == first


def test_own_open_work_comes_before_new_work(ann, batch):
    make_question(batch, "q1")
    make_question(batch, "q2")
    assert claiming.claim(ann) == claiming.claim(ann)


def test_returned_work_comes_before_other_open_work(ann, batch):
    older = claiming.take(ann, make_question(batch, "q1"))
    claiming.take(ann, make_question(batch, "q2"))
    Assignment.objects.filter(pk=older.pk).update(state="returned")
    assert claiming.claim(ann) == older


def test_a_question_is_given_out_as_often_as_its_overlap(ann, bo, cy, question):
    assert claiming.claim(ann).question == question
    assert claiming.claim(bo).question == question
    assert claiming.claim(cy) is None
    question.refresh_from_db()
    assert question.taken == 2


def test_a_question_without_a_list_is_not_given_out(ann, batch):
    make_question(batch, retrieval=None)
    assert claiming.claim(ann) is None


def test_taking_twice_gives_the_same_slot_and_counts_once(ann, question):
    assert claiming.take(ann, question) == claiming.take(ann, question)
    question.refresh_from_db()
    assert question.taken == 1


def test_a_full_question_cannot_be_taken(ann, bo, cy, question):
    claiming.take(ann, question)
    claiming.take(bo, question)
    with pytest.raises(claiming.NoSlot):
        claiming.take(cy, question)
    assert not Annotation.objects.filter(author=cy).exists()


def test_skipping_gives_the_slot_back_and_keeps_the_work(ann, bo, cy, question):
    skipped = claiming.take(ann, question)
    claiming.take(bo, question)
    claiming.skip(skipped, "too hard")
    claiming.skip(skipped, "too hard, twice")
    question.refresh_from_db()
    assert question.taken == 1
    assert claiming.claim(cy).question == question
    assert [step.record for step in skipped.annotation.revisions.filter(verb="skip")] == [{"reason": "too hard"}]


def test_a_slot_that_came_back_is_found_by_those_who_passed_it(ann, bo, cy, batch):
    first, second = make_question(batch, "q1", overlap=1), make_question(batch, "q2", overlap=None)
    taken = claiming.take(ann, first)
    assert claiming.claim(bo).question == second
    assert Cursor.objects.get(member=bo).upto == second.order
    claiming.skip(taken, "no")
    Assignment.objects.filter(member=bo).update(state="submitted")
    assert claiming.claim(bo).question == first


def test_a_skipped_question_is_not_given_to_the_same_person_again(ann, question):
    claiming.skip(claiming.take(ann, question), "no")
    assert claiming.claim(ann) is None


def test_resuming_needs_a_free_slot(ann, bo, cy, question):
    skipped = claiming.take(ann, question)
    claiming.skip(skipped, "no")
    claiming.take(bo, question)
    claiming.take(cy, question)
    with pytest.raises(claiming.NoSlot):
        claiming.resume(skipped)
    skipped.refresh_from_db()
    assert skipped.state == "skipped"


def test_a_smaller_overlap_never_goes_below_what_is_taken(ann, bo, batch, question):
    claiming.take(ann, question)
    claiming.take(bo, question)
    claiming.change_overlap(batch, 1)
    question.refresh_from_db()
    assert (question.overlap, question.taken) == (2, 2)


def test_a_greater_overlap_opens_full_questions_again(ann, bo, cy, batch, question):
    claiming.take(ann, question)
    claiming.take(bo, question)
    assert claiming.claim(cy) is None
    claiming.change_overlap(batch, 3)
    assert claiming.claim(cy).question == question


def many_questions(batch, like: Question, count: int) -> None:
    """Add questions without limit of overlap, all with one list."""
    now, first = like.created, batch.size + 1
    Question.objects.bulk_create(
        Question(batch=batch, external_id=f"more-{n}", text="?", order=n, retrieval=like.retrieval, created=now)
        for n in range(first, first + count)
    )


def work_through(member, share: float) -> None:
    """Let the member have taken and submitted the first part of the batch, as if claim by claim."""
    batch = member.project.batches.get()
    done = list(batch.questions.order_by("order")[: int(batch.questions.count() * share)])
    Assignment.objects.bulk_create(
        Assignment(question=question, member=member, state="submitted", created=question.created) for question in done
    )
    Cursor.objects.update_or_create(member=member, batch=batch, defaults={"upto": done[-1].order})


def look_through(member, share: float) -> None:
    """Let the member have looked at a part of the batch, as if they had taken out a file that tells of it."""
    batch = member.project.batches.get()
    seen = batch.questions.filter(order__lte=int(batch.questions.count() * share))
    looking.record(member, seen, member.assignments.all())


def cost_of_a_claim(member) -> tuple[int, int]:
    """Return the queries and the steps of SQLite's machine that a claim takes; every row looked at costs steps."""
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    connection.connection.set_progress_handler(count, 10)
    with CaptureQueriesContext(connection) as queries:
        assert claiming.claim(member)
    connection.connection.set_progress_handler(None, 10)
    return len(queries), steps


@pytest.mark.skipif(connection.vendor != "sqlite", reason="counts the steps of SQLite's machine")
@pytest.mark.parametrize("share", [0.05, 0.99])
@pytest.mark.parametrize("passed", [work_through, look_through])
def test_a_claim_looks_at_no_more_rows_among_ten_thousand_questions(ann, batch, question, share, passed):
    many_questions(batch, question, 199)
    passed(ann, share)
    few = cost_of_a_claim(ann)
    Assignment.objects.filter(member=ann).delete()
    batch.size = 200
    many_questions(batch, question, 9_800)
    passed(ann, share)
    queries, steps = cost_of_a_claim(ann)
    assert queries <= few[0]  # the cursor is there already
    assert steps <= few[1] * 1.2
