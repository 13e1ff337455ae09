"""Gold of three questions, and two systems that answer them: one well, one badly and not all of them."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from annotator import rows
from annotator.actions.predictions import import_predictions
from annotator.codec import to_json
from annotator.exchange.storing_predicted import Run
from annotator.models import Annotation, Member, Project, Question, Revision, System
from annotator.record import Annotation as Record
from annotator.record import Verdict
from scoring.evaluating import Wanted, begin
from scoring.models import Evaluation
from scoring.running import run
from tests.annotator.adjudication.conftest import MEN, WOMEN
from tests.scoring.golden import cut, golden, pilot

__all__ = ["cut", "golden", "pilot"]
GOOD = [
    {"condition": "women’s football", "answer": "2023", "citations": ["Fragment 2"]},
    {"condition": "men’s football", "answer": "2010", "citations": ["Fragment 1", "Fragment 750"]},
]
BAD = [{"condition": "a cup of soup", "answer": "hot", "citations": [4]}]
GOOD_OF_ALL, BAD_OF_SOME = [(name, GOOD) for name in ("p1", "m1", "m2")], [("p1", BAD), ("m2", [])]
Predict = Callable[..., System]


SAID = Record(Verdict.AMBIGUOUS, conditions=(MEN, WOMEN))


def write(question: Question, member: Member, source: str, said: Record = SAID) -> Annotation:
    """Write what is said of a question as if it had been handed in."""
    now = timezone.now()
    written = {"created": now, "saved": now, "submitted": now, "revisions_made": 1, "verdict": said.verdict}
    row = Annotation.objects.create(question=question, author=member, source=source, **written)
    rows.create_conditions([(row, said, rows.lines_of(question))])
    Revision.objects.create(annotation=row, number=1, by=member, at=now, verb="submit", record=to_json(said))
    return row


def agree(ann: Member, bo: Member, cy: Member, question: Question) -> None:
    for member, source in ((ann, "human"), (bo, "human"), (cy, "gold")):
        write(question, member, source)


@pytest.fixture
def make_gold(ann: Member, bo: Member, cy: Member) -> Callable[..., None]:
    """Let Ann and Bo have said the same of a question, and Cy have made gold of it."""
    return partial(agree, ann, bo, cy)


def lines(*predictions: tuple[str, list[dict[str, Any]]]) -> str:
    return "".join(json.dumps({"id": name, "conditions": said}) + "\n" for name, said in predictions)


def predicted(project: Project, folder: Path, name: str, *said: tuple[str, list[dict[str, Any]]]) -> System:
    """Bring in what a system says, by a file in a folder."""
    path = folder / f"{name}.jsonl"
    path.write_text(lines(*said), "utf-8")
    import_predictions(path, Run(project, name))
    return project.systems.get(name=name)


@pytest.fixture
def predict(project: Project, tmp_path: Path) -> Predict:
    """Bring in what a system says: ``predict("good", ("m1", GOOD), …)``."""
    return partial(predicted, project, tmp_path)


@pytest.fixture
def systems(golden: dict[str, Question], predict: Predict) -> list[System]:
    """ "good" answers every question with gold, "poor" two of the three, neither well."""
    return [predict("good", *GOOD_OF_ALL), predict("poor", *BAD_OF_SOME)]


@pytest.fixture
def evaluate(project: Project, systems: list[System]) -> Callable[..., Evaluation]:
    """Evaluate the systems: ``evaluate(judge="exact")``."""

    def evaluate(**wanted: Any) -> Evaluation:
        evaluation = begin(project, Wanted(**({"draws": 200} | wanted)))
        run(evaluation)
        return evaluation

    return evaluate
