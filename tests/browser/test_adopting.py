"""A machine's draft beside one's own work, in a real browser: adopted by a button, taken back by a key."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from annotator import record, rows
from annotator.models import Annotation, Project
from annotator.record import Answer, Citation, Condition

Person = Callable[..., Page]
LONG = "Counting only the men’s national side in association football, at the tournaments that FIFA has organised. " * 2


def test_a_card_is_adopted_and_the_adoption_undone(person: Person, assignment, axe, shot):
    question = assignment.question
    project = question.batch.project
    Project.objects.filter(pk=project.pk).update(show_drafts="before")
    now, system = question.created, project.systems.create(name="a model, run 1")
    made = {"created": now, "saved": now, "revisions_made": 1, "verdict": "ambiguous"}
    draft = Annotation.objects.create(question=question, source="draft", system=system, **made)
    first = Condition("d1", LONG, (Answer("a1", "2010", ("MMX",)),), (Citation("x1", rank=1), Citation("x2", rank=3)))
    second = Condition("d2", "in basketball", (Answer("a1", "2006"), Answer("a2", "2019")))
    whole = record.Annotation(conditions=(first, second))
    rows.create_conditions([(draft, whole, rows.lines_of(question))])
    page = person("ann")
    page.add_init_script("localStorage.setItem('proviso.tour', 'seen')")
    page.goto(f"/p/clocks/q/{question.pk}/")
    page.get_by_label("Note to the adjudicator").fill("typed just before")
    page.get_by_role("button", name="Adopt 1").click()
    card = page.locator("details.condition[open]")
    expect(card.get_by_label("Text of condition A")).to_have_value(LONG)
    expect(card.locator(".chip")).to_have_count(2)
    expect(page.locator("#save-state")).to_contain_text("Saved")
    axe(page)
    shot(page, "workbench-drafts")
    page.locator(".drafted").scroll_into_view_if_needed()
    shot(page, "workbench-drafts-below")
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.set_viewport_size({"width": 1280, "height": 800})
    page.locator("h1").click()
    page.keyboard.press("Control+z")
    expect(page.locator("details.condition")).to_have_count(0)
    page.reload()
    expect(page.get_by_label("Note to the adjudicator")).to_have_value("typed just before")
