"""Adjudicating in the browser: by mouse, by keys and without script; no flaw for axe, nothing scrolls sideways."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from annotator import record, rows
from annotator.actions import claiming, submitting, taking_up
from annotator.models import Annotation, Member, Question
from annotator.record import Role
from tests.browser.test_workbench_looks import BASKET, FUTSAL, MEN, SPAIN, WOMEN, cited
from tests.browser.workbench import condition
from tests.conftest import make_list, make_question

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
        axe(page)

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
