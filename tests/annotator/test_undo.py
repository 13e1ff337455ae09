"""Taking steps back: one after another, each only while what it left still stands."""

from dataclasses import replace
from typing import Any

import pytest

from annotator import record, rows
from annotator.actions import history, saving
from annotator.actions.history import Conflict
from annotator.actions.saving import Overall, Save
from annotator.models import Annotation

pytestmark = pytest.mark.alike

FIRST, CITED = (
    record.Condition("c1", "men’s football", (record.Answer("a1", "2010"),)),
    record.Condition(
        "c1", "men’s football", (record.Answer("a1", "2010"),), (record.Citation("k1", record.Role.BOTH, rank=1),)
    ),
)


class Undoing:
    """Ann's annotation, her saves of it, and the number of the last step."""

    def __init__(self, pk: int, ann) -> None:
        self.pk, self.ann, self.last = pk, ann, 0

    @property
    def row(self) -> Annotation:
        whole = Annotation.objects.with_conditions().select_related("question__batch__project", "assignment")
        return whole.get(pk=self.pk)

    @property
    def stands(self) -> record.Annotation:
        return rows.annotation_record(self.row)

    def save(self, version: int = 0) -> Save:
        self.last += 1
        return Save(self.ann, f"save-{self.last}", version)

    def add(self, uid: str) -> None:
        saving.add_condition(self.row, uid, self.save())

    def write(self, card: record.Condition) -> None:
        version = self.row.conditions.get(uid=card.uid).version
        saving.save_condition(self.row, card, self.save(version), rows.lines_of(self.row.question))

    def say(self, **said: Any) -> None:
        saving.save_overall(self.row, replace(saving.overall_of(self.row), **said), self.save(self.row.version))

    def undo(self, number: int) -> None:
        saving.undo(self.row, number, self.save())


@pytest.fixture
def work(assignment, ann) -> Undoing:
    return Undoing(assignment.annotation_id, ann)


def test_steps_are_undone_one_after_another_down_to_the_first(work):
    work.add("c1")
    work.write(FIRST)
    work.write(CITED)
    for number, left in ((3, (FIRST,)), (2, None), (1, ())):
        work.undo(number)
        assert left is None or work.stands.conditions == left
    assert work.stands == history.record_at(work.row, work.row.revisions_made) == record.Annotation()


def test_a_step_before_a_removal_that_was_undone_can_be_undone(work):
    work.add("c1")
    work.write(FIRST)
    work.write(CITED)
    saving.remove_condition(work.row, "c1", work.save(3))
    for number in (4, 3):
        work.undo(number)
    assert work.stands.conditions == (FIRST,)


def test_verdict_note_and_order_are_undone(work):
    work.add("c1")
    work.add("c2")
    work.say(verdict=record.Verdict.AMBIGUOUS)
    work.say(note="look again", order=("c2", "c1"))
    work.undo(4)
    assert saving.overall_of(work.row) == Overall(record.Verdict.AMBIGUOUS, "", "", ("c1", "c2"))
    work.undo(3)
    assert work.stands.verdict is None


def test_a_verdict_is_undone_though_a_card_came_since(work):
    work.add("c1")
    work.say(verdict=record.Verdict.UNAMBIGUOUS)
    work.add("c2")
    work.undo(2)
    assert saving.overall_of(work.row) == Overall(None, "", "", ("c1", "c2"))


@pytest.mark.parametrize("number", [1, 2, 4])
def test_what_was_changed_since_is_not_undone(work, number):
    work.add("c1")
    work.write(FIRST)
    work.write(CITED)
    work.say(note="one")
    work.say(note="two")
    with pytest.raises(Conflict):
        work.undo(number)
    assert work.stands.note == "two"
    assert work.stands.conditions == (CITED,)


@pytest.mark.database
def test_an_undo_that_arrives_twice_is_made_once(work):
    work.add("c1")
    work.write(FIRST)
    again = work.save()
    for _time in range(2):
        saving.undo(work.row, 2, again)
    assert work.row.revisions_made == 3


def test_what_concerns_the_whole_record_is_restored_not_undone(work):
    work.add("c1")
    saving.restore(work.row, 0, work.save(1))
    with pytest.raises(Conflict):
        work.undo(2)
