"""Migrations: none is missing, and each can be taken back."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from annotator.models import Assignment, Job, Look, Project

OWN = ["scoring", "annotator", "retrieval"]


def columns() -> dict[str, list[str]]:
    """Return the columns of every table but Django's record of the migrations."""
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor)) - {"django_migrations"}
        return {
            table: sorted(column.name for column in connection.introspection.get_table_description(cursor, table))
            for table in tables
        }


@pytest.mark.django_db
def test_the_models_are_what_the_migrations_make():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.django_db(transaction=True)
def test_every_migration_can_be_taken_back_and_made_again():
    before = columns()
    call_command("migrate", "retrieval", "zero", verbosity=0)  # and what builds on it, which is all
    assert [table for table in columns() if table.split("_")[0] in OWN] == []
    call_command("migrate", verbosity=0)
    ContentType.objects.clear_cache()
    assert columns() == before


@pytest.mark.django_db(transaction=True)
def test_what_came_later_can_be_taken_back_step_by_step_with_everything_else_left(assignment, cy, mo):
    now, work = timezone.now(), assignment.annotation
    Look.objects.create(member=mo, question=assignment.question, at=now)
    work.revisions.create(number=1, by=cy, at=now, verb="return", record={})
    work.notes.create(author=cy, at=now, text="Which cup?")
    job = Job.objects.create(project=mo.project, verb="retrieve", attempt=3, created=now)
    Project.objects.filter(pk=mo.project_id).update(lookers_may_annotate=True)
    call_command("migrate", "annotator", "0006_adjudication", verbosity=0)
    assert [table for table in ("annotator_note", "annotator_look") if table in columns()] == ["annotator_look"]
    call_command("migrate", "annotator", "0002_skips", verbosity=0)
    assert "annotator_look" not in columns()
    call_command("migrate", "annotator", verbosity=0)
    ContentType.objects.clear_cache()
    assert Job.objects.get(pk=job.pk).attempt == 0
    assert not Project.objects.get(pk=mo.project_id).lookers_may_annotate
    assert (Look.objects.count(), work.revisions.count()) == (0, 0)
    assert Assignment.objects.get(pk=assignment.pk).annotation == work
