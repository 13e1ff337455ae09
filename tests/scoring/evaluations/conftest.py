"""Gold of three questions, and two systems that answer them: one well, one badly and not all of them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from annotator.actions.predictions import import_predictions
from annotator.exchange.storing_predicted import Run
from annotator.models import Project, Question, System
from scoring.evaluating import Wanted, begin
from scoring.models import Evaluation
from scoring.running import run
from tests.annotator.adjudication.conftest import hand_in
from tests.scoring.releases.conftest import cut, golden, make_gold, pilot

__all__ = ["cut", "golden", "hand_in", "make_gold", "pilot"]
GOOD = [
    {"condition": "women’s football", "answer": "2023", "citations": ["Fragment 2"]},
    {"condition": "men’s football", "answer": "2010", "citations": ["Fragment 1", "Fragment 750"]},
]
BAD = [{"condition": "a cup of soup", "answer": "hot", "citations": [4]}]
Predict = Callable[..., System]


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
