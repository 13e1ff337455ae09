"""Nothing acknowledged is ever lost, and nothing is shown as saved that is not: the workbench on a bad day."""

from dataclasses import replace

import pytest
from playwright.sync_api import Route, expect

from annotator.actions import saving, submitting
from annotator.actions.saving import Save
from annotator.models import Annotation, Revision
from annotator.rows import lines_of
from tests.browser.workbench import BASKETBALL, FOOTBALL, Workbench, condition


def lost(route: Route) -> None:
    """Let the server have it, and never hear of it."""
    route.fetch()
    route.abort()


@pytest.fixture
def offline(complaints) -> None:
    """Failed requests are what these tests are about."""
    complaints.allow("ERR_FAILED", "ERR_INTERNET_DISCONNECTED", "ERR_CONNECTION")


@pytest.fixture
def conflicts(complaints) -> None:
    complaints.allow("409")


def texts(work: Workbench, stored) -> list[str]:
    return [part.text for part in stored(work).conditions]


def test_typing_while_a_save_is_under_way_loses_no_letter(bench, stored):
    work = bench(FOOTBALL)
    work.unfold("A")
    slow: list[Route] = []
    work.intercept(lambda route: slow.append(route), times=1)
    with work.page.expect_request("**/c/foot/"):
        work.text("A").fill("one")
    expect(work.state).to_contain_text("Saving")
    work.text("A").press_sequentially(" two three four", delay=130)  # for two seconds
    slow[0].continue_()
    work.saved()
    expect(work.text("A")).to_have_value("one two three four")
    expect(work.text("A")).to_be_focused()
    assert texts(work, stored) == ["one two three four"]


def test_two_cards_that_were_edited_are_both_saved_when_the_page_is_left_at_once(bench, stored):
    work = bench(FOOTBALL, BASKETBALL)
    work.page.evaluate("""() => {
      for (const uid of ["foot", "basket"]) {
        const field = document.getElementById(`text-${uid}`);
        field.value = `left ${uid}`;
        field.dispatchEvent(new Event("input", { bubbles: true }));
      }
    }""")
    work.page.goto("/")
    work.open()
    work.saved()
    assert texts(work, stored) == ["left foot", "left basket"]


def test_a_hidden_page_saves_at_once(bench, stored):
    work = bench(FOOTBALL)
    work.unfold("A")
    with work.page.expect_response("**/c/foot/", timeout=600):
        work.text("A").fill("before the phone rang")
        work.page.evaluate("""() => {
          Object.defineProperty(document, "hidden", { value: true });
          document.dispatchEvent(new Event("visibilitychange"));
        }""")
    work.saved()
    assert texts(work, stored) == ["before the phone rang"]


def test_a_save_whose_acknowledgement_is_lost_is_made_once(bench, stored, offline):
    work = bench(FOOTBALL)
    work.unfold("A")
    work.intercept(lost, times=1)
    work.text("A").fill("stored, but nobody said so")
    expect(work.state).to_contain_text("Not saved")
    work.button("Retry").click()
    work.saved()
    assert texts(work, stored) == ["stored, but nobody said so"]
    assert Revision.objects.filter(annotation=work.assignment.annotation_id, condition="foot").count() == 1
    expect(work.page.get_by_text("in two places")).to_have_count(0)


def test_words_typed_after_a_lost_acknowledgement_are_saved_too(bench, stored, offline):
    work = bench(FOOTBALL)
    work.unfold("A")
    work.intercept(lost, times=1)
    work.text("A").fill("stored")
    expect(work.state).to_contain_text("Not saved")
    work.text("A").fill("stored, and more")
    work.saved()
    assert texts(work, stored) == ["stored, and more"]
    expect(work.page.get_by_text("in two places")).to_have_count(0)


def test_unsaved_text_comes_back_after_a_reload_and_is_saved(bench, stored, offline):
    work = bench(FOOTBALL)
    work.unfold("A")
    work.intercept(lambda route: route.abort())
    work.text("A").fill("typed on the train")
    work.button("Add an answer").click()
    work.type("2023")
    expect(work.state).to_contain_text("Not saved")
    work.reload()
    work.unfold("A")
    expect(work.text("A")).to_have_value("typed on the train")
    expect(work.answer("A", 2)).to_have_value("2023")
    work.reconnect()
    work.button("Retry").click()
    work.saved()
    assert texts(work, stored) == ["typed on the train"]
    assert [answer.text for answer in stored(work).conditions[0].answers] == ["2010", "2023"]


def test_the_server_goes_and_comes_back(bench, stored, offline):
    work = bench(FOOTBALL, BASKETBALL)
    work.unfold("A")
    work.intercept(lambda route: route.abort())
    work.text("A").fill("while it was away")
    expect(work.state).to_contain_text("Not saved. Your text is kept in this browser.")
    work.unfold("B")
    work.text("B").fill("and this")
    work.press("Escape")
    expect(work.state).to_contain_text("Not saved")
    work.reconnect()
    work.button("Retry").click()
    work.saved()
    assert texts(work, stored) == ["while it was away", "and this"]


def test_it_tries_again_by_itself(bench, stored, offline):
    work = bench(FOOTBALL)
    work.unfold("A")
    work.intercept(lambda route: route.abort(), times=1)
    work.text("A").fill("patience")
    expect(work.state).to_contain_text("Not saved")
    work.saved()
    assert texts(work, stored) == ["patience"]


def test_a_card_that_the_server_fails_on_keeps_no_other_card_back(bench, stored, complaints):
    complaints.allow("500")
    work = bench(FOOTBALL, BASKETBALL)
    work.page.route("**/c/foot/", lambda route: route.fulfill(status=500))
    work.unfold("A")
    work.text("A").fill("never taken")
    work.unfold("B")
    work.text("B").fill("taken")
    expect(work.state).to_contain_text("Not saved")
    expect.soft(work.page.locator("#version-basket")).to_have_value("2")
    assert texts(work, stored) == ["in men’s football", "taken"]


@pytest.fixture
def in_conflict(bench, conflicts):
    """Ann’s first window: its text was not taken, because her second window had saved another."""
    first = bench(FOOTBALL)
    second = first.another_window()
    for window, text in ((second, "in men’s football, in 2010"), (first, "in the men’s game")):
        window.unfold("A")
        window.text("A").fill(text)
        window.press("Escape")
        if window is second:
            window.saved()
    expect(first.page.get_by_text("You changed this condition in two places.")).to_be_visible()
    return first


def test_two_windows_in_conflict_show_both_texts_and_mine_is_kept(in_conflict, stored):
    work = in_conflict
    expect(work.card("A").locator(".said")).to_have_text(["in the men’s game", "in men’s football, in 2010"])
    expect(work.text("A")).to_have_value("in the men’s game")
    expect(work.state).to_contain_text("needs your choice: A")
    assert texts(work, stored) == ["in men’s football, in 2010"]
    work.text("A").fill("in the men’s game, in 2010")
    work.button("Keep the text below").click()
    work.saved()
    assert texts(work, stored) == ["in the men’s game, in 2010"]


def test_a_conflict_stays_through_a_reload_with_what_was_typed_since(in_conflict, stored):
    work = in_conflict
    work.text("A").fill("mine, and more")
    work.reload()
    expect(work.page.get_by_text("You changed this condition in two places.")).to_be_visible()
    expect(work.text("A")).to_have_value("mine, and more")
    work.button("Take theirs").click()
    expect(work.page.get_by_text("You changed this condition in two places.")).to_have_count(0)
    expect(work.text("A")).to_have_value("in men’s football, in 2010")
    assert texts(work, stored) == ["in men’s football, in 2010"]


def test_a_conflict_stays_while_other_things_are_saved_and_holds_back_the_submission(in_conflict, stored):
    work = in_conflict
    work.verdict("unambiguous").click()
    expect(work.page.locator("#version")).to_have_value("2")
    expect(work.state).to_contain_text("needs your choice: A")
    work.button("Add condition").click()
    expect(work.cards).to_have_count(2)
    expect(work.state).to_contain_text("needs your choice: A")
    work.button("Submit").click(force=True)  # aria-disabled
    link = work.state.get_by_role("link", name="A")
    expect(link).to_be_focused()
    link.click()
    expect(work.page.get_by_text("You changed this condition in two places.")).to_be_visible()
    expect(work.text("A")).to_be_focused()


def test_words_typed_while_a_conflict_is_on_its_way_do_not_overwrite_theirs(bench, stored, conflicts):
    first = bench(FOOTBALL)
    second = first.another_window()
    second.unfold("A")
    second.text("A").fill("theirs")
    second.press("Escape")
    second.saved()
    first.unfold("A")
    slow: list[Route] = []
    first.intercept(lambda route: slow.append(route), times=1)
    with first.page.expect_request("**/c/foot/"):
        first.text("A").fill("mine")
    first.text("A").press_sequentially(" goes on")
    slow[0].continue_()
    expect(first.page.get_by_text("You changed this condition in two places.")).to_be_visible()
    expect(first.text("A")).to_have_value("mine goes on")
    assert texts(first, stored) == ["theirs"]
    first.button("Keep the text below").click()
    first.saved()
    assert texts(first, stored) == ["mine goes on"]


def test_verdict_and_note_in_conflict_are_chosen_too(bench, stored, conflicts):
    first = bench()
    second = first.another_window()
    second.page.get_by_label("Note to the adjudicator").fill("theirs")
    second.press("Escape")
    second.saved()
    first.page.get_by_label("Note to the adjudicator").fill("mine")
    first.press("Escape")
    expect(first.page.get_by_text("“theirs”")).to_be_visible()
    expect(first.state).to_contain_text("needs your choice: verdict and note")
    assert stored(first).note == "theirs"
    first.button("Keep mine").click()
    first.saved()
    assert stored(first).note == "mine"


def test_what_a_program_saves_of_the_whole_is_no_conflict_on_a_card_that_it_leaves(bench, stored, ann):
    work = bench(FOOTBALL, BASKETBALL)
    annotation = Annotation.objects.get(pk=work.assignment.annotation_id)
    save = Save(ann, None, annotation.revisions_made)
    saving.save_whole(annotation, replace(stored(work), note="By a program."), save, lines_of(annotation.question))
    work.unfold("A")
    work.text("A").fill("among men")
    work.saved()
    assert texts(work, stored) == ["among men", BASKETBALL.text]
    assert stored(work).note == "By a program."


def test_a_card_removed_in_another_window_comes_back_with_the_text_of_this_one(bench, stored, conflicts):
    first = bench(FOOTBALL, BASKETBALL)
    second = first.another_window()
    second.unfold("A")
    second.button("Remove condition A").click()
    expect(second.cards).to_have_count(1)
    first.unfold("A")
    first.text("A").fill("still writing here")
    first.press("Escape")
    expect(first.toast).to_contain_text("still writing here")
    first.button("Bring it back").click()
    expect(first.page.get_by_text("You changed this condition in two places.")).to_be_visible()
    first.button("Keep the text below").click()
    first.saved()
    assert texts(first, stored) == ["still writing here", "in men’s basketball"]


def test_a_text_that_cannot_be_stored_says_why_and_holds_nothing_else_back(bench, stored, complaints):
    complaints.allow("422")
    work = bench(FOOTBALL, BASKETBALL)
    work.unfold("A")
    work.text("A").fill("a" * 100_001)
    work.press("Escape")
    expect(work.card("A").get_by_role("alert")).to_contain_text("The condition is 100,001 characters long")
    expect(work.state).to_contain_text("needs your choice: A")
    work.unfold("B")
    work.text("B").fill("taken")
    work.press("Escape")
    expect(work.page.locator("#version-basket")).to_have_value("2")
    work.unfold("A")
    work.text("A").fill("short")
    work.saved()
    assert texts(work, stored) == ["short", "taken"]


def test_signed_out_in_another_window_the_text_is_kept_and_saved_after_signing_in(bench, stored, ann):
    work = bench(FOOTBALL)
    cookies = work.page.context.cookies()
    work.unfold("A")
    work.page.context.clear_cookies(name="sessionid")
    work.text("A").fill("after the session ended")
    expect(work.state).to_contain_text("You are signed out.")
    expect(work.text("A")).to_have_value("after the session ended")
    assert texts(work, stored) == ["in men’s football"]
    # Signing in anew brings another token.
    again = [cookie for cookie in cookies if cookie["name"] == "sessionid"]
    work.page.context.clear_cookies()
    work.page.context.add_cookies(again)
    work.page.context.request.get(work.url)
    work.button("Retry").click()
    work.saved()
    assert texts(work, stored) == ["after the session ended"]


def test_handed_in_from_another_window_the_text_is_kept_and_said_so(bench, stored, conflicts, ann):
    work = bench(condition("only", "in men’s football", "2010", cites=(1,)))
    work.verdict("unambiguous").click()
    work.saved()
    submitting.submit(Annotation.objects.select_related("question__batch__project").get(author=ann), ann)
    work.unfold("A")
    work.text("A").fill("too late")
    work.press("Escape")
    expect(work.page.get_by_text("This question is no longer open")).to_be_visible()
    expect(work.text("A")).to_have_value("too late")
    assert texts(work, stored) == ["in men’s football"]
