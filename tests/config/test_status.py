"""The status of an installation: every part, what is said of it, and what the command and the pages answer."""

import os
import shutil
from datetime import timedelta
from io import StringIO
from threading import Event
from types import SimpleNamespace
from unittest.mock import Mock

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from annotator import index_states
from annotator.actions.corpus_files import work_on
from annotator.jobs import remind
from annotator.models import Job, Worker
from config import status, worker
from config.status import State, parts
from retrieval.engines import EngineUnavailableError, engine_for
from retrieval.fragments import NewFragment, store_fragments
from retrieval.loading import rebuild_index
from retrieval.models import Corpus


@pytest.fixture
def corpus(db) -> Corpus:
    """A corpus of two fragments, without its index."""
    made = Corpus.objects.create(slug="wiki", name="Wiki")
    store_fragments(made, [NewFragment("Cup", "Spain won the cup."), NewFragment("Soup", "Soup is hot.")])
    return made


def found(name):
    return next(part for part in parts() if part.name == name)


@pytest.fixture
def at_work(db):
    worker.give_sign("celery@here", timezone.now())


@pytest.fixture
def indexed(corpus):
    """Every corpus with its index."""
    for one in Corpus.objects.all():
        rebuild_index(one)


def test_all_is_well_where_a_worker_is_at_work_and_the_indexes_are_whole(indexed, at_work):
    assert [part for part in parts() if part.state in (State.WARNING, State.DOWN)] == []


def test_no_worker_was_ever_seen(db):
    part = found("worker")
    assert (part.state, part.says) == (State.DOWN, "none was ever seen")
    assert "celery --app config worker" in part.do


def test_a_worker_that_was_seen_long_ago_is_gone(at_work):
    Worker.objects.update(seen=timezone.now() - timedelta(minutes=5))
    assert found("worker").says == "last seen 5\xa0minutes ago"


def test_a_worker_is_one_row_however_often_it_gives_a_sign(at_work):
    worker.give_sign("celery@here", timezone.now())
    assert Worker.objects.count() == 1


def test_a_worker_goes_on_giving_signs_whatever_goes_wrong(monkeypatch, caplog):
    signs, twice = [OSError("a file is gone"), ValueError("odd")], Event()

    def sign(_name, _started):
        if signs:
            raise signs.pop()
        twice.set()

    monkeypatch.setattr(worker, "give_sign", sign)
    monkeypatch.setattr(worker, "SECONDS_BETWEEN_SIGNS", 0.01)
    here = SimpleNamespace(hostname="celery@here")
    presence = worker.Presence(here)
    presence.start(here)
    assert twice.wait(10)
    presence.stop(here)
    assert "a file is gone" in caplog.text


def test_jobs_that_wait_while_no_worker_is_there_are_a_warning_with_what_to_do(project, mo):
    job = Job.objects.create(verb="retrieve", project=project, by=mo, created=timezone.now())
    part = found("jobs")
    assert (part.state, part.says) == (State.WARNING, "1 waiting, 0 failed in the last day")
    assert "celery --app config worker" in part.do
    worker.give_sign("celery@here", timezone.now())
    assert (found("jobs").state, found("jobs").do) == (State.OK, "")
    Job.objects.filter(pk=job.pk).update(due=timezone.now() + timedelta(minutes=1))
    Worker.objects.all().delete()
    part = found("jobs")
    assert (part.state, part.says) == (State.OK, "0 waiting, 1 put off, 0 failed in the last day")


def test_of_the_jobs_that_failed_those_of_the_last_day_are_counted(project, mo, at_work):
    now = timezone.now()
    for hours in (1, 30):
        Job.objects.create(project=project, by=mo, state="failed", heartbeat=now - timedelta(hours=hours), created=now)
    assert found("jobs").says == "0 waiting, 1 failed in the last day"


def test_workers_of_last_month_are_forgotten(at_work):
    Worker.objects.create(name="old", started=timezone.now(), seen=timezone.now() - timedelta(days=30))
    worker.give_sign("celery@here", timezone.now())
    assert not Worker.objects.filter(name="old").exists()


def test_an_index_that_lags_behind_is_a_warning_with_the_command_that_mends_it(corpus):
    rebuild_index(corpus)
    engine = engine_for(corpus)
    engine.delete([corpus.fragments.first().pk])
    engine.commit()
    part = found(f"index of {corpus.slug}")
    assert part.state is State.WARNING
    assert part.do == f"python manage.py reindex --corpus {corpus.slug}"


def test_an_index_that_is_not_there_is_down(corpus):
    assert (found(f"index of {corpus.slug}").state, found(f"index of {corpus.slug}").says) == (
        State.DOWN,
        "there is none",
    )


def test_an_index_that_cannot_be_read_is_no_index_that_is_not_there(corpus):
    rebuild_index(corpus)
    next((settings.VAR_DIR / "index" / corpus.slug).rglob("meta.json")).write_text("broken")
    assert found(f"index of {corpus.slug}").says.startswith("it cannot be read")


def test_an_engine_that_is_away_is_told_once_for_all_corpora_with_what_to_do_first(corpus, monkeypatch):
    away = EngineUnavailableError("Elasticsearch cannot be reached", passing=True)
    monkeypatch.setattr(index_states, "glance", Mock(side_effect=away))
    part = found("indexes of noise-corpus, wiki")
    assert (part.state, part.says) == (State.DOWN, "Elasticsearch cannot be reached")
    assert part.do.startswith("see that Elasticsearch runs")
    away.passing = False
    assert found("indexes of noise-corpus, wiki").do.startswith("mend what is said here first")


def test_what_the_engine_says_of_one_corpus_alone_is_told_of_that_one(corpus, monkeypatch):
    monkeypatch.setattr(index_states, "glance", lambda one, _engine: cannot(one.slug))
    told = {part.name: part.says for part in parts() if part.name.startswith("index")}
    assert told == {f"index of {slug}": f"{slug} is refused" for slug in ("noise-corpus", "wiki")}


def cannot(slug: str) -> None:
    raise EngineUnavailableError(f"{slug} is refused")


def test_an_index_that_a_job_is_building_is_no_alarm(corpus):
    job = Job.objects.create(verb="load_corpus", alone=work_on(corpus.slug), state="running", created=timezone.now())
    part = found(f"index of {corpus.slug}")
    assert (part.state, part.says) == (State.OK, f"job {job.pk} works on it")


def test_a_corpus_without_fragments_needs_no_index(db):
    Corpus.objects.create(slug="empty", name="Empty")
    assert found("index of empty").state is State.OFF


def test_a_broker_that_is_away_is_named_without_its_password(db, settings, monkeypatch):
    from config.celery import app

    monkeypatch.delattr(settings, "BROKER_DIR")
    monkeypatch.setattr(app.conf, "broker_url", "redis://:geheim@127.0.0.1:9/0")
    monkeypatch.setattr(status, "current_app", Mock(connection_for_write=lambda: app.connection(app.conf.broker_url)))
    part = found("broker")
    assert part.state is State.DOWN
    assert part.says.startswith("redis://:**@127.0.0.1:9/0")
    monkeypatch.setattr(app.conf, "broker_url", "redis://127.0.0.1:9/0")
    assert found("broker").says.startswith("redis://127.0.0.1:9/0")


def test_a_broker_is_said_to_do_what_was_tried_and_no_more(db, settings, tmp_path, monkeypatch):
    settings.BROKER_DIR = tmp_path
    assert (found("broker").state, found("broker").says) == (State.OK, f"the folder {tmp_path} takes files")
    monkeypatch.setattr(os, "access", lambda _folder, _how: False)
    assert (found("broker").state, found("broker").says) == (State.DOWN, f"the folder {tmp_path} takes no files")


def test_a_part_names_its_corpus_once_and_the_jobs_lead_to_their_list(indexed, as_mo, mo, corpus):
    assert corpus.slug not in found(f"index of {corpus.slug}").says
    mo.user.is_superuser = mo.user.is_staff = True
    mo.user.save()
    text = as_mo.get("/status/").text
    assert 'href="/admin/annotator/job/"' in text
    assert as_mo.get("/admin/annotator/job/").status_code == 200


def test_a_full_disk_is_down(db, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _place: Mock(free=10**6))
    assert found("disk").state is State.DOWN


def test_without_its_database_the_rest_is_still_told(db, monkeypatch):
    monkeypatch.setattr(status, "unapplied", Mock(side_effect=DatabaseError("no route\nto host")))
    told = {part.name: part for part in parts()}
    assert (told["database"].state, told["database"].says) == (State.DOWN, "no route")
    assert set(told) == {"database", "broker", "disk", "backups"}


def test_the_command_ends_with_1_where_something_is_down(db):
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("status", stdout=out)
    assert ended.value.code == 1
    assert "down     worker: none was ever seen\n         → start one" in out.getvalue()


def test_the_command_ends_well_where_all_is(indexed, at_work):
    call_command("status", stdout=StringIO())


def test_probes_answer_anybody(client, db):
    assert client.get("/healthz").text == "alive\n"
    assert client.get("/readyz").text == "ready\n"


def test_a_probe_finds_what_is_missing_and_reads_the_migrations_from_disk_once(client, db, monkeypatch):
    client.get("/readyz")
    monkeypatch.setattr(status, "MigrationLoader", Mock(side_effect=AssertionError))
    assert client.get("/readyz").text == "ready\n"
    MigrationRecorder.Migration.objects.filter(app="scoring").last().delete()
    assert "waits for migrations" in client.get("/readyz").text


@pytest.mark.parametrize(
    ("missing", "says"), [(Mock(return_value=1), "migrations"), (Mock(side_effect=DatabaseError), "answer")]
)
def test_what_cannot_serve_is_not_ready(client, db, monkeypatch, missing, says):
    monkeypatch.setattr("config.views.unapplied", missing)
    answer = client.get("/readyz")
    assert (answer.status_code, says in answer.text) == (503, True)


def test_probes_are_not_sent_to_the_secure_address(client, db, settings):
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/healthz").status_code == 200
    assert client.get("/sign-in/").status_code == 301


def test_whoever_runs_the_site_sees_its_status(as_mo, mo, corpus):
    mo.user.is_superuser = True
    mo.user.save()
    text = as_mo.get("/status/").text
    assert "parts are down" in text
    assert "none was ever seen" in text


def test_what_a_caller_brings_about_is_a_line_of_the_log_and_no_traceback(as_ann, caplog):
    assert [as_ann.get("/status/").status_code, as_ann.get("/", HTTP_HOST="else.example").status_code] == [403, 400]
    told = {record.name: record.exc_info for record in caplog.records}
    assert told == {"django.request": None, "django.security.DisallowedHost": None}


def test_a_job_whose_message_was_lost_is_told_of_again_and_one_put_off_once_it_is_due(project, mo, monkeypatch):
    told, now = Mock(), timezone.now()
    monkeypatch.setattr("annotator.jobs.nudge", told)
    job = Job.objects.create(verb="retrieve", project=project, by=mo, created=now)
    Job.objects.create(verb="retrieve", project=project, by=mo, created=now, due=now + timedelta(minutes=1))
    remind()
    told.assert_called_once_with(job.pk)
