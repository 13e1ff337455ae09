"""Writing conditions on the workbench: by mouse, by keys alone, within the budget of acts, by phone, without script."""

import re

from playwright.sync_api import expect

from annotator import record
from annotator.models import Assignment
from annotator.record import Verdict
from tests.browser.workbench import BASKETBALL, FOOTBALL, Workbench
from tests.conftest import make_list, make_question

TWENTY = [(f"Page {rank}", f"Fragment {rank} says one thing, and it is not short.") for rank in range(1, 21)]


def in_short(found: record.Annotation) -> list[tuple[str, list[str], list[int | None]]]:
    return [
        (part.text, [answer.text for answer in part.answers], [citation.rank for citation in part.citations])
        for part in found.conditions
    ]


def test_two_conditions_are_written_and_cited_by_mouse(bench, stored):
    work = bench()
    for letter, text, answer, rank in (("A", "in men’s football", "2010", 1), ("B", "in basketball", "2006", 3)):
        work.button("Add condition").click()
        work.text(letter).click()
        work.type(text)
        work.answer(letter).click()
        work.type(answer)
        work.fragment(rank).hover()
        work.fragment(rank).get_by_role("button", name="Cite for").click()
        expect(work.chips(letter)).to_have_count(1)
    work.verdict("ambiguous").click()
    work.saved()
    assert in_short(stored(work)) == [("in men’s football", ["2010"], [1]), ("in basketball", ["2006"], [3])]
    assert stored(work).verdict is Verdict.AMBIGUOUS


def test_two_conditions_are_written_cited_and_submitted_by_keys_alone(bench, stored, batch):
    following = make_question(batch, "q2", "When did Italy win the World Cup?")
    work = bench()
    for text, answer, rank in (("in men’s football", "2010", "1"), ("in basketball", "2006", "3")):
        work.press("Alt+n")
        expect(work.page.locator(":focus")).to_have_attribute("aria-label", re.compile("^Text of condition"))
        work.type(text)
        work.press("Tab")
        work.type(answer)
        work.press("Escape", rank, "Enter")
    expect(work.chips("B")).to_have_count(1)
    work.press("v", "Control+Enter")
    expect(work.page.get_by_role("heading", level=1)).to_have_text(following.text)
    assert in_short(stored(work)) == [("in men’s football", ["2010"], [1]), ("in basketball", ["2006"], [3])]
    assert Assignment.objects.get(pk=work.assignment.pk).state == "submitted"


class Acts:
    """Counts what a person does besides typing text; a typed fragment number counts as one."""

    def __init__(self, work: Workbench) -> None:
        self.work = work
        self.count = 0

    def press(self, key: str) -> None:
        self.count += 1
        self.work.press(key)

    def number(self, rank: int) -> None:
        self.count += 1
        self.work.type(str(rank))


def test_three_conditions_with_two_citations_each_take_at_most_24_acts(bench, stored, question):
    type(question).objects.filter(pk=question.pk).update(retrieval=make_list("long", TWENTY))
    question.refresh_from_db()
    work = bench()
    acts = Acts(work)
    ranks = [(3, 14), (12, 7), (20, 11)]
    for place, pair in enumerate(ranks):
        acts.press("Alt+n")
        expect(work.text("ABC"[place])).to_be_focused()
        work.type(f"condition {place}")
        acts.press("Tab")
        work.type(f"answer {place}")
        acts.press("Escape")
        for rank in pair:
            acts.number(rank)
            acts.press("Enter")
        expect(work.chips("ABC"[place])).to_have_count(2)
    acts.press("v")
    acts.press("Control+Enter")
    expect(work.page.get_by_text("Submitted:")).to_be_visible()
    assert [cited for _text, _answers, cited in in_short(stored(work))] == [list(pair) for pair in ranks]
    assert acts.count <= 24


def test_answers_and_other_wordings_come_and_go(bench, stored):
    work = bench(FOOTBALL)
    work.unfold("A")
    work.card("A").get_by_role("button", name="Add an answer").click()
    work.type("2023")
    expect(work.answer("A", 2)).to_have_value("2023")
    work.button("Another wording of answer 2").click()
    work.type("20 August 2023")
    work.button("Remove answer 1").click()
    expect(work.answer("A", 1)).to_have_value("2023")
    work.saved()
    (found,) = stored(work).conditions
    assert [answer.wordings for answer in found.answers] == [("2023", "20 August 2023")]
    work.button("Remove the wording").click()
    work.saved()
    assert stored(work).conditions[0].answers[0].wordings == ("2023",)


def test_the_annotation_is_written_on_a_phone(bench, stored):
    work = bench(BASKETBALL, width=390, height=844)
    page = work.page
    sideways = "document.documentElement.scrollWidth"
    expect(work.fragment(1)).to_be_visible()
    expect(work.text("A")).to_be_hidden()
    assert page.evaluate(sideways) <= 390
    page.get_by_role("button", name="Answer · 1").click()
    expect(work.fragment(1)).to_be_hidden()
    work.button("Add condition").click()
    work.text("B").fill("in men’s football")
    work.answer("B").fill("2010")
    assert page.evaluate(sideways) <= 390
    page.get_by_role("button", name="Fragments · 5").click()
    work.fragment(1).locator(".prose").click()
    work.fragment(1).get_by_role("button", name="Cite for B").click()
    page.get_by_role("button", name="Answer · 2").click()
    expect(work.chips("B")).to_have_count(1)
    work.verdict("ambiguous").click()
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_text("Submitted:")).to_be_visible()
    assert in_short(stored(work))[1] == ("in men’s football", ["2010"], [1])


def test_on_a_phone_a_fragment_is_cited_by_its_number_and_history_is_at_hand(bench, stored):
    work = bench(BASKETBALL, width=390, height=844)
    work.turn_to_answer()
    work.unfold("A")
    work.page.get_by_label("Number of the fragment to cite for A").fill("2")
    work.button("Cite a fragment for A").click()
    expect(work.chips("A")).to_have_count(2)
    work.chips("A").last.get_by_role("link").click()
    expect(work.fragment(2)).to_be_in_viewport()
    expect(work.fragment(2)).to_contain_text("both")
    work.saved()
    work.page.get_by_role("link", name="History").click()
    expect(work.page.get_by_text("citation 2 (both) added")).to_be_visible()
    assert in_short(stored(work))[0][2] == [3, 2]


def test_on_a_phone_citing_for_no_card_leads_to_the_cards(bench):
    work = bench(BASKETBALL, width=390, height=844)
    work.fragment(1).locator(".prose").click()
    work.fragment(1).get_by_role("button", name="Cite for").click()
    expect(work.button("Add condition")).to_be_focused()
    expect(work.toast).to_contain_text("Open a condition first")


def test_reading_writing_citing_and_submitting_work_without_script(person, take, stored):
    work = Workbench(person("ann", java_script=False), take())
    page = work.page
    page.goto(work.url)
    expect(work.fragment(3)).to_contain_text("basketball world title")
    work.button("Add condition").click()
    work.text("A").fill("in men’s football")
    work.answer("A").fill("2010")
    page.get_by_label("Number of the fragment to cite for A").fill("1")
    work.button("Cite a fragment for A").click()
    expect(work.chips("A")).to_have_count(1)
    work.text("A").fill("in men’s football, at the finals")
    page.get_by_label("Number of the fragment to cite for A").fill("2")
    work.button("Cite a fragment for A").click()
    work.button("Remove fragment 2 from A").click()
    work.verdict("unambiguous").click()
    work.button("Submit").click()
    expect(page.get_by_text("Submitted:")).to_be_visible()
    assert in_short(stored(work)) == [("in men’s football, at the finals", ["2010"], [1])]
    page.goto(work.url)
    work.button("Reopen").click()
    page.get_by_role("link", name="History").click()
    page.get_by_role("link", name="citation 2 (both) added").click()
    page.get_by_role("button", name="Go back to step").click()
    expect(work.chips("A")).to_have_count(2)


def test_a_conflict_without_script_shows_both_texts_and_keeps_the_one_that_is_chosen(person, stored, bench, complaints):
    complaints.allow("422")
    other = bench(FOOTBALL, BASKETBALL)
    work = Workbench(person("ann", java_script=False), other.assignment)
    page = work.page
    page.goto(work.url)
    other.unfold("A")
    other.text("A").fill("in men’s football, at the finals")
    other.saved()
    work.unfold("A")
    work.text("A").fill("in football")
    work.answer("A").fill("in 2010")
    page.locator("#submit").click()
    expect(page.locator(".versions")).to_contain_text("in men’s football, at the finals")
    expect(work.text("A")).to_have_value("in football")
    expect(work.answer("A")).to_have_value("in 2010")
    expect(work.state).to_be_empty()
    work.button("Keep the text below").click()
    expect(page.locator(".versions")).to_have_count(0)
    assert in_short(stored(work))[0] == ("in football", ["in 2010"], [1])


def test_a_condition_removed_in_another_window_comes_back_without_script(person, stored, bench, complaints):
    complaints.allow("422")
    other = bench(FOOTBALL, BASKETBALL)
    work = Workbench(person("ann", java_script=False), other.assignment)
    page = work.page
    page.goto(work.url)
    other.unfold("A")
    other.button("Remove condition A").click()
    other.saved()
    work.unfold("A")
    work.text("A").fill("in football")
    page.locator("#submit").click()
    expect(page.locator(".versions")).to_contain_text("removed in another window")
    work.button("Bring it back").click()
    work.button("Keep the text below").click()
    assert in_short(stored(work))[0] == ("in football", ["2010"], [1])
