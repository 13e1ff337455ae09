"""Hooks: added by keys, the secret copied, a test sent, and what was given up sent again."""

from playwright.sync_api import Page, expect

from annotator.delivering import attempt
from annotator.models import Hook
from tests.annotator.hooks.hooked import LONG, make_logged
from tests.annotator.hooks.receiver import receiving
from tests.browser.test_pages import SEEN, Person


def add(page: Page, url: str) -> None:
    page.get_by_label("Address").fill(url)
    page.get_by_label("A release was made").check()
    page.get_by_role("button", name="Add it").focus()
    page.keyboard.press("Enter")


def narrow(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_hook_is_added_and_a_test_arrives(person: Person, project, settings, axe, shot, complaints):
    complaints.allow("422")
    settings.WEBHOOKS_ALLOW_PRIVATE = True
    page = person("mo")
    page.add_init_script(SEEN)
    page.goto("/p/clocks/settings/")
    page.get_by_role("link", name="Set up webhooks").click()
    add(page, "https://lab.example/#part")
    expect(page.get_by_role("alert").get_by_text("what follows it is never sent")).to_be_visible()
    axe(page)
    with receiving() as receiver:
        add(page, receiver.url)
        secret = page.get_by_label("Secret", exact=True).input_value()
        axe(page)
        shot(page, "hook-made")
        narrow(page)
        shot(page, "hook-made-narrow")
        page.get_by_role("button", name="Send a test").click()
        expect(page.get_by_text("A test is on its way")).to_be_visible()
        attempt(Hook.objects.get(url=receiver.url).deliveries.get().pk)
        assert len(receiver.got) == 1
    page.reload()
    expect(page.get_by_role("row", name="test").get_by_text("delivered")).to_be_visible()
    assert secret not in page.content()


def test_what_was_given_up_is_looked_at_and_sent_again(person: Person, project, axe, shot):
    make_logged(project, 4001)
    page = person("mo")
    page.add_init_script(SEEN)
    page.goto("/p/clocks/hooks/")
    page.get_by_role("link", name=LONG).click()
    page.get_by_role("link", name="Failed").click()
    expect(page.get_by_role("row", name="delivered")).to_have_count(0)
    page.get_by_text("Body and answer").first.click()
    axe(page)
    shot(page, "hook-given-up")
    narrow(page)
    shot(page, "hook-given-up-narrow")
    page.get_by_role("button", name="Switch on").click()
    page.get_by_role("link", name="Failed").click()
    page.get_by_role("button", name="Send again").last.click()
    expect(page.get_by_text("It is on its way again.")).to_be_visible()
