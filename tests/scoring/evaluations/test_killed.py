"""An evaluation whose process is killed again and again: gone on with, it comes to what an unbroken one comes to."""

import os
import signal
import subprocess
import sys
import time

import pytest
from django.conf import settings
from django.db.models import Count

from annotator.models import Project
from scoring.evaluating import Wanted, begin
from scoring.models import Evaluation, Score
from scoring.running import run
from scoring.scores_file import report_of
from tests.annotator.test_claimers import database_url
from tests.config.killing import KILLS
from tests.config.test_serve import PATIENCE
from tests.conftest import make_clocks, make_question
from tests.scoring.answered import BAD, GOOD

QUESTIONS = 10 * (KILLS + 1)
# One question at a time, so that there is a middle to be killed in.
EVALUATE = """
import sys, django
django.setup()
from django.core.management import call_command
from scoring import running
running.CHUNK = 1
call_command("evaluate", project="clocks", resume=int(sys.argv[1]))
"""


def evaluating(number: int) -> "subprocess.Popen[bytes]":
    environment = os.environ | {"DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, "-c", EVALUATE, str(number)]
    return subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, stdout=subprocess.DEVNULL)


def kill_once_scored(least: int, number: int) -> None:
    """Let a process score until so many questions are, and kill it there."""
    process, deadline = evaluating(number), time.monotonic() + PATIENCE
    while scored() < least:
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    assert process.wait(PATIENCE) == -signal.SIGKILL


def scored() -> int:
    return Score.objects.values("question").distinct().count()


@pytest.fixture
def project(transactional_db: None) -> Project:
    return make_clocks()


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_an_evaluation_that_is_killed_again_and_again_comes_to_what_an_unbroken_one_comes_to(
    project: Project, question, make_gold, predict
):
    asked = [question, *(make_question(project.batches.get(), f"more-{number}") for number in range(QUESTIONS))]
    for one in asked:
        make_gold(one)
    predict("good", *((one.external_id, GOOD) for one in asked))
    predict("poor", *((one.external_id, BAD) for one in asked[::2]))
    broken = begin(project, Wanted())
    for kill in range(1, KILLS + 1):
        kill_once_scored(max(scored() + 1, kill * 5), broken.number)
        assert not Evaluation.objects.get().finished
    assert evaluating(broken.number).wait(PATIENCE) == 0
    broken.refresh_from_db()
    unbroken = begin(project, Wanted())
    run(unbroken)
    assert broken.board == unbroken.board
    assert list(report_of(broken)["by_question"]) == list(report_of(unbroken)["by_question"])
    counted = unbroken.questions.annotate(number=Count("scores")).values_list("number", flat=True)
    assert list(broken.questions.annotate(number=Count("scores")).values_list("number", flat=True)) == list(counted)
