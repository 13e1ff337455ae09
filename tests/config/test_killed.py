"""A server that is killed amid claims, saves and submissions: nothing acknowledged is lost or given out twice."""

import time
from collections.abc import Collection
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.db.models import Count, F, Q
from django.utils import timezone

from annotator.actions import claiming
from annotator.models import Annotation, Assignment, Condition, Member, Project, Question
from tests.annotator.test_claimers import database_url
from tests.config.killing import KILLS, Annotator, served
from tests.config.test_serve import free_port
from tests.conftest import make_project, make_question

PEOPLE, QUESTIONS = 4, 20 * KILLS


def session_of(member: Member) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(member.user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = member.user.get_session_auth_hash()
    session.create()
    return session.session_key


@pytest.fixture
def crowd(transactional_db: None) -> Project:
    return make_crowd()


def make_crowd(**more: str) -> Project:
    """Make the project “clocks” with four annotators, two more who come late, and questions for two people each."""
    people = [f"p{number}" for number in range(PEOPLE)]
    project = make_project("clocks", dict.fromkeys([*people, "late-1", "late-2"], "annotator") | more)
    retrieval = make_question(project.batches.get()).retrieval
    for number in range(QUESTIONS):
        make_question(project.batches.get(), f"more-{number}", retrieval=retrieval)
    return project


@pytest.mark.django_db(transaction=True)
def test_a_server_that_is_killed_loses_nothing_and_gives_nothing_out_twice(crowd: Project, tmp_path: Path) -> None:
    port, chance = free_port(), Random(KILLS)  # noqa: S311 - a course that can be repeated
    people = at_work(crowd, port, Annotator)
    for kill in range(1, KILLS + 1):
        with ThreadPoolExecutor(PEOPLE) as threads:
            with served(port, database_url(), tmp_path):
                working = until_submitted(kill * PEOPLE, people.values(), threads, chance)
            assert [one.result() for one in working] == [None] * PEOPLE
        slots_are_counted(crowd)
    for member, one in people.items():
        all_acknowledged_is_there(member, one)
    all_can_be_finished(crowd)


def at_work(project: Project, port: int, kind: type[Annotator]) -> dict[Member, Annotator]:
    """Return a browser for each of those who are there from the first."""
    members = project.members.filter(pseudonym__contains="-p").select_related("user")
    return {member: kind(member.pseudonym, session_of(member), port) for member in members}


def until_submitted(
    number: int, people: Collection[Annotator], threads: ThreadPoolExecutor, chance: Random
) -> "list[Future[None]]":
    """Let people work until so many annotations are acknowledged, and a moment longer; return what they are doing."""
    working = [threads.submit(one.work) for one in people]
    while sum(len(one.submitted) for one in people) < number:
        assert not all(one.done() for one in working), [one.exception() for one in working]
        time.sleep(0.01)
    time.sleep(chance.uniform(0, 0.5))
    return working


def slots_are_counted(project: Project) -> None:
    """No slot is given out twice, and each that is taken has its holder."""
    live = Count("assignments", filter=Q(assignments__state__in=["in_progress", "submitted"]))
    counted = Question.objects.filter(batch__project=project).annotate(live=live)
    assert not counted.exclude(taken=F("live")).exists()
    assert not counted.filter(taken__gt=F("overlap")).exists()
    stepped = Annotation.objects.filter(question__batch__project=project).annotate(steps=Count("revisions"))
    assert not stepped.exclude(revisions_made=F("steps")).exists()


def all_acknowledged_is_there(member: Member, one: Annotator) -> None:
    """What a person was told is done is done; what the kill cut off may be, or not."""
    own = member.assignments.all()
    assert one.claimed <= set(own.values_list("question", flat=True))
    assert one.submitted <= set(own.filter(state="submitted").values_list("question", flat=True))
    stored = dict(Condition.objects.filter(annotation__author=member).values_list("uid", "text"))
    for uid, text in one.saved.items():
        assert stored[uid] in (text, one.sent[uid])


def all_can_be_finished(project: Project) -> None:
    """Once the leases have ended, those who come late get every slot that the killed server left open."""
    slots = Assignment.objects.filter(member__project=project)
    slots.filter(state="in_progress").update(lease_until=timezone.now() - timedelta(seconds=1))
    for member in project.members.filter(pseudonym__contains="late"):
        while assignment := claiming.claim(member):
            slots.filter(pk=assignment.pk).update(state="submitted", lease_until=None)
    assert not slots.filter(state="in_progress").exists()
    assert not Question.objects.filter(batch__project=project).exclude(taken=F("overlap")).exists()
    slots_are_counted(project)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            assert cursor.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
