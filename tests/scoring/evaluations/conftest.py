"""Gold of three questions, and two systems that answer them: one well, one badly and not all of them."""

import json
from collections.abc import Callable
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
from scoring import sight
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


@pytest.fixture(autouse=True)
def enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three questions stand for many: so few that a board tells of each are tested by themselves."""
    monkeypatch.setattr(sight, "FEW", 3)


@pytest.fixture
def make_gold(ann: Member, bo: Member, cy: Member) -> Callable[..., None]:
    """Let Ann and Bo have said the same of a question, and Cy have made gold of it."""

    def make_gold(question: Question) -> None:
        for member, source in ((ann, "human"), (bo, "human"), (cy, "gold")):
            write(question, member, source)

    return make_gold


def lines(*predictions: tuple[str, list[dict[str, Any]]]) -> str:
    return "".join(json.dumps({"id": name, "conditions": said}) + "\n" for name, said in predictions)


@pytest.fixture
def predict(project: Project, tmp_path: Path) -> Predict:
    """Bring in what a system says: ``predict("good", ("m1", GOOD), …)``."""

    def predict(name: str, *predictions: tuple[str, list[dict[str, Any]]]) -> System:
        path = tmp_path / f"{name}.jsonl"
        path.write_text(lines(*predictions), "utf-8")
        import_predictions(path, Run(project, name))
        return project.systems.get(name=name)

    return predict


@pytest.fixture
def systems(golden: dict[str, Question], predict: Predict) -> list[System]:
    """ "good" answers every question with gold, "poor" two of the three, neither well."""
    good = predict("good", *((name, GOOD) for name in ("p1", "m1", "m2")))
    return [good, predict("poor", ("p1", BAD), ("m2", []))]


@pytest.fixture
def evaluate(project: Project, systems: list[System]) -> Callable[..., Evaluation]:
    """Evaluate the systems: ``evaluate(judge="exact")``."""

    def evaluate(**wanted: Any) -> Evaluation:
        evaluation = begin(project, Wanted(**({"draws": 200} | wanted)))
        run(evaluation)
        return evaluation

    return evaluate
