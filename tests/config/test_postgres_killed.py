"""A PostgreSQL that is killed while people save, files come in and corpora are indexed: all goes on by itself.

Nothing acknowledged is lost, nothing is there twice.
"""

import os
import signal
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path
from random import Random
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, connections

from annotator.models import Project
from config.settings import database
from tests.config.killing import KILLS, Annotator, served
from tests.config.test_killed import (
    PEOPLE,
    all_acknowledged_is_there,
    all_can_be_finished,
    at_work,
    make_crowd,
    slots_are_counted,
    until_submitted,
)
from tests.config.test_serve import PATIENCE, eventually, free_port
from tests.config.works import (
    done_and_whole,
    evaluating,
    exporting,
    fell_silent,
    importing,
    indexing,
    loading,
    run_job,
    turns,
)
from tests.conftest import unavailable


class PostgresServer:
    """A PostgreSQL of our own, as an installation has it, whose processes are all killed at once."""

    def __init__(self, folder: Path, programs: Path) -> None:
        self.port, self.folder, self.programs = free_port(), folder, programs
        if os.geteuid() == 0:
            subprocess.run(["chown", "postgres", str(folder)], check=True)
        self.run(
            "initdb", "--pgdata", f"{folder}/data", "--auth", "trust", "--encoding", "UTF8", "--username", "proviso"
        )
        self.start()

    @property
    def url(self) -> str:
        return f"postgres://proviso@127.0.0.1:{self.port}/postgres"

    def run(self, program: str, *arguments: str) -> None:
        """Run one of its programs, which refuse to be run by root."""
        command = [str(self.programs / program), *arguments]
        if os.geteuid() == 0:
            command = ["runuser", "-u", "postgres", "--", *command]
        subprocess.run(command, cwd="/", stdout=subprocess.DEVNULL, check=True)

    def start(self) -> None:
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1"
        log = f"{self.folder}/log"
        self.run("pg_ctl", "--pgdata", f"{self.folder}/data", "--log", log, "--wait", "--options", options, "start")

    def kill(self) -> None:
        first = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(first)], capture_output=True, text=True, check=False)
        processes = [first, *map(int, listed.stdout.split())]
        for process in processes:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        assert eventually(lambda: not any(Path(f"/proc/{process}").exists() for process in processes))


def programs_of_postgres() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    if not found:
        unavailable("postgres", "no PostgreSQL is installed")
    return found[-1]


@pytest.fixture(scope="module")
def own_postgres(django_db_blocker: Any) -> Iterator[PostgresServer]:
    """A PostgreSQL of the tests' own, which is their database, migrated and with a project."""
    folder = Path(mkdtemp())  # beside the tests' own folders, into which no other user may look
    server = PostgresServer(folder, programs_of_postgres())
    usual, before = connections["default"], connections.settings["default"]
    connections.settings["default"] = before | database(server.url)
    connections["default"] = connections.create_connection("default")
    try:
        with django_db_blocker.unblock():
            call_command("migrate", verbosity=0)
            make_crowd(mo="manager")
            yield server
            connection.close()
    finally:
        connections["default"], connections.settings["default"] = usual, before
        server.kill()
        rmtree(folder)


@pytest.fixture
def crowd_there(own_postgres: PostgresServer) -> Project:
    return Project.objects.get(slug="clocks")


class Patient(Annotator):
    """An annotator to whom an answer that tells of trouble acknowledges nothing."""

    def ask(self, method: str, url: str, body: str | None = None) -> tuple[str, str]:
        try:
            return super().ask(method, url, body)
        except AssertionError as error:
            raise HTTPException(*error.args) from None


def test_nothing_acknowledged_is_lost_and_the_site_goes_on_by_itself(own_postgres, crowd_there, tmp_path):
    project, chance, port = crowd_there, Random(KILLS), free_port()  # noqa: S311 - a course that can be repeated
    people = at_work(project, port, Patient)
    with served(port, own_postgres.url, tmp_path):
        for kill in range(1, KILLS + 1):
            with ThreadPoolExecutor(PEOPLE) as threads:
                working = until_submitted(kill * PEOPLE, people.values(), threads, chance)
                own_postgres.kill()
            assert [one.result() for one in working] == [None] * PEOPLE
            own_postgres.start()
            connection.close()
            slots_are_counted(project)
    for member, one in people.items():
        all_acknowledged_is_there(member, one)
    all_can_be_finished(project)


def test_jobs_go_on_where_they_were(own_postgres, crowd_there):
    manager = crowd_there.members.get(role="manager")
    for turn, work_of in turns(evaluating, loading, importing, indexing, exporting):
        work = work_of(manager, turn)
        running = run_job(work.job, own_postgres.url)
        assert eventually(work.begun)
        own_postgres.kill()
        running.wait(PATIENCE)
        own_postgres.start()
        connection.close()
        fell_silent(work.job)
        run_job(work.job, own_postgres.url).wait(PATIENCE)
        done_and_whole(work)
