"""Settings come from the environment, and a wrong value stops the start with the variable's name."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

ASK = "from django.conf import settings; print(getattr(settings, {name!r}))"


def started(tmp_path: Path, code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run code under our settings in a process of its own, with nothing in the environment but what is given."""
    surroundings = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PROVISO_VAR": str(tmp_path / "var"),
    }
    command = [sys.executable, "-c", code]
    return subprocess.run(
        command, cwd=settings.BASE_DIR, env=surroundings | environment, capture_output=True, text=True, check=False
    )


def value_of(tmp_path: Path, name: str, **environment: str) -> str:
    found = started(tmp_path, ASK.format(name=name), **environment)
    assert found.returncode == 0, found.stderr
    return found.stdout.strip()


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
    ],
)
def test_a_wrong_value_stops_the_start_with_the_variables_name(tmp_path, variable, wrong):
    found = started(tmp_path, "import django; django.setup()", **{variable: wrong})
    assert found.returncode == 1
    assert variable in found.stderr.strip().splitlines()[-1]


def test_without_an_environment_everything_is_local_and_debug_is_off(tmp_path):
    code = (
        "from django.conf import settings as s; print(s.DEBUG, s.SITE_URL, s.SECURE, s.DATABASES['default']['ENGINE'])"
    )
    assert started(tmp_path, code).stdout.split() == ["False", "http://127.0.0.1:8000", "False", "config.sqlite"]


def test_links_lead_to_the_port_that_was_set_else_to_the_one_that_is_served(tmp_path):
    assert value_of(tmp_path, "SITE_URL") == "http://127.0.0.1:8000"
    (tmp_path / "var" / "port").write_text("8123")
    assert value_of(tmp_path, "SITE_URL") == "http://127.0.0.1:8123"
    assert value_of(tmp_path, "PORT") == "8000"
    assert value_of(tmp_path, "SITE_URL", PORT="8001") == "http://127.0.0.1:8001"
    assert value_of(tmp_path, "SITE_URL", PORT="8001", SITE_URL="https://a.example") == "https://a.example"


def test_the_secret_is_made_once_and_only_its_owner_reads_it(tmp_path):
    first, second = (value_of(tmp_path, "SECRET_KEY") for _start in range(2))
    assert first == second
    assert len(first) > 50
    assert (tmp_path / "var" / "secret_key").stat().st_mode & 0o777 == 0o600


def test_a_site_behind_https_has_secure_cookies_and_its_path(tmp_path):
    code = (
        "from django.conf import settings as s; "
        "print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.CSRF_TRUSTED_ORIGINS, s.FORCE_SCRIPT_NAME, s.SITE_HOST)"
    )
    found = started(tmp_path, code, SITE_URL="https://data.example:8443/proviso/").stdout.strip()
    assert found == "True True ['https://data.example:8443'] /proviso data.example"


@pytest.mark.parametrize(("asked", "sent"), [({}, "False False"), ({"HSTS_SUBDOMAINS": "on"}, "True True")])
def test_a_site_speaks_for_its_subdomains_only_when_asked(tmp_path, asked, sent):
    code = "from django.conf import settings as s; print(s.SECURE_HSTS_INCLUDE_SUBDOMAINS, s.SECURE_HSTS_PRELOAD)"
    assert started(tmp_path, code, SITE_URL="https://data.example", **asked).stdout.strip() == sent


def test_postgresql_keeps_its_connections_and_prepares_its_statements(tmp_path):
    code = "from django.conf import settings as s; d = s.DATABASES['default']; print(d['CONN_MAX_AGE'], d['OPTIONS'])"
    found = started(tmp_path, code, DATABASE_URL="postgres://someone@db.example/proviso").stdout
    assert found.startswith("None {'server_side_binding': True")
