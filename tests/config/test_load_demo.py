"""The demo comes in by the verbs, whole, and a second time changes nothing that people did since."""

from typing import Any

import pytest
from django.core.management import call_command

from annotator.actions import claiming
from annotator.actions.leaving import leave
from annotator.actions.retrieving import problems_of
from annotator.models import Annotation, Assignment, Condition, Project, Question, Revision, User
from config.demo import CAST, SLUG
from retrieval.models import Fragment

COUNTED: list[Any] = [Annotation, Assignment, Condition, Fragment, Question, Revision, User]


@pytest.fixture
def demo(db: None) -> Project:
    call_command("load_demo")
    return Project.objects.get(slug=SLUG)


def test_the_demo_is_as_large_as_promised_and_sound(demo):
    questions = Question.objects.filter(batch__project=demo)
    assert questions.count() >= 12
    assert not questions.filter(retrieval__isnull=True).exists()
    assert Fragment.objects.filter(corpus__slug=SLUG).count() >= 120
    assert list(problems_of(demo)) == []


def test_every_state_of_work_can_be_seen(demo):
    states = Assignment.objects.filter(question__batch__project=demo).values_list("state", flat=True)
    assert {"submitted", "in_progress", "skipped"} <= set(states)
    assert demo.guidelines.get().by == demo.members.get(user__username="mo")


def test_the_cast_is_there_and_dee_is_a_stranger(demo):
    assert set(CAST) <= set(User.objects.values_list("username", flat=True))
    assert not demo.members.filter(user__username="dee").exists()


def test_a_second_time_changes_nothing(demo):
    before = [model.objects.count() for model in COUNTED]
    call_command("load_demo")
    assert [model.objects.count() for model in COUNTED] == before


def test_what_people_changed_stays_as_they_left_it(demo):
    card = Condition.objects.filter(annotation__author__user__username="ann").first()
    Condition.objects.filter(pk=card.pk).update(text="As Ann says now")
    Project.objects.filter(pk=demo.pk).update(name="Ours")
    taken = claiming.claim(demo.members.get(user__username="cy"))
    call_command("load_demo")
    card.refresh_from_db()
    demo.refresh_from_db()
    assert (card.text, demo.name) == ("As Ann says now", "Ours")
    assert Assignment.objects.filter(pk=taken.pk).exists()


def test_who_left_is_not_brought_back(demo):
    leave(demo.members.get(user__username="bo"))
    call_command("load_demo")
    assert demo.members.get(user__username="bo").left is not None
