"""A decision that comes again while its first arrival is under way: it waits, and is acknowledged."""

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections, transaction

from annotator.actions import adjudicating
from annotator.actions.deciding import decide
from annotator.actions.history import Conflict
from annotator.actions.saving import Save
from annotator.api.adjudication import decided, question_of
from tests.annotator.adjudication.conftest import Judging

pytestmark = pytest.mark.django_db(transaction=True)
NOTE = {"verdict": None, "reason": "", "note": "two cups"}


class UnderWay(threading.Thread):
    """Something that is done, and stays unwritten for a moment."""

    def __init__(self, act: Callable[[], object]) -> None:
        super().__init__()
        self.act, self.done = act, threading.Event()

    def run(self) -> None:
        try:
            with transaction.atomic():
                self.act()
                self.done.set()
                time.sleep(0.5)
        finally:
            connections.close_all()


def beside(first: Callable[[], Any], again: Callable[[], Any]) -> Any:
    """Return what comes of a request while another, which saw the same desk, is under way."""
    under_way = UnderWay(first)
    under_way.start()
    assert under_way.done.wait(10)
    try:
        return again()
    finally:
        under_way.join()


def twice(judging: Judging, save: Save, do: str, said: dict[str, Any], **other: Any) -> Any:
    """Return what comes of a decision, or of one that says something else, beside its first arrival."""
    first, again = judging.desk, judging.desk
    return beside(lambda: decide(first, save, do, said), lambda: decide(again, save, do, said | other))


@pytest.fixture
def settled(judging: Judging) -> dict[str, Any]:
    """All rows are decided; what makes it gold names the work."""
    for uid in ("men", "women", "basket"):
        judging.do(adjudicating.accept, uid)
    return {"work": judging.desk.work}


@pytest.mark.parametrize("do", ["say", "undo", "accept_agreed"])
def test_a_repeat_that_waited_for_the_first_is_acknowledged(judging, cy, do):
    decide(judging.desk, Save(cy, None, 0), "say", NOTE | {"note": "one cup"})
    assert twice(judging, Save(cy, "x", 1), do, NOTE | {"rows": [judging.row("men").key]}) == 2
    assert judging.desk.gold.revisions_made == 2


def test_finishing_that_waited_for_the_first_is_acknowledged(judging, cy, settled):
    assert twice(judging, Save(cy, "x", 3), "finish", settled) == 4
    assert judging.desk.gold.submitted


def test_a_program_that_finishes_twice_at_once_needs_no_id_for_it(judging, cy, question, settled):
    first, seen = judging.desk, question_of(cy, question.pk)
    finish = {"do": "finish", "step": 3, **settled}
    beside(lambda: decide(first, Save(cy, None, 3), "finish", settled), lambda: decided(cy, seen, finish))
    assert judging.desk.gold.revisions_made == 4


def test_another_decision_that_waited_for_one_of_the_same_id_is_a_conflict(judging, cy):
    with pytest.raises(Conflict):
        twice(judging, Save(cy, "x", 0), "say", NOTE, note="three cups")
    assert judging.gold.note == "two cups"
