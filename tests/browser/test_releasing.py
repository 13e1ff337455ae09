"""Releasing in the browser: count, tick, release, download, correct, and see what changed."""

import pytest
from playwright.sync_api import expect

from tests.scoring.golden import correct, cut, golden, make_gold, pilot

__all__ = ["correct", "cut", "golden", "make_gold", "pilot"]


@pytest.mark.parametrize("java_script", [True, False])
def test_a_release_is_cut_downloaded_and_followed_by_another(person, golden, correct, axe, shot, java_script):
    page = person("mo", java_script=java_script)
    page.goto("/p/clocks/")
    page.get_by_role("link", name="Cut a release").click()
    page.get_by_label("main 1 goes to").select_option("dev")
    if not java_script:
        page.get_by_role("button", name="Count again").click()
    expect(page.get_by_role("row", name="dev pilot, main 1")).to_be_visible()
    if java_script:
        axe(page)
        shot(page, "release-cut")
    page.get_by_role("button", name="Release 1.0.0").click()
    expect(page.get_by_role("heading", name="Release 1.0.0", exact=True)).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    assert download.value.suggested_filename == "clocks-1.0.0.zip"
    correct(golden["m1"], "The men’s side, in football")
    page.goto("/p/clocks/release/")
    expect(page.get_by_text("0 added, 1 changed, 0 withdrawn, 2 the same")).to_be_visible()
    expect(page.locator("ins").first).to_have_text("side,")
    page.get_by_role("button", name="Release 1.0.1").click()
    page.get_by_role("link", name="Changes since 1.0.0").click()
    expect(page.locator("ins").first).to_have_text("side,")


def test_no_page_of_a_release_has_a_flaw_or_scrolls_sideways(person, cut, golden, correct, axe, shot):
    cut()
    correct(golden["m1"], "The men’s side, in football")
    cut("1.0.1")
    page = person("mo")
    paths = {"releases-list": "releases/", "release": "releases/1.0.1/", "release-diff": "releases/1.0.1/since/1.0.0/"}
    for name, path in {**paths, "release-next": "release/?how=drawn"}.items():
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(f"/p/clocks/{path}")
        axe(page)
        shot(page, name)
        page.set_viewport_size({"width": 390, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        axe(page, ("light",))
        shot(page, f"{name}-narrow")
