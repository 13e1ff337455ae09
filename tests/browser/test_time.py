"""Working time in the browser: signs of life count, idleness does not, and the reports go by themselves."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from annotator.models import Annotation, Project
from tests.browser.conftest import PATIENCE
from tests.browser.workbench import FOOTBALL, Workbench

SENT = """() => {
  window.sent = [];
  navigator.sendBeacon = (url, body) => {
    window.sent.push([Number(body.get("seconds")), body.has("csrfmiddlewaretoken")]);
    return true;
  };
}"""

TURN = """hidden => {
  Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


@pytest.fixture
def work(person, take, project) -> Workbench:
    """Ann's workbench under a clock that the test alone moves, with a cut-off of half a minute."""
    Project.objects.filter(pk=project.pk).update(idle_seconds=30)
    page = person("ann")
    page.clock.install()
    work = Workbench(page, take(FOOTBALL)).open()
    page.clock.pause_at(page.evaluate("Date.now()") / 1000 + 3600)  # it ran while the page was loading
    for hidden in (True, False):  # what was counted meanwhile goes, and counting begins anew
        page.evaluate(TURN, hidden)
    page.evaluate(SENT)
    return work


def told(page: Page) -> int:
    return sum(seconds for seconds, token in page.evaluate("window.sent") if token)


def test_typing_and_scrolling_count_and_idleness_ends_at_the_cut_off(work):
    page = work.page
    page.clock.run_for(10_000)
    page.keyboard.press("Shift")
    page.clock.run_for(10_000)
    page.locator("#fragments").evaluate("pane => pane.dispatchEvent(new Event('scroll'))")
    page.clock.run_for(300_000)
    assert told(page) == 20
    page.keyboard.press("Shift")
    page.clock.run_for(30_000)
    assert told(page) == 20 + 30


def test_nothing_counts_while_the_page_is_hidden(work):
    page = work.page
    page.clock.run_for(5_000)
    page.evaluate(TURN, True)
    assert told(page) == 5
    page.clock.run_for(20_000)
    page.evaluate(TURN, False)
    page.keyboard.press("Shift")
    page.clock.run_for(60_000)
    assert told(page) == 5


def test_the_report_reaches_the_server_as_one_leaves(bench):
    began = time.monotonic()
    work = bench(FOOTBALL)
    then = timezone.now() - timedelta(hours=1)
    Annotation.objects.filter(pk=work.assignment.annotation_id).update(opened=then)
    work.page.wait_for_timeout(1200)
    work.keys.press("Shift")
    work.page.goto("/")
    expect(work.page.get_by_role("heading", name="Your queue")).to_be_visible()
    passed = time.monotonic() - began
    while not (counted := Annotation.objects.get(pk=work.assignment.annotation_id).active_seconds):
        assert time.monotonic() - began < passed + PATIENCE / 1000
        work.page.wait_for_timeout(50)
    assert 1 <= counted <= passed
