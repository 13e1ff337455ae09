"""Every state of the workbench, in light on a wide screen and in dark on a phone: no flaw for axe, no sideways scroll.

The filled workbench, and what no phone shows, is looked at in both on a wide screen.
With ``PROVISO_SHOTS`` each leaves a screenshot. The last test does the same with the longest texts of the real data.
"""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from annotator.models import Annotation, Mark, Question
from annotator.record import Answer, Citation, Condition, Role, Verdict
from annotator.rows import lines_of
from tests.browser.workbench import Workbench, condition
from tests.conftest import make_list, make_question

SPAIN = [
    *((title, text) for title, text in json.loads(Path(__file__).with_name("spain.json").read_text())),
    *((f"World Cup number {rank}", f"A World Cup of another sport, held {rank} times.") for rank in range(9, 21)),
]


def cited(uid: str, rank: int, role: Role, quote: str = "", answer: str | None = None) -> Citation:
    start = SPAIN[rank - 1][1].index(quote) if quote else None
    end = start + len(quote) if start is not None else None
    return Citation(uid=uid, role=role, rank=rank, start=start, end=end, quote=quote or None, answer=answer)


MEN = replace(
    condition("men", "The men’s team, in association football (FIFA World Cup)"),
    answers=(Answer("men-1", "2010", ("11 July 2010",)),),
    citations=(
        cited("k1", 1, Role.BOTH, "The men’s team has won the tournament once, in 2010 in South Africa"),
        cited("k2", 2, Role.ANSWER, "11 July 2010"),
        cited("k3", 13, Role.CONDITION),
    ),
)
BASKET = replace(
    condition("basket", "The men’s team, in basketball, champions of 2006 and 2019"),
    answers=(Answer("basket-1", "2006"), Answer("basket-2", "2019", ("15 September 2019",))),
    citations=(
        cited("k4", 3, Role.CONDITION, "the World Cup of the sport"),
        cited("k5", 6, Role.ANSWER, answer="basket-1"),
        cited("k6", 7, Role.ANSWER, answer="basket-2"),
    ),
)
WOMEN = replace(
    condition("women", "The senior women’s team, in association football"),
    answers=(Answer("women-1", "2023", ("20 August 2023",)),),
    citations=(
        cited("k7", 4, Role.ANSWER, "20 August 2023"),
        cited("k8", 5, Role.BOTH, "The ninth FIFA Women’s World Cup"),
        cited("k9", 13, Role.CONDITION),
    ),
)
FUTSAL = replace(
    condition("futsal", "The men’s team, in futsal (indoor five-a-side)", "2000", "2004"),
    citations=(cited("k10", 8, Role.CONDITION),),
)
FILLED = (MEN, BASKET, WOMEN, FUTSAL)


@pytest.fixture
def question(batch):
    return make_question(batch, "spain", retrieval=make_list("spain", SPAIN))


@pytest.fixture
def filled(bench, question) -> Callable[..., Workbench]:
    """The workbench as it is drawn: four conditions, B open."""

    def filled(**browser: Any) -> Workbench:
        work = bench(*FILLED, verdict=Verdict.AMBIGUOUS, **browser)
        lines = lines_of(question)
        marks = {9: "read", 10: "read", 14: "irrelevant", 16: "irrelevant", 17: "read", 20: "irrelevant"}
        for rank, state in marks.items():
            Mark.objects.create(annotation_id=work.assignment.annotation_id, listed_id=lines[False, rank], state=state)
        Annotation.objects.filter(pk=work.assignment.annotation_id).update(note="I left out the youth teams.")
        work.reload()
        work.turn_to_answer()
        work.unfold("B")
        work.page.evaluate("document.activeElement.blur()")
        work.page.mouse.move(0, 0)
        return work

    return filled


@pytest.fixture
def look(axe, shot) -> Callable[..., None]:
    """Look at a page: no flaw for axe and no sideways scroll, and a picture in light and dark."""

    def look(page: Page, name: str, *, both: bool = False) -> None:
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        axe(page, ("dark",) if page.viewport_size["width"] < 720 else ("light", "dark") if both else ("light",))
        shot(page, f"workbench-{name}")

    return look


def empty(work: Workbench) -> None:
    work.page.locator("#conditions:empty").wait_for(state="attached")


def lit(work: Workbench) -> None:
    work.card("C").hover()


def cite(work: Workbench) -> None:
    work.press("1", "3")
    expect(work.page.locator("#hud")).to_be_visible()


def chosen(work: Workbench) -> None:
    work.fragment(3).hover()
    work.select(3, "in 2006 and 2019")
    expect(work.page.locator("#pop")).to_be_visible()


def toast(work: Workbench) -> None:
    work.button("Remove condition B").click()
    expect(work.toast).to_contain_text("removed")


def keys(work: Workbench) -> None:
    work.press("?")


def skip(work: Workbench) -> None:
    work.button("Skip").click()


def drawer(work: Workbench) -> None:
    work.page.get_by_role("link", name="Guidelines").click()
    expect(work.page.locator("#guidelines h2, #guidelines h1").first).to_be_visible()


def unsaved(work: Workbench) -> None:
    work.intercept(lambda route: route.abort())
    work.text("B").fill("The men’s team, in basketball")
    expect(work.state).to_contain_text("Not saved")


def conflict(work: Workbench) -> None:
    other = work.another_window()
    other.turn_to_answer()
    other.unfold("B")
    other.text("B").fill("The men’s senior team, in basketball (called World Championship before 2014)")
    other.press("Escape")
    expect(other.page.locator("#version-basket")).to_have_value("2")
    other.page.close()
    work.text("B").fill("The men’s team, in basketball, champions of 2006, 2014 and 2019")
    work.press("Escape")
    expect(work.page.get_by_text("You changed this condition in two places.")).to_be_visible()


def overall(work: Workbench) -> None:
    other = work.another_window()
    other.turn_to_answer()
    other.page.get_by_label("Note to the adjudicator").fill("I left out the youth teams, and futsal.")
    other.press("Escape")
    other.saved()
    other.page.close()
    work.page.get_by_label("Note to the adjudicator").fill("The youth teams are left out.")
    work.press("Escape")
    expect(work.button("Keep mine")).to_be_visible()


def blocked(work: Workbench) -> None:
    work.verdict("unambiguous").click()
    work.saved()
    work.button("Submit").click()
    work.ready()
    expect(work.page.get_by_role("link", name="“Unambiguous” needs exactly one condition.")).to_be_visible()


def history(work: Workbench) -> None:
    work.text("B").fill("The men’s team, in basketball")
    work.press("Escape")
    expect(work.page.locator("#version-basket")).to_have_value("2")
    work.page.goto(f"{work.url}history/")


def submitted(work: Workbench) -> None:
    work.button("Submit").click()
    expect(work.page.get_by_text("Submitted:")).to_be_visible()
    work.open()


STATES = [lit, cite, chosen, toast, keys, skip, drawer, unsaved, conflict, overall, blocked, history, submitted]
NARROW = [toast, skip, drawer, unsaved, conflict, blocked, submitted]


@pytest.mark.parametrize("width", [1440, 390])
def test_an_empty_workbench_has_no_flaw(bench, question, look, width):
    look(bench(width=width, height=900 if width == 1440 else 844).page, f"empty-{width}")


@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_a_filled_workbench_has_no_flaw(filled, look, width):
    work = filled(width=width, height={1440: 900, 1024: 768, 390: 844}[width])
    look(work.page, f"filled-{width}", both=width == 1440)
    if width == 390:
        work.page.get_by_role("button", name="Fragments ·").click()
        look(work.page, "filled-390-fragments")


@pytest.mark.parametrize("reach", STATES, ids=lambda reach: reach.__name__)
def test_no_state_has_a_flaw(filled, look, complaints, reach):
    complaints.allow("ERR_FAILED", "409", "422")
    work = filled()
    reach(work)
    look(work.page, reach.__name__, both=reach not in NARROW)


@pytest.mark.parametrize("reach", NARROW, ids=lambda reach: reach.__name__)
def test_no_state_has_a_flaw_on_a_phone(filled, look, complaints, reach):
    complaints.allow("ERR_FAILED", "409", "422")
    work = filled(width=390, height=844)
    reach(work)
    look(work.page, f"{reach.__name__}-390")


# The longest of the real data


@pytest.fixture
def real(shared, batch) -> tuple[Question, list[Condition]]:
    """The longest real question, on the published fragments, conditions and answers that are longest together."""
    records = json.loads((shared / "data" / "condambigqa_dev.json").read_text())
    most = max(records, key=lambda one: sum(len(part["condition"] + part["groundtruth"]) for part in one["properties"]))
    fragments = [(part["title"], part["text"]) for part in most["ctxs"]]
    question = make_question(batch, "real", max((one["question"] for one in records), key=len))
    Question.objects.filter(pk=question.pk).update(retrieval=make_list("real", fragments))
    question.refresh_from_db()
    ranks = {title: rank for rank, (title, _text) in enumerate(fragments, 1)}
    return question, [published(number, part, ranks) for number, part in enumerate(most["properties"])]


def published(number: int, part: dict[str, Any], ranks: dict[str, int]) -> Condition:
    titles = (re.sub(r"^\d+\. ", "", one["title"]) for one in part["citations"])
    cites = tuple({ranks[title]: None for title in titles if title in ranks})
    return condition(f"real{number}", part["condition"], str(part["groundtruth"]), cites=cites)


@pytest.mark.shared
@pytest.mark.parametrize("width", [1440, 390])
def test_the_longest_real_texts_have_no_flaw(person, take, real, look, width):
    question, conditions = real
    work = Workbench(person("ann", width=width, height=900 if width == 1440 else 844), take(*conditions, of=question))
    work.open()
    look(work.page, f"real-{width}-fragments")
    work.turn_to_answer()
    work.unfold("A")
    work.page.evaluate("document.activeElement.blur()")
    look(work.page, f"real-{width}")
