"""The gold and the systems of ``tests/scoring/answered.py``, made once for all tests of a module."""

from functools import partial

import pytest

from annotator.models import Batch, Project, Question, System
from tests.conftest import make_clocks
from tests.scoring.answered import BAD_OF_SOME, GOOD_OF_ALL, agree, cut, evaluate, make_gold, predict, predicted
from tests.scoring.golden import make_golden, make_pilot

__all__ = ["cut", "evaluate", "make_gold", "predict"]


@pytest.fixture(scope="module")
def systems_of_clocks(ground: None, tmp_path_factory: pytest.TempPathFactory) -> None:
    project, folder = make_clocks(), tmp_path_factory.mktemp("systems")
    batch, people = project.batches.get(), {member.user.username: member for member in project.members.all()}
    make_golden(make_pilot(project), batch, partial(agree, people["ann"], people["bo"], people["cy"]))
    predicted(project, folder, "good", *GOOD_OF_ALL)
    predicted(project, folder, "poor", *BAD_OF_SOME)


@pytest.fixture
def project(systems_of_clocks: None, db: None) -> Project:
    return Project.objects.get(slug="clocks")


@pytest.fixture
def batch(project: Project) -> Batch:
    return project.batches.get(name="main 1")


@pytest.fixture
def golden(project: Project) -> dict[str, Question]:
    asked = Question.objects.filter(batch__project=project).select_related("batch__project", "retrieval")
    return {question.external_id: question for question in asked.order_by("batch", "order")}


@pytest.fixture
def systems(project: Project) -> list[System]:
    """ "good" answers every question with gold, "poor" two of the three, neither well."""
    return list(project.systems.order_by("pk"))
