"""Others go on saving while a long import writes: each chunk is a short transaction of its own.

``PROVISO_IMPORTED`` says how many questions come in; ``make faults`` brings ten thousand.
"""

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connections

from annotator import record, rows
from annotator.actions import saving
from annotator.actions.importing import import_questions
from annotator.models import Annotation, Assignment, Question
from tests.conftest import make_project

QUESTIONS = int(os.environ.get("PROVISO_IMPORTED", "2000"))
FRAGMENTS = 3
SECONDS_BETWEEN_SAVES = 0.02


class Annotator(threading.Thread):
    """Ann, who saves her card again and again from ``begin`` to ``end``; ``took`` are the seconds of each save."""

    def __init__(self, assignment: Assignment) -> None:
        super().__init__()
        self.assignment = assignment
        self.begin, self.end = threading.Event(), threading.Event()
        self.took: list[float] = []

    def run(self) -> None:
        try:
            self.begin.wait(60)
            whole = Annotation.objects.with_conditions().select_related("question__batch__project", "assignment")
            while not self.end.is_set():
                annotation = whole.get(pk=self.assignment.annotation_id)
                start = time.monotonic()
                self.save(annotation)
                self.took.append(time.monotonic() - start)
                time.sleep(SECONDS_BETWEEN_SAVES)
        finally:
            connections.close_all()

    def save(self, annotation: Annotation) -> None:
        number = len(self.took) + 1
        wanted = record.Condition(uid="c1", text=f"saved {number} times", answers=(record.Answer("a1", "yes"),))
        save = saving.Save(self.assignment.member, f"save-{number}", number)
        saving.save_condition(annotation, wanted, save, rows.lines_of(annotation.question, annotation))


@pytest.mark.django_db(transaction=True)
def test_saves_elsewhere_succeed_while_many_questions_are_imported(
    make_file: Callable[..., Path], assignment: Assignment
) -> None:
    path = make_file([{"id": str(n), "question": "Q?", "ctxs": fragments(n)} for n in range(QUESTIONS)])
    project = make_project("busy", {})
    saving.add_condition(assignment.annotation, "c1", saving.Save(assignment.member, "add", 1))
    ann = Annotator(assignment)
    ann.start()
    start = time.monotonic()
    import_questions(project, path, progress=lambda what, *_rest: ann.begin.set() if what == "Written" else None)
    during, whole = len(ann.took), time.monotonic() - start
    ann.end.set()
    ann.join(60)
    assert during > QUESTIONS / 1000
    assert max(ann.took) < whole / 2
    assert assignment.annotation.conditions.get().text == f"saved {len(ann.took)} times"
    assert Question.objects.filter(batch__project=project).count() == QUESTIONS


def fragments(number: int) -> list[dict[str, object]]:
    return [{"title": "T", "text": f"{number}, {place}", "score": 1.0} for place in range(FRAGMENTS)]
