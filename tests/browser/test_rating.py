"""Rating pairs in a real browser: by keys, by the mouse, back again, and without script."""

import pytest
from playwright.sync_api import Page, expect

from scoring.judges.llm.replies import Reply
from scoring.models import Judgement, Rating, Sample
from scoring.sampling import begin, rate_all
from tests.scoring.judges.samples import add_scored, make_evaluation, make_sample

LONG = "When, by the treaty that both of the parties signed before the war began, was the border to be drawn?"


@pytest.fixture
def sample(question, vi) -> Sample:
    evaluation = make_evaluation(question.batch.project)
    score = add_scored(evaluation, question, [("men", "2010")], [("ladies", "2011")], 0.4)
    sample = make_sample(evaluation, score, 0.9, 0.5, 0.1)
    begin(sample, vi)
    return sample


@pytest.fixture
def judged(question) -> None:
    """Evaluate a system by a language model on a question, and let Vi and Mo rate a sample of a known key."""
    evaluation = make_evaluation(question.batch.project, "llm", "a model")
    score = add_scored(evaluation, question, [(LONG, "a")], [("said", "b")], 0.5)
    sample = make_sample(evaluation, score, *(place / 12 for place in range(12)), texts=(LONG, LONG), pk=3001)
    judged = {
        "project": evaluation.project,
        "judge": "llm",
        "version": "a model",
        "kind": "condition",
        "question": question.text,
        "created": sample.created,
    }
    replies = [Reply(7.0, weighted=True, tokens_in=800).to_json(), Reply(5.0, tokens_in=800).to_json()]
    Judgement.objects.create(digest="0" * 64, gold=[], predicted=[], score=0.6, details={"replies": replies}, **judged)
    for name, step in (("vi", 1), ("mo", 2)):
        rate_all(sample, evaluation.project.members.get(user__username=name), range(0, 11, step))


PAGES = {"judge": ("mo", ""), "rating": ("cy", "3001/"), "rate": ("vi", "3001/7/")}


@pytest.mark.parametrize("name", PAGES)
def test_no_page_of_the_judge_has_a_flaw_for_axe_or_scrolls_sideways(person, judged, axe, shot, name):
    who, path = PAGES[name]
    page = person(who)
    page.goto(f"/p/clocks/evaluations/1/judge/{path}")
    axe(page, ("light",))
    shot(page, name)
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    axe(page, ("dark",))
    shot(page, f"{name}-narrow")


def values(sample: Sample) -> list[int]:
    return list(Rating.objects.filter(pair__sample=sample).order_by("pair__place").values_list("value", flat=True))


def at(page: Page, number: int) -> None:
    expect(page.get_by_text(f"pair {number} of 3", exact=True)).to_be_visible()


def read(page: Page) -> None:
    """Let the second pass in which a new pair takes no rating by key."""
    page.wait_for_timeout(1100)


def test_pairs_are_rated_by_keys_and_gone_back_to(person, sample, axe):
    page = person("vi")
    page.goto(f"/p/clocks/evaluations/1/judge/{sample.pk}/")
    at(page, 1)
    page.evaluate("window.mark = 1")
    page.keyboard.press("7")
    at(page, 2)
    assert page.url.endswith("/2/")
    read(page)
    page.keyboard.press("x")
    at(page, 3)
    page.keyboard.press("ArrowLeft")
    at(page, 2)
    expect(page.get_by_role("button", name="10", exact=True)).to_have_attribute("aria-pressed", "true")
    axe(page)
    read(page)
    page.keyboard.press("Minus")
    at(page, 3)
    assert page.evaluate("window.mark") == 1
    expect(page.locator("#told")).to_contain_text("Pair 3 of 3")
    page.get_by_role("button", name="0", exact=True).click()
    expect(page.get_by_role("heading", name="3 pairs rated, and that is all")).to_be_visible()
    axe(page)
    assert values(sample) == [7, 10, 0]


def test_a_key_pressed_as_soon_as_a_pair_stands_is_taken_without_leaving_the_page(person, sample):
    page = person("vi")
    page.goto(f"/p/clocks/evaluations/1/judge/{sample.pk}/")
    at(page, 1)
    page.evaluate("""() => {
        window.mark = 1;
        const press = () => queueMicrotask(() => document.getElementById("value-3").click());
        document.body.addEventListener("htmx:afterSwap", press, { once: true });
    }""")
    page.keyboard.press("7")
    at(page, 3)
    assert page.evaluate("window.mark") == 1
    assert values(sample) == [7, 3]


def test_1_and_then_0_rate_one_pair_10_and_a_pair_nobody_can_have_read_not_at_all(person, sample):
    page = person("vi")
    page.goto(f"/p/clocks/evaluations/1/judge/{sample.pk}/1/")
    page.keyboard.press("1")
    page.keyboard.press("0")
    at(page, 2)
    page.keyboard.press("0")
    read(page)
    at(page, 2)
    assert values(sample) == [10]


def test_1_alone_rates_1_after_a_moment_and_a_late_0_rates_nothing(person, sample):
    page = person("vi")
    page.goto(f"/p/clocks/evaluations/1/judge/{sample.pk}/1/")
    page.keyboard.press("1")
    expect(page.get_by_role("button", name="1", exact=True)).to_have_attribute("data-waits", "")
    assert values(sample) == []
    at(page, 2)
    page.keyboard.press("0")
    read(page)
    at(page, 2)
    assert values(sample) == [1]


@pytest.mark.parametrize("key", ["Escape", "ArrowRight"])
def test_a_1_that_waits_is_taken_back(person, sample, key):
    page = person("vi")
    page.goto(f"/p/clocks/evaluations/1/judge/{sample.pk}/1/")
    page.keyboard.press("1")
    page.keyboard.press(key)
    read(page)
    assert values(sample) == []


def test_the_back_button_leads_to_the_pair_before(person, sample):
    page = person("vi")
    page.goto(f"/p/clocks/evaluations/1/judge/{sample.pk}/1/")
    page.keyboard.press("7")
    at(page, 2)
    page.go_back()
    at(page, 1)
    expect(page.get_by_role("button", name="7", exact=True)).to_have_attribute("aria-pressed", "true")


def test_keys_are_silent_where_single_keys_are_switched_off(person, sample):
    page = person("vi")
    page.add_init_script("localStorage.setItem('proviso.single-keys', 'off')")
    page.goto(f"/p/clocks/evaluations/1/judge/{sample.pk}/1/")
    page.keyboard.press("7")
    page.get_by_role("link", name="Next").click()
    at(page, 2)
    assert values(sample) == []


def test_pairs_are_rated_without_script(person, sample):
    page = person("vi", java_script=False)
    page.goto(f"/p/clocks/evaluations/1/judge/{sample.pk}/")
    for number in (1, 2, 3):
        at(page, number)
        page.get_by_role("button", name=str(number), exact=True).click()
    expect(page.get_by_role("link", name="See the judge beside people")).to_be_visible()
    assert values(sample) == [1, 2, 3]
