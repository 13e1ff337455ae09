"""What hooks are told of: written with what happens, of ids and numbers alone."""

import json
from typing import Any

from django.db import transaction

from annotator.actions import submitting
from annotator.actions.announcing import announce
from annotator.actions.hooks import change_hook, switch
from annotator.models import Event, Hook, Project
from tests.annotator.adjudication.conftest import MEN, WOMEN, handed_in
from tests.annotator.hooks.hooked import make_hook
from tests.scoring.answered import evaluate, predict, systems
from tests.scoring.golden import cut, golden, make_gold, pilot

__all__ = ["cut", "evaluate", "golden", "make_gold", "pilot", "predict", "systems"]
SITE = "http://127.0.0.1:8000/p/clocks"


def told(hook: Hook) -> list[dict[str, Any]]:
    return [json.loads(delivery.body) for delivery in hook.deliveries.order_by("pk")]


def happen(project: Project) -> None:
    announce(Event.SUBMITTED, project.pk, "question", 7)


def test_a_submission_names_the_question_and_nobody(hook, ann, question):
    handed_in(ann, question, MEN, WOMEN)
    [delivery], [said] = hook.deliveries.all(), told(hook)
    assert said.pop("time") == delivery.created.isoformat()
    assert said == {
        "event": "submitted",
        "delivery": str(delivery.uid),
        "project": "clocks",
        "question": question.pk,
        "link": f"{SITE}/questions/{question.pk}/",
    }


def test_submitting_twice_is_told_once(hook, ann, question):
    submitting.submit(handed_in(ann, question, MEN, WOMEN), ann)
    assert len(told(hook)) == 1


def test_gold_releases_and_evaluations_are_told_with_their_pages(hook, cut, evaluate):
    cut("1.0.0")
    number = evaluate().number
    found = told(hook)
    assert [one["event"] for one in found] == ["submitted", "submitted", "adjudicated"] * 3 + ["released", "evaluated"]
    assert found[2]["link"] == f"{SITE}/questions/{found[2]['question']}/"
    assert (found[-2]["release"], found[-2]["questions"]) == ("1.0.0", 3)
    assert found[-2]["link"] == f"{SITE}/releases/1.0.0/"
    assert (found[-1]["evaluation"], found[-1]["link"]) == (number, f"{SITE}/evaluations/{number}/")


def test_what_did_not_happen_is_not_told(hook, ann, question):
    with transaction.atomic():
        handed_in(ann, question, MEN, WOMEN)
        assert hook.deliveries.exists()
        transaction.set_rollback(True)
    assert not hook.deliveries.exists()


def test_a_hook_is_told_of_what_it_asks_for_while_it_is_on(hook, project):
    change_hook(hook, events=[Event.RELEASED])
    happen(project)
    change_hook(hook, events=[Event.RELEASED, Event.SUBMITTED])
    switch(hook, on=False)
    happen(project)
    assert told(hook) == []
    switch(hook, on=True)
    happen(project)
    assert len(told(hook)) == 1


def test_every_hook_of_the_project_is_told_and_no_other(hook, project):
    other = make_hook(Project.objects.get(slug="noise"))
    second = make_hook(project)
    happen(project)
    assert (len(told(hook)), len(told(second)), len(told(other))) == (1, 1, 0)
    assert told(hook)[0]["delivery"] != told(second)[0]["delivery"]


def test_it_costs_one_query_where_nobody_wants_to_know(project, django_assert_num_queries):
    with django_assert_num_queries(1):
        happen(project)


def test_workers_are_told_once_it_is_stored(hook, project, monkeypatch, django_capture_on_commit_callbacks):
    nudged: list[int] = []
    monkeypatch.setattr("annotator.actions.announcing.nudge", nudged.append)
    with django_capture_on_commit_callbacks(execute=True):
        happen(project)
        assert nudged == []
    assert nudged == [hook.deliveries.get().pk]
