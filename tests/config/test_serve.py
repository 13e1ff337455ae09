"""``serve`` brings everything up, hands out links to the demo's people, and takes everything down."""

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from config.demo import CAST
from config.serving import is_loopback

PATIENCE = 600  # of a machine that others work on


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def children_of(pid: int) -> dict[str, int]:
    """Return the children of a process by what they run: gunicorn or celery."""
    found = {}
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        words = Path(f"/proc/{child}/cmdline").read_bytes().decode().split("\0")
        if "-m" in words:  # one that has just died, or not yet begun, says less
            found[words[words.index("-m") + 1]] = int(child)
    return found


def eventually(true: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.1)
    return False


class Site:
    """A site that ``serve --demo`` runs, and what it has printed so far."""

    def __init__(self, folder: Path) -> None:
        self.port, self.log, self.var = free_port(), folder / "log", folder / "var"
        unwanted = ("DATABASE_URL", "SITE_URL", "PORT")
        self.surroundings = {name: value for name, value in os.environ.items() if name not in unwanted}
        self.surroundings |= {"PROVISO_VAR": str(self.var), "PYTHONUNBUFFERED": "1"}
        with self.log.open("w") as log:
            command = [sys.executable, "manage.py", "serve", "--demo", "--workers", "1", "--port", str(self.port)]
            self.process = subprocess.Popen(
                command, cwd=settings.BASE_DIR, env=self.surroundings, stdout=log, stderr=log
            )

    def link_of_another_process(self) -> str:
        command = [sys.executable, "manage.py", "sign_in_link", "mo"]
        said = subprocess.run(
            command, cwd=settings.BASE_DIR, env=self.surroundings, capture_output=True, text=True, check=True
        )
        return said.stdout.strip().removeprefix(f"http://127.0.0.1:{self.port}")

    def rows_of(self, table: str) -> int:
        with closing(sqlite3.connect(self.var / "proviso.sqlite3")) as kept:
            return int(kept.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608 - ours

    def links(self) -> list[str]:
        return re.findall(rf"http://127\.0\.0\.1:{self.port}(/sign-in/link/\S+)", self.log.read_text())

    def status_of(self, path: str) -> int:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.request("GET", path)
        status = connection.getresponse().status
        connection.close()
        return status


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    site = Site(tmp_path)
    try:
        yield site
    finally:
        site.process.send_signal(signal.SIGINT)
        site.process.wait(PATIENCE)


def test_it_serves_the_demo_restarts_its_worker_and_stops_when_told(site):
    assert eventually(lambda: len(site.links()) == len(CAST) or site.process.poll() is not None), site.log.read_text()
    assert [site.status_of(link) for link in site.links()] == [200] * len(CAST)
    assert site.status_of("/static/proviso.css") in (200, 304)
    assert site.rows_of("scoring_rating") == 40  # which texts are rated hangs on keys: a new database has the demo’s
    assert site.status_of(site.link_of_another_process()) == 200
    worker = children_of(site.process.pid)["celery"]
    os.kill(worker, signal.SIGKILL)
    assert eventually(lambda: children_of(site.process.pid).get("celery", worker) != worker)
    pids = children_of(site.process.pid).values()
    site.process.send_signal(signal.SIGINT)
    assert site.process.wait(PATIENCE) == 0
    assert not [pid for pid in pids if Path(f"/proc/{pid}").exists()]
    assert not (site.var / "port").exists()


def test_a_taken_port_is_said(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        surroundings = os.environ | {"PROVISO_VAR": str(tmp_path), "DATABASE_URL": f"sqlite:///{tmp_path}/a.sqlite3"}
        command = [sys.executable, "manage.py", "serve", "--port", str(other.getsockname()[1])]
        found = subprocess.run(
            command, cwd=settings.BASE_DIR, env=surroundings, capture_output=True, text=True, check=False
        )
    assert found.returncode == 1
    assert "Address already in use" in found.stderr


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "proviso.example"])
def test_links_are_handed_out_on_loopback_only(host):
    with pytest.raises(CommandError, match="loopback"):
        call_command("serve", "--demo", "--host", host)


@pytest.mark.parametrize(
    ("host", "expected"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("a.b", False)],
)
def test_loopback_is_known(host, expected):
    assert is_loopback(host) is expected
