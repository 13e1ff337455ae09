"""The orders in which a batch is given out, and what a claim costs in each, however many questions there are."""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotator.actions import claiming, looking
from annotator.actions.projects import change_batch, prioritise
from annotator.models import Annotation, Assignment, Batch, Cursor, Look, Member, Question
from annotator.models.questions import TURN
from tests.conftest import make_question

FEW, MANY = 200, int(os.environ.get("PROVISO_QUESTIONS", "600"))


def give_out(batch: Batch, **values: object) -> None:
    for name, value in values.items():
        setattr(batch, name, value)
    change_batch(batch, list(values))


def claimed(member: Member, count: int) -> list[str]:
    """Return the ids of the next questions that the member claims and hands in."""
    ids = []
    for _number in range(count):
        assignment = claiming.claim(member)
        ids.append(assignment.question.external_id)
        Assignment.objects.filter(pk=assignment.pk).update(state="submitted")
    return ids


def forget(batch: Batch) -> None:
    """Let nobody have done or looked at anything in the batch."""
    Assignment.objects.filter(question__batch=batch).delete()
    Annotation.objects.filter(question__batch=batch).delete()
    Look.objects.filter(question__batch=batch).delete()
    batch.questions.update(taken=0)


@pytest.fixture
def five(batch) -> list[Question]:
    return [make_question(batch, f"q{number}") for number in range(1, 6)]


def test_the_fewest_annotations_come_first(ann, bo, batch, five):
    give_out(batch, order="fewest")
    claiming.take(bo, five[0])
    assert claimed(ann, 5) == ["q2", "q3", "q4", "q5", "q1"]


def test_what_becomes_free_comes_by_its_number_of_annotations(ann, bo, batch, five):
    give_out(batch, order="fewest")
    claimed(ann, 5)
    slots = [claiming.take(bo, question) for question in five]
    assert claiming.claim(bo).question in five
    Assignment.objects.filter(member=bo).update(state="submitted")
    assert claiming.claim(bo) is None
    assert [slot.question for slot in slots] == five


def test_the_highest_priority_comes_first(ann, batch, five):
    Question.objects.filter(external_id="q4").update(priority=2)
    Question.objects.filter(external_id="q3").update(priority=1)
    give_out(batch, order="priority")
    assert claimed(ann, 5) == ["q4", "q3", "q1", "q2", "q5"]


def test_a_random_order_is_each_persons_own_and_goes_around(ann, bo, batch, five):
    give_out(batch, order="random", overlap=None)
    for number, question in enumerate(five):
        Question.objects.filter(pk=question.pk).update(random_place=number * TURN // 5 + 1)
    around = [question.external_id for question in five]
    for member in (ann, bo):
        found = claimed(member, 5)
        begun = around.index(found[0])
        assert found == around[begun:] + around[:begun]
        offset = Cursor.objects.get(member=member).offset
        assert begun == -(-offset * 5 // TURN) % 5 or offset <= 1
    assert claiming.claim(ann) is None


def test_a_slot_that_comes_back_is_found_in_every_order(ann, bo, batch, five):
    for order in Batch.Order.values:
        give_out(batch, order=order, overlap=1)
        back = claiming.take(bo, five[2])
        assert sorted(claimed(ann, 4)) == ["q1", "q2", "q4", "q5"]
        assert claiming.claim(ann) is None
        claiming.skip(back, "no")
        assert claimed(ann, 1) == ["q3"]
        forget(batch)


def test_what_became_free_while_a_claim_looked_on_is_not_passed_over(ann, bo, batch, five):
    for question in five[:2]:
        Question.objects.filter(pk=question.pk).update(overlap=1)
    slots = [claiming.take(bo, question) for question in five[:2]]
    cursor = claiming.cursor_of(ann, batch)
    claiming.skip(slots[1], "no")
    claiming.move(cursor, five[2].order)
    assert claiming.claim(ann).question == five[1]


def test_one_person_gets_no_more_than_the_cap(ann, bo, batch, five):
    give_out(batch, cap=2)
    claimed(ann, 2)
    assert claiming.claim(ann) is None
    with pytest.raises(claiming.Shut):
        claiming.take(ann, five[4])
    assert len(claimed(bo, 2)) == 2
    claiming.skip(ann.assignments.get(question=five[0]), "no")


def test_a_skipped_question_does_not_count_towards_the_cap(ann, batch, five):
    give_out(batch, cap=1)
    claiming.skip(claiming.claim(ann), "no")
    assert claiming.claim(ann).question == five[1]


@pytest.mark.parametrize(
    "change", [lambda batch: change_batch(batch, ["overlap"]), lambda batch: prioritise(batch.questions.all(), 3)]
)
def test_questions_are_locked_in_one_order_before_many_are_changed(batch, five, change):
    with CaptureQueriesContext(connection) as captured:
        change(batch)
    of_questions = [one["sql"] for one in captured if "annotator_question" in one["sql"]]
    locking = of_questions[0]
    assert locking.startswith("SELECT")
    assert re.search(r'ORDER BY ("annotator_question"."id"|1) ASC', locking)
    assert ("FOR UPDATE" in locking) == connection.features.has_select_for_update


def many_questions(batch: Batch, like: Question, count: int) -> None:
    """Add questions without limit of overlap, all with one list."""
    now, first = like.created, batch.questions.count() + 1
    Question.objects.bulk_create(
        Question(batch=batch, external_id=f"more-{n}", text="?", order=n, retrieval=like.retrieval, created=now)
        for n in range(first, count + 1)
    )
    batch.cursors.all().delete()


def nothing_done(_member: Member, _batch: Batch) -> None:
    """Leave every question as it is."""


def half_done(member: Member, batch: Batch) -> None:
    """Let the member have handed in the first half of the batch, in its order."""
    half = batch.questions.order_by(batch.place).values_list("pk", flat=True)[: batch.questions.count() // 2]
    work_through(member, list(half))


def work_through(member: Member, keys: list[int]) -> None:
    created = member.joined
    Assignment.objects.bulk_create(
        Assignment(question_id=pk, member=member, state="submitted", created=created) for pk in keys
    )
    member.project.batches.get().questions.filter(assignments__member=member).update(taken=1)


def looked_at_half(member: Member, batch: Batch) -> None:
    """Let the member have looked at half of the batch, as if they had taken out a file that tells of it."""
    looking.record(member, batch.questions.filter(order__lte=batch.questions.count() // 2), member.assignments.all())


def ten_left(_member: Member, batch: Batch) -> None:
    """Let every slot but ten be taken."""
    batch.questions.filter(order__lte=batch.questions.count() - 10).update(overlap=1, taken=1)


def ten_left_lying(_member: Member, batch: Batch) -> None:
    """Let the leases of ten questions have ended, each of which has another free slot, so that no claim takes them."""
    ann = batch.project.members.get(user__username="ann")
    lying = list(batch.questions.order_by("order")[:10])
    Assignment.objects.bulk_create(
        Assignment(question=one, member=ann, created=ann.joined, lease_until=ann.joined) for one in lying
    )
    batch.questions.filter(assignments__member=ann).update(overlap=2, taken=1)


@contextmanager
def counted_steps() -> Iterator[list[int]]:
    """Count tens of steps of SQLite's machine: every row looked at costs steps."""
    steps = [0]

    def count() -> int:
        steps[0] += 1
        return 0

    connection.connection.set_progress_handler(count, 10)
    yield steps
    connection.connection.set_progress_handler(None, 10)


def cost_of_a_claim(member: Member) -> tuple[int, int]:
    """Return the queries and the steps of the claim after the first, which walks to where the member is."""
    claimed(member, 1)
    with counted_steps() as steps, CaptureQueriesContext(connection) as queries:
        assert claiming.claim(member)
    return len(queries), steps[0]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="counts the steps of SQLite's machine")
@pytest.mark.parametrize("order", Batch.Order.values)
@pytest.mark.parametrize("state", [nothing_done, half_done, looked_at_half, ten_left, ten_left_lying])
def test_a_claim_looks_at_no_more_rows_among_many_questions(
    mo, batch, question, order, state: Callable[[Member, Batch], None]
):
    give_out(batch, order=order, overlap=None)
    costs = []
    for count in (FEW, MANY):
        many_questions(batch, question, count)
        state(mo, batch)
        costs.append(cost_of_a_claim(mo))
        forget(batch)
        batch.questions.update(overlap=None)
    (few_queries, few_steps), (queries, steps) = costs
    assert queries <= few_queries
    assert steps <= few_steps * 1.2
