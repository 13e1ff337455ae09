"""Adjudicating in the browser: by mouse, by keys and without script; no flaw for axe, nothing scrolls sideways."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from annotator import record, rows
from annotator.actions import claiming, submitting, taking_up
from annotator.models import Annotation, Member, Question, System
from annotator.record import Role
from tests.browser.test_workbench_looks import BASKET, FUTSAL, MEN, SPAIN, WOMEN, cited, real
from tests.browser.workbench import condition
from tests.conftest import make_list, make_question

__all__ = ["real"]

MEN_TOO = condition("men-2", "The men’s team in association football, FIFA World Cup", "2010", cites=(1, 2))
WOMEN_TOO = condition("women-2", "The women’s national team, FIFA Women’s World Cup", "20 July 2023", cites=(4, 5))
BASKET_TOO = replace(
    condition("basket-2", "Men’s basketball, but only under the name that the tournament carried in the year itself"),
    answers=(record.Answer("b1", "2006, when Spain beat Greece in the final"),),
    citations=(cited("b2", 6, Role.BOTH, "Spain won"), cited("b3", 3, Role.CONDITION, "the World Cup of the sport")),
)
FUTSAL_TOO = condition("futsal-2", "The men’s team, in the FIFA Futsal World Cup", "2000", "2004", cites=(8, 9))
YOUTH = condition("youth", "The under-17 women’s team, in association football", "2018", "2022", cites=(10,))


@pytest.fixture
def question(batch):
    return make_question(batch, "spain", retrieval=make_list("spain", SPAIN))


def hand_in(member: Member, question: Question, *conditions: record.Condition, note: str = "") -> None:
    """Let a member submit these conditions as an ambiguous question."""
    work = claiming.take(member, question).annotation
    assert work is not None
    Annotation.objects.filter(pk=work.pk).update(verdict="ambiguous", note=note)
    rows.create_conditions([(work, record.Annotation(conditions=conditions), rows.lines_of(question))])
    submitting.submit(Annotation.objects.select_related("question", "assignment").get(pk=work.pk), member)


@pytest.fixture
def screen(person, ann, bo, cy, question) -> Callable[..., Page]:
    """Cy's screen with Ann's and Bo's work on it."""

    def screen(**browser: Any) -> Page:
        hand_in(ann, question, MEN, BASKET, WOMEN, FUTSAL)
        hand_in(bo, question, MEN_TOO, BASKET_TOO, WOMEN_TOO, FUTSAL_TOO, YOUTH, note="Renamed in 2014.")
        taking_up.open_question(cy, question)
        page = person("cy", **browser)
        page.goto(f"/p/clocks/adjudicate/{question.pk}/")
        return page

    return screen


def gold(question: Question) -> record.Annotation:
    row = Annotation.objects.with_conditions().get(question=question, source="gold")
    return rows.annotation_record(row)


@pytest.fixture
def look(axe, shot) -> Callable[[Page, str], None]:
    def look(page: Page, name: str) -> None:
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        shot(page, f"adjudicate-{name}")
        axe(page, {390: ("dark",), 1024: ("light",)}.get(page.viewport_size["width"], ("light", "dark")))

    return look


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1024, 768), (390, 844)])
def test_the_screen_has_no_flaw(screen, look, width, height):
    page = screen(width=width, height=height)
    look(page, str(width))
    page.get_by_role("button", name="Adopt").first.click()
    expect(page.locator(".row[data-active] [data-took]").first).to_be_visible()
    look(page, f"{width}-adopted")
    if width == 390:
        page.get_by_role("button", name="Fragments of row").click()
        look(page, "390-fragments")
    else:
        page.get_by_role("button", name="Accept all agreed").click()
        look(page, f"{width}-agreed")


def test_a_question_is_adjudicated_by_mouse(screen, question):
    page = screen()
    page.get_by_role("button", name="Accept row").click()
    expect(page.locator("#progress")).to_have_attribute("value", "1")
    active = page.locator(".row[data-active]")
    active.get_by_role("button", name="Adopt all of Annotator 1").click()
    expect(active.locator("[data-took]").first).to_be_visible()
    active.get_by_label("Gold condition").fill("The men’s team, in basketball")
    active.get_by_label("Gold condition").blur()
    expect(active.get_by_text("edited")).to_be_visible()
    active.get_by_role("button", name="All citations").click()
    expect(active.locator(".cell.gold .chip")).to_have_count(4)
    page.get_by_role("button", name="Accept row").click()
    expect(page.locator("#progress")).to_have_attribute("value", "2")
    page.get_by_role("button", name="None of these").click()
    page.get_by_label("Why does no condition").fill("The dates cannot both be right.")
    page.get_by_role("button", name="Leave the row out").click()
    expect(page.locator("#progress")).to_have_attribute("value", "3")
    page.get_by_role("button", name="Accept all agreed").click()
    page.get_by_role("button", name="Accept the ticked rows").click()
    expect(page.locator("#progress")).to_have_attribute("value", "5")
    page.get_by_role("button", name="Finish as gold").click()
    expect(page.get_by_text("Gold: “")).to_be_visible()
    assert "The men’s team, in basketball" in {card.text for card in gold(question).conditions}
    assert Annotation.objects.gold().filter(question=question, author__user__username="cy").exists()


def test_a_question_is_adjudicated_by_keys_alone(screen, question):
    page = screen()
    keys = page.keyboard
    number = page.locator(".row[data-active] button[value$=all]").get_attribute("data-key")
    assert number  # in which column a person stands is drawn for each question
    keys.press(number)
    expect(page.locator(".row[data-active] [data-took]").first).to_be_visible()
    keys.press("Enter")
    expect(page.locator("#progress")).to_have_attribute("value", "1")
    keys.press("n")
    keys.type("Not the same event.")
    keys.press("Tab")
    keys.press("Tab")
    keys.press("Enter")
    expect(page.locator("#progress")).to_have_attribute("value", "2")
    keys.press("Control+z")
    expect(page.locator("#progress")).to_have_attribute("value", "1")
    keys.press("a")
    keys.press("Enter")
    expect(page.locator("#progress")).to_have_attribute("value", "3")
    for number in ("4", "5"):
        keys.press("1")
        expect(page.locator(".row[data-active] [data-took]").first).to_be_visible()
        keys.press("Enter")
        expect(page.locator("#progress")).to_have_attribute("value", number)
    keys.press("Control+Enter")
    expect(page.get_by_text("Gold: “")).to_be_visible()
    assert len(gold(question).conditions) == 5


def test_the_list_of_rows_to_merge_with_takes_the_keys(screen):
    page = screen()
    page.keyboard.press("j")
    expect(page.locator(".row").nth(1)).to_have_attribute("data-active", "")
    page.keyboard.press("s")
    expect(page.locator(".row")).to_have_count(6)
    page.keyboard.press("m")
    expect(page.get_by_role("dialog", name="Merge row").get_by_role("button").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".row")).to_have_count(5)
    expect(page.locator("#progress")).to_have_attribute("value", "0")


def test_undo_by_keys_walks_back_to_the_start_and_stays_there(screen, complaints):
    complaints.allow("422")
    page = screen()
    page.keyboard.press("a")
    page.keyboard.press("Enter")
    expect(page.locator("#progress")).to_have_attribute("value", "2")
    page.keyboard.press("n")
    page.keyboard.type("No.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#progress")).to_have_attribute("value", "3")
    for _time in range(5):
        page.keyboard.press("Control+z")
    expect(page.get_by_text("Nothing of yours is left to undo.")).to_be_visible()
    expect(page.locator("#progress")).to_have_attribute("value", "0")


def test_what_keeps_it_from_gold_comes_into_view_with_the_way_to_its_row(screen, complaints):
    complaints.allow("422")
    page = screen(height=500)
    page.get_by_label("Note on gold").scroll_into_view_if_needed()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert").filter(has_text="Not decided yet")).to_be_focused()
    page.get_by_role("link", name="Go to row 4").click()
    expect(page.locator(".row").nth(3)).to_have_attribute("data-active", "")


def test_a_field_made_larger_by_hand_is_swapped_without_its_inline_style(screen):
    page = screen()
    page.get_by_label("Note on gold").evaluate("field => { field.style.height = '90px'; }")
    page.keyboard.press("j")
    expect(page.locator(".row").nth(1)).to_have_attribute("data-active", "")
    expect(page.get_by_label("Note on gold")).not_to_have_attribute("style", "height: 90px;")


def test_a_note_is_saved_beside_a_row_that_has_no_gold_yet(screen, question):
    page = screen()
    note = page.get_by_label("Note on gold")
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        note.fill("Looked up.")
        note.blur()
    expect(page.locator("#save-state")).to_contain_text("Saved")
    assert gold(question).note == "Looked up."


def test_enter_goes_on_to_the_next_row_where_a_draft_has_opened(screen, question, project):
    page = screen()
    machine(project, question, MEN, WOMEN, BASKET, FUTSAL)
    page.reload()
    keys = page.keyboard
    keys.press("a")
    keys.press("Enter")
    expect(page.locator("#progress")).to_have_attribute("value", "2")
    row = page.locator(".row[data-active]")
    name = row.locator("h3").inner_text()
    keys.press(row.locator("button[value$=all]").first.get_attribute("data-key") or "")
    expect(row.locator("[data-took]").first).to_be_visible()
    keys.press("Enter")
    expect(page.locator("#progress")).to_have_attribute("value", "3")
    if row.get_attribute("data-is") == "accepted":  # a draft stands beside it, to be compared
        keys.press("Enter")
    expect(row).not_to_have_attribute("data-is", "accepted")
    expect(row.locator("h3")).not_to_have_text(name)


def test_the_sheet_of_keys_is_closed_by_its_button(screen):
    page = screen()
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(sheet).to_be_visible()
    sheet.get_by_role("button", name="Close").click()
    expect(sheet).to_be_hidden()


def test_without_script_every_button_works(screen, question):
    page = screen(java_script=False)
    page.get_by_role("button", name="Adopt all of").click()
    page.get_by_label("Gold condition").fill("The under-17 team")
    page.get_by_role("button", name="Accept row").click()
    expect(page.locator("#progress")).to_have_attribute("value", "1")
    assert [card.text for card in gold(question).conditions] == ["The under-17 team"]
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#progress")).to_have_attribute("value", "0")


@pytest.mark.parametrize("script", [True, False])
def test_a_double_click_that_makes_it_gold_is_one(person, ann, cy, batch, script):
    question = make_question(batch, "single", retrieval=make_list("single", SPAIN), overlap=1)
    hand_in(ann, question, MEN, WOMEN)
    taking_up.open_question(cy, question)
    page = person("cy", java_script=script)
    page.goto(f"/p/clocks/adjudicate/{question.pk}/")
    page.get_by_role("button", name="Make it gold as it is").dblclick()
    expect(page.get_by_text("Gold: “")).to_be_visible()
    expect(page.get_by_text("You do not have that question in hand")).to_be_hidden()


def test_of_two_adjudicators_the_second_is_told_who_has_it(screen, person, question):
    screen()
    page = person("mo")
    page.goto("/p/clocks/adjudicate/?state=others")
    expect(page.get_by_text("Cy has it until")).to_be_visible()
    page.goto(f"/p/clocks/adjudicate/{question.pk}/")
    expect(page.get_by_text("You do not have that question in hand")).to_be_visible()


@pytest.mark.parametrize("width", [1440, 390])
def test_the_queue_has_no_flaw(screen, look, ann, bo, batch, person, width):
    for number in range(3):
        ready = make_question(batch, f"ready-{number}", f"When did Spain win the World Cup number {number}?")
        for member in (ann, bo):
            hand_in(member, ready, MEN_TOO, WOMEN_TOO)
    page = person("cy", width=width)
    page.goto("/p/clocks/adjudicate/")
    look(page, f"queue-{width}")


@pytest.mark.shared
@pytest.mark.parametrize("width", [1440, 390])
def test_the_longest_real_texts_have_no_flaw(person, real, ann, bo, cy, project, look, width):
    question, conditions = real
    Question.objects.filter(pk=question.pk).update(overlap=2)
    question.refresh_from_db()
    hand_in(ann, question, *conditions)
    hand_in(bo, question, *[replace(one, text=one.text.replace("the", "a")) for one in conditions])
    taking_up.open_question(cy, question)
    machine(project, question, *conditions)
    page = person("cy", width=width, height=900 if width == 1440 else 844)
    page.goto(f"/p/clocks/adjudicate/{question.pk}/")
    look(page, f"real-{width}")
    page.get_by_role("button", name="Adopt all of").first.click()
    expect(page.locator(".row[data-active] [data-took]").first).to_be_visible()
    page.get_by_role("button", name="Accept row").click()
    expect(page.get_by_text("never counted").first).to_be_visible()
    look(page, f"real-{width}-draft")


def machine(project: Any, question: Question, *conditions: record.Condition) -> None:
    """Let a system have drafted these conditions."""
    now = timezone.now()
    system = System.objects.create(project=project, name="run")
    row = Annotation.objects.create(question=question, source="draft", system=system, created=now, saved=now)
    rows.create_conditions([(row, record.Annotation(conditions=conditions), rows.lines_of(question))])


def test_the_ways_to_notes_and_history_go_there_and_back_by_keyboard(screen, look, question):
    page = screen()
    page.locator(".row[data-active] [value^=adopt][value$=all]").first.click()
    expect(page.get_by_text("Adopted").first).to_be_visible()
    page.get_by_role("link", name="Annotator 2: notes, return").press("Enter")
    expect(page.get_by_role("heading", name="Notes on the work of Annotator 2")).to_be_visible()
    look(page, "notes")
    page.get_by_role("link", name="Back to adjudicating").press("Enter")
    page.get_by_role("link", name="History of gold").press("Enter")
    expect(page.get_by_text("text, answers, citations of Annotator")).to_be_visible()
    look(page, "history")
    page.set_viewport_size({"width": 390, "height": 844})
    look(page, "history-narrow")
    page.goto(f"/p/clocks/adjudicate/{question.pk}/")
    look(page, "ways-narrow")
