"""Undoing in adjudication: one’s own steps, the last first, and never an undoing."""

import pytest

from annotator.actions import adjudicating, taking_up
from annotator.decisions import Unfit
from tests.annotator.adjudication.conftest import Judging


def test_steps_are_undone_one_after_another(judging, submitted):
    stood = [judging.desk.said]
    steps = [
        lambda: judging.do(adjudicating.adopt, "men", submitted[0].pk),
        lambda: judging.do(adjudicating.accept, "men"),
        lambda: judging.do(adjudicating.split, "women", (submitted[1].pk, "women-2")),
        lambda: judging.do(adjudicating.reject, "basket", "no"),
    ]
    for do in steps:
        do()
        stood.append(judging.desk.said)
    for before in reversed(stood[:-1]):
        adjudicating.undo(judging.desk, judging.save)
        now = judging.desk.said
        assert (now.record, set(now.decisions)) == (before.record, set(before.decisions))
    with pytest.raises(Unfit, match="left to undo"):
        adjudicating.undo(judging.desk, judging.save)
    assert judging.desk.gold.revisions_made == 8


def test_what_is_done_after_an_undoing_is_undone_first_and_then_what_stood_before_both(judging, submitted):
    for uid in ("men", "women"):
        judging.do(adjudicating.accept, uid)
    adjudicating.undo(judging.desk, judging.save)
    judging.do(adjudicating.reject, "basket", "no")
    adjudicating.undo(judging.desk, judging.save)
    assert judging.states() == {"basket": "undecided", "men": "accepted", "women": "agreed"}
    adjudicating.undo(judging.desk, judging.save)
    assert judging.states() == {"basket": "undecided", "men": "agreed", "women": "agreed"}


def test_nobody_undoes_what_another_adjudicator_did(judging, mo, cy, question):
    judging.do(adjudicating.accept, "men")
    taking_up.leave(cy, question)
    second = Judging(question, mo).open()
    second.saves = 10
    second.do(adjudicating.accept, "women")
    adjudicating.undo(second.desk, second.save)
    with pytest.raises(Unfit, match="left to undo"):
        adjudicating.undo(second.desk, second.save)
    assert second.states() == {"basket": "undecided", "men": "accepted", "women": "agreed"}
