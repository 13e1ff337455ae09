"""The search through a project in a real browser: the key, what is found while one types, and the way back."""

import re

from playwright.sync_api import expect


def test_slash_leads_to_the_search_which_finds_as_one_types_and_leads_to_the_place(person, question):
    page = person("mo")
    page.goto("/p/clocks/search/")
    page.keyboard.press("/")
    expect(page.get_by_label("Words to search for")).to_be_focused()
    page.keyboard.type("basketb*")
    page.get_by_role("link", name="FIBA World Cup").first.click()
    expect(page).to_have_url(re.compile(r"/questions/\d+/#fragment-3$"))
    page.go_back()
    expect(page.get_by_label("Words to search for")).to_have_value("basketb*")
    expect(page.locator("mark").first).to_have_text("basketball")
