"""Many who claim at once, each in a process of their own: never a slot too many, and nobody fails.

``PROVISO_CLAIMERS`` says how many; ``make faults`` lets 64 of them at it.
"""

import os
import subprocess
import sys
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection
from django.db.models import Count, F, Q

from annotator.actions import claiming
from annotator.models import Assignment, Batch, Project, Question
from tests.conftest import make_project, make_question

CLAIMERS = int(os.environ.get("PROVISO_CLAIMERS", "4"))
QUESTIONS, OVERLAP = 5 * CLAIMERS, 3


def database_url() -> str:
    """Return the URL of the database that the tests run on."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlsplit(settings.DATABASE_URL)._replace(path=f"/{name}").geturl()


def claimer(member: int, seed: int) -> subprocess.Popen[str]:
    environment = os.environ | {"DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, "-m", "tests.annotator.claimer", str(member), str(seed)]
    return subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, stderr=subprocess.PIPE, text=True)


def make_batch(project: Project, order: Batch.Order) -> None:
    """Give out questions of the project in an order, each to several people."""
    batch = project.batches.create(name=order.value, position=2, overlap=OVERLAP, order=order, created=project.created)
    retrieval = make_question(batch).retrieval
    for number in range(QUESTIONS):
        make_question(batch, f"more-{number}", retrieval=retrieval)


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_claimers_at_once_never_get_a_slot_too_many_and_never_fail():
    project = make_project("crowd", {f"p{number}": "annotator" for number in range(CLAIMERS)})
    for order in (Batch.Order.FEWEST, Batch.Order.RANDOM):
        make_batch(project, order)
    members = list(project.members.all())
    # The first member works in two windows at once.
    running = [claimer(member.pk, seed) for seed, member in enumerate([members[0], *members])]
    assert [process.communicate(timeout=600)[1] for process in running] == [""] * (CLAIMERS + 1)
    assert {process.returncode for process in running} == {0}
    questions = Question.objects.filter(batch__project=project)
    held = Count("assignments", filter=Q(assignments__state__in=["in_progress", "returned", "submitted"]))
    assert not questions.annotate(held=held).exclude(taken=F("held")).exists()
    assert not questions.filter(taken__gt=F("overlap")).exists()
    # What came back after they had gone is found by their next claims, and nothing is passed over.
    for member in members:
        while assignment := claiming.claim(member):
            Assignment.objects.filter(pk=assignment.pk).update(state="submitted")
        assert not questions.claimable_by(member).exists()
