"""The demo comes in by the verbs, whole, and a second time changes nothing that people did since."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import combinations
from statistics import mean
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from annotator.actions import claiming
from annotator.actions.adopting import share_of
from annotator.actions.leaving import leave
from annotator.actions.retrieving import problems_of
from annotator.models import (
    Annotation,
    Assignment,
    Batch,
    Condition,
    Decision,
    Note,
    Project,
    Question,
    Revision,
    User,
)
from annotator.record import Verdict
from config.demo import CAST
from config.demo.times import SLUG, working_day
from retrieval.engines import EngineUnavailableError
from retrieval.models import Fragment
from scoring.reporting import agreement_report

COUNTED: list[Any] = [Annotation, Assignment, Batch, Condition, Decision, Fragment, Note, Question, Revision, User]
ANNOTATORS = ("ann", "bo", "eve")


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The demo is brought in once; what a test changes lies in a transaction within this one."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_demo")
        yield
        transaction.set_rollback(True)


@pytest.fixture
def demo(loaded: None, db: None) -> Project:
    return Project.objects.get(slug=SLUG)


def questions_of(project: Project) -> Any:
    return Question.objects.filter(batch__project=project).staged()


def test_the_demo_is_as_large_as_promised_and_sound(demo):
    questions = questions_of(demo)
    assert questions.count() == 24
    assert not questions.filter(retrieval__isnull=True).exists()
    assert Fragment.objects.filter(corpus__slug=SLUG).count() >= 270
    assert list(problems_of(demo)) == []
    assert set(CAST) <= set(User.objects.values_list("username", flat=True))
    assert not demo.members.filter(user__username="dee").exists()


def test_every_state_of_work_can_be_seen(demo):
    questions = questions_of(demo)
    states = Assignment.objects.filter(question__batch__project=demo).values_list("state", flat=True)
    assert set(states) == {"submitted", "in_progress", "returned", "skipped", "expired"}
    assert {question.stage for question in questions} == {
        "to_do",
        "in_progress",
        "partly",
        "done",
        "adjudicating",
        "gold",
    }
    assert questions.at_stage("gold").count() >= 11
    assert questions.ready().count() >= 4
    assert questions.get(adjudicator__user__username="cy").external_id == "hobbit-release"
    assert Note.objects.filter(reply_to__isnull=False).exists()
    verdicts = Annotation.objects.filter(question__in=questions, source="human").submitted()
    assert {one.verdict for one in verdicts} == set(Verdict)


def test_everybody_annotated_the_pilot_and_it_taught_the_second_guidelines(demo):
    pilot, main = demo.batches.all()
    assert (pilot.purpose, main.purpose) == ("pilot", "main")
    assert {question.handed_in for question in questions_of(demo).filter(batch=pilot)} == {3}
    assert {question.overlap for question in questions_of(demo).filter(batch=main)} == {1, 2}
    assert (pilot.guideline_version.number, main.guideline_version.number) == (1, 2)
    assert pilot.closes < main.created < timezone.now()


def test_each_annotator_can_claim_something_new(demo):
    for name in ANNOTATORS:
        member = demo.members.get(user__username=name)
        assert Question.objects.on_offer_to(member).count() >= 4


def test_people_agree_by_and_large_and_eve_least(demo):
    report = agreement_report(demo)
    assert 0.4 < report["figures"]["verdict_alpha"]["value"] < 0.9
    pilot = report["batches"]["pilot"]["figures"]["verdict_alpha"]
    assert pilot["value"] is None
    assert pilot["reason"] == "All 3 people gave the same verdict on all 5 questions, so α is undefined."
    names = {name: demo.members.get(user__username=name).pseudonym for name in ANNOTATORS}
    found = {
        pair: part["figures"]["conditions_soft"]["value"]
        for pair in combinations(ANNOTATORS, 2)
        for part in report["pairs"]
        if part["people"] == sorted(names[one] for one in pair)
    }
    means = {name: mean(found[pair] for pair in found if name in pair) for name in ANNOTATORS}
    assert min(means, key=lambda name: means[name]) == "eve"


def test_gold_shows_each_way_of_deciding(demo):
    kinds = Decision.objects.filter(gold__question__batch__project=demo, until=None).values_list("kind", flat=True)
    assert {"accepted", "none", "built", "apart"} <= set(kinds)
    assert not Decision.objects.filter(kind="none", reason="").exists()


def test_machines_drafted_and_answered_and_a_part_was_adopted(demo):
    assert {system.complete for system in demo.systems.all()} == {True}
    sources = Annotation.objects.filter(system__project=demo).values_list("source", flat=True)
    assert set(sources) == {"draft", "prediction"}
    share = share_of(demo)
    assert share
    assert share.adopted > 0


def test_the_work_lies_on_weekdays_of_three_weeks_and_no_lease_has_ended(demo):
    times = Revision.objects.filter(annotation__question__batch__project=demo).values_list("at", flat=True)
    days = {timezone.localdate(at) for at in times}
    assert all(day.weekday() < 5 for day in days)
    assert len(days) >= 12
    assert timezone.localdate() - timedelta(days=25) < min(days) <= max(days) < timezone.localdate()
    seconds = Annotation.objects.filter(assignment__state="submitted").values_list("active_seconds", flat=True)
    assert all(60 <= one <= 720 for one in seconds)
    assert not Assignment.objects.ended().exists()


@pytest.mark.parametrize(("ago", "day"), [(0, 9), (1, 6), (5, 2)])
def test_working_days_leave_out_the_week_end(ago, day):
    assert working_day(date(2026, 3, 9), ago) == date(2026, 3, day)


def test_a_search_engine_that_is_away_is_said(monkeypatch):
    def away(_progress: Any) -> None:
        raise EngineUnavailableError("Elasticsearch cannot be reached")

    monkeypatch.setattr("config.management.commands.load_demo.load_demo", away)
    with pytest.raises(CommandError, match=r"^Elasticsearch cannot be reached$"):
        call_command("load_demo")


def test_a_second_time_changes_nothing(demo):
    before = [list(model.objects.order_by("pk").values()) for model in COUNTED]
    call_command("load_demo")
    assert [list(model.objects.order_by("pk").values()) for model in COUNTED] == before


def test_what_people_changed_stays_as_they_left_it(demo):
    card = Condition.objects.filter(annotation__author__user__username="ann").first()
    Condition.objects.filter(pk=card.pk).update(text="As Ann says now")
    Project.objects.filter(pk=demo.pk).update(name="Ours")
    taken = claiming.claim(demo.members.get(user__username="cy"))
    leave(demo.members.get(user__username="bo"))
    call_command("load_demo")
    card.refresh_from_db()
    demo.refresh_from_db()
    assert (card.text, demo.name) == ("As Ann says now", "Ours")
    assert Assignment.objects.filter(pk=taken.pk).exists()
    assert demo.members.get(user__username="bo").left is not None


def test_the_demo_of_an_earlier_version_stays_as_it_is(demo):
    demo.batches.filter(position=1).update(purpose="main")
    demo.batches.filter(position=2).update(position=3)
    call_command("load_demo")
    assert demo.batches.count() == 2


def test_hours_and_a_first_release_can_be_seen(demo):
    worked = {member.user.username for member in demo.members.filter(days__seconds__gt=0).select_related("user")}
    assert worked == {*ANNOTATORS, "cy"}
    release = demo.releases.get()
    assert (release.tag, release.split_counts()) == ("0.1.0", {"dev": 5})


def test_the_systems_are_told_apart_and_one_of_them_drafted_a_little_of_gold(demo):
    evaluation = demo.evaluations.get()
    assert evaluation.column(evaluation.primary)["letters"] == {
        "cascade run 1": "a",
        "answering run 1": "b",
        "closed-book run 1": "c",
    }
    drafted = {system["name"]: system["drafted"] for system in evaluation.board["systems"]}
    assert 0 < drafted["cascade run 1"] < 0.1
    assert drafted["answering run 1"] == 0
