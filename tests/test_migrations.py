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
    for app in OWN:
        if app != "scoring":  # it has no tables yet
            call_command("migrate", app, "zero", verbosity=0)
    assert [table for table in columns() if table.split("_")[0] in OWN] == []
    call_command("migrate", verbosity=0)
    ContentType.objects.clear_cache()
    assert columns() == before


@pytest.mark.django_db(transaction=True)
def test_looks_and_claims_of_jobs_can_be_taken_back_with_everything_else_left(assignment, mo):
    now = timezone.now()
    Look.objects.create(member=mo, question=assignment.question, at=now)
    job = Job.objects.create(project=mo.project, verb="retrieve", attempt=3, created=now)
    Project.objects.filter(pk=mo.project_id).update(lookers_may_annotate=True)
    call_command("migrate", "annotator", "0002_skips", verbosity=0)
    assert "annotator_look" not in columns()
    call_command("migrate", "annotator", verbosity=0)
    ContentType.objects.clear_cache()
    assert Job.objects.get(pk=job.pk).attempt == 0
    assert not Project.objects.get(pk=mo.project_id).lookers_may_annotate
    assert (Look.objects.count(), Assignment.objects.get(pk=assignment.pk).annotation) == (0, assignment.annotation)


@pytest.mark.django_db(transaction=True)
def test_returns_can_be_taken_back_with_the_work_left(assignment, cy):
    work = assignment.annotation
    work.revisions.create(number=1, by=cy, at=timezone.now(), verb="return", record={})
    work.notes.create(author=cy, at=timezone.now(), text="Which cup?")
    call_command("migrate", "annotator", "0006_adjudication", verbosity=0)
    assert "annotator_note" not in columns()
    call_command("migrate", "annotator", verbosity=0)
    ContentType.objects.clear_cache()
    assert (work.revisions.count(), Assignment.objects.get(pk=assignment.pk).annotation) == (0, work)
