"""A decision that comes again while its first arrival is under way: it waits, and is acknowledged."""

import threading
import time
from collections.abc import Callable

import pytest
from django.db import connections, transaction

from annotator.actions import adjudicating
from annotator.actions.deciding import decide
from annotator.actions.history import Conflict
from annotator.actions.saving import Save
from annotator.desk import Desk
from tests.annotator.adjudication.conftest import Judging

pytestmark = pytest.mark.django_db(transaction=True)


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


@pytest.fixture
def meanwhile() -> Callable[..., object]:
    """Decide something on a desk while another request, which saw the same, is under way."""

    def meanwhile(desk: Desk, *decision: object, first: Callable[[], object]) -> object:
        under_way = UnderWay(first)
        under_way.start()
        assert under_way.done.wait(10)
        try:
            return decide(desk, *decision)
        finally:
            under_way.join()

    return meanwhile


@pytest.mark.parametrize("do", ["say", "undo", "accept_agreed"])
def test_a_repeat_that_waited_for_the_first_is_acknowledged(judging: Judging, cy, meanwhile, do):
    decide(judging.desk, Save(cy, None, 0), "say", {"verdict": None, "reason": "", "note": "one cup"})
    said = {"verdict": None, "reason": "", "note": "two cups", "rows": [judging.row("men").key]}
    save, first, again = Save(cy, "x", 1), judging.desk, judging.desk
    assert meanwhile(again, save, do, said, first=lambda: decide(first, save, do, said)) == 2
    assert judging.desk.gold.revisions_made == 2


def test_finishing_that_waited_for_the_first_is_acknowledged(judging: Judging, cy, meanwhile):
    for uid in ("men", "women", "basket"):
        judging.do(adjudicating.accept, uid)
    save, first, again = Save(cy, "x", 3), judging.desk, judging.desk
    said = {"work": first.work}
    assert meanwhile(again, save, "finish", said, first=lambda: decide(first, save, "finish", said)) == 4
    assert judging.desk.gold.submitted


def test_another_decision_that_waited_for_one_of_the_same_id_is_a_conflict(judging: Judging, cy, meanwhile):
    save, first, again = Save(cy, "x", 0), judging.desk, judging.desk
    said = {"verdict": None, "reason": "", "note": "two cups"}
    with pytest.raises(Conflict):
        meanwhile(again, save, "say", said | {"note": "three"}, first=lambda: decide(first, save, "say", said))
    assert judging.gold.note == "two cups"
