"""The queue of adjudication in the administration, in the browser: many questions at once, without leaving the page."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from annotator import record
from annotator.models import Annotation, Assignment, Question, User
from tests.annotator.adjudication.conftest import hand_in
from tests.browser.workbench import condition
from tests.conftest import make_question

__all__ = ["hand_in"]
QUEUE = "/admin/annotator/questiontoadjudicate/"
MEN = condition("men", "The men’s team, in association football", "2010", cites=(1,))
WOMEN = condition("women", "The women’s team, in basketball", "1993", "2013", cites=(2,))


@pytest.fixture
def queue(person, ann, bo, mo, batch, hand_in) -> Page:
    """Mo at the queue: ten questions on which Ann and Bo agree, and two on which they differ."""
    one = {"verdict": record.Verdict.UNAMBIGUOUS}
    first = make_question(batch, "q0", "When did Spain win, for the first time?")
    rest = [
        make_question(batch, f"q{n}", f"When did Spain win, year {n}?", retrieval=first.retrieval) for n in range(1, 12)
    ]
    for place, question in enumerate([first, *rest]):
        hand_in(ann, question, MEN, **one)
        hand_in(bo, question, WOMEN if place in (3, 7) else MEN, **one)
    User.objects.filter(pk=mo.user_id).update(is_staff=True)
    page = person("mo")
    page.goto(QUEUE)
    return page


def run(page: Page, action: str) -> None:
    page.get_by_label("Action:").select_option(action)
    page.get_by_role("button", name="Go", exact=True).click()


def test_ten_are_adopted_two_returned_and_one_exported_without_leaving_the_page(queue: Page, shot):
    shot(queue, "admin-queue", ("light",))
    queue.locator("#action-toggle").check()
    run(queue, "Adopt where all agree")
    expect(queue.get_by_text("Gold: 10.")).to_be_visible()
    expect(queue.get_by_text("Left as they are: 2")).to_be_visible()
    shot(queue, "admin-queue-adopted", ("light",))
    queue.locator("#action-toggle").check()
    queue.get_by_label("Comment, for returning:").fill("Which of the teams?")
    run(queue, "Return to the authors with the comment")
    expect(queue.get_by_text("Returned: 2.")).to_be_visible()
    queue.get_by_role("link", name="Gold", exact=True).click()
    queue.get_by_role("row", name="year 5?").get_by_role("checkbox").check()
    with queue.expect_download() as download:
        run(queue, "Export the gold of the selected")
    (written,) = json.loads(Path(download.value.path()).read_text("utf-8"))
    assert (written["id"], written["properties"][0]["groundtruth"]) == ("q5", "2010")
    assert queue.url.split("?")[0].endswith(QUEUE)
    assert Annotation.objects.gold().count() == 10
    assert Assignment.objects.filter(state="returned", reason="Which of the teams?").count() == 4


def test_marked_questions_are_found_and_a_button_leads_to_the_screen(queue: Page):
    queue.locator("#searchbar").fill("year 3?")
    queue.get_by_role("button", name="Search").click()
    queue.locator("#action-toggle").check()
    run(queue, "Mark for discussion")
    expect(queue.get_by_text("Marked for discussion: 1.")).to_be_visible()
    queue.get_by_role("button", name="Adjudicate: When did Spain win, year 3?").click()
    question = Question.objects.get(to_discuss=True)
    expect(queue).to_have_url(f"/p/clocks/adjudicate/{question.pk}/")
    expect(queue.get_by_role("button", name="Accept row")).to_be_visible()
