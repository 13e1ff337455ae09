"""Cards, verdict, note, keys, sheets, handing in and history on the workbench."""

import re

import pytest
from playwright.sync_api import expect

from annotator import record
from annotator.models import Assignment, GuidelineVersion
from annotator.record import Verdict
from tests.browser.workbench import BASKETBALL, FOOTBALL, Workbench, condition
from tests.conftest import make_question


def test_a_card_moves_down_and_up_and_takes_the_letter_of_its_place(bench, stored):
    work = bench(FOOTBALL, BASKETBALL)
    work.unfold("A")
    work.button("Move condition A down").click()
    expect(work.text("B")).to_have_value("in men’s football")
    expect(work.square(1)).to_have_attribute("data-by", "B")
    expect(work.button("Move condition B down")).to_be_focused()
    work.saved()
    assert [part.uid for part in stored(work).conditions] == ["basket", "foot"]
    work.button("Move condition B up").click()
    expect(work.text("A")).to_have_value("in men’s football")
    work.saved()
    assert [part.uid for part in stored(work).conditions] == ["foot", "basket"]


def test_a_removed_card_comes_back_to_its_place_by_the_toast_and_by_ctrl_z(bench, stored):
    work = bench(FOOTBALL, BASKETBALL)
    for bring_back in (lambda: work.button("Undo").click(), lambda: work.press("Control+z")):
        work.unfold("A")
        work.button("Remove condition A").click()
        expect(work.cards).to_have_count(1)
        expect(work.toast).to_contain_text("Condition A removed")
        bring_back()
        expect(work.cards).to_have_count(2)
        expect(work.card("A")).to_contain_text("in men’s football")
    assert stored(work).conditions == (FOOTBALL, BASKETBALL)


def test_ctrl_z_in_a_field_takes_back_what_was_typed_and_nothing_else(bench):
    work = bench(FOOTBALL, BASKETBALL)
    work.unfold("B")
    work.button("Remove condition B").click()
    expect(work.cards).to_have_count(1)
    work.unfold("A")
    work.text("A").press("End")
    work.text("A").press_sequentially(", of men")
    work.press("Control+z")
    expect(work.text("A")).not_to_have_value("in men’s football, of men")
    expect(work.cards).to_have_count(1)


def test_single_keys_are_inert_while_one_types(bench, stored):
    work = bench(FOOTBALL)
    work.unfold("A")
    work.text("A").fill("")
    work.type("vx 13 jk/?ab")
    expect(work.text("A")).to_have_value("vx 13 jk/?ab")
    expect(work.page.locator("#hud")).to_be_hidden()
    work.saved()
    assert stored(work).verdict is None
    assert len(stored(work).conditions[0].citations) == 1


def test_single_keys_can_be_switched_off_and_stay_so(bench):
    work = bench(FOOTBALL)
    work.press("?")
    switch = work.page.get_by_label("Single-key shortcuts")
    switch.uncheck()
    work.press("Escape")
    work.page.evaluate("document.activeElement.blur()")
    work.press("v", "1")
    expect(work.page.locator("#hud")).to_be_hidden()
    expect(work.page.locator("[name=verdict]:checked")).to_have_count(0)
    work.reload()
    work.press("v")
    expect(work.page.locator("[name=verdict]:checked")).to_have_count(0)
    work.press("Alt+n")
    expect(work.cards).to_have_count(2)


def test_v_steps_through_the_verdicts_and_cannot_annotate_asks_why(bench, stored):
    work = bench()
    for _step in range(4):
        work.press("v")
    why = work.page.get_by_label("Why can it not be annotated?")
    why.fill("It is no question.")
    work.press("Escape")
    work.saved()
    assert (stored(work).verdict, stored(work).reason) == (Verdict.CANNOT_ANNOTATE, "It is no question.")
    work.press("v")
    expect(why).to_be_hidden()


def test_a_note_is_kept(bench, stored):
    work = bench()
    work.page.get_by_label("Note to the adjudicator").fill("I left out the youth teams.")
    work.press("Control+s")
    work.saved()
    assert stored(work).note == "I left out the youth teams."


def test_a_question_is_skipped_with_a_reason_and_taken_up_again(bench, batch):
    following = make_question(batch, "q2", "When did Italy win the World Cup?")
    work = bench(FOOTBALL)
    page = work.page
    work.button("Skip").click()
    dialog = page.get_by_role("dialog", name="Why skip this question?")
    expect(dialog).to_be_visible()
    dialog.get_by_label("I would need to know the field").check()
    dialog.get_by_label("In your words").fill("too much football")
    dialog.get_by_role("button", name="Skip, next question").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(following.text)
    assert Assignment.objects.get(pk=work.assignment.pk).reason == "I would need to know the field: too much football"
    work.open()
    expect(page.get_by_text("You skipped this question.")).to_be_visible()
    work.button("Take it up again").click()
    work.ready()
    expect(page.get_by_role("button", name="Submit")).to_be_visible()


def test_what_blocks_a_submission_is_linked_to_its_place(bench):
    work = bench(FOOTBALL, condition("empty", "", ""))
    work.verdict("ambiguous").click()
    work.saved()
    work.button("Submit").click()
    work.ready()
    expect(work.page.get_by_role("alert").filter(has_text="Not submitted.")).to_be_focused()
    work.page.get_by_role("link", name="The condition has no text.").click()
    expect(work.text("B")).to_be_focused()
    work.type("in men’s basketball")
    work.press("Tab")
    work.type("2006")
    work.press("Control+Enter")
    expect(work.page.get_by_text("Submitted:")).to_be_visible()


def test_words_typed_just_before_submitting_are_submitted(bench, stored):
    work = bench(FOOTBALL, BASKETBALL)
    work.verdict("ambiguous").click()
    work.unfold("A")
    work.text("A").fill("in the men’s game")
    work.press("Control+Enter")
    expect(work.page.get_by_text("Submitted:")).to_be_visible()
    assert stored(work).conditions[0].text == "in the men’s game"


def test_a_save_says_nothing_of_a_card_that_only_another_window_shows(bench):
    first = bench(FOOTBALL)
    second = first.another_window()
    second.press("Alt+n")
    second.type("in men’s basketball")
    second.press("Escape")
    second.saved()
    first.unfold("A")
    first.text("A").fill("in the men’s game")
    first.press("Escape")
    first.saved()
    expect(first.page.locator(".condition")).to_have_count(1)


READ_AT_ONCE = """() => {
  const timeout = setTimeout, interval = setInterval;
  window.setTimeout = (act, wait) => timeout(act, wait === 2000 ? 0 : wait);
  window.setInterval = (act, wait) => wait === 3000 ? (window.tellRead = act) : interval(act, wait);
}"""


def test_what_is_read_while_the_work_is_handed_in_is_not_sent_after_it(person, take):
    page = person("ann")
    page.add_init_script(f"({READ_AT_ONCE})()")
    only = condition("only", "in men’s football", "2010", cites=(1,))
    Workbench(page, take(only, verdict=record.Verdict.UNAMBIGUOUS)).open()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.method == "POST" else None)
    # The form has left, and the answer is not there yet.
    page.evaluate("() => { document.getElementById('submit').click(); tellRead(); }")
    expect(page.get_by_text("Submitted:")).to_be_visible()
    assert [url for url in asked if "/mark/" in url] == []


def test_submitted_work_is_locked_until_it_is_reopened(bench):
    work = bench(FOOTBALL, BASKETBALL, verdict=Verdict.AMBIGUOUS)
    work.button("Submit").click()
    expect(work.page.get_by_text("Submitted:")).to_be_visible()
    work.open()
    expect(work.page.get_by_label("Note to the adjudicator")).to_be_disabled()
    expect(work.button("Add condition")).to_be_hidden()
    work.button("Reopen").click()
    work.ready()
    expect(work.button("Add condition")).to_be_enabled()


def test_a_warning_is_dismissed(bench):
    work = bench(condition("bare", "in men’s football", "2010"))
    work.unfold("A")
    expect(work.card("A").locator(".check")).to_have_count(2)
    work.button("Dismiss").first.click()
    expect(work.card("A").locator(".check")).to_have_count(1)


def test_an_earlier_step_is_looked_at_and_restored(bench, stored):
    work = bench(FOOTBALL)
    page = work.page
    work.unfold("A")
    work.text("A").fill("a mistake")
    work.press("Escape")
    work.saved()
    work.text("A").fill("another mistake")
    work.press("Escape")
    expect(page.locator("#version-foot")).to_have_value("3")
    page.get_by_role("link", name="History").click()
    page.get_by_role("link", name=re.compile("^2 ")).click()
    expect(page.locator(".stood")).to_contain_text("a mistake")
    page.get_by_role("button", name="Go back to step 2").click()
    expect(page.get_by_text("Restored to step 2.")).to_be_visible()
    assert stored(work).conditions[0].text == "a mistake"


def test_the_guidelines_open_in_a_drawer_and_close_again(bench, project):
    GuidelineVersion.objects.filter(project=project).update(text="# What a condition is\n\nA **case**.")
    work = bench(FOOTBALL)
    work.page.get_by_role("link", name="Guidelines").click()
    drawer = work.page.locator("#guidelines")
    expect(drawer.get_by_role("heading", name="What a condition is")).to_be_visible()
    work.press("Escape")
    expect(drawer).to_be_hidden()


@pytest.mark.parametrize("width", [1440, 390])
def test_a_second_skip_link_leads_past_the_fragments_to_the_verdict(bench, width):
    work = bench(FOOTBALL, width=width)
    work.press("Tab", "Tab", "Enter")
    expect(work.page.locator("#verdict-ambiguous")).to_be_focused()


def test_drawers_take_the_focus_and_esc_gives_it_back(bench):
    work = bench(FOOTBALL)
    for name, drawer in (("Guidelines", "#guidelines"), ("Keyboard shortcuts", "#keys")):
        opener = work.page.get_by_label(name, exact=True).first
        opener.focus()
        work.press("Enter")
        expect(work.page.locator(drawer).get_by_role("button", name="Close")).to_be_focused()
        work.press("Escape")
        expect(work.page.locator(drawer)).to_be_hidden()
        expect(opener).to_be_focused()
    work.press("?")
    expect(work.page.locator("#keys")).to_be_visible()
    work.press("?")
    expect(work.page.locator("#keys")).to_be_hidden()


def test_the_skip_link_leads_to_the_work(bench):
    work = bench(FOOTBALL)
    work.press("Tab")
    expect(work.page.get_by_role("link", name="Skip to the work")).to_be_focused()
    work.press("Enter", "Tab")
    assert work.page.evaluate("document.activeElement.closest('#main') !== null")


def test_arrows_go_to_the_questions_before_and_after(bench, batch, take):
    take(of=make_question(batch, "q0", "When did Italy win the World Cup?"))
    work = bench(FOOTBALL)
    work.press("ArrowLeft")
    expect(work.page.get_by_role("heading", level=1)).to_have_text("When did Italy win the World Cup?")
    work.ready()
    work.press("ArrowRight")
    expect(work.page.get_by_role("heading", level=1)).to_have_text("When did Spain win the World Cup?")


@pytest.mark.parametrize("java_script", [True, False])
def test_a_stranger_and_a_peer_get_no_workbench(bench, person, bo, dee, complaints, java_script):
    complaints.allow("404")
    work = bench(FOOTBALL)
    for name in ("bo", "dee"):
        answer = person(name, java_script=java_script).goto(work.url)
        assert answer is not None
        assert answer.status == 404
