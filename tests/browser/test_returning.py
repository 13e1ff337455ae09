"""Work that goes back to its author, in a real browser: the comment beside the text, and the way there and back."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from annotator.actions import looking, submitting
from annotator.models import Annotation

Person = Callable[..., Page]
LONG = "Which cup do you mean? The fragments name three of them, and the second one says nothing of the year. " * 3


def test_work_is_returned_with_a_comment_answered_and_submitted_again(person: Person, assignment, ann, cy, axe, shot):
    work = assignment.annotation
    answer = {"uid": "a1", "order": 1, "text": "2010"}
    work.conditions.create(uid="c1", order=1, text="in men’s football").answers.create(**answer)
    Annotation.objects.filter(pk=work.pk).update(verdict="unambiguous")
    work.refresh_from_db()
    submitting.submit(work, ann)
    looking.look(cy, assignment.question)
    page = person("cy")
    page.goto(f"/p/clocks/questions/{assignment.question_id}/")
    page.get_by_role("link", name="Notes, and returning it").click()
    page.get_by_label("About").select_option("c1")
    page.get_by_label("What you say").fill(LONG)
    axe(page)
    page.get_by_role("button", name="Return it with this comment").click()
    expect(page.get_by_role("article").get_by_text("Which cup do you mean?")).to_be_visible()
    axe(page)
    shot(page, "notes")
    page = person("ann")
    page.add_init_script("localStorage.setItem('proviso.tour', 'seen')")
    page.goto("/")
    page.get_by_role("link", name="Continue").click()
    expect(page.locator("#conditions").get_by_text("Which cup do you mean?")).to_be_visible()
    axe(page)
    shot(page, "workbench-returned")
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.set_viewport_size({"width": 1280, "height": 800})
    page.get_by_role("link", name="Answer the notes").click()
    page.get_by_label("Your answer").fill("The first.")
    page.get_by_role("button", name="Answer").click()
    page.get_by_role("link", name="Your annotation").click()
    expect(page.locator("#conditions").get_by_text("The first.")).to_be_visible()
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_text("Submitted: “")).to_be_visible()
