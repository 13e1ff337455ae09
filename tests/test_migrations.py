"""Migrations: none is missing, and each can be taken back."""

import re

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from annotator.models import Assignment, Job, Look, Project
from scoring.models import Judgement
from tests.scoring.judges.samples import make_evaluation

OWN = ["scoring", "annotator", "retrieval"]


def tables() -> set[str]:
    with connection.cursor() as cursor:
        return set(connection.introspection.table_names(cursor)) - {"django_migrations"}


def made() -> dict[str, list[str]]:
    """Return the columns, constraints and indexes of every table; SQLite numbers those that have no name."""
    with connection.cursor() as cursor:
        return {table: columns(cursor, table) + constraints(cursor, table) for table in tables()}


def columns(cursor: CursorWrapper, table: str) -> list[str]:
    cursor.execute(f'SELECT * FROM "{table}" WHERE 1 = 0')  # noqa: S608
    return sorted(column[0] for column in cursor.description)


def constraints(cursor: CursorWrapper, table: str) -> list[str]:
    found = connection.introspection.get_constraints(cursor, table)
    return sorted(re.sub(r"_\d+", "", f"{name} {told}") for name, told in found.items())


@pytest.mark.django_db
def test_the_models_are_what_the_migrations_make():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_every_migration_can_be_taken_back_with_everything_else_left_and_made_again(
    transactional_db, assignment, cy, mo
):
    now, work, by_models = timezone.now(), assignment.annotation, made()
    Look.objects.create(member=mo, question=assignment.question, at=now)
    work.revisions.create(number=1, by=cy, at=now, verb="return", record={})
    work.notes.create(author=cy, at=now, text="Which cup?")
    unbegun = make_evaluation(mo.project)
    unbegun.questions.create(question=assignment.question, place=1, text="When?", conditions=0, answerable=True)
    type(unbegun).objects.update(number=None)
    texts = {"question": "When?", "gold": ["2010"], "predicted": ["2011"]}
    judged = {"judge": "llm", "version": "1", "kind": "answer", "digest": "0" * 64, "created": now}
    Judgement.objects.create(project=mo.project, score=0.5, **judged, **texts)
    job = Job.objects.create(project=mo.project, verb="retrieve", attempt=3, created=now)
    Project.objects.filter(pk=mo.project_id).update(lookers_may_annotate=True)
    call_command("migrate", "annotator", "0002_skips", verbosity=0)
    assert not {"annotator_note", "annotator_look"} & tables()
    the_first_can_be_taken_back_too()
    call_command("migrate", verbosity=0)
    ContentType.objects.clear_cache()
    assert made() == by_models
    assert Job.objects.get(pk=job.pk).attempt == 0
    assert not Project.objects.get(pk=mo.project_id).lookers_may_annotate
    assert (Look.objects.count(), work.revisions.count()) == (0, 0)
    assert Assignment.objects.get(pk=assignment.pk).annotation == work


def the_first_can_be_taken_back_too() -> None:
    """Take the tables themselves away and make them again, and have them back as they were, with their rows."""
    with connection.constraint_checks_disabled(), transaction.atomic():
        call_command("migrate", "retrieval", "zero", verbosity=0)  # and what builds on it, which is all
        assert [table for table in tables() if table.split("_")[0] in OWN] == []
        call_command("migrate", "annotator", "0002_skips", verbosity=0)
        transaction.set_rollback(True)
