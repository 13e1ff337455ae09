"""The back button brings a workbench up as it stands now, not as it was left."""

from playwright.sync_api import expect

from tests.browser.workbench import FOOTBALL, condition


def test_the_back_button_after_submitting_shows_the_submitted_work(bench, question, batch):
    work = bench(condition("only", "in men’s football", "2010", cites=(1,)))
    work.verdict("unambiguous").click()
    work.button("Submit").click()
    expect(work.page.get_by_text("Submitted:")).to_be_visible()
    work.page.go_back()
    expect(work.page.get_by_text("You submitted this on")).to_be_visible()
    expect(work.page.get_by_label("Note to the adjudicator")).to_be_disabled()


def test_the_back_button_after_editing_shows_what_was_saved(bench):
    work = bench(FOOTBALL)
    work.unfold("A")
    work.text("A").fill("edited")
    work.press("Escape")
    work.saved()
    work.page.goto("/")
    work.page.go_back()
    work.ready()
    work.unfold("A")
    expect(work.text("A")).to_have_value("edited")


def test_the_back_button_after_signing_out_shows_the_sign_in_page(bench):
    work = bench(FOOTBALL)
    work.page.get_by_role("button", name="Ann").click()
    work.button("Sign out").click()
    expect(work.page.get_by_role("heading", name="Sign in")).to_be_visible()
    work.page.go_back()
    expect(work.page.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(work.page.get_by_text("in men’s football")).to_have_count(0)
