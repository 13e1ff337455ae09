"""Agreement as a page, and as the panel of the project page."""

import pytest
from django.urls import reverse

from annotator import jobs
from annotator.actions import looking
from annotator.models import Job
from scoring import reporting
from tests.conftest import make_question
from tests.scoring.conftest import said, submit

MEN, WOMEN = ("men’s football", "2010", 1), ("women’s football", "2023", 2)


@pytest.fixture
def url(project):
    return reverse("agreement", args=["clocks"])


@pytest.fixture
def two(ann, bo, question):
    return submit(ann, question, said(MEN, WOMEN)), submit(bo, question, said(MEN))


def test_the_page_shows_figures_by_pair_of_people(as_mo, url, two):
    text = as_mo.get(url).content.decode()
    assert "Fewer than 5 questions: who has looked at them all sees this." in text
    assert "annotator-ann · annotator-bo" in text


def test_an_undefined_figure_says_why(as_mo, url, mo, ann, bo, question):
    for member in (ann, bo):
        submit(member, question, said(MEN))
    looking.look(mo, question)
    assert "Both people gave the same verdict on the only question, so α is undefined." in as_mo.get(url).text


def test_the_project_page_asks_for_the_panel(as_mo, url, two):
    assert url in as_mo.get(reverse("project", args=["clocks"])).content.decode()
    panel = as_mo.get(url, headers={"HX-Request": "true"})
    assert panel.content.decode().strip().startswith('<section class="panel" id="agreement"')
    assert "<html" not in panel.content.decode()


def test_without_two_people_it_says_so(as_mo, url, question):
    assert "No question has the submitted work of two people yet" in as_mo.get(url).content.decode()


def test_much_is_compared_by_a_job(as_mo, url, two, project, monkeypatch):
    monkeypatch.setattr(reporting, "AT_ONCE", 0)
    assert "Nobody has compared them yet" in as_mo.get(url).content.decode()
    as_mo.post(url)
    job = Job.objects.get(project=project, verb="agreement")
    jobs.run(job.pk)
    text = as_mo.get(url).content.decode()
    assert "Krippendorff α" in text
    assert "computed" in text


def test_questions_stand_lowest_first_for_who_has_looked_at_them(as_mo, url, two, mo, ann, bo, batch):
    alike, hidden = make_question(batch, "alike", "Who won in 2010?"), make_question(batch, "hidden", "Not looked at?")
    for question in (alike, hidden):
        for member in (ann, bo):
            submit(member, question, said(MEN))
    assert "There is none that you may see." in as_mo.get(url).text
    for question in (alike, two[0].question):
        looking.look(mo, question)
    page = as_mo.get(url)
    assert [question.external_id for question, _lines in page.context["questions"]] == ["q1", "alike"]
    assert "Not looked at?" not in page.text
    assert [line.figure["value"] for line in page.context["questions"][1][1]] == [1, 0, 1, 1, 1, 1]


def test_many_questions_are_paged(as_mo, url, two, mo, ann, bo, batch, monkeypatch):
    other = make_question(batch, "q2")
    for member in (ann, bo):
        submit(member, other, said(MEN))
    for question in (other, two[0].question):
        looking.look(mo, question)
    monkeypatch.setattr("scoring.views.agreement.PAGE", 1)
    assert 'href="?after=1#questions"' in as_mo.get(url).text
    last = as_mo.get(url, {"after": 1})
    assert [question.external_id for question, _lines in last.context["questions"]] == ["q2"]
    assert "?after=2" not in last.text


def test_only_managers_see_it(as_ann, as_cy, as_dee, url, two):
    assert [client.get(url).status_code for client in (as_ann, as_cy, as_dee)] == [404, 404, 404]


def test_the_panel_brings_each_persons_agreement_along(as_mo, url, two, mo, ann, cy, question):
    looking.look(mo, question)
    panel = as_mo.get(url, headers={"HX-Request": "true"}).content.decode()
    # Two conditions and one: the men's pair up, so F1 is 2 · 1 / 3.
    assert f'<span id="agreement-of-{ann.pk}" hx-swap-oob="true"><b>0.67</b>' in panel
    assert f'<span id="agreement-of-{cy.pk}" hx-swap-oob="true"><small>n/a' in panel
    assert f'id="agreement-of-{ann.pk}"' in as_mo.get(reverse("project", args=["clocks"])).content.decode()
