"""Ctrl Z outside of a text field takes back the steps of this window, one after another, and says which."""

from playwright.sync_api import expect

from annotator.record import Role, Verdict
from tests.browser.workbench import BASKETBALL, FOOTBALL


def test_steps_of_every_kind_are_taken_back_one_after_another(bench, stored):
    work = bench(FOOTBALL, BASKETBALL)
    work.unfold("A")
    work.press("2", "Enter")
    expect(work.chips("A")).to_have_count(2)
    work.page.get_by_label("What fragment 1 supports").select_option("answer")
    work.saved()
    work.press("Escape", "v")
    work.saved()
    work.button("Move condition A down").click()
    expect(work.card("B")).to_contain_text("football")
    work.saved()
    for words in (
        "Undone: Order of the conditions",
        "Undone: Verdict set to Ambiguous",
        "Undone: A in men’s football: citation 1 (answer) changed",
        "Undone: A in men’s football: citation 2 (both) added",
    ):
        work.press("Control+z")
        expect(work.toast).to_contain_text(words)
        expect(work.toast.get_by_role("button", name="Undo")).to_have_count(0)
    assert stored(work).conditions == (FOOTBALL, BASKETBALL)
    assert stored(work).verdict is None
    work.press("Control+z")
    expect(work.toast).to_contain_text("Nothing more of this window to undo")
    work.press("2", "Enter")
    expect(work.chips("A")).to_have_count(2)
    expect(work.toast).to_be_empty()
    work.press("Control+z")
    expect(work.chips("A")).to_have_count(1)
    assert stored(work).conditions == (FOOTBALL, BASKETBALL)


def test_a_new_card_and_what_was_typed_in_it_are_taken_back(bench, stored):
    work = bench(FOOTBALL)
    work.press("Alt+n")
    expect(work.text("B")).to_be_focused()
    work.type("in chess")
    work.saved()
    work.press("Escape", "Control+z")
    expect(work.toast).to_contain_text("Undone: B in chess: text")
    expect(work.text("B")).to_have_value("")
    expect(work.fragment(1)).to_contain_text("Cite for B")
    work.press("Control+z")
    expect(work.fragment(1)).to_contain_text("Cite for …")
    expect(work.cards).to_have_count(1)
    assert stored(work).conditions == (FOOTBALL,)


def test_words_on_their_way_are_what_is_taken_back(bench, stored):
    work = bench(FOOTBALL)
    work.unfold("A")
    work.press("2", "Enter")
    expect(work.chips("A")).to_have_count(2)
    work.text("A").press_sequentially("x")
    work.press("Escape", "Control+z")
    expect(work.toast).to_contain_text(": text")
    expect(work.text("A")).to_have_value("in men’s football")
    expect(work.chips("A")).to_have_count(2)


def test_a_mark_is_taken_back_in_its_turn(bench):
    work = bench(FOOTBALL)
    work.unfold("A")
    work.press("2", "Enter")
    expect(work.chips("A")).to_have_count(2)
    work.press("j", "x")
    expect(work.page.locator(".fragment[data-is=irrelevant]")).to_have_count(1)
    work.press("Control+z")
    expect(work.toast).to_contain_text("Undone: mark of fragment")
    expect(work.page.locator(".fragment[data-is=irrelevant]")).to_have_count(0)
    work.press("Control+z")
    expect(work.chips("A")).to_have_count(1)


def test_a_toast_names_ctrl_z_only_while_its_step_is_the_last(bench, stored):
    work = bench(FOOTBALL)
    work.unfold("A")
    work.button("Remove fragment 1 from A").click()
    expect(work.toast).to_contain_text("Ctrl Z")
    work.press("v")
    expect(work.toast).not_to_contain_text("Ctrl Z")
    work.toast.get_by_role("button", name="Undo").click()
    expect(work.chips("A")).to_have_count(1)
    work.press("Control+z")
    expect(work.toast).to_contain_text("Undone: Verdict set to Ambiguous")
    assert (stored(work).verdict, stored(work).conditions) == (None, (FOOTBALL,))


def test_it_works_on_a_verdict_and_not_with_shift(bench, stored):
    work = bench(FOOTBALL)
    work.verdict("unambiguous").click()
    work.saved()
    work.press("Control+Shift+z")
    expect(work.toast).to_be_empty()
    assert stored(work).verdict == Verdict.UNAMBIGUOUS
    work.press("Control+z")
    expect(work.toast).to_contain_text("Undone: Verdict set to Unambiguous")
    expect(work.page.locator("[name=verdict]:checked")).to_have_count(0)
    expect(work.page.get_by_role("radio", name="Unambiguous")).to_be_focused()


def test_a_note_is_taken_back_and_stays_so(bench, stored):
    work = bench(FOOTBALL)
    work.page.get_by_label("Note to the adjudicator").fill("look again")
    work.press("Escape")
    work.saved()
    work.press("Control+z")
    expect(work.toast).to_contain_text("Undone: Note")
    expect(work.page.get_by_label("Note to the adjudicator")).to_have_value("")
    work.verdict("unambiguous").click()
    work.saved()
    assert (stored(work).verdict, stored(work).note) == (Verdict.UNAMBIGUOUS, "")


def test_what_another_window_changed_since_is_left_and_said_so(bench, stored, complaints):
    complaints.allow("409")
    first = bench(FOOTBALL)
    first.unfold("A")
    first.press("2", "Enter")
    expect(first.chips("A")).to_have_count(2)
    second = first.another_window()
    second.unfold("A")
    second.page.get_by_label("What fragment 2 supports").select_option("answer")
    second.saved()
    first.page.bring_to_front()
    first.press("Control+z")
    expect(first.toast).to_contain_text("Not undone, it has changed since: A in men’s football: citation 2")
    assert [cited.role for cited in stored(first).conditions[0].citations] == [Role.BOTH, Role.ANSWER]
