"""Several windows that change one annotation at the same time: each waits its turn, none fails, nothing is lost.

``PROVISO_TURNS`` says how often each does it; ``make faults`` lets it be a hundred times.
"""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from django.db import connections, transaction

from annotator import record, rows
from annotator.actions import claiming, history, saving
from annotator.actions.history import Conflict, NotOpen
from annotator.actions.saving import Overall, Save
from annotator.models import Annotation, Revision

pytestmark = pytest.mark.django_db(transaction=True)
TIMES = int(os.environ.get("PROVISO_TURNS", "20"))


def fetched(assignment) -> Annotation:
    whole = Annotation.objects.with_conditions().select_related("question__batch__project", "assignment")
    return whole.get(pk=assignment.annotation_id)


@pytest.fixture
def cards(assignment, ann) -> None:
    for uid in ("c1", "c2"):
        saving.add_condition(assignment.annotation, uid, Save(ann, None, 1))


class Window(threading.Thread):
    """One window in which something is done again and again."""

    def __init__(self, act: Callable[[int], object], times: int = TIMES) -> None:
        super().__init__()
        self.act, self.times, self.failures = act, times, list[str]()

    def run(self) -> None:
        try:
            for turn in range(self.times):
                with suppress(Conflict, Revision.DoesNotExist):
                    self.act(turn)
        except Exception as failure:
            self.failures.append(repr(failure))
        finally:
            connections.close_all()


def at_once(*acts: Callable[[int], object]) -> list[str]:
    """Do all of it at once, and return what failed."""
    windows = [Window(act) for act in acts]
    for window in windows:
        window.start()
    for window in windows:
        window.join()
    return [failure for window in windows for failure in window.failures]


@pytest.fixture
def write(assignment, ann) -> Callable[[str], Callable[[int], None]]:
    """Return what writes a card, from the version that stands."""

    def write(uid: str) -> Callable[[int], None]:
        def act(turn: int) -> None:
            annotation = fetched(assignment)
            version = annotation.conditions.get(uid=uid).version
            wanted = record.Condition(uid, f"{uid} {turn}", (record.Answer("a1", f"{turn}"),))
            lines = rows.lines_of(annotation.question, annotation)
            saving.save_condition(annotation, wanted, Save(ann, None, version), lines)

        return act

    return write


@pytest.fixture(autouse=True)
def same_story(cards, assignment) -> Iterator[None]:
    """At the end of every test the history says what stands, with no step missing."""
    yield
    annotation = fetched(assignment)
    assert history.record_at(annotation, annotation.revisions_made) == rows.annotation_record(annotation)
    assert annotation.revisions.count() == annotation.revisions_made


def test_restoring_and_saving_never_wait_for_each_other(assignment, ann, write):
    def restore(turn: int) -> None:
        annotation = fetched(assignment)
        saving.restore(annotation, 2 + turn % 2, Save(ann, None, annotation.revisions_made))

    def say(turn: int) -> None:
        annotation = fetched(assignment)
        said = Overall(note=f"{turn}", order=("c1", "c2") if turn % 2 else ("c2", "c1"))
        saving.save_overall(annotation, said, Save(ann, None, annotation.version))

    write("c1")(0)
    assert at_once(restore, write("c1"), write("c2"), say) == []


def test_a_card_comes_back_beside_saves_of_another_and_the_step_has_both(assignment, ann, write):
    def remove_and_undo(_turn: int) -> None:
        annotation = fetched(assignment)
        version = annotation.conditions.get(uid="c2").version
        step = saving.remove_condition(annotation, "c2", Save(ann, None, version))
        saving.undo(fetched(assignment), step.number, Save(ann, None, 0))

    assert at_once(remove_and_undo, write("c1")) == []


def test_cards_that_are_added_at_once_stand_in_the_order_of_their_steps(assignment, ann):
    def add(_turn: int) -> None:
        saving.add_condition(fetched(assignment), record.new_uid(), Save(ann, None, 1))

    assert at_once(add, add) == []


def test_warnings_dismissed_at_once_are_all_kept(assignment):
    def dismiss(name: str) -> Callable[[int], None]:
        return lambda turn: saving.dismiss(fetched(assignment), f"{name}{turn}", "")

    assert at_once(dismiss("a"), dismiss("b")) == []
    assert len(fetched(assignment).dismissed) == 2 * TIMES


def test_a_save_that_waited_for_a_skip_is_refused(assignment, write):
    begun = fetched(assignment)
    write("c2")(0)  # a step in between, so that the save below has to look at what stands
    skipped = threading.Event()

    def skip(_turn: int) -> None:
        with transaction.atomic():
            claiming.skip(assignment, "no")
            skipped.set()
            time.sleep(0.5)

    window = Window(skip, 1)
    window.start()
    skipped.wait(10)
    with pytest.raises(NotOpen):
        saving.save_condition(begun, record.Condition("c1", "late"), Save(assignment.member, None, 1), {})
    window.join()
