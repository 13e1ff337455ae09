"""Others go on saving while a long import writes: each chunk is a short transaction of its own."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connections

from annotator.actions import importing
from annotator.actions.importing import import_questions
from annotator.models import Question
from tests.conftest import make_project, make_question

QUESTIONS = 600


@pytest.mark.django_db(transaction=True)
def test_saves_elsewhere_succeed_while_an_import_writes(
    make_file: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "CHUNK", 50)
    ctxs = [{"title": "T", "text": "word " * 100, "score": 1.0}] * 10
    path = make_file([{"id": str(number), "question": "Q?", "ctxs": ctxs} for number in range(QUESTIONS)])
    project = make_project("busy", {})
    other = make_question(make_project("elsewhere", {}).batches.get())
    saves: list[float] = []
    written, done = threading.Event(), threading.Event()

    def save() -> None:
        written.wait(20)
        while not done.is_set() and len(saves) < 1000:
            start = time.monotonic()
            Question.objects.filter(pk=other.pk).update(text=f"Saved {len(saves)} times?")
            saves.append(time.monotonic() - start)
        connections.close_all()

    saver = threading.Thread(target=save)
    saver.start()
    import_questions(project, path, progress=lambda what, *_rest: written.set() if what == "Written" else None)
    at_the_end = len(saves)
    done.set()
    saver.join(20)
    assert at_the_end > 0
    assert max(saves) < 5
    assert Question.objects.filter(batch__project=project).count() == QUESTIONS
