"""SQLite takes one writer at a time, of all threads and processes, and none of them ever fails."""

import fcntl
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import pytest
from django.conf import settings
from django.db import IntegrityError, OperationalError, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from annotator.models import Worker
from config.settings import database
from config.sqlite.base import WriteLock

TABLES = """
    CREATE TABLE counter (value INTEGER); INSERT INTO counter VALUES (0);
    CREATE TABLE written (name TEXT, number INTEGER, UNIQUE (name, number));
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.sqlite3"
    database = sqlite3.connect(path)
    database.executescript(TABLES)
    database.close()
    return path


@pytest.fixture
def writing(file: Path, django_db_blocker) -> Iterator[BaseDatabaseWrapper]:
    """A connection to the file, as the settings make them, under the alias ``file``."""
    made = connections.configure_settings({"default": {}, "file": database(f"sqlite:///{file}")})
    connections.settings["file"] = made["file"]
    with django_db_blocker.unblock():
        yield connections["file"]
        connections["file"].close()
    del connections["file"], connections.settings["file"]


def is_free(file: Path) -> bool:
    """Return whether a stranger could take the write lock now."""
    with Path(f"{file}.lock").open("a") as stranger:
        try:
            fcntl.flock(stranger, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def test_threads_of_two_processes_write_without_a_failure_or_a_lost_update(file):
    command = [sys.executable, "-m", "tests.config.writer", str(file)]
    names = ["one", "two"]
    writers = [subprocess.Popen([*command, name, "4", "300"], cwd=settings.BASE_DIR) for name in names]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    database = sqlite3.connect(file)
    assert database.execute("SELECT value FROM counter").fetchone() == (2 * 4 * 150,)
    assert database.execute("SELECT count(*) FROM written").fetchone() == (2 * 4 * 300,)
    database.close()


def add(writing: BaseDatabaseWrapper, name: str) -> None:
    with writing.cursor() as cursor:
        cursor.execute("INSERT INTO written VALUES (%s, 1)", [name])


def test_a_transaction_holds_the_lock_to_its_end(file, writing):
    with transaction.atomic("file"):
        assert not is_free(file)
        with transaction.atomic("file"):
            add(writing, "one")
        assert not is_free(file)
    assert is_free(file)


def test_a_lone_write_holds_the_lock_while_it_commits(file, writing):
    seen: list[bool] = []
    writing.connection or writing.connect()
    writing.connection.set_trace_callback(lambda _sql: seen.append(is_free(file)))
    add(writing, "one")
    assert seen
    assert not any(seen)
    assert is_free(file)


def test_reading_takes_no_lock(file, writing):
    with Path(f"{file}.lock").open("a") as stranger, writing.cursor() as cursor:
        fcntl.flock(stranger, fcntl.LOCK_EX)
        cursor.execute("SELECT value FROM counter")
        assert cursor.fetchone() == (0,)


def test_an_error_gives_the_lock_back(file, writing):
    add(writing, "one")
    with pytest.raises(IntegrityError):
        add(writing, "one")
    assert is_free(file)
    with pytest.raises(IntegrityError), transaction.atomic("file"):
        add(writing, "one")
    assert is_free(file)


def test_a_transaction_that_cannot_begin_gives_the_lock_back(file, writing):
    writing.ensure_connection()
    writing.connection.execute("PRAGMA busy_timeout = 10")
    stranger = sqlite3.connect(file, isolation_level=None)
    stranger.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError, match="locked"), transaction.atomic("file"):
        pass
    assert is_free(file)
    stranger.close()


def test_a_connection_that_is_closed_gives_the_lock_back(file, writing):
    with transaction.atomic("file"):
        add(writing, "one")
        writing.close()
        assert is_free(file)
    with writing.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM written")
        assert cursor.fetchone() == (0,)


def test_a_lock_that_cannot_be_had_is_not_kept(tmp_path, monkeypatch):
    lock = WriteLock(str(tmp_path / "a.sqlite3"))
    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", fails("no room"))
        with pytest.raises(OSError, match="no room"):
            lock.acquire()
    lock.acquire()
    assert lock.held
    lock.close()


def fails(why: str) -> Callable[..., None]:
    def failing(*_arguments: object) -> None:
        raise OSError(why)

    return failing


@pytest.mark.django_db(transaction=True)
def test_rows_that_are_read_piece_by_piece_can_be_written_though_others_write_meanwhile():
    def write() -> None:
        Worker.objects.filter(name="w0").update(seen=timezone.now())
        connections.close_all()

    Worker.objects.bulk_create(Worker(name=f"w{n}", seen=timezone.now(), started=timezone.now()) for n in range(300))
    rows = Worker.objects.order_by("pk").iterator(chunk_size=100)
    assert next(rows).name == "w0"
    other = Thread(target=write)
    other.start()
    other.join()
    assert Worker.objects.filter(name="w1").update(seen=timezone.now()) == 1
    assert len(list(rows)) == 299
