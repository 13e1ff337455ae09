"""Journeys in Chromium against the real server: signed-in pages that fail their test on any complaint of the browser.

``PROVISO_SHOTS`` names a folder for screenshots; without it none is taken.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as django_settings
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    WebError,
    expect,
    sync_playwright,
)

from annotator import record, rows
from annotator.actions import claiming, history
from annotator.actions.history import Step, Verb
from annotator.models import Annotation, Assignment, Member
from tests.browser.workbench import Workbench
from tests.conftest import signed_in, unavailable, user

# Playwright's synchronous face runs a loop in this thread; without this Django would refuse its queries.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--font-render-hinting=none"),
]
AXE = "rules => axe.run({...rules, resultTypes: ['violations']})"
PATIENCE = 20_000  # for a loaded machine; nothing waits longer than it must
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session", autouse=True)
def static_root() -> None:
    """Make the folder that WhiteNoise looks for when the server starts; the files come from where they are written."""
    Path(django_settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One Chromium for all tests of a process."""
    # Chromium without its window: a page costs a quarter of what it costs in the whole browser.
    path = os.environ.get("CHROMIUM") or shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if not path:
        unavailable("browser", "Chromium is not there (CHROMIUM)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


class Complaints:
    """What the browser complained of, and the pieces of text by which a test says what it expects."""

    def __init__(self, home: str) -> None:
        self.home = urlsplit(home).netloc
        self.found: list[str] = []
        self.allowed: list[str] = []

    def allow(self, *pieces: str) -> None:
        self.allowed += pieces

    def watch(self, context: BrowserContext) -> None:
        context.on("console", self.console)
        context.on("weberror", self.error)
        context.on("request", self.request)

    def console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.found.append(f"{message.type}: {message.text} ({message.location.get('url')})")

    def error(self, error: WebError) -> None:
        self.found.append(f"uncaught: {error.error}")

    def request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob", "about") and parts.netloc != self.home:
            self.found.append(f"another host: {request.url}")

    def unexpected(self) -> list[str]:
        return [text for text in self.found if not any(piece in text for piece in self.allowed)]


@pytest.fixture
def complaints(live_server) -> Iterator[Complaints]:
    found = Complaints(live_server.url)
    yield found
    assert found.unexpected() == []


@pytest.fixture
def person(
    chromium: Browser, live_server, transactional_db: None, complaints: Complaints
) -> Iterator[Callable[..., Page]]:
    """A page of somebody signed in, in a browser of their own: ``person("ann", width=390)``."""
    contexts: list[BrowserContext] = []

    def person(
        name: str = "", width: int = 1440, height: int = 900, scheme: str = "light", java_script: bool = True
    ) -> Page:
        context = chromium.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": height},
            color_scheme="dark" if scheme == "dark" else "light",
            java_script_enabled=java_script,
            reduced_motion="reduce",
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        complaints.watch(context)
        if name:
            cookie = signed_in(user(name)).cookies[django_settings.SESSION_COOKIE_NAME].value
            context.add_cookies(
                [{"name": django_settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
            )
        return context.new_page()

    yield person
    for context in contexts:
        context.close()


@pytest.fixture
def axe() -> Callable[..., None]:
    """Assert that axe finds nothing on a page in the first scheme, and no colour in the other; it stays as it was."""

    def axe(page: Page, schemes: tuple[str, ...] = ("light", "dark")) -> None:
        before = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'")
        if not page.evaluate("'axe' in window"):
            page.evaluate(Axe().axe_script)
        for rules, scheme in zip(({}, {"runOnly": ["color-contrast"]}), schemes, strict=False):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            results = AxeResults(page.evaluate(AXE, rules))
            assert not results.violations_count, f"{page.url}, {scheme}: {results.generate_report()}"
        page.emulate_media(color_scheme=before)

    return axe


@pytest.fixture
def shot() -> Callable[..., None]:
    """Save a picture of a page in ``$PROVISO_SHOTS``, in light and in dark."""
    folder = os.environ.get("PROVISO_SHOTS")

    def shot(page: Page, name: str, schemes: tuple[str, ...] = ("light", "dark")) -> None:
        for scheme in schemes if folder else ():
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            # The caret stays: Playwright would hide it by an inline style, which the Content-Security-Policy refuses.
            page.screenshot(path=Path(str(folder)) / f"{name}-{scheme}.png", caret="initial")

    return shot


# The workbench


@pytest.fixture
def take(ann: Member, question) -> Callable[..., Assignment]:
    """Give Ann the question, with these conditions already written."""

    def take(*conditions: record.Condition, verdict: record.Verdict | None = None, of=question) -> Assignment:
        assignment = claiming.take(ann, of)
        given = record.Annotation(verdict=verdict, conditions=conditions)
        rows.create_conditions([(assignment.annotation, given, rows.lines_of(of))])
        if verdict:
            Annotation.objects.filter(pk=assignment.annotation_id).update(verdict=verdict.value)
        if conditions:
            history.append(assignment.annotation, Step(Verb.IMPORT, None, given))
        return assignment

    return take


@pytest.fixture
def bench(person, take) -> Callable[..., Workbench]:
    """Ann's workbench, opened and ready: ``bench(*conditions, width=390)``."""

    def bench(*conditions: record.Condition, verdict: record.Verdict | None = None, **browser: object) -> Workbench:
        assignment = take(*conditions, verdict=verdict)
        return Workbench(person("ann", **browser), assignment).open()

    return bench


@pytest.fixture
def stored() -> Callable[[Workbench], record.Annotation]:
    """The record as the database holds it."""

    def stored(work: Workbench) -> record.Annotation:
        return rows.annotation_record(Annotation.objects.with_conditions().get(pk=work.assignment.annotation_id))

    return stored
