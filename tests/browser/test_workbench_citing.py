"""Citing on the workbench: by number, by click, by the words selected; and what it shows in the fragments."""

import pytest
from playwright.sync_api import expect

from annotator.models import Mark
from annotator.record import Role
from tests.browser.workbench import BASKETBALL, FOOTBALL, condition
from tests.conftest import TEXTS, make_list

BARE = condition("bare", "in men’s basketball", "2006")
PRESS = """([code, key]) => {
  document.body.dispatchEvent(new KeyboardEvent("keydown", { code, key, bubbles: true, cancelable: true }));
}"""
WATCH = """() => {
  const state = document.getElementById("save-state");
  window.said = [];
  new MutationObserver(() => window.said.push(state.textContent)).observe(state, { childList: true, subtree: true });
}"""


@pytest.mark.parametrize(
    ("rank", "words"),
    [(3, "2019 🏀"), (5, "마드리드"), (5, "(마드리드) is the")],
)
def test_selected_words_are_quoted_with_their_place_in_code_points(bench, stored, rank, words):
    work = bench(BARE)
    work.unfold("A")
    work.select(rank, words)
    work.page.locator("#pop").get_by_role("button", name="Cite for both").click()
    expect(work.chips("A")).to_have_count(1)
    (citation,) = stored(work).conditions[0].citations
    assert (citation.rank, citation.quote) == (rank, words)
    assert citation.start == TEXTS[rank - 1][1].index(words)
    assert work.highlights() == [["cite-A-both", words]]


def test_words_behind_an_emoji_are_highlighted_in_their_place(bench, question):
    retrieval = make_list("emoji", [("Emoji", "A 🏀 and a 👩‍👩‍👧, then é, then the words.")])
    type(question).objects.filter(pk=question.pk).update(retrieval=retrieval)
    question.refresh_from_db()
    work = bench(BARE)
    work.unfold("A")
    work.fragment(1).locator(".prose").click()
    work.select(1, "then the words")
    work.press("Alt+Enter")
    expect(work.chips("A")).to_have_count(1)
    assert work.highlights() == [["cite-A-answer", "then the words"]]
    work.reload()
    assert work.highlights() == [["cite-A-answer", "then the words"]]


def test_a_triple_click_selects_a_whole_fragment_and_no_more(bench, stored):
    work = bench(BARE)
    work.unfold("A")
    work.fragment(4).locator(".prose").click(click_count=3)
    work.page.locator("#pop").get_by_role("button", name="Condition").click()
    expect(work.chips("A")).to_have_count(1)
    (citation,) = stored(work).conditions[0].citations
    assert (citation.quote, citation.role) == ("A cup of soup is served hot.", Role.CONDITION)


def test_a_selection_over_two_fragments_offers_nothing(bench):
    work = bench(BARE)
    work.unfold("A")
    work.page.evaluate("""() => {
      const [first, second] = document.querySelectorAll(".prose"), range = new Range();
      range.setStart(first.firstChild, 3);
      range.setEnd(second.firstChild, 5);
      getSelection().addRange(range);
    }""")
    expect(work.page.locator("#pop")).to_be_hidden()


def test_keys_cite_for_both_for_the_answer_and_for_the_condition(bench, stored):
    work = bench(BARE)
    work.unfold("A")
    for keys in (("1", "Enter"), ("2", "Alt+Enter"), ("3", "Shift+Enter")):
        work.press(*keys)
    expect(work.chips("A")).to_have_count(3)
    roles = [citation.role for citation in stored(work).conditions[0].citations]
    assert roles == [Role.BOTH, Role.ANSWER, Role.CONDITION]


def test_digits_are_read_from_the_place_of_the_key_and_esc_forgets_them(bench, stored):
    work = bench(BARE)
    work.unfold("A")
    work.page.evaluate("document.activeElement.blur()")
    work.page.evaluate(PRESS, ["Digit3", '"'])  # an AZERTY keyboard
    expect(work.page.locator("#hud")).to_contain_text("cite 3…")
    expect(work.page.locator("#hud")).to_contain_text("FIBA World Cup")
    expect(work.fragment(3)).to_have_attribute("aria-current", "true")
    work.press("Escape")
    expect(work.page.locator("#hud")).to_be_hidden()
    work.page.evaluate(PRESS, ["Numpad5", "5"])
    work.press("Enter")
    expect(work.chips("A")).to_have_count(1)
    assert stored(work).conditions[0].citations[0].rank == 5


def test_a_number_without_a_fragment_is_refused_in_words(bench, complaints):
    complaints.allow("422")
    work = bench(BARE)
    work.unfold("A")
    work.page.get_by_label("Number of the fragment to cite for A").fill("99")
    work.press("Enter")
    expect(work.card("A").get_by_role("alert")).to_contain_text("There is no fragment 99 in this list.")
    work.page.get_by_label("Number of the fragment to cite for A").fill("2")
    work.press("Enter")
    expect(work.chips("A")).to_have_count(1)
    expect(work.card("A").get_by_role("alert")).to_have_count(0)


def test_the_role_of_a_citation_is_changed_on_its_chip(bench, stored):
    work = bench(BASKETBALL)
    work.unfold("A")
    work.page.get_by_label("What fragment 3 supports").focus()
    work.page.get_by_label("What fragment 3 supports").select_option(label="answer 2")
    expect(work.chips("A")).to_have_attribute("data-for", "answer")
    expect(work.page.get_by_label("What fragment 3 supports")).to_be_focused()
    expect(work.page.get_by_label("Cites fragment 3 for this answer only")).to_be_visible()
    (citation,) = stored(work).conditions[0].citations
    assert (citation.role, citation.answer) == (Role.ANSWER, "basket-2")


def test_a_removed_citation_is_brought_back_by_the_toast(bench, stored):
    work = bench(FOOTBALL)
    work.unfold("A")
    work.button("Remove fragment 1 from A").click()
    expect(work.chips("A")).to_have_count(0)
    expect(work.toast).to_contain_text("Citation removed")
    work.toast.get_by_role("button", name="Undo").click()
    expect(work.chips("A")).to_have_count(1)
    expect(work.toast).to_contain_text("Undone: A in men’s football: citation 1 (both) removed")
    assert stored(work).conditions[0].citations == FOOTBALL.citations


def test_ctrl_z_outside_of_a_field_brings_a_removed_citation_back(bench, stored):
    work = bench(FOOTBALL)
    work.unfold("A")
    work.button("Remove fragment 1 from A").click()
    expect(work.toast).to_contain_text("Citation removed")
    work.press("Control+z")
    expect(work.chips("A")).to_have_count(1)
    assert stored(work).conditions[0].citations == FOOTBALL.citations


def test_coverage_marks_and_cards_light_each_other(bench):
    work = bench(FOOTBALL, BASKETBALL)
    expect(work.square(1)).to_have_attribute("data-by", "A")
    expect(work.fragment(3).locator(".mark")).to_have_text("Bboth")
    work.card("B").hover()
    expect(work.fragment(3)).to_have_attribute("data-lit", "B")
    work.page.locator("h1").hover()
    expect(work.fragment(3)).not_to_have_attribute("data-lit", "B")
    work.square(5).click()
    expect(work.fragment(5)).to_have_attribute("aria-current", "true")
    expect(work.fragment(5)).to_be_in_viewport()
    work.fragment(1).locator(".mark").click()
    expect(work.text("A")).to_be_visible()


def test_fragments_are_read_marked_irrelevant_and_relevant_again(bench):
    work = bench()
    for rank in (4, 5):
        work.press("j" if rank == 5 else "4", *([] if rank == 5 else ["Escape"]))
    work.press("x")
    expect(work.square(5)).to_have_attribute("data-is", "irrelevant")
    expect(work.fragment(5).locator(".prose")).to_be_hidden()
    expect(work.square(1)).to_have_attribute("data-is", "read", timeout=8000)
    expect(work.state).to_contain_text("Saved")
    work.fragment(5).hover()
    work.fragment(5).get_by_role("button", name="Relevant again").click()
    expect(work.square(5)).to_have_attribute("data-is", "unread")
    assert dict(Mark.objects.values_list("listed__rank", "state"))[1] == "read"


def test_reading_is_marked_without_a_word_of_saving(bench):
    work = bench()
    work.page.evaluate(WATCH)
    expect(work.square(1)).to_have_attribute("data-is", "read", timeout=8000)
    assert all("Saving" not in text for text in work.page.evaluate("said"))


def test_fragments_fold_filter_and_are_picked(bench):
    work = bench(FOOTBALL)
    page = work.page
    head = work.fragment(2).get_by_role("button", name="Fragment 2")
    head.click()
    expect(head).to_have_attribute("aria-expanded", "false")
    head.click()
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    work.press("/")
    work.type("basketball")
    expect(page.locator("#fragment-list > li:visible")).to_have_count(1)
    work.press("Control+a", "Backspace")
    expect(page.locator("#fragment-list > li:visible")).to_have_count(5)
    work.button("Cited1").click()
    expect(page.locator("#fragment-list > li:visible")).to_have_count(1)
    work.button("Not cited4").click()
    expect(page.locator("#fragment-list > li:visible")).to_have_count(4)


def test_citing_without_an_open_card_says_what_to_do(bench):
    work = bench(FOOTBALL)
    work.press("2", "Enter")
    expect(work.page.locator("#hud")).to_contain_text("Open a condition first")
    work.press("a", "Enter")
    expect(work.chips("A")).to_have_count(2)
