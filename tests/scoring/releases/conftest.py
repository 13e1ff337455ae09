"""The gold of ``tests/scoring/golden.py``, made once for all tests of a module: the verbs take their time."""

from functools import partial

import pytest

from annotator.models import Batch, Project, Question
from tests.annotator.adjudication.conftest import hand_in
from tests.conftest import make_clocks
from tests.scoring.golden import agree, correct, cut, make_gold, make_golden, make_pilot

__all__ = ["correct", "cut", "hand_in", "make_gold"]


@pytest.fixture(scope="module")
def gold_of_clocks(ground: None) -> None:
    project = make_clocks()
    batch, people = project.batches.get(), {member.user.username: member for member in project.members.all()}
    make_golden(make_pilot(project), batch, partial(agree, people["ann"], people["bo"], people["cy"]))


@pytest.fixture
def project(gold_of_clocks: None, db: None) -> Project:
    return Project.objects.get(slug="clocks")


@pytest.fixture
def batch(project: Project) -> Batch:
    return project.batches.get(name="main 1")


@pytest.fixture
def pilot(project: Project) -> Batch:
    return project.batches.get(name="pilot")


@pytest.fixture
def golden(project: Project) -> dict[str, Question]:
    asked = Question.objects.filter(batch__project=project).select_related("batch__project", "retrieval")
    return {question.external_id: question for question in asked.order_by("batch", "order")}
