"""The pages around the workbench in a real browser: keys, swaps, the back button, the phone, and axe on every one."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from annotator.actions import claiming
from annotator.actions.assigning import assign
from annotator.actions.consenting import agree, owed_by, publish_consent
from annotator.actions.kept_files import keep
from annotator.actions.people import digest, make_sign_in_link
from annotator.actions.queued import corpus_folder
from annotator.models import Assignment, Batch, Import, Job, Member, Question, User
from retrieval.fragments import batched
from retrieval.models import Corpus
from tests.annotator.hooks.hooked import make_logged
from tests.conftest import make_question, user

Person = Callable[..., Page]
SEEN = "localStorage.setItem('proviso.tour', 'seen')"
LONG = "When, by the treaty that both of the parties signed before the war began, was the border to be drawn?"


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def filled(batch, ann) -> list[Question]:
    """Questions in every state, one of them long, and an import of each outcome."""
    questions = [make_question(batch, f"q{number}", f"What is thing number {number}?") for number in range(6)]
    questions.append(make_question(batch, "an-id-that-is-rather-long-as-those-of-data-sets-are", LONG))
    make_question(batch, "bare", "Which question has no list?", retrieval=None)
    claiming.take(ann, questions[0])
    mo = batch.project.members.get(user__username="mo")
    invite = {"role": "annotator", "uses": 3, "digest": digest("token"), "created": batch.created}
    batch.project.invites.create(by=mo, expires=timezone.now() + timedelta(days=1), **invite)
    skipped = claiming.take(ann, questions[1])
    claiming.skip(skipped, "The fragments are about something else")
    ended = claiming.take(ann, questions[2])
    Assignment.objects.filter(pk=ended.pk).update(state="expired")
    give_out_more(batch, ann)
    publish_consent(batch.project, "Your work will be published under a pseudonym.\n\nYou can leave any time.", mo)
    report = {"label": "plain questions", "counts": {"questions": 2}, "new": 2, "unchanged": 0, "changed_in_all": 0}
    bad = report | {"problems": [["line 7", "properties[2].citations[0].title", "is a number"]], "problems_in_all": 1}
    User.objects.filter(pk=user("staff").pk).update(is_staff=True, is_superuser=True)
    make_jobs(batch, mo)
    make_logged(batch.project, 4001)
    batch.project.systems.create(name="run 1", model="a model", digest="0" * 64, complete=False)
    for number, (state, said) in enumerate([("done", report), ("refused", bad)], 1):
        Import.objects.create(
            pk=number + 1000, project=batch.project, batch=batch, name="a.jsonl", size=9, state=state, report=said,
            created=batch.created,
        )  # fmt: skip
    return questions


def make_jobs(batch: Batch, mo: Member) -> None:
    """Add a job of the installation that runs, and one that wrote a file, of known keys."""
    corpus = Corpus.objects.create(slug="a-corpus", name="A corpus with a rather long name, as those of data sets are")
    size = {"state": "running", "done": 9_000_000_000, "total": 25_000_000_000, "heartbeat": timezone.now()}
    file = corpus_folder() / "enwiki-20240501-pages-articles-multistream.xml.bz2"
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(b"x" * 9_000)
    loads = {"file": file.name, "corpus": corpus.slug, "about": {}}
    Job.objects.create(pk=3001, verb="load_corpus", arguments=loads, created=timezone.now(), **size)
    asked = {"format": "full", "annotations": "all", "release": "", "batch": ""}
    written = Job.objects.create(
        pk=3002, verb="export", project=batch.project, by=mo, arguments=asked, created=timezone.now(), state="done"
    )
    Job.objects.filter(pk=3002).update(result=keep(written, "clocks-full.jsonl", [b"x" * 9_000]))


def give_out_more(batch: Batch, ann: Member) -> None:
    """Add a batch of a known key, with a question that is assigned and not begun."""
    values = {"purpose": "pilot", "order": "random", "share": 20, "cap": 5, "created": batch.created}
    more = Batch.objects.create(pk=2001, project=batch.project, name="pilot 2", position=2, **values)
    assign(ann, make_question(more, "given", LONG))


PAGES = {
    "home": ("ann", "/"),
    "home-skipped": ("ann", "/?tab=skipped"),
    "home-empty": ("ann", "/?tab=returned"),
    "home-manager": ("mo", "/"),
    "home-assigned": ("ann", "/?tab=assigned"),
    "home-expired": ("ann", "/?tab=expired"),
    "home-viewer": ("vi", "/"),
    "password": ("ann", "/password/"),
    "status": ("staff", "/status/"),
    "corpora": ("staff", "/corpora/"),
    "job-of-site": ("staff", "/jobs/3001/"),
    "job-file": ("mo", "/p/clocks/jobs/3002/"),
    "tokens": ("ann", "/tokens/"),
    "project": ("mo", "/p/clocks/"),
    "project-hidden": ("mo", "/p/clocks/?names=hidden"),
    "activity": ("mo", "/p/clocks/activity/"),
    "waiting": ("mo", "/p/clocks/waiting/?what=skipped"),
    "waiting-none": ("mo", "/p/clocks/waiting/?what=returned"),
    "project-new": ("mo", "/projects/new/"),
    "settings": ("mo", "/p/clocks/settings/"),
    "hooks": ("mo", "/p/clocks/hooks/"),
    "hook": ("mo", "/p/clocks/hooks/4001/"),
    "batch-new": ("mo", "/p/clocks/batches/new/"),
    "batch": ("mo", "/p/clocks/batches/2001/"),
    "guidelines": ("ann", "/p/clocks/guidelines/"),
    "guidelines-edit": ("mo", "/p/clocks/guidelines/edit/"),
    "questions": ("mo", "/p/clocks/questions/"),
    "questions-none": ("mo", "/p/clocks/questions/?q=zzz"),
    "search": ("mo", "/p/clocks/search/?q=thing"),
    "search-kind": ("cy", "/p/clocks/search/?q=world&kind=fragment"),
    "search-none": ("mo", "/p/clocks/search/?q=-%22"),
    "members": ("mo", "/p/clocks/members/"),
    "members-hidden": ("mo", "/p/clocks/members/?names=hidden"),
    "leave": ("ann", "/p/clocks/leave/"),
    "consent": ("ann", "/p/clocks/consent/"),
    "delete": ("mo", "/p/clocks/delete/"),
    "invite": ("", "/join/token/"),
    "invite-signed-in": ("dee", "/join/token/"),
    "systems": ("mo", "/p/clocks/systems/"),
    "systems-looked-at": ("vi", "/p/clocks/systems/"),
    "imports": ("mo", "/p/clocks/import/"),
    "import-done": ("mo", "/p/clocks/import/1001/"),
    "import-refused": ("mo", "/p/clocks/import/1002/"),
    "agreement": ("mo", "/p/clocks/agreement/"),
    "export": ("mo", "/p/clocks/export/"),
    "retrieve": ("mo", "/p/clocks/retrieve/"),
    "releases": ("vi", "/p/clocks/releases/"),
    "release-cut": ("mo", "/p/clocks/release/"),
    "sign-in": ("", "/sign-in/"),
    "api": ("", "/api/"),
}


AT_ONCE = 7  # pages of one person that share what is set up and one browser's page


def walks() -> Iterator[list[str]]:
    """Yield the names of a few pages of one person at a time."""
    for who in dict.fromkeys(who for who, _path in PAGES.values()):
        yield from batched([name for name, (of, _path) in PAGES.items() if of == who], AT_ONCE)


@pytest.mark.parametrize("names", list(walks()), ids=" ".join)
def test_no_page_has_a_flaw_for_axe_or_scrolls_sideways(person: Person, filled, axe, shot, names):
    page = person(PAGES[names[0]][0])
    page.add_init_script(SEEN)
    for name in names:
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(PAGES[name][1])
        axe(page, ("light",))
        shot(page, name)
        page.set_viewport_size({"width": 390, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, name
        axe(page, ("dark",))
        shot(page, f"{name}-narrow")


@pytest.mark.parametrize("width", [320, 390])
def test_the_tabs_of_a_project_stand_in_even_rows_on_a_phone(person: Person, question, width):
    page = person("mo", width=width, height=844)
    page.goto("/p/clocks/settings/")
    boxes = [tab.bounding_box() for tab in page.locator(".of-project a").all()]
    rows = [boxes[at : at + 4] for at in range(0, len(boxes), 4)]
    assert [len({box["y"] for box in row}) for row in rows] == [1] * len(rows)
    assert all(box["x"] + box["width"] <= width for box in boxes)


def test_one_question_has_no_flaw_and_folds_its_fragments(person: Person, filled, axe):
    page = person("mo")
    page.goto(f"/p/clocks/questions/{filled[-1].pk}/")
    page.get_by_text("FIBA World Cup").click()
    expect(page.get_by_text("basketball world title")).to_be_visible()
    axe(page)


def test_what_others_wrote_is_shown_by_a_button(person: Person, assignment, axe, shot):
    assignment.annotation.conditions.create(uid="c1", order=1, text="in men’s football")
    page = person("cy")
    page.add_init_script(SEEN)
    page.goto("/")
    page.get_by_role("link", name="Questions").click()
    page.get_by_role("link", name=assignment.question.text).click()
    expect(page.get_by_text("in men’s football")).to_be_hidden()
    axe(page)
    shot(page, "question-hidden")
    page.get_by_role("button", name="Show what others wrote").click()
    expect(page.get_by_text("in men’s football")).to_be_visible()
    axe(page)
    shot(page, "question-looked")


def test_the_tour_is_walked_by_keys_and_does_not_come_back(person: Person, question, axe):
    page = person("ann")
    page.goto("/")
    tour = page.get_by_role("dialog", name="Read the fragments")
    expect(tour).to_be_visible()
    axe(page)
    for heading in ("Write a condition and its answer", "Cite what supports it", "Submit"):
        page.keyboard.press("Enter")
        expect(page.get_by_role("dialog", name=heading)).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.reload()
    expect(page.get_by_role("heading", name="Your queue")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="Show the tour").click()
    expect(page.get_by_role("dialog", name="Read the fragments")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_the_theme_is_kept(person: Person, question):
    page = person("ann")
    page.add_init_script(SEEN)
    page.goto("/")
    paper = "getComputedStyle(document.documentElement).backgroundColor"
    light = page.evaluate(paper)
    page.get_by_role("button", name="Switch between light and dark").click()
    dark = page.evaluate(paper)
    assert dark != light
    page.reload()
    assert page.evaluate(paper) == dark


def test_tabs_swap_the_list_and_the_back_button_goes_back(person: Person, filled):
    page = person("ann")
    page.add_init_script(SEEN)
    page.goto("/")
    page.evaluate("window.mark = 1")
    page.get_by_role("link", name="Skipped 1").click()
    expect(page.get_by_text("The fragments are about something else")).to_be_visible()
    assert page.evaluate("window.mark") == 1
    assert page.evaluate("document.activeElement.id") == "tab-skipped"
    assert "tab=skipped" in page.url
    page.go_back()
    expect(page.get_by_role("button", name="What is thing number 4?")).to_be_visible()


def test_a_question_is_begun_from_the_queue(person: Person, filled, ann):
    agree(ann, owed_by(ann))
    page = person("ann")
    page.add_init_script(SEEN)
    page.goto("/")
    page.get_by_role("button", name="What is thing number 3?").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What is thing number 3?")


def test_a_search_answers_as_one_types_and_keeps_the_field(person: Person, filled):
    page = person("mo")
    page.goto("/p/clocks/questions/")
    page.get_by_role("searchbox").press_sequentially("treaty")
    expect(page.get_by_text("2 questions", exact=True)).to_be_visible()
    assert page.evaluate("document.activeElement.id") == "q"
    expect(page.get_by_role("searchbox")).to_have_value("treaty")
    page.get_by_role("combobox", name="State").select_option("no_list")
    expect(page.get_by_text("No question fits")).to_be_visible()
    assert "stage=no_list" in page.url


def test_guidelines_are_previewed_while_one_writes(person: Person, question):
    page = person("mo")
    page.goto("/p/clocks/guidelines/edit/")
    page.get_by_label("Text").fill("## When to stop\n\n<script>alert(1)</script>\n\nAt **noon**.")
    preview = page.locator("#preview")
    expect(preview.get_by_role("heading", name="When to stop")).to_be_visible()
    expect(preview.locator("strong")).to_have_text("noon")
    expect(preview.locator("script")).to_have_count(0)
    page.get_by_role("button", name="Save as a new version").click()
    expect(page.get_by_text("Saved as version 2.")).to_be_visible()


def test_a_choice_of_export_is_counted_anew(person: Person, assignment):
    page = person("mo")
    page.goto("/p/clocks/export/")
    page.get_by_label("All").check()
    expect(page.locator("[type=hidden][name=annotations]")).to_have_value("all")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    assert download.value.suggested_filename == "clocks-condambigqa-all.json"


def test_signing_out_forgets_unsaved_copies_and_nothing_else(person: Person, question):
    page = person("ann")
    page.add_init_script(SEEN)
    page.goto("/")
    page.evaluate("localStorage.setItem('proviso:7:9:x', '[]')")
    page.get_by_role("button", name="Ann").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.wait_for_function("Object.keys(localStorage).join() === 'proviso.tour'")


def test_a_link_signs_in_by_its_button(person: Person, question, live_server):
    page = person()
    page.goto(f"/sign-in/link/{make_sign_in_link(user('ann'))}/")
    page.get_by_role("button", name="Sign in as ann").click()
    expect(page.get_by_role("heading", name="Your queue")).to_be_visible()


def test_a_link_is_copied_by_one_button_for_a_newcomer(person: Person, project, complaints):
    complaints.allow("422")
    page = person("mo")
    page.goto("/p/clocks/members/")
    page.get_by_label("Username").fill("fay")
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_role("button", name="Make the account fay").click()
    expect(page.get_by_label("Sign-in link")).to_have_value(re.compile("/sign-in/link/"))
    expect(page.get_by_role("row", name="fay")).to_be_visible()


def test_everything_works_without_script(person: Person, filled, tmp_path: Path):
    page = person("mo", java_script=False)
    page.goto("/?tab=skipped")
    expect(page.get_by_role("button", name="Show the tour")).to_be_hidden()
    page.goto("/p/clocks/questions/")
    page.get_by_role("searchbox").fill("treaty")
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_role("link", name=LONG).first).to_be_visible()
    page.goto("/p/clocks/export/")
    page.get_by_label("Proviso, everything").check()
    page.get_by_role("button", name="Count again").click()
    expect(page.locator("[type=hidden][name=format]")).to_have_value("full")
    page.goto("/p/clocks/import/")
    file = tmp_path / "a.csv"
    file.write_text("question\nWho?\n")
    page.get_by_label("Choose a file").set_input_files(file)
    page.get_by_role("button", name="Look at the file").click()
    page.get_by_role("button", name="Import 1 question").click()
    expect(page.get_by_text("1 question brought in")).to_be_visible()


def test_the_admin_keeps_to_the_policy(person: Person, assignment, mo):
    type(mo.user).objects.filter(pk=mo.user_id).update(is_staff=True, is_superuser=True)
    page = person("mo")
    for path in ("", "annotator/annotation/", f"annotator/annotation/{assignment.annotation_id}/change/"):
        page.goto(f"/admin/{path}")
        expect(page.locator("#site-name")).to_contain_text("Proviso")
