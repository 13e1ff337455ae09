"""Projects without gold, or without predictions, have nothing to evaluate, and say so."""

import pytest

from annotator.actions.queued import Refused
from annotator.models import Batch, Project
from scoring.evaluating import Wanted, begin
from scoring.models import Evaluation
from tests.conftest import make_clocks
from tests.scoring.evaluations.test_evaluations_page import URL
from tests.scoring.golden import golden, pilot

__all__ = ["golden", "pilot"]


@pytest.fixture
def project(db: None) -> Project:
    return make_clocks()


@pytest.fixture
def batch(project: Project) -> Batch:
    return project.batches.get(name="main 1")


def test_without_gold_there_is_nothing_to_score(project, question, predict):
    predict("good", ("q1", []))
    with pytest.raises(Refused, match="There is no gold here"):
        begin(project, Wanted())
    assert not Evaluation.objects.exists()


def test_without_predictions_there_is_nothing_to_score(project, golden):
    with pytest.raises(Refused, match="no system has predictions here"):
        begin(project, Wanted())


def test_without_predictions_the_page_says_what_to_do(as_mo, golden):
    text = as_mo.get(URL).text
    assert "import_predictions FILE --project clocks" in text
    assert "docs/predictions.md" in text
    assert 'name="systems"' not in text


def test_without_gold_it_says_so(as_mo, question):
    assert "There is no gold yet" in as_mo.get(URL).text
