"""The admin shows every table; work and its history are only looked at."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from annotator.models import User
from tests.conftest import make_question

CHANGEABLE = {"project", "member", "user"}
QUEUE = "questiontoadjudicate"  # membership alone opens its rows: tests/annotator/adjudication/test_admin_queue.py
MODELS = sorted(model._meta.model_name or "" for model in apps.get_app_config("annotator").get_models())


@pytest.fixture
def chief(assignment, as_dee, dee) -> Client:
    """Who runs the site and is in none of its projects; what a member sees of work is in tests/test_blindness.py."""
    User.objects.filter(pk=dee.pk).update(is_staff=True, is_superuser=True)
    return as_dee


def address(model: str, page: str, *args) -> str:
    return reverse(f"admin:annotator_{model}_{page}", args=args)


def test_every_table_is_there():
    registered = {model._meta.model_name for model in admin.site._registry if model._meta.app_label == "annotator"}
    assert registered == set(MODELS)


def test_lists_can_be_seen_and_searched(chief):
    answers = {model: chief.get(address(model, "changelist"), {"q": "spain"}).status_code for model in MODELS}
    assert answers == dict.fromkeys(MODELS, 200)


def test_one_row_can_be_looked_at(chief):
    rows = {model: apps.get_model("annotator", model).objects.first() for model in MODELS if model != QUEUE}
    shown = {model: chief.get(address(model, "change", row.pk)).status_code for model, row in rows.items() if row}
    assert shown == dict.fromkeys(shown, 200)
    assert {"project", "question", "assignment", "annotation"} <= set(shown)


def test_work_and_history_cannot_be_touched(chief):
    for model in sorted(set(MODELS) - CHANGEABLE):
        assert chief.get(address(model, "add")).status_code == 403, model
        row = apps.get_model("annotator", model).objects.first()
        if row is not None:
            assert chief.post(address(model, "change", row.pk), {}).status_code == 403, model
            assert chief.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403, model


@pytest.mark.parametrize("model", ["question", "assignment", "annotation"])
def test_a_long_list_asks_as_much_as_a_short_one(chief, ann, batch, model, django_assert_max_num_queries):
    from annotator.actions import claiming

    for number in range(10):
        claiming.take(ann, make_question(batch, f"more{number}"))
    with django_assert_max_num_queries(9):
        chief.get(address(model, "changelist"))


def test_people_of_a_project_do_not_get_in(as_ann, project):
    assert as_ann.get("/admin/").status_code == 302
