"""Backups: everything comes back on either database, what is damaged or elsewhere is refused, nobody waits."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from unittest.mock import Mock
from zipfile import ZipFile

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection, connections
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from annotator.actions.indexing import read_all
from annotator.models import Note, Project, User
from config.backup import (
    MANIFEST,
    CannotRestore,
    one_moment,
    read_backup,
    refuse_what_is_here,
    tables,
    uploads,
    write_backup,
)
from config.status import State, backups
from retrieval.engines import EngineUnavailableError
from retrieval.progress import silent
from tests.canary import CANARY, write_canary

Change = Callable[[str, bytes], bytes | None]
SEARCH = f"""
from annotator.models import Project, SearchText
from annotator.words import query_of
for words in ("spain -cup", '"world cup"', "{CANARY[:-1]}*"):
    found = SearchText.objects.found_by(query_of(words), Project.objects.get(slug="clocks").pk)
    print(*found.order_by("kind").values_list("kind", flat=True))
"""
FOUND = "fragment\nfragment fragment fragment question\ncondition remark\n"


@pytest.fixture
def backup(assignment, tmp_path: Path, settings) -> Path:
    """A backup of everything that the tests have, read for the search, with an upload."""
    write_canary(assignment)
    read_all(assignment.question.batch.project)
    (Path(settings.MEDIA_ROOT) / "imports").mkdir(parents=True)
    (Path(settings.MEDIA_ROOT) / "imports" / "7.jsonl").write_text("{}\n")
    path = tmp_path / "backup.zip"
    write_backup(path, timezone.now(), silent)
    return path


def changed(path: Path, change: Change) -> Path:
    """Return a copy of a backup whose members ``change`` has gone over; None leaves one out."""
    copy = path.with_name("changed.zip")
    with ZipFile(path) as old, ZipFile(copy, "w") as new:
        for name in old.namelist():
            if (content := change(name, old.read(name))) is not None:
                new.writestr(name, content)
    return copy


def contents(path: Path) -> dict[str, bytes]:
    with ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist() if name != MANIFEST}


def run(*arguments: str | Path, database: str, var: Path) -> str:
    environment = os.environ | {"DATABASE_URL": database, "PROVISO_VAR": str(var)}
    command = [sys.executable, "manage.py", *map(str, arguments)]
    done = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def carried_to(database: str, backup: Path, var: Path) -> Path:
    """Restore a backup into a new database, and return the backup that is made of that."""
    run("migrate", "--verbosity", "0", database=database, var=var)
    said = run("restore", backup, database=database, var=var)
    assert "index of " in said
    assert run("shell", "--verbosity", "0", "--command", SEARCH, database=database, var=var) == FOUND
    run("backup", "--output", var / "again.zip", database=database, var=var)
    return var / "again.zip"


@pytest.mark.alike  # from PostgreSQL the next one makes this way too
@pytest.mark.services
def test_everything_comes_back_in_a_new_sqlite_database_and_its_uploads_too(backup, tmp_path):
    again = carried_to(f"sqlite:///{tmp_path}/new.sqlite3", backup, tmp_path / "new")
    assert contents(again) == contents(backup)
    assert (tmp_path / "new" / "uploads" / "imports" / "7.jsonl").read_text() == "{}\n"


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_what_sqlite_held_comes_back_in_postgresql(postgres, backup, tmp_path):
    with connection.cursor() as cursor:
        cursor.execute("DROP DATABASE IF EXISTS proviso_restored")
        cursor.execute("CREATE DATABASE proviso_restored")
    try:
        by_sqlite = carried_to(f"sqlite:///{tmp_path}/new.sqlite3", backup, tmp_path / "new")
        url = os.environ["DATABASE_URL"].rpartition("/")[0] + "/proviso_restored"
        again = carried_to(url, by_sqlite, tmp_path / "newer")
        assert contents(again) == contents(backup)
        run("create_manager", "zoe", database=url, var=tmp_path / "newer")  # keys are counted on
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP DATABASE proviso_restored")


def test_no_table_is_forgotten():
    named = {model._meta.label_lower for model in tables()}
    assert {"annotator.annotation", "scoring.score", "retrieval.fragment", "annotator.user_groups"} <= named
    assert not {"sessions.session", "annotator.worker", "annotator.questiontoadjudicate"} & named


def test_its_owner_alone_reads_it(backup):
    assert backup.stat().st_mode & 0o077 == 0


def test_a_database_that_holds_something_is_left_alone(backup):
    with pytest.raises(CannotRestore, match=r"the database is not empty: \d+ rows in annotator_user"):
        read_backup(backup, silent)


@pytest.fixture
def empty(monkeypatch) -> None:
    """Let this database pass for an empty one: what follows is refused before a row is written."""
    monkeypatch.setattr("config.backup.refuse_what_is_here", lambda: None)
    monkeypatch.setattr("config.backup.MADE_ANEW", ())


def of_a_later_version(name: str, content: bytes) -> bytes:
    if name != MANIFEST:
        return content
    about = json.loads(content)
    return json.dumps(about | {"migrations": [*about["migrations"], "scoring.9999_later"]}).encode()


def with_broken_line(name: str, content: bytes) -> bytes:
    return b'{"id": "one"\n' if name == "tables/annotator.project.jsonl" else content


def without_manifest(name: str, content: bytes) -> bytes | None:
    return None if name == MANIFEST else content


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (of_a_later_version, "newer than this installation: migration scoring.9999_later differs"),
        (without_manifest, "holds no manifest.json, so it is no backup"),
    ],
)
def test_what_does_not_belong_here_is_refused(backup, empty, change, says):
    with pytest.raises(CannotRestore, match=says):
        read_backup(changed(backup, change), silent)


def test_where_only_the_tables_are_missing_the_command_that_makes_them_is_named(backup, empty):
    MigrationRecorder.Migration.objects.all().delete()
    with pytest.raises(CannotRestore, match=r"not made yet: run python manage\.py migrate, then restore"):
        read_backup(backup, silent)


def test_a_broken_line_is_named_and_nothing_comes_in(backup, empty, monkeypatch):
    monkeypatch.setattr("config.backup.tables", lambda: [Project])
    before = Project.objects.count()
    with pytest.raises(CannotRestore, match=r"tables/annotator.project.jsonl: after line 0"):
        read_backup(changed(backup, with_broken_line), silent)
    assert Project.objects.count() == before


def test_rows_that_are_missing_are_told(backup, empty, monkeypatch):
    monkeypatch.setattr("config.backup.tables", lambda: [Note])
    with pytest.raises(CannotRestore, match=r"annotator.note.jsonl: 0 of \d+ rows; the file is damaged"):
        read_backup(changed(backup, lambda name, content: b"" if "note" in name else content), silent)


def test_an_upload_that_leads_elsewhere_is_refused(backup, empty, monkeypatch, tmp_path):
    monkeypatch.setattr("config.backup.tables", list)
    with ZipFile(backup, "a") as archive:
        archive.writestr("uploads/../../escaped", "!")
    with pytest.raises(CannotRestore, match="leads out of the folder"):
        read_backup(backup, silent)
    assert not (tmp_path / "escaped").exists()


def test_a_damaged_upload_keeps_everything_out(backup, empty, monkeypatch):
    monkeypatch.setattr("config.backup.tables", list)
    folder = Path(settings.MEDIA_ROOT)
    (folder / "imports" / "7.jsonl").unlink()
    with ZipFile(backup, "a") as archive:
        archive.writestr("uploads/imports/8.jsonl", "the eighth")
    backup.write_bytes(backup.read_bytes().replace(b"the eighth", b"the broken"))
    with pytest.raises(CannotRestore, match="Bad CRC-32"):
        read_backup(backup, silent)
    assert list(folder.iterdir()) == [folder / "imports"]
    assert list((folder / "imports").iterdir()) == []


def test_uploads_are_taken_away_where_the_rows_cannot_stay(backup, empty, monkeypatch):
    @contextmanager
    def uncommitted() -> Iterator[None]:
        yield
        raise OSError("the database is gone")

    monkeypatch.setattr("config.backup.tables", list)
    monkeypatch.setattr("config.backup.transaction.atomic", uncommitted)
    upload = Path(settings.MEDIA_ROOT) / "imports" / "7.jsonl"
    upload.unlink()
    with pytest.raises(CannotRestore, match="the database is gone"):
        read_backup(backup, silent)
    assert not upload.exists()


def test_an_upload_whose_import_ends_during_a_backup_is_passed_over(backup, monkeypatch):
    gone = Path(settings.MEDIA_ROOT) / "imports" / "6.jsonl"
    found = [gone, *uploads()]
    monkeypatch.setattr("config.backup.uploads", lambda: found)
    write_backup(backup, timezone.now(), silent)
    assert [name for name in contents(backup) if name.startswith("uploads/")] == ["uploads/imports/7.jsonl"]


def test_what_is_no_zip_is_said_by_the_command(tmp_path, db):
    (tmp_path / "a.zip").write_text("nothing")
    with pytest.raises(CommandError, match=r"a\.zip: is no backup that can be read"):
        call_command("restore", tmp_path / "a.zip")


def test_a_file_that_is_not_there_is_said_by_the_command(tmp_path, db):
    for path, said in ((tmp_path / "a.zip", "there is no such file"), (tmp_path, "is a folder; name the backup in it")):
        with pytest.raises(CommandError) as refused:
            call_command("restore", path)
        assert str(refused.value) == f"{path}: {said}"


def test_a_backup_that_cannot_be_written_is_said(tmp_path, db):
    there = tmp_path / "file"
    there.touch()
    with pytest.raises(CommandError, match="file"):
        call_command("backup", output=there / "a.zip")
    with pytest.raises(CommandError, match="is there already; name another file, or say --force"):
        call_command("backup", output=there)
    call_command("backup", output=there, force=True, stdout=StringIO())
    assert there.stat().st_size


def test_a_database_that_is_away_is_said_by_the_backup(tmp_path, db, monkeypatch):
    away = OperationalError("connection refused\nIs the server running?")
    monkeypatch.setattr("config.backup.one_moment", Mock(side_effect=away))
    with pytest.raises(CommandError) as told:
        call_command("backup", output=tmp_path / "a.zip")
    said = "the database cannot be read: connection refused; check DATABASE_URL and that the server runs"
    assert (str(told.value), list(tmp_path.glob("*.zip*"))) == (said, [])


def test_a_database_that_is_away_is_said_by_the_restore(backup, monkeypatch):
    monkeypatch.setattr("config.backup.refuse_other_tables", Mock(side_effect=OperationalError("connection refused")))
    with pytest.raises(CommandError, match=r"^nothing is restored, the database fails: connection refused; check D"):
        call_command("restore", backup)


def test_without_a_name_it_goes_to_the_data_folder_where_the_status_finds_it(assignment, settings):
    assert backups().state is State.OFF
    call_command("backup", stdout=StringIO())
    assert len(list(Path(settings.VAR_DIR).glob("backups/proviso-*.zip"))) == 1
    assert backups().state is State.OK
    os.utime(next(Path(settings.VAR_DIR).glob("backups/*.zip")), (0, 0))
    assert backups().state is State.WARNING


def test_the_status_says_that_it_sees_no_backup_elsewhere(assignment, settings, tmp_path):
    call_command("backup", output=tmp_path / "elsewhere.zip", stdout=StringIO())
    folder = Path(settings.VAR_DIR) / "backups"
    assert backups().says == f"none in {folder}; the status looks nowhere else"
    assert "watch what --output writes elsewhere" in backups().do
    call_command("backup", stdout=StringIO())
    assert backups().says.startswith(f"the last in {folder} 0")


@pytest.mark.django_db(transaction=True)
def test_people_go_on_saving_while_a_backup_sees_one_moment():
    def save() -> None:
        User.objects.create(username="later")
        connections.close_all()

    with one_moment():
        before = User.objects.count()
        with ThreadPoolExecutor(1) as thread:
            thread.submit(save).result(timeout=20)
        assert User.objects.count() == before
    assert User.objects.count() == before + 1


def test_where_nothing_can_be_indexed_the_rows_are_said_to_be_there(assignment, monkeypatch, tmp_path):
    away = EngineUnavailableError("Elasticsearch cannot be reached")
    monkeypatch.setattr("config.management.commands.restore.read_backup", lambda _file, _progress: {"a": 1})
    monkeypatch.setattr("config.management.commands.restore.rebuild_index", Mock(side_effect=away))
    told, out = r"^All rows are there, and not all are indexed: Elasticsearch .* run `manage.py reindex`", StringIO()
    with pytest.raises(CommandError, match=told):
        call_command("restore", tmp_path / "b.zip", stdout=out)
    assert "1 row restored" in out.getvalue()


def test_an_empty_database_may_be_restored_into(db, monkeypatch):
    monkeypatch.setattr("config.backup.tables", list)
    refuse_what_is_here()
