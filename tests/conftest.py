"""The same cast everywhere: Ann and Bo annotate, Cy adjudicates, Mo manages, Vi looks on, Dee is a stranger.

Every test with a database also has a second project of lookalike rows, so that a forgotten filter shows.
"""

import gc
import os
import socket
from collections.abc import Callable, Iterable, Iterator
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib import auth
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, transaction
from django.template import Engine
from django.test import Client, TransactionTestCase
from django.utils import timezone
from hypothesis import settings as examples

from annotator.models import Assignment, Batch, Cursor, GuidelineVersion, Member, Project, Question, User
from config.celery import app as celery_app
from config.serving import is_loopback
from retrieval.fragments import NewFragment, store_fragments
from retrieval.freezing import Line, NewList, freeze_many
from retrieval.models import Corpus, Retrieval
from scoring import sight
from tests.keeping import kept_file, kept_rows
from tests.templates import Missing

pytest_plugins = ["tests.suites"]

SHARED = Path(os.environ.get("PROVISO_SHARED", django_settings.BASE_DIR.parent / "shared"))
REQUIRED = set(os.environ.get("PROVISO_REQUIRE", "").split(",")) - {""}
TEXTS = [
    ("FIFA World Cup", "Spain’s men won the FIFA World Cup in 2010, in South Africa."),
    ("FIFA Women’s World Cup", "Spain’s women won the FIFA Women’s World Cup in 2023, in Sydney."),
    ("FIBA World Cup", "Spain’s men won the basketball world title in 2006 and 2019 🏀."),
    ("Soup", "A cup of soup is served hot."),
    ("Madrid", "Madrid (마드리드) is the capital of Spain."),
]
QUESTION = "When did Spain win the World Cup?"
# Static files are served from where they are written, under their plain names, also by what is made before the first
# test and by a server that answers between two of them.
django_settings.STORAGES = {
    **django_settings.STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
django_settings.WHITENOISE_USE_FINDERS = django_settings.WHITENOISE_AUTOREFRESH = True
# A test says nothing of how fast the machine is. What draws takes few turns here, and many in ``make faults``.
examples.register_profile("suite", deadline=None, max_examples=int(os.environ.get("PROVISO_DRAWN", "30")))
examples.load_profile("suite")


def unavailable(what: str, reason: str) -> None:
    """Skip the test, or fail it where ``PROVISO_REQUIRE`` names what is missing."""
    if what in REQUIRED:
        pytest.fail(f"required, but {reason}")
    pytest.skip(reason)


def pytest_collection_finish() -> None:
    """Look through none of what collection made for garbage, and through the rest more rarely."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture
def shared() -> Path:
    """The folder of real data and reference fixtures."""
    if not SHARED.is_dir():
        unavailable("shared", "the shared folder is not there (PROVISO_SHARED)")
    return SHARED


@pytest.fixture
def postgres(db: None) -> None:
    """For a test that only PostgreSQL can run."""
    if connection.vendor != "postgresql":
        unavailable("postgres", "DATABASE_URL names no PostgreSQL")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    tmp_path_factory: pytest.TempPathFactory, django_db_modify_db_settings_parallel_suffix: None
) -> None:
    """Make the tables from the models; ``test_migrations`` holds that the migrations make the same.

    SQLite is a file of this run, so that every test goes through the write lock.
    On PostgreSQL what waits long for a lock, or works at one statement for minutes, fails with the statement's name.
    """
    connection.settings_dict["TEST"]["MIGRATE"] = False
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")
        return
    limits = {"lock_timeout": "60s", "statement_timeout": "120s", "idle_in_transaction_session_timeout": "200s"}
    connection.settings_dict["OPTIONS"]["options"] = " ".join(f"-c {name}={value}" for name, value in limits.items())


@pytest.fixture(scope="session", autouse=True)
def strict(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Send no message to a worker; let a variable that a template of ours misses raise; spend no time on hashing.

    Boards of few questions are shown; that they are not is tested by itself. What stands for longer than one test
    keeps its files in a folder of the run, too.
    """
    celery_app.conf.update(broker_url="memory://", broker_transport_options={})
    sight.FEW = 1
    django_settings.VAR_DIR = tmp_path_factory.mktemp("var")
    Engine.get_default().string_if_invalid = Missing("%s")
    django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def var(tmp_path: Path, settings: Any) -> Path:
    """Keep indexes and uploads in the test's own folder."""
    settings.VAR_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "uploads"
    settings.SITE_URL = f"http://127.0.0.1:{settings.USUAL_PORT}"  # whatever runs meanwhile
    return tmp_path


@pytest.fixture(autouse=True)
def embedded_search(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Search in the process, and let commands do so; a test that wants Elasticsearch turns it on."""
    settings.SEARCH_ENGINE = "embedded"
    monkeypatch.delenv("ELASTICSEARCH_URL", raising=False)


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse connections to other hosts."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not is_loopback(address[0]):
            raise AssertionError(f"a test connects to {address[0]}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def empty_caches() -> Iterator[None]:
    """Forget what a process keeps, since rows of another test may have the same keys."""
    from annotator import desk, standing
    from annotator.fragment_lists import kept_list
    from annotator.views.kept import kept, kept_lists

    yield
    kept_list.cache_clear()
    kept.pieces.clear()
    kept_lists.pieces.clear()
    standing.kept.clear()
    desk.decided.cache_clear()
    desk.kept_places.cache_clear()
    cache.clear()


def user(name: str) -> User:
    return users([name])[0]


def users(names: Iterable[str]) -> list[User]:
    """Return the accounts of these names, and make those that are not there."""
    there = {found.username: found for found in User.objects.filter(username__in=names)}
    for name in names:
        there[name] = there.get(name) or User.objects.create(username=name, first_name=name.title())
    return [there[name] for name in names]


def make_project(slug: str, members: dict[str, str]) -> Project:
    """Return a project with one batch, guidelines and these members (name → role)."""
    now = timezone.now()
    project = Project.objects.create(slug=slug, name=slug.title(), created=now)
    version = GuidelineVersion.objects.create(project=project, number=1, text="# Guidelines", created=now)
    Batch.objects.create(project=project, name="main 1", overlap=2, guideline_version=version, created=now)
    Member.objects.bulk_create(
        Member(project=project, user=person, role=role, pseudonym=f"{role}-{person.username}", joined=now)
        for person, role in zip(users(members), members.values(), strict=True)
    )
    return project


def make_list(corpus: str = "wiki", texts: list[tuple[str, str]] = TEXTS) -> Retrieval:
    """Return a frozen list of these fragments."""
    home = Corpus.objects.get_or_create(slug=corpus, defaults={"name": corpus})[0]
    fragments = [NewFragment(title, text) for title, text in texts]
    ids = store_fragments(home, fragments)
    lines = [Line(rank, ids[part.sha256], part.sha256, 10.0 - rank) for rank, part in enumerate(fragments, 1)]
    return freeze_many([NewList(QUESTION, len(lines), "file", {}, lines)])[0]


def make_question(batch: Batch, external_id: str = "q1", text: str = QUESTION, **values: Any) -> Question:
    """Return a new question at the end of a batch, with a list of five fragments unless told otherwise."""
    batch.size = batch.questions.count() + 1
    batch.save(update_fields=["size"])
    values.setdefault("retrieval", make_list(f"{batch.project.slug}-corpus"))
    values.setdefault("overlap", batch.overlap_at(batch.size))
    created = timezone.now()
    question = Question.objects.create(
        batch=batch, external_id=external_id, text=text, order=batch.size, created=created, **values
    )
    Cursor.objects.set_back(batch, batch.questions.filter(pk=question.pk))
    return question


def make_noise() -> None:
    """A second project that looks like the first, where somebody else did the same work."""
    from annotator.actions import claiming

    other = make_project("noise", {"nia": "annotator", "ned": "manager"})
    make_question(other.batches.get())
    claiming.claim(other.members.get(user__username="nia"))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Make the noise once, and write down that the migrations were run.

    All of it is brought back after a test that commits; the others take back what they did.
    """
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        call_command("migrate", fake=True, verbosity=0)
        make_noise()
        kept = kept_file() if connection.vendor == "sqlite" else kept_rows()
        patch.setattr(TransactionTestCase, "_fixture_teardown", kept)
        yield


@pytest.fixture(scope="module")
def ground(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A transaction around all tests of a module, in which is made once what each of them begins with."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


def make_clocks() -> Project:
    """Return the project “clocks”, with its members and one batch."""
    cast = {"ann": "annotator", "bo": "annotator", "cy": "adjudicator", "mo": "manager", "vi": "viewer"}
    return make_project("clocks", cast)


@pytest.fixture
def project(db: None) -> Project:
    """The project of most tests, made anew; a folder may override it to find it on its ground."""
    return make_clocks()


@pytest.fixture
def batch(project: Project) -> Batch:
    return project.batches.get()


@pytest.fixture
def question(batch: Batch) -> Question:
    """A question with a frozen list of five short fragments."""
    return make_question(batch)


def member_fixture(name: str) -> Callable[[Project], Member]:
    def member(project: Project) -> Member:
        return project.members.get(user__username=name)

    return pytest.fixture(name=name)(member)


ann, bo, cy, mo, vi = (member_fixture(name) for name in ("ann", "bo", "cy", "mo", "vi"))


@pytest.fixture
def dee(db: None) -> User:
    """A stranger: an account without a membership here."""
    return user("dee")


def signed_in(account: User | None) -> Client:
    """Return a client with a session of the account, of the three entries that signing in leaves, in two statements."""
    client = Client()
    if account:
        session = SessionStore()
        session[auth.SESSION_KEY] = str(account.pk)
        session[auth.BACKEND_SESSION_KEY] = django_settings.AUTHENTICATION_BACKENDS[0]
        session[auth.HASH_SESSION_KEY] = account.get_session_auth_hash()
        session.save()
        client.cookies[django_settings.SESSION_COOKIE_NAME] = session.session_key or ""
    return client


def with_cookies(cookies: SimpleCookie) -> Client:
    """Return a client of its own with the session of another, since one of the routes signs out."""
    client = Client()
    client.cookies.load(cookies)
    return client


def client_fixture(name: str) -> Callable[[Member], Client]:
    def client(request: pytest.FixtureRequest, db: None) -> Client:
        person = request.getfixturevalue(name)
        return signed_in(person.user if isinstance(person, Member) else person)

    return pytest.fixture(name=f"as_{name}")(client)


as_ann, as_bo, as_cy, as_mo, as_vi, as_dee = (client_fixture(name) for name in ("ann", "bo", "cy", "mo", "vi", "dee"))


@pytest.fixture
def assignment(ann: Member, question: Question) -> Assignment:
    """Ann's slot on the question, just claimed."""
    from annotator.actions import claiming

    return claiming.take(ann, question)
