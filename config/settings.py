"""Every setting of Proviso. The environment decides; a wrong value stops the start with the variable's name.

A value may also stand in a file that ``NAME_FILE`` names, as containers are given their secrets.
"""

import logging
import re
import secrets
import ssl
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

import dj_database_url
from csp.constants import NONE, SELF
from environs import ValidationError, validate

from config.environment import Environment

env = Environment(strip_whitespace=True)
BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = env.path("PROVISO_VAR", BASE_DIR / "var")
VAR_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)  # it holds what nobody else on the machine may read


def kept_secret(path: Path) -> str:
    """Return the secret kept in ``path``, made on the first run."""
    if not path.exists():
        fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(64))
        with suppress(FileExistsError):  # of two first starts, one makes it
            path.hardlink_to(fresh)
        fresh.unlink()
    return path.read_text()


def database(url: str) -> dict[str, object]:
    """Return Django's settings for one database; SQLite goes through our backend with one writer at a time."""
    settings: dict[str, Any] = dict(dj_database_url.parse(url))
    if settings["ENGINE"] == "django.db.backends.sqlite3":
        # WAL lets readers go on while one writes; IMMEDIATE locks before it reads, so no upgrade to a write can fail.
        pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
        return settings | {
            "ENGINE": "config.sqlite",
            "CONN_MAX_AGE": None,
            "OPTIONS": {"timeout": 20, "transaction_mode": "IMMEDIATE", "init_command": pragmas},
        }
    # Server-side binding lets PostgreSQL keep prepared statements: a fifth off every save.
    options = {**settings.get("OPTIONS", {}), "server_side_binding": True, "prepare_threshold": 3}
    # A server that was started anew costs no request: whatever connection it broke is made again before its next.
    return settings | {"CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True, "OPTIONS": options}


def certificates(url: str) -> Callable[[str], None]:
    """Return what refuses a file of trusted certificates that cannot serve for this address."""

    def check(path: str) -> None:
        if not path:
            return
        if not url.startswith("https://"):
            raise ValidationError("is of no use without an https:// address")
        try:
            ssl.create_default_context(cafile=path)
        except OSError as error:
            raise ValidationError(f"cannot be read as certificates ({error.strerror or error})") from error

    return check


def origin(url: str) -> str:
    """Return ``scheme://host[:port]`` of a URL."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def site_url(port: int) -> str:
    """Return where people reach the site: ``SITE_URL`` if that is not empty, else this machine at the port."""
    if not env.str("SITE_URL", ""):
        return f"http://127.0.0.1:{port}"
    return env.str("SITE_URL", validate=validate.URL(schemes={"http", "https"}, require_tld=False)).rstrip("/")


def served_port() -> int:
    """Return the port that the ``serve`` which now runs has recorded, the usual one where none runs."""
    try:
        return int(PORT_FILE.read_text())
    except (OSError, ValueError):
        return USUAL_PORT


# Where the site stands: decides secure cookies, trusted origins and the path prefix.
USUAL_PORT = 8000
PORT_FILE = VAR_DIR / "port"
PORT = env.int("PORT", USUAL_PORT, validate=validate.Range(min=1, max=65535))
# Links that a command prints lead to the site that runs, wherever it was told to listen.
SITE_URL = site_url(env.int("PORT", served_port()))
SITE_HOST = urlsplit(SITE_URL).hostname or ""
SECURE = SITE_URL.startswith("https://")
SITE_PATH = urlsplit(SITE_URL).path
FORCE_SCRIPT_NAME = SITE_PATH or None

DEBUG = env.bool("DEBUG", False)
SECRET_KEY = env.str("SECRET_KEY", "") or kept_secret(VAR_DIR / "secret_key")
ALLOWED_HOSTS = [SITE_HOST, "127.0.0.1", "localhost", "[::1]"]
CSRF_TRUSTED_ORIGINS = [origin(SITE_URL)]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SECURE_SSL_REDIRECT = SECURE
# Probes ask the process itself, past the proxy; Django puts the site’s path before what they ask for.
SECURE_REDIRECT_EXEMPT = [rf"^{re.escape(f'{SITE_PATH}/'[1:])}(healthz|readyz)$"]
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", 31_536_000 if SECURE else 0, validate=validate.Range(min=0))
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = env.bool("HSTS_SUBDOMAINS", False)
# Those two speak for other sites of the domain too, and cannot be taken back for months: the team asks for them.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_SAMESITE = "Lax"

INSTALLED_APPS = [
    "config",
    "scoring",
    "annotator",
    "retrieval",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "django_htmx",
    "template_partials",
    "rest_framework",
    "drf_spectacular",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}

PLAIN_URL = validate.Regexp(
    r"(https?://[^\s@?#]+)?\Z", error="an http(s) address without a name, password or query is expected"
)
# What is no header would be quoted, key and all, by the error that it makes.
PRINTABLE = validate.Regexp(r"[!-~]*\Z", error="holds a space or another character that no key has")

ENGINES = validate.Regexp(r"(sqlite|postgres|postgresql)://", error="sqlite:///FILE or postgres://… is expected")
DATABASE_URL = env.str("DATABASE_URL", f"sqlite:///{VAR_DIR / 'proviso.sqlite3'}", validate=ENGINES)
DATABASES = {"default": database(DATABASE_URL)}
AUTH_USER_MODEL = "annotator.User"
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign_in"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]

LANGUAGE_CODE = "en"
TIME_ZONE = env.str("TIME_ZONE", "UTC", validate=validate.OneOf(available_timezones(), error="is no time zone"))
USE_I18N = True
USE_TZ = True

# Whole: a relative one would get the path of whatever is served when it is first asked for. The proxy takes it away.
STATIC_URL = f"{SITE_PATH}/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = VAR_DIR / "uploads"
# Above this many bytes an upload is validated and imported by a job, below it in the request.
IMPORT_IN_REQUEST_BYTES = env.int("IMPORT_IN_REQUEST_BYTES", 4_000_000, validate=validate.Range(min=0))
# A file of questions, predictions or people that is uploaded; what the limits leave out never reaches the disk.
IMPORT_UPLOAD_BYTES = env.int("IMPORT_UPLOAD_BYTES", 500_000_000, validate=validate.Range(min=0))
FILE_UPLOAD_HANDLERS = [
    "annotator.upload_limits.Bounded",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
# A file of more questions is written by a job, and kept for some days in VAR_DIR for whoever asked.
EXPORT_IN_REQUEST_QUESTIONS = env.int("EXPORT_IN_REQUEST_QUESTIONS", 2_000, validate=validate.Range(min=0))
EXPORT_KEPT_DAYS = env.int("EXPORT_KEPT_DAYS", 7, validate=validate.Range(min=1))
# A corpus file that is uploaded; larger ones are put into VAR_DIR/corpora.
CORPUS_UPLOAD_BYTES = env.int("CORPUS_UPLOAD_BYTES", 500_000_000, validate=validate.Range(min=0))
# A card may hold a few hundred fields; the whole annotation is one form where no script runs.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

# Search: in the process, or by Elasticsearch where an address is given.
ELASTICSEARCH_URL = env.str("ELASTICSEARCH_URL", "", validate=PLAIN_URL)
ELASTICSEARCH_API_KEY = env.str("ELASTICSEARCH_API_KEY", "", validate=PRINTABLE)
ELASTICSEARCH_CA_FILE = env.str("ELASTICSEARCH_CA_FILE", "", validate=certificates(ELASTICSEARCH_URL))
ELASTICSEARCH_PREFIX = env.str(
    "ELASTICSEARCH_PREFIX",
    "proviso",
    validate=validate.Regexp(r"[a-z0-9][a-z0-9-]{0,30}\Z", error="lower-case letters, digits and - are expected"),
)
SEARCH_ENGINE = "elasticsearch" if ELASTICSEARCH_URL else "embedded"

ADDRESS = validate.Regexp(r"\w+://|$", error="is no address such as redis://localhost:6379/0")
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", "", validate=ADDRESS) or "filesystem://localhost"
CELERY_TASK_IGNORE_RESULT = True  # the Job row is the truth, a result backend would be a second one
CELERY_TASK_ACKS_LATE = True  # a killed worker's message comes back; a job run twice does no harm
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A broker that is away must not keep a request waiting: the job is stored, and workers look for it by themselves.
BROKER_PATIENCE = 3  # seconds
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0.1}
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = {"socket_connect_timeout": BROKER_PATIENCE}
if CELERY_BROKER_URL.startswith("filesystem:"):
    BROKER_DIR = VAR_DIR / "broker"
    (BROKER_DIR / "processed").mkdir(parents=True, exist_ok=True)
    # One folder in and out: a message is a file, and web and worker share the machine.
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(BROKER_DIR),
        "data_folder_out": str(BROKER_DIR),
        "control_folder": str(BROKER_DIR / "control"),
    }

# The API: tokens alone, JSON alone, and problem details for whatever is refused. 0 calls a minute: no limit.
API_CALLS_PER_MINUTE = env.int("API_CALLS_PER_MINUTE", 600, validate=validate.Range(min=0))
API_BODY_BYTES = 5_000_000  # of JSON; a file has the limits of the import page
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["annotator.api.access.Bearer"],
    "DEFAULT_PERMISSION_CLASSES": ["annotator.api.access.Scoped"],
    "DEFAULT_THROTTLE_CLASSES": ["annotator.api.access.PerToken"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["annotator.api.bodies.Json"],
    "DEFAULT_SCHEMA_CLASS": "annotator.api.schema.Described",
    "DEFAULT_METADATA_CLASS": None,
    "URL_FORMAT_OVERRIDE": None,
    "EXCEPTION_HANDLER": "annotator.api.problems.answer",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Proviso",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "POSTPROCESSING_HOOKS": [],  # a choice stands where it is made, and needs no name of its own
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": "/api/",
    "SORT_OPERATIONS": False,  # the addresses stand in an order that is meant
    "SERVERS": [{"url": SITE_URL}],
    "PATH_CONVERTER_OVERRIDES": {"key": {"type": "integer", "minimum": 1}},
}

# Webhooks go to the internet at large; a team whose receivers stand in its own network says so.
WEBHOOKS_ALLOW_PRIVATE = env.bool("WEBHOOKS_ALLOW_PRIVATE", False)

# The judge that asks a language model; without an address and a model it is off, and nothing is sent anywhere.
LLM_JUDGE_URL = env.str("LLM_JUDGE_URL", "", validate=PLAIN_URL)
LLM_JUDGE_MODEL = env.str("LLM_JUDGE_MODEL", "", validate=validate.Length(max=100))
LLM_JUDGE_KEY = env.str("LLM_JUDGE_KEY", "", validate=PRINTABLE)
LLM_JUDGE_CONCURRENCY = env.int("LLM_JUDGE_CONCURRENCY", 4, validate=validate.Range(min=1, max=64))
LLM_JUDGE_TIMEOUT = env.float("LLM_JUDGE_TIMEOUT", 60.0, validate=validate.Range(min=1, max=600))
LLM_JUDGE_SWAP = env.bool("LLM_JUDGE_SWAP", True)
LLM_JUDGE_PRICE_IN = env.float("LLM_JUDGE_PRICE_IN", None, validate=validate.Range(min=0))
LLM_JUDGE_PRICE_OUT = env.float("LLM_JUDGE_PRICE_OUT", None, validate=validate.Range(min=0))


def tells_the_operator(said: logging.LogRecord) -> bool:
    """Return whether a request that failed is the site's affair: what the API refuses is its caller's, who is told.

    Who tries tokens, or calls all the time, is the site's.
    """
    if said.levelno < logging.ERROR:
        briefly(said)
    path = getattr(getattr(said, "request", None), "path_info", "")
    tried = getattr(said, "status_code", 0) in (HTTPStatus.UNAUTHORIZED, HTTPStatus.TOO_MANY_REQUESTS)
    return said.levelno >= logging.ERROR or tried or not path.startswith("/api/")


def briefly(said: logging.LogRecord) -> bool:
    """Let a line be all that is said of what a caller brought about: its traceback is Django’s own way."""
    said.exc_info = None
    return True


LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": env.log_level("LOG_LEVEL", logging.WARNING)},
    # It warns with a traceback of every request that fails, which our own message tells in a line.
    "filters": {
        "ours": {"()": "django.utils.log.CallbackFilter", "callback": tells_the_operator},
        "brief": {"()": "django.utils.log.CallbackFilter", "callback": briefly},
    },
    "loggers": {
        "elastic_transport": {"level": "ERROR"},
        "django.request": {"filters": ["ours"]},
        "django.security.DisallowedHost": {"filters": ["brief"]},
    },
}
