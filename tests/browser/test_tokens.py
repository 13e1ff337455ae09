"""Tokens: made, shown once with a line to paste, and revoked; and the page of the API, by keys alone."""

from playwright.sync_api import Page, expect

from tests.browser.test_pages import SEEN, Person

LONG = "the machine in the basement that sends every night’s predictions of the long runs"


def make(page: Page, name: str) -> None:
    page.get_by_label("What it is for").fill(name)
    page.get_by_label("It may").select_option("write")
    page.get_by_role("button", name="Make it").focus()
    page.keyboard.press("Enter")


def test_a_token_is_made_shown_once_and_revoked(person: Person, project, axe, shot):
    page = person("mo")
    page.add_init_script(SEEN)
    page.goto("/")
    page.get_by_role("button", name="your account").click()
    page.get_by_role("link", name="Your tokens").click()
    make(page, LONG)
    secret = page.get_by_label("Token", exact=True).input_value()
    assert secret.startswith("pv_")
    assert secret in page.get_by_label("A line that uses it").input_value()
    axe(page)
    shot(page, "token-made")
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    shot(page, "token-made-narrow")
    page.goto("/tokens/")
    assert secret not in page.content()
    page.get_by_role("button", name=f"Revoke {LONG}").click()
    expect(page.get_by_text("opens nothing any more")).to_be_visible()
    expect(page.get_by_text("You have none.")).to_be_visible()


def test_an_operation_of_the_api_is_opened_by_keys(person: Person, project, axe, shot):
    page = person("")
    page.goto("/api/")
    page.locator("#send_predictions summary").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#send_predictions").get_by_text("The same file again changes nothing.")).to_be_visible()
    axe(page)
    shot(page, "api-open")
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    shot(page, "api-open-narrow")
