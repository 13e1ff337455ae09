"""Evaluating in the browser: a file is brought in, scored, looked through, and what it found is proposed for gold."""

import re

import pytest
from playwright.sync_api import FilePayload, expect

from annotator.actions import looking
from scoring.evaluating import Wanted, begin
from scoring.running import run
from tests.scoring.answered import BAD, GOOD, golden, lines, make_gold, pilot, predict, systems

__all__ = ["golden", "make_gold", "pilot", "predict", "systems"]
EVALUATIONS = "/p/clocks/evaluations/"


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path / "uploads"


def bring_in(page, name, text):
    """Upload what a system says, and import it."""
    page.goto("/p/clocks/systems/")
    page.locator("#id_file").set_input_files(FilePayload(name="a.jsonl", mimeType="", buffer=text.encode()))
    page.locator("#id_system").fill(name)
    page.get_by_role("button", name="Look at the file").click()
    page.get_by_role("button", name=re.compile("Import .* answers")).click()
    expect(page.get_by_text("answers brought in")).to_be_visible()


def test_predictions_are_uploaded_scored_looked_through_and_one_is_proposed_for_gold(person, golden, axe, shot):
    page = person("mo")
    bring_in(page, "good", lines(*((name, GOOD) for name in ("p1", "m1", "m2"))))
    bring_in(page, "poor", lines(("p1", BAD), ("m2", BAD)))
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Evaluations").click()
    page.get_by_role("button", name="Score").click()
    expect(page.get_by_role("heading", name="Two systems against gold")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("poor.*2 of 3 replied"))).to_be_visible()
    page.locator("#drill").get_by_role("button", name="on all 3 questions of this evaluation").click()
    page.get_by_label("System", exact=True).select_option("poor")
    page.get_by_label("Order").select_option("as they come")
    expect(page.get_by_text("Question 1 of 3")).to_be_visible()
    page.get_by_text("Valid, missing from gold").click()
    page.get_by_label("What speaks for it? (optional)").fill("Soup comes in cups.")
    page.get_by_role("button", name="Propose it for gold").click()
    page.get_by_role("link", name="Proposed for gold").click()
    expect(page.get_by_text("Soup comes in cups.")).to_be_visible()
    page.get_by_role("button", name="Take it up").click()
    expect(page.get_by_role("button", name="Reopen", exact=True)).to_be_visible()
    page.reload()
    expect(page.get_by_text("Proposed for gold, and taken up: a cup of soup")).to_be_visible()
    expect(page.get_by_text("Soup comes in cups.")).to_be_visible()
    axe(page)
    shot(page, "proposed")
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    shot(page, "proposed-narrow")
    page.get_by_role("link", name="Beside gold, in its evaluation").click()
    expect(page.get_by_text("Soup comes in cups.").or_(page.get_by_text("Proposed for gold"))).to_be_visible()


def test_a_long_message_is_not_cut_off(person, project):
    page = person("mo", width=1280)
    page.goto("/p/clocks/settings/")
    page.get_by_role("button", name="Save").first.click()
    toast = page.locator(".toast")
    toast.locator("span").evaluate("one => { one.textContent = 'It was declined, since soup is no cup. '.repeat(20); }")
    box = toast.bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 1280


def test_arrows_lead_from_question_to_question_but_not_out_of_a_field(person, project, systems, mo):
    evaluation = begin(project, Wanted(draws=50))
    run(evaluation)
    page = person("mo")
    page.goto(f"{EVALUATIONS}1/questions/?order=listed")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("Question 2 of 3")).to_be_visible()
    expect(page).to_have_url(re.compile("/question/2/"))
    page.get_by_label("Order").focus()
    page.get_by_label("Which questions").focus()
    page.locator("h1").click()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_text("Question 1 of 3")).to_be_visible()
    page.go_back()
    expect(page.get_by_text("Question 2 of 3")).to_be_visible()


def test_without_script_one_scores_sorts_and_goes_from_question_to_question(person, systems):
    page = person("mo", java_script=False)
    page.goto(EVALUATIONS)
    page.get_by_role("button", name="Score").click()
    page.get_by_role("link", name="Citation").first.click()
    expect(page.locator("th[aria-sort]")).to_contain_text("Citation")
    page.get_by_role("link", name="Question by question").click()
    page.get_by_label("System", exact=True).select_option("poor")
    page.get_by_role("button", name="Show", exact=True).click()
    page.get_by_role("button", name="Show what others wrote").click()
    page.get_by_role("link", name="Next question").click()
    expect(page.get_by_text("Question 2 of 3")).to_be_visible()


def test_no_page_of_an_evaluation_has_a_flaw_or_scrolls_sideways(person, project, systems, mo, axe, shot):
    evaluation = begin(project, Wanted(draws=50))
    run(evaluation)
    begin(project, Wanted(draws=50))
    for one in evaluation.questions.select_related("question")[:2]:
        looking.look(mo, one.question)
    good, poor = (one.pk for one in systems)
    page = person("mo")
    paths = {"evaluations": "", "evaluation": "1/", "evaluation-waits": "2/", "compare": f"1/compare/{good}/{poor}/"}
    paths |= {"drill": f"1/question/1/?system={poor}", "drill-blind": "1/question/3/"}
    paths |= {"system": f"../systems/{good}/", "proposals-none": "../proposals/"}
    for name, path in paths.items():
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(f"{EVALUATIONS}{path}")
        axe(page, ("light",))
        shot(page, name)
        page.set_viewport_size({"width": 390, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        axe(page, ("dark",))
        shot(page, f"{name}-narrow")
