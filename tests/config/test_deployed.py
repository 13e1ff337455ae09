"""What compose.yaml describes, tried without containers: its file, its start commands, and against real services."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from shutil import which
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.db import connection

from tests.config.test_serve import eventually, free_port
from tests.config.test_workers_killed import RedisServer
from tests.conftest import unavailable

ROOT = Path(settings.BASE_DIR)
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]


@pytest.mark.services
def test_docker_compose_can_read_it_with_nothing_set(tmp_path):
    if which("docker-compose") is None:
        unavailable("compose", "no docker-compose is installed")
    bare = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    command = ["docker-compose", "--file", str(ROOT / "compose.yaml"), "config"]
    done = subprocess.run(command, env=bare, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    read = yaml.safe_load(done.stdout)["services"]
    assert set(read) == set(SERVICES)
    # Earlier versions end a default at the first brace, and pass on what is left of one within another.
    assert {name: read["web"]["environment"][name] for name in ("SITE_URL", "PORT")} == {"SITE_URL": "", "PORT": "8000"}


def test_no_password_stands_in_it():
    text = (ROOT / "compose.yaml").read_text("utf-8")
    assert not re.findall(r"(?i)password: |requirepass (?!\"\$\$)", text)
    published = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert published == ["127.0.0.1:${PORT:-8000}:${PORT:-8000}"]


def test_every_secret_that_is_read_is_drawn():
    read = {name for service in SERVICES.values() for name in re.findall(r"/secrets/(\w+)", str(service))}
    drawn = set(re.findall(r"keep (\w+)", str(SERVICES["secrets"]["command"])))
    assert read == drawn | {"elasticsearch_api_key"}


@pytest.mark.parametrize("name", ["secrets", "search_key"])
def test_the_scripts_are_shell(name):
    script = SERVICES[name]["command"][0].replace("$$", "$")
    assert subprocess.run(["bash", "-n"], input=script, text=True, check=False).returncode == 0


def test_the_passwords_are_drawn_once_and_each_is_its_readers_alone(tmp_path):
    script = SERVICES["secrets"]["command"][0].replace("$$", "$").replace("cd /secrets", f"cd {tmp_path}")
    owners = "chown() { echo $1 $2 >>owners; }\n"  # whoever runs the tests may not give files away
    times = []
    for _time in range(2):
        subprocess.run(["sh", "-euc", owners + script], cwd=tmp_path, check=True)
        times.append({path.name: path.read_text() for path in tmp_path.iterdir() if path.name != "owners"})
    kept = times[0]
    assert times[1] == kept
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir() if path.name != "owners"} == {0o400}
    assert kept["database_url"] == f"postgres://proviso:{kept['database']}@database/proviso"
    assert all(len(kept[name]) == 64 for name in ("secret_key", "database", "broker", "search"))
    assert "10001 database_url" in (tmp_path / "owners").read_text()


def test_the_image_holds_what_a_server_runs_and_nothing_more():
    wanted = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert all((ROOT / name).exists() for name in wanted)
    assert not {"tests", "bench", "var", ".venv"} & wanted
    assert re.search(r"^USER proviso$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)


@contextmanager
def running(service: str, port: int, environment: dict[str, str]) -> Iterator[None]:
    """Run a service's start command on this machine alone, at a port."""
    words = SERVICES[service]["command"].replace("0.0.0.0", "127.0.0.1").split()
    program = [sys.executable, *words[1:]] if words[0] == "python" else [sys.executable, "-m", *words]
    process = subprocess.Popen(program, cwd=ROOT, env=environment | {"PORT": str(port)}, stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait(60)


def status_of(port: int, path: str) -> int:
    """Return what the site answers, 0 where it does not."""
    asked = HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        asked.request("GET", path)
        return asked.getresponse().status
    except OSError:
        return 0
    finally:
        asked.close()


def is_well(environment: dict[str, str]) -> bool:
    command = [sys.executable, "manage.py", "status"]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False).returncode == 0


@pytest.fixture
def new_database(postgres: None, transactional_db: None) -> Iterator[str]:
    """The address of an empty PostgreSQL database."""
    with connection.cursor() as cursor:
        cursor.execute("DROP DATABASE IF EXISTS proviso_deployed")
        cursor.execute("CREATE DATABASE proviso_deployed")
    yield os.environ["DATABASE_URL"].rpartition("/")[0] + "/proviso_deployed"
    with connection.cursor() as cursor:
        cursor.execute("DROP DATABASE proviso_deployed WITH (FORCE)")


def test_web_and_worker_start_by_their_commands_against_real_services(new_database, tmp_path):
    if which("redis-server") is None:
        unavailable("redis", "no redis-server is installed")
    redis, port, var = RedisServer(tmp_path), free_port(), tmp_path / "var"
    secrets = {"DATABASE_URL": new_database, "CELERY_BROKER_URL": redis.url, "SECRET_KEY": "s" * 64}
    for name, value in secrets.items():
        (tmp_path / name).write_text(f"{value}\n")
    plain = {name: value for name, value in os.environ.items() if name not in secrets}
    environment = plain | {f"{name}_FILE": str(tmp_path / name) for name in secrets} | {"PROVISO_VAR": str(var)}
    try:
        with ExitStack() as stack:
            stack.enter_context(running("web", port, environment))
            assert eventually(lambda: status_of(port, "/readyz") == 200)
            assert status_of(port, "/sign-in/") == 200
            stack.enter_context(running("worker", port, environment))
            assert eventually(lambda: is_well(environment))
    finally:
        redis.kill()
