"""A machine that saves, removes, undoes and restores at random: history and rows always tell the same story.

``PROVISO_COURSES`` says how many courses it takes; ``make faults`` lets it take two hundred.
"""

import os
from dataclasses import replace

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from annotator import record, rows
from annotator.actions import history, saving
from annotator.actions.history import Conflict
from annotator.actions.saving import Overall, Save
from annotator.models import Annotation, Assignment, Member
from tests.annotator.records import conditions, texts

COURSES = int(os.environ.get("PROVISO_COURSES", "4"))


class SavingMachine(RuleBasedStateMachine):
    """What was acknowledged is what stands, at every step and at every later look at that step."""

    assignment: Assignment
    ann: Member

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.seen: dict[int, record.Annotation] = {}
        self.stands = record.Annotation()
        self.saves = 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    def fetched(self) -> Annotation:
        return Annotation.objects.with_conditions().get(pk=self.assignment.annotation_id)

    def save(self, version: int = 0) -> Save:
        self.saves += 1
        return Save(self.ann, f"save-{self.saves}", version)

    def cards(self) -> list:
        return list(self.fetched().conditions.all())

    @rule()
    def add(self) -> None:
        saving.add_condition(self.fetched(), record.new_uid(), self.save())

    @precondition(lambda self: self.stands.conditions)
    @rule(data=st.data(), wanted=conditions())
    def save_card(self, data: st.DataObject, wanted: record.Condition) -> None:
        row = data.draw(st.sampled_from(self.cards()))
        wanted = replace(wanted, uid=row.uid, extra=row.extra)
        lines = rows.lines_of(self.fetched().question)
        version = saving.save_condition(self.fetched(), wanted, self.save(row.version), lines)
        (stored,) = [part for part in self.cards() if part.uid == row.uid]
        assert (stored.version, rows.condition_record(rows.card_of(stored))) == (version, wanted)

    @precondition(lambda self: self.stands.conditions)
    @rule(data=st.data())
    def save_from_an_old_version(self, data: st.DataObject) -> None:
        row = data.draw(st.sampled_from(self.cards()))
        wanted = replace(rows.condition_record(rows.card_of(row)), text=row.text + "!")
        with pytest.raises(Conflict):
            saving.save_condition(self.fetched(), wanted, self.save(row.version - 1), {})

    @precondition(lambda self: self.stands.conditions)
    @rule(data=st.data(), undone=st.booleans())
    def remove(self, data: st.DataObject, undone: bool) -> None:
        before = rows.annotation_record(self.fetched())
        row = data.draw(st.sampled_from(self.cards()))
        step = saving.remove_condition(self.fetched(), row.uid, self.save(row.version))
        if undone:
            self.look()
            saving.undo(self.fetched(), step.number, self.save())
            assert rows.annotation_record(self.fetched()) == before

    @rule(data=st.data(), note=texts, verdict=st.none() | st.sampled_from(record.Verdict))
    def say(self, data: st.DataObject, note: str, verdict: record.Verdict | None) -> None:
        annotation = self.fetched()
        order = data.draw(st.permutations([row.uid for row in self.cards()]))
        saving.save_overall(annotation, Overall(verdict, "", note, tuple(order)), self.save(annotation.version))

    @precondition(lambda self: self.seen)
    @rule(data=st.data())
    def restore(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(sorted(self.seen)))
        saving.restore(self.fetched(), number, self.save(self.fetched().revisions_made))
        assert rows.annotation_record(self.fetched()) == self.seen[number]

    @invariant()
    def look(self) -> None:
        annotation = self.fetched()
        stored = self.stands = rows.annotation_record(annotation)
        assert history.record_at(annotation, annotation.revisions_made) == stored
        assert annotation.revisions.count() == annotation.revisions_made
        if annotation.revisions_made:
            assert self.seen.setdefault(annotation.revisions_made, stored) == stored


def test_history_and_rows_tell_the_same_story(assignment, ann):
    machine = type("Machine", (SavingMachine,), {"assignment": assignment, "ann": ann})
    run = settings(max_examples=COURSES, stateful_step_count=20, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(machine, settings=run)
