"""Gold that Cy made of Ann's and Bo's work, in a pilot and a main batch, and releases of it."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from annotator.actions import adjudicating
from annotator.actions.adjudicating_many import adopt_agreed
from annotator.models import Batch, Member, Project, Question, Release
from scoring.releasing import Wish, cut_release
from tests.annotator.adjudication.conftest import MEN, WOMEN, Judging, handed_in
from tests.conftest import make_question

MAIN = {"m1": "river", "m2": "planet in the sky", "m3": "novel that anybody wrote"}


@pytest.fixture
def make_gold(ann: Member, bo: Member, cy: Member) -> Callable[[Question], None]:
    """Let Ann and Bo say the same of a question, and Cy make gold of it."""
    return partial(agree, ann, bo, cy)


def agree(ann: Member, bo: Member, cy: Member, question: Question) -> None:
    for member in (ann, bo):
        handed_in(member, question, MEN, WOMEN)
    adopt_agreed(cy, Question.objects.select_related("batch__project", "retrieval").get(pk=question.pk))


def make_pilot(project: Project) -> Batch:
    values = {"name": "pilot", "position": 0, "purpose": "pilot", "overlap": 2, "created": timezone.now()}
    return Batch.objects.create(project=project, guideline_version=project.guidelines.get(), **values)


def make_golden(pilot: Batch, batch: Batch, make_gold: Callable[[Question], None]) -> dict[str, Question]:
    """Make three questions with gold, one of them in the pilot, and one without; their project names its licence."""
    Project.objects.filter(pk=batch.project_id).update(licence="CC BY-SA 4.0", description="Of clocks.")
    batch.project.refresh_from_db()
    made = {"p1": make_question(pilot, "p1", "Who built the first clock?")}
    made |= {name: make_question(batch, name, f"What is the largest {what}?") for name, what in MAIN.items()}
    for name in ("p1", "m1", "m2"):
        make_gold(made[name])
    return made


@pytest.fixture
def pilot(project: Project) -> Batch:
    return make_pilot(project)


@pytest.fixture
def golden(batch: Batch, pilot: Batch, make_gold: Callable[[Question], None]) -> dict[str, Question]:
    return make_golden(pilot, batch, make_gold)


@pytest.fixture
def cut(project: Project, golden: dict[str, Question], mo: Member) -> Callable[..., Release]:
    """Release the project's gold: ``cut("1.0.0", splits=("train=50", "test=50"))``."""

    def cut(tag: str = "1.0.0", **wish: Any) -> Release:
        return cut_release(project, Wish(tag, **wish), mo)

    return cut


@pytest.fixture
def correct(cy: Member) -> Callable[..., None]:
    """Let Cy take finished gold up again, say its first condition otherwise, and finish it."""

    def correct(question: Question, text: str = "The men’s side, in football", note: str = "") -> None:
        judging = Judging(question, cy).open()
        adjudicating.reopen(judging.desk, judging.save)
        (gold, _other) = judging.gold.conditions
        row = next(row for row in judging.desk.rows if row.gold and row.gold.uid == gold.uid)
        adjudicating.reopen_row(judging.desk, judging.save, row.key)
        row = next(row for row in judging.desk.rows if not row.decided)
        adjudicating.rewrite(judging.desk, judging.save, row.key, partial(replace, text=text))
        row = next(row for row in judging.desk.rows if not row.decided)
        adjudicating.accept(judging.desk, judging.save, row.key)
        said = judging.desk.said.record
        adjudicating.say(judging.desk, judging.save, said.verdict, said.reason, note)
        adjudicating.finish(judging.desk, judging.save)

    return correct
