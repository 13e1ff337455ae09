"""Rating pairs in a real browser: by keys, by the mouse, back again, and without script."""

import pytest
from playwright.sync_api import Page, expect

from scoring.models import Rating, Sample
from scoring.sampling import begin
from tests.scoring.judges.samples import add_scored, make_evaluation, make_sample


@pytest.fixture
def sample(question, vi) -> Sample:
    evaluation = make_evaluation(question.batch.project)
    score = add_scored(evaluation, question, [("men", "2010")], [("ladies", "2011")], 0.4)
    sample = make_sample(evaluation, score, 0.9, 0.5, 0.1)
    begin(sample, vi)
    return sample


def values(sample: Sample) -> list[int]:
    return list(Rating.objects.filter(pair__sample=sample).order_by("pair__place").values_list("value", flat=True))


def at(page: Page, number: int) -> None:
    expect(page.get_by_text(f"pair {number} of 3", exact=True)).to_be_visible()


def test_pairs_are_rated_by_keys_and_gone_back_to(person, sample, axe):
    page = person("vi")
    page.goto(f"/p/clocks/evaluations/1/judge/{sample.pk}/")
    at(page, 1)
    page.evaluate("window.mark = 1")
    page.keyboard.press("7")
    at(page, 2)
    assert page.url.endswith("/2/")
    page.keyboard.press("x")
    at(page, 3)
    page.keyboard.press("ArrowLeft")
    at(page, 2)
    expect(page.get_by_role("button", name="10", exact=True)).to_have_attribute("aria-pressed", "true")
    axe(page)
    page.keyboard.press("Minus")
    at(page, 3)
    assert page.evaluate("window.mark") == 1
    expect(page.locator("#told")).to_contain_text("Pair 3 of 3")
    page.get_by_role("button", name="0", exact=True).click()
    expect(page.get_by_role("heading", name="3 pairs rated, and that is all")).to_be_visible()
    axe(page)
    assert values(sample) == [7, 10, 0]


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
