"""The adjudication screen keeps what it has rendered, and never shows what is out of date."""

import pytest
from django.template import Context, Template

from annotator.actions import adjudicating, taking_up
from annotator.models import Annotation, Project
from tests.annotator.adjudication.conftest import BASKET, MEN, WOMEN, Judging

pytestmark = pytest.mark.alike


@pytest.fixture
def url(question) -> str:
    return f"/p/clocks/adjudicate/{question.pk}/"


def pieces(html: str) -> list[str]:
    """Return the rows of a page, top to bottom."""
    return html.split('<section class="row"')[1:]


def test_a_part_is_rendered_once_for_the_same_values_and_language():
    part = Template("{% load keeping %}{% kept part value %}{{ other }}{% endkept %}")
    shown = [part.render(Context({"value": value, "other": other})) for value, other in [(1, "a"), (1, "b"), (2, "c")]]
    assert shown == ["a", "a", "c"]


def test_opening_again_costs_six_queries(as_cy, judging, url, django_assert_num_queries):
    as_cy.get(url)
    with django_assert_num_queries(6):
        as_cy.get(url)


def test_a_step_reads_the_work_of_nobody_again(as_cy, judging, url, django_assert_max_num_queries):
    as_cy.get(url)
    form = {"made": 0, "verdict": "ambiguous", "do": f"reject:{judging.row('basket').key}", "why": "Not asked"}
    with django_assert_max_num_queries(30):
        as_cy.post(url, form, headers={"HX-Request": "true"})
    assert judging.row("basket").decided


@pytest.mark.parametrize("names", ["", "?names=1"])
def test_a_folded_row_is_shown_under_the_names_that_are_asked_for(as_mo, mo, question, judging, url, names):
    taking_up.leave(judging.by, question)
    Judging(question, mo).open()
    as_mo.get(url)
    page = as_mo.get(f"{url}{names}")
    assert all(("Ann" in piece) == bool(names) for piece in map(without_numbers, pieces(page.text)))


def without_numbers(html: str) -> str:
    """Return a page without the names that people have where theirs are hidden."""
    return html.replace("Annotator", "")


def test_rows_lead_to_where_the_project_is_now(as_cy, judging, url):
    as_cy.get(url)
    Project.objects.filter(slug="clocks").update(slug="watches")
    page = as_cy.get(url.replace("clocks", "watches")).text
    assert "/p/watches/" in page
    assert "/p/clocks/" not in page


def test_a_decided_row_is_shown_as_decided_when_it_is_folded_again(as_cy, judging, url):
    as_cy.get(url)
    judging.do(adjudicating.reject, "men", "Not asked")
    assert "Not asked" in as_cy.get(url).text


@pytest.mark.database
def test_what_its_author_took_back_is_shown_no_longer(as_cy, judging, url, ann, submitted):
    before = as_cy.get(url).text
    assert all(part.text in before for part in (MEN, WOMEN, BASKET))
    Annotation.objects.filter(pk=submitted[0].pk).update(submitted=None)
    assert BASKET.text not in as_cy.get(url).text
