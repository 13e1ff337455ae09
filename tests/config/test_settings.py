"""Settings come from the environment, and a wrong value stops the start with the variable's name."""

import os
import runpy
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as running
from environs import EnvError

Settings = Callable[..., dict[str, Any]]


@pytest.fixture
def settings_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Read our settings anew, with nothing in the environment but what is given."""

    def settings_of(**environment: str) -> dict[str, Any]:
        for name in list(os.environ):
            monkeypatch.delenv(name)
        for name, value in ({"PROVISO_VAR": str(tmp_path / "var")} | environment).items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(running.BASE_DIR / "config" / "settings.py"))

    return settings_of


@pytest.mark.parametrize(
    ("variable", "wrong"),
    [
        ("PORT", "eighty"),
        ("PORT", "70000"),
        ("SITE_URL", "proviso.example"),
        ("SITE_URL", "ftp://proviso.example"),
        ("DEBUG", "perhaps"),
        ("DATABASE_URL", "oracle9i://somewhere"),
        ("DATABASE_URL", "proviso.sqlite3"),
        ("TIME_ZONE", "Mars/Olympus"),
        ("HSTS_SECONDS", "-1"),
        ("HSTS_SUBDOMAINS", "some"),
        ("IMPORT_IN_REQUEST_BYTES", "4 MB"),
        ("CELERY_BROKER_URL", "redis"),
        ("LOG_LEVEL", "LOUD"),
        ("ELASTICSEARCH_URL", "search.example:9200"),
        ("ELASTICSEARCH_URL", "https://elastic:secret@search.example"),
        ("ELASTICSEARCH_API_KEY", "two words"),
        ("ELASTICSEARCH_CA_FILE", "/etc/hostname"),
        ("ELASTICSEARCH_PREFIX", "Proviso.1"),
        ("LLM_JUDGE_URL", "api.example/v1"),
        ("LLM_JUDGE_URL", "https://me:secret@api.example/v1"),
        ("LLM_JUDGE_KEY", "sk secret"),
        ("LLM_JUDGE_CONCURRENCY", "0"),
        ("LLM_JUDGE_TIMEOUT", "soon"),
        ("LLM_JUDGE_SWAP", "sometimes"),
        ("LLM_JUDGE_PRICE_IN", "-1"),
    ],
)
def test_a_wrong_value_is_refused_with_the_variables_name(settings_of, variable, wrong):
    with pytest.raises(EnvError, match=variable):
        settings_of(**{variable: wrong})


@pytest.mark.parametrize(
    ("file", "said"), [("nowhere.pem", "No such file"), ("empty.pem", "cannot be read as certificates")]
)
def test_a_file_of_certificates_that_does_not_serve_is_refused(settings_of, tmp_path, file, said):
    (tmp_path / "empty.pem").touch()
    with pytest.raises(EnvError, match=f"ELASTICSEARCH_CA_FILE.*{said}"):
        settings_of(ELASTICSEARCH_URL="https://search.example", ELASTICSEARCH_CA_FILE=str(tmp_path / file))


@pytest.mark.parametrize("path", ["nowhere", ".", "bytes", "bytes/below"])
def test_a_file_that_a_value_should_stand_in_and_cannot_be_read_is_refused(settings_of, tmp_path, path):
    (tmp_path / "bytes").write_bytes(b"\xff")
    with pytest.raises(EnvError, match='"ELASTICSEARCH_API_KEY_FILE" invalid: its file cannot be read'):
        settings_of(ELASTICSEARCH_API_KEY_FILE=str(tmp_path / path))


def test_a_value_that_is_given_twice_is_refused_with_both_names(settings_of, tmp_path):
    (tmp_path / "key").write_text("a-key\n")
    given = {"ELASTICSEARCH_API_KEY_FILE": str(tmp_path / "key"), "ELASTICSEARCH_API_KEY": ""}
    assert settings_of(**given)["ELASTICSEARCH_API_KEY"] == "a-key"
    with pytest.raises(EnvError, match='"ELASTICSEARCH_API_KEY" and "ELASTICSEARCH_API_KEY_FILE"'):
        settings_of(**given | {"ELASTICSEARCH_API_KEY": "another"})


def test_an_address_turns_elasticsearch_on(settings_of):
    assert settings_of()["SEARCH_ENGINE"] == "embedded"
    assert settings_of(ELASTICSEARCH_URL="https://search.example:9200")["SEARCH_ENGINE"] == "elasticsearch"


def test_a_wrong_key_is_not_quoted(settings_of):
    with pytest.raises(EnvError) as raised:
        settings_of(LLM_JUDGE_KEY="sk-secret\n")
    assert "secret" not in str(raised.value)


def test_a_wrong_value_stops_the_start_with_the_variables_name(tmp_path):
    surroundings = {"PATH": os.environ["PATH"], "PROVISO_VAR": str(tmp_path / "var"), "PORT": "eighty"}
    command = [sys.executable, "manage.py", "check"]
    found = subprocess.run(command, cwd=running.BASE_DIR, env=surroundings, capture_output=True, text=True, check=False)
    assert found.returncode == 1
    assert "PORT" in found.stderr.strip().splitlines()[-1]


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_command_whose_reader_has_seen_enough_ends_without_a_traceback(tmp_path, unbuffered):
    surroundings = {"PATH": os.environ["PATH"], "PROVISO_VAR": str(tmp_path / "var"), "PYTHONUNBUFFERED": unbuffered}
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "manage.py", "help"]
    found = subprocess.run(
        command, cwd=running.BASE_DIR, env=surroundings, stdout=writer, stderr=subprocess.PIPE, check=False
    )
    os.close(writer)
    assert (found.returncode, found.stderr) == (1, b"")


def test_without_an_environment_everything_is_local_and_debug_is_off(settings_of):
    found = settings_of()
    assert (found["DEBUG"], found["SECURE"], found["SITE_URL"]) == (False, False, "http://127.0.0.1:8000")
    assert found["DATABASES"]["default"]["ENGINE"] == "config.sqlite"


def test_links_lead_to_the_port_that_was_set_else_to_the_one_that_is_served(settings_of, tmp_path):
    assert settings_of()["SITE_URL"] == "http://127.0.0.1:8000"
    (tmp_path / "var" / "port").write_text("8123")
    assert (settings_of()["SITE_URL"], settings_of()["PORT"]) == ("http://127.0.0.1:8123", 8000)
    assert settings_of(PORT="8001", SITE_URL="")["SITE_URL"] == "http://127.0.0.1:8001"
    assert settings_of(PORT="8001", SITE_URL="https://a.example")["SITE_URL"] == "https://a.example"


def test_the_secret_is_made_once_and_only_its_owner_reads_it(settings_of, tmp_path):
    first, second = (settings_of()["SECRET_KEY"] for _start in range(2))
    assert first == second
    assert len(first) > 50
    assert (tmp_path / "var" / "secret_key").stat().st_mode & 0o777 == 0o600


def test_a_site_behind_https_has_secure_cookies_and_its_path(settings_of):
    found = settings_of(SITE_URL="https://data.example:8443/proviso/")
    assert found["SESSION_COOKIE_SECURE"]
    assert found["CSRF_COOKIE_SECURE"]
    assert found["CSRF_TRUSTED_ORIGINS"] == ["https://data.example:8443"]
    assert (found["FORCE_SCRIPT_NAME"], found["SITE_HOST"]) == ("/proviso", "data.example")


BEHIND_A_PATH = """
import re
from config.wsgi import application
from django.test.client import RequestFactory
def status_of(path):
    answer = []
    ask = RequestFactory(HTTP_HOST="data.example").get(path, headers=HEADERS)
    body = b"".join(application(ask.environ, lambda status, headers: answer.append(status)))
    return answer[0][:3], body.decode()
HEADERS = {}
assert [status_of(path)[0] for path in ("/healthz", "/sign-in/")] == ["200", "301"]
HEADERS = {"X-Forwarded-Proto": "https"}
status, page = status_of("/sign-in/")
styles = re.findall(r'href="(/proviso/static/[^"]+[.]css)"', page)
assert status == "200" and styles, page
assert {status_of(style.removeprefix("/proviso"))[0] for style in styles} == {"200"}
"""


def test_a_site_behind_a_path_sends_its_styles_and_answers_probes(tmp_path):
    surroundings = os.environ | {"PROVISO_VAR": str(tmp_path), "SITE_URL": "https://data.example/proviso"}
    for words in (["manage.py", "collectstatic", "--no-input"], ["-c", BEHIND_A_PATH]):
        command = [sys.executable, *words]
        done = subprocess.run(
            command, cwd=running.BASE_DIR, env=surroundings, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(("asked", "sent"), [({}, False), ({"HSTS_SUBDOMAINS": "on"}, True)])
def test_a_site_speaks_for_its_subdomains_only_when_asked(settings_of, asked, sent):
    found = settings_of(SITE_URL="https://data.example", **asked)
    assert (found["SECURE_HSTS_INCLUDE_SUBDOMAINS"], found["SECURE_HSTS_PRELOAD"]) == (sent, sent)


def test_postgresql_keeps_its_connections_and_prepares_its_statements(settings_of):
    database = settings_of(DATABASE_URL="postgres://someone@db.example/proviso")["DATABASES"]["default"]
    assert database["CONN_MAX_AGE"] is None
    assert database["OPTIONS"]["server_side_binding"]
