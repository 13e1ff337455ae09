"""The history of one's own work: every step in words, in pages, and going back to one."""

from dataclasses import replace

import pytest
from django.urls import reverse

from annotator import record, rows
from annotator.actions import claiming, history, saving
from annotator.actions.history import Step, Verb
from annotator.models import Annotation, Assignment
from annotator.record import Answer, Citation, Condition, Role
from annotator.views.history import PAGE

pytestmark = pytest.mark.alike

FOOTBALL = Condition("c1", "in men’s football", (Answer("a1", "2010"),), (Citation("k1", Role.BOTH, rank=5),))


@pytest.fixture
def url(assignment) -> str:
    return reverse("history", args=["clocks", assignment.question_id])


@pytest.fixture
def step(assignment, ann):
    """Add a step to Ann's history, without touching what stands."""

    def step(verb: Verb, said: object, condition: str = "") -> None:
        row = Annotation.objects.select_related("assignment").get(pk=assignment.annotation_id)
        history.append(row, Step(verb, ann, said, condition))

    return step


def told(client, url: str) -> list[tuple[str, str]]:
    """Return the letter and the words of each step, oldest first."""
    return [(change.letter, change.words) for change in reversed(client.get(url).context["changes"])]


def test_every_step_says_which_condition_and_what(as_ann, url, step):
    step(Verb.ADD, Condition("c1", answers=(Answer("a1"),)), "c1")
    step(Verb.CARD, replace(FOOTBALL, citations=()), "c1")
    step(Verb.CARD, FOOTBALL, "c1")
    two = (Answer("a1", "2010", ("11 July 2010",)), Answer("a2"))
    step(Verb.CARD, replace(FOOTBALL, answers=two, citations=(Citation("k1", Role.ANSWER, rank=5),)), "c1")
    step(Verb.CARD, replace(FOOTBALL, citations=()), "c1")
    step(Verb.ADD, Condition("c2"), "c2")
    step(Verb.OVERALL, saving.Overall(record.Verdict.AMBIGUOUS, "", "", ("c1", "c2")))
    step(Verb.OVERALL, saving.Overall(None, "", "look again", ("c2", "c1")))
    step(Verb.REMOVE, Condition("c2"), "c2")
    assert told(as_ann, url) == [
        ("A", "added"),
        ("A", "text, answer “2010” changed"),
        ("A", "citation 5 (both) added"),
        ("A", "answer “2010” changed, answer added, citation 5 (answer) changed"),
        ("A", "answer “2010” changed, answer removed, citation 5 (answer) removed"),
        ("B", "added"),
        ("", "verdict set to Ambiguous"),
        ("", "verdict taken back, note, order of the conditions"),
        ("A", "removed"),
    ]


def test_steps_of_the_whole_say_what_they_were(as_ann, url, step, assignment, ann, question):
    step(Verb.ADD, FOOTBALL, "c1")
    step(Verb.IMPORT, record.Annotation(conditions=(FOOTBALL,)))
    step(Verb.RESTORE, record.Annotation())
    step(Verb.RESTORE, record.Annotation(conditions=(FOOTBALL,)), "c1")
    claiming.skip(Assignment.objects.get(pk=assignment.pk), "not my field")
    words = ["added", "brought in", "an earlier step restored", "brought back", "skipped: not my field"]
    assert [said for _letter, said in told(as_ann, url)] == words


def test_a_line_shows_the_letter_and_the_first_words(as_ann, url, step):
    step(Verb.ADD, FOOTBALL, "c1")
    html = as_ann.get(url).content.decode()
    assert '<span class="tag" data-c="A">A</span>' in html
    assert "in men’s football" in html


def test_pages_follow_each_other_and_every_step_stands_on_one(as_ann, url, step):
    for number in range(PAGE + 3):
        step(Verb.CARD, replace(FOOTBALL, text=str(number)), "c1")
    first = as_ann.get(url)
    older = as_ann.get(f"{url}?until={first.context['older']}")
    numbers = [change.step.number for page in (first, older) for change in page.context["changes"]]
    assert numbers == list(range(PAGE + 3, 0, -1))
    assert older.context["older"] == 0
    assert f"?until={older.context['newer']}" in older.content.decode()
    assert [change.words for change in older.context["changes"]] == ["text", "text", "added"]


def test_a_step_of_an_older_page_is_restored(as_ann, url, step, assignment, ann):
    for number in range(PAGE + 3):
        step(Verb.CARD, replace(FOOTBALL, text=str(number)), "c1")
    page = as_ann.get(f"{url}?at=2&until=3").content.decode()
    assert "After step 2" in page
    as_ann.post(reverse("restore", args=["clocks", assignment.question_id, 2]), {"step": PAGE + 3})
    row = Annotation.objects.with_conditions().get(pk=assignment.annotation_id)
    assert rows.annotation_record(row).conditions[0].text == "1"


@pytest.mark.database
@pytest.mark.parametrize("query", ["?until=0", "?until=999999999", "?at=999999999", "?until=x&at=-1"])
def test_no_number_breaks_the_page(as_ann, url, step, query):
    step(Verb.ADD, FOOTBALL, "c1")
    assert as_ann.get(url + query).status_code == 200


def test_the_number_of_queries_does_not_grow(as_ann, url, step, django_assert_max_num_queries):
    for number in range(60):
        step(Verb.CARD, replace(FOOTBALL, text=str(number)), "c1")
    as_ann.get(url)
    with django_assert_max_num_queries(10):
        as_ann.get(f"{url}?at=5")


def test_only_the_author_sees_it(request, url):
    assert request.getfixturevalue("as_ann").get(url).status_code == 200
    assert request.getfixturevalue("as_bo").get(url).status_code == 404
    assert request.getfixturevalue("as_dee").get(url).status_code == 404
