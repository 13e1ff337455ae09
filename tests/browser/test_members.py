"""The pages about people in a browser."""

from playwright.sync_api import expect

from tests.browser.test_pages import Person


def test_erasing_a_person_has_no_flaw_and_asks_for_the_pseudonym(person: Person, ann, axe, shot):
    page = person("mo")
    page.goto(f"/p/clocks/members/{ann.pk}/erase/")
    page.get_by_role("button", name="Erase the person").click()
    axe(page)
    shot(page, "erase")
    page.get_by_label("Type “annotator-ann”").fill("annotator-ann")
    page.get_by_role("button", name="Erase the person").click()
    expect(page.get_by_text("Erased. The work stays under “annotator-ann”.")).to_be_visible()
    expect(page.get_by_role("heading", name="No longer here")).to_be_visible()
    axe(page)
    shot(page, "members-gone")
