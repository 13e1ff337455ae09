"""Giving out questions."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from annotator.actions import claiming, looking, saving
from annotator.actions.history import NotOpen
from annotator.actions.projects import add_batch, change_batch
from annotator.actions.saving import Overall, Save
from annotator.models import Annotation, Assignment, Batch, Cursor, Project
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


def ask_of(batch: Batch, overlap: int) -> None:
    batch.overlap = overlap
    change_batch(batch, ["overlap"])


def test_a_smaller_overlap_never_goes_below_what_is_taken(ann, bo, batch, question):
    claiming.take(ann, question)
    claiming.take(bo, question)
    ask_of(batch, 1)
    question.refresh_from_db()
    assert (question.overlap, question.taken) == (2, 2)


def test_a_slot_that_is_no_longer_asked_for_goes_when_it_comes_back(ann, bo, cy, batch, question):
    slots = [claiming.take(member, question) for member in (ann, bo)]
    ask_of(batch, 1)
    for slot, kept in zip(slots, [(1, 1), (1, 0)], strict=True):
        claiming.skip(Assignment.objects.get(pk=slot.pk), "no")
        question.refresh_from_db()
        assert (question.overlap, question.taken) == kept
        assert (claiming.claim(cy) is None) == (question.taken == 1)


def test_a_greater_overlap_opens_full_questions_again(ann, bo, cy, batch, question):
    claiming.take(ann, question)
    claiming.take(bo, question)
    assert claiming.claim(cy) is None
    ask_of(batch, 3)
    assert claiming.claim(cy).question == question


def lapse(assignment: Assignment) -> None:
    """Let the lease end as if nobody had touched the question for days."""
    Assignment.objects.filter(pk=assignment.pk).update(lease_until=timezone.now() - timedelta(minutes=1))


@pytest.fixture
def late(ann, bo, question) -> Assignment:
    """Ann's slot, whose lease has ended, on a question of which Bo has the other one."""
    claiming.take(bo, question)
    assignment = claiming.take(ann, question)
    lapse(assignment)
    return assignment


def test_a_claim_takes_the_slot_of_a_lease_that_ended_and_the_work_is_kept(late, cy, question):
    assert claiming.claim(cy).question == question
    late.refresh_from_db()
    question.refresh_from_db()
    assert (late.state, late.annotation.revisions.get().verb, question.taken) == ("expired", "expire", 2)
    assert question.assignments.filter(state="in_progress").count() == 2


@pytest.mark.parametrize("shut", [{"closes": timezone.now()}, {"cap": 1}])
def test_a_slot_that_cannot_go_to_who_claims_stays_its_authors(late, cy, batch, question, shut):
    claiming.skip(claiming.take(cy, make_question(batch, "before")), "no")
    Assignment.objects.filter(member=cy).update(state="submitted")
    Batch.objects.filter(pk=batch.pk).update(**shut)
    other = make_question(add_batch(batch.project, "main 2", overlap=2))
    assert claiming.claim(cy).question == other
    late.refresh_from_db()
    assert late.state == "in_progress"


def test_taking_the_question_by_its_name_takes_that_slot_too(late, cy, question):
    assert claiming.take(cy, question).state == "in_progress"


def test_a_lease_that_runs_is_nobody_elses(ann, bo, cy, question):
    claiming.take(ann, question)
    claiming.take(bo, question)
    assert claiming.claim(cy) is None
    with pytest.raises(claiming.Full):
        claiming.take(cy, question)


def test_a_lease_that_ended_stays_while_another_slot_is_free(ann, bo, question):
    own = claiming.take(ann, question)
    lapse(own)
    assert claiming.claim(bo).question == question
    own.refresh_from_db()
    assert own.state == "in_progress"


def test_returned_work_has_no_lease_to_lose(late, cy):
    Assignment.objects.filter(pk=late.pk).update(state="returned")
    assert claiming.claim(cy) is None


@pytest.mark.parametrize("act", [claiming.claim, lambda ann: claiming.take(ann, ann.assignments.get().question)])
def test_own_work_is_gone_on_with_after_its_lease_has_ended(late, ann, act):
    assert act(ann) == late


def test_who_has_looked_takes_no_slot_back_from_anybody(late, mo, question):
    looking.look(mo, question)
    assert claiming.claim(mo) is None
    late.refresh_from_db()
    assert late.state == "in_progress"


def test_a_save_after_the_slot_has_gone_is_refused(late, cy, ann, question):
    annotation = Annotation.objects.select_related("assignment", "question__batch__project").get(pk=late.annotation_id)
    claiming.claim(cy)
    with pytest.raises(NotOpen):
        saving.save_overall(annotation, Overall(note="too late"), Save(ann, "s1", 1))


def test_work_whose_lease_ended_is_taken_up_again_if_a_slot_is_free(late, cy, question):
    other = claiming.claim(cy)
    late.refresh_from_db()
    with pytest.raises(claiming.Full):
        claiming.resume(late)
    claiming.skip(other, "no")
    claiming.resume(late)
    late.refresh_from_db()
    question.refresh_from_db()
    assert (late.state, question.taken) == ("in_progress", 2)
    assert late.lease_until > timezone.now() + timedelta(hours=71)


def test_taking_up_again_takes_the_slot_of_a_lease_that_ended(late, cy, question):
    other = claiming.claim(cy)
    lapse(other)
    late.refresh_from_db()
    claiming.resume(late)
    other.refresh_from_db()
    assert other.state == "expired"


def test_a_project_without_leases_takes_nothing_back(ann, bo, cy, question):
    Project.objects.filter(pk=ann.project_id).update(lease_hours=None)
    ann.project.refresh_from_db()
    assert claiming.take(ann, question).lease_until is None
    claiming.take(bo, question)
    assert claiming.claim(cy) is None


@pytest.mark.parametrize(("untouched", "renewed"), [(timedelta(hours=5), False), (timedelta(hours=7), True)])
def test_a_save_renews_the_lease_by_one_statement_a_few_times_a_day(assignment, ann, untouched, renewed):
    until = timezone.now() + timedelta(hours=72) - untouched
    Assignment.objects.filter(pk=assignment.pk).update(lease_until=until)
    annotation = Annotation.objects.of_question("clocks", assignment.question_id).get()
    with CaptureQueriesContext(connection) as queries:
        saving.save_overall(annotation, Overall(note="still here"), Save(ann, "s1", 1))
    assignment.refresh_from_db()
    assert (assignment.lease_until > until) == renewed
    assert sum("lease_until" in query["sql"].partition("WHERE")[0] for query in queries if is_update(query)) == renewed


def is_update(query: dict[str, str]) -> bool:
    return query["sql"].startswith('UPDATE "annotator_assignment"')
