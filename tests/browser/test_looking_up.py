"""Looking something up while annotating: found as one types, added, cited by its number and its words, and kept."""

import re

import pytest
from playwright.sync_api import expect

from annotator.actions.supplementing import supplement
from annotator.models import Assignment
from retrieval.fragments import NewFragment, store_fragments
from retrieval.loading import rebuild_index
from retrieval.models import Corpus, Retrieval
from tests.browser.workbench import BASKETBALL, FOOTBALL

MORE = [
    ("Futsal", "Spain’s men won the FIFA Futsal World Cup twice, in 2000 in Guatemala and in 2004 in Taiwan."),
    ("Handball", "Spain won the world title at handball in 2005, in Tunisia, and in 2013 at home."),
    ("Water polo", "Spain’s women won the world title in water polo in 2013, in Barcelona."),
]


@pytest.fixture(autouse=True)
def corpus(question) -> Corpus:
    """The corpus of the question’s list, indexed, with fragments that are not in the list."""
    found = Corpus.objects.get(slug="clocks-corpus")
    store_fragments(found, [NewFragment(title, text) for title, text in MORE])
    Retrieval.objects.filter(pk=question.retrieval_id).update(settings={"corpus": found.slug})
    rebuild_index(found)
    return found


def find(work, words: str) -> None:
    work.page.get_by_label("Words to look up").press_sequentially(words)
    expect(work.page.locator("#found mark").first).to_be_visible()


def test_what_is_looked_up_is_added_cited_and_submitted(bench, stored):
    work = bench(FOOTBALL, BASKETBALL)
    work.unfold("A")
    find(work, "futsal world title")
    work.page.get_by_role("button", name="Add Futsal").click()
    expect(work.page.get_by_role("heading", name="Added by you")).to_be_visible()
    expect(work.page.locator("#found").get_by_text("Is fragment S700")).to_be_visible()
    work.page.locator("#fragment-S700 .prose").click()
    work.press("s", "7", "0", "0", "Enter")
    expect(work.chips("A")).to_have_count(2)
    expect(work.square("S700")).to_have_attribute("data-is", "cited")
    work.select("S700", "in 2004")
    work.press("Alt+Enter")
    expect(work.chips("A")).to_have_count(3)
    work.saved()
    assert [one.label for one in stored(work).conditions[0].citations] == ["1", "S1", "S1"]
    assert ["cite-A-answer", "in 2004"] in work.highlights()
    work.reload()
    expect(work.fragment("S700").locator(".marks")).to_contain_text("A")
    work.verdict("ambiguous").click()
    work.saved()
    work.page.get_by_role("button", name="Submit").click()
    work.page.wait_for_url(lambda url: url != work.url)
    work.page.goto(work.url)
    expect(work.fragment("S700")).to_be_visible()
    expect(work.page.locator("#lookup")).to_have_count(0)


def test_a_fragment_is_cited_by_a_click_and_the_key_leads_to_the_search(bench):
    work = bench(FOOTBALL)
    work.unfold("A")
    work.page.locator("#fragment-2 .prose").click()
    work.press("l")
    work.type("handball")
    work.page.get_by_role("button", name="Add Handball").click()
    work.fragment("S505").locator(".prose").click()
    work.fragment("S505").get_by_role("button", name="Cite for A").click()
    expect(work.chips("A")).to_have_count(2)


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (800, 800), (390, 844)])
def test_the_panel_comes_to_the_top_and_has_room_however_much_was_added(bench, corpus, axe, shot, width, height):
    work = bench(FOOTBALL, width=width, height=height)
    add_many(work, corpus)
    if width == 390:
        work.page.get_by_role("button", name="Fragments ·").click()
    work.page.locator("#look-up").click()
    expect(work.page.get_by_label("Words to look up")).to_be_focused()
    above, panel = (work.page.locator(place).bounding_box() for place in (".find", "#lookup"))
    assert abs(panel["y"] - above["y"] - above["height"]) < 1
    assert above["height"] < 210
    axe(work.page)
    shot(work.page, f"look-up-many-{width}")


def test_a_number_that_was_scrolled_to_leads_to_its_fragment_and_back(bench, corpus):
    work = bench(FOOTBALL)
    add_many(work, corpus)
    first, last = work.page.locator("#coverage a").first, work.page.locator("#coverage a").last
    last.click()
    work.fragment(last.get_attribute("data-rank")).locator(".prose").click()  # nothing stands over it
    expect(first).not_to_be_in_viewport()
    work.page.locator("#fragment-1 .prose").click()
    expect(first).to_be_in_viewport()


@pytest.mark.parametrize("width", [390, 721, 901, 1000, 1400])
def test_the_number_of_an_added_fragment_is_whole_also_once_it_is_cited(bench, corpus, width):
    work = bench(FOOTBALL, width=width)
    supplement(work.assignment.annotation, corpus.fragments.get(title="Futsal"))
    work.reload()
    work.turn_to_answer()
    work.unfold("A")
    work.press("s", "7", "0", "0", "Enter")
    expect(work.square("S700")).to_have_attribute("data-is", "cited")
    assert work.square("S700").evaluate("it => it.scrollWidth <= it.clientWidth")


def add_many(work, corpus: Corpus) -> None:
    store_fragments(corpus, [NewFragment(f"Title {number}", f"Spain won title {number}.") for number in range(40)])
    for fragment in corpus.fragments.filter(title__startswith="Title"):
        supplement(work.assignment.annotation, fragment)
    work.reload()


def take_out(work, *titles: str) -> None:
    for title in titles:
        work.page.get_by_role("button", name=re.compile(f"Take out S...: {title}")).press("Enter")
        expect(undo(work, title)).to_be_focused()
    expect(work.page.locator("#added .fragment")).to_have_count(0)


def undo(work, title: str):
    return work.page.locator("#gone form", has_text=title).get_by_role("button", name="Undo")


def test_what_was_added_is_taken_out_and_added_again_by_clicks_and_by_the_keys(bench):
    work = bench(FOOTBALL)
    work.unfold("A")
    find(work, "spain handball futsal world title")
    for title in ("Futsal", "Handball"):
        work.page.get_by_role("button", name=f"Add {title}").press("Enter")
        expect(work.page.locator("#found a:focus")).to_be_visible()
    take_out(work, "Futsal", "Handball")
    for title in ("Futsal", "Handball"):
        undo(work, title).click()
        expect(work.page.get_by_role("button", name=re.compile(f"Take out S...: {title}"))).to_be_focused()
    take_out(work, "Futsal", "Handball")
    for title in ("Handball", "Futsal"):
        work.press("Control+z")
        expect(work.page.get_by_role("button", name=re.compile(f"Take out S...: {title}"))).to_be_focused()
    expect(work.page.locator("#gone form")).to_have_count(0)
    work.page.locator("#added .fragment", has_text="Futsal").get_by_role("button", name="Cite for A").click()
    expect(work.chips("A")).to_have_count(2)
    work.press("Control+z")
    expect(work.chips("A")).to_have_count(1)
    expect(work.page.locator("#added .fragment", has_text="Futsal")).to_contain_text("Stays, since you have cited it")
    expect(work.page.get_by_role("button", name="Take out")).to_have_count(1)


def test_two_that_are_added_at_once_are_both_added_however_often_each_is_pressed(bench, shot):
    work, held = bench(FOOTBALL), []
    find(work, "spain handball futsal world title")
    work.page.route("**/supplement/", lambda route: held.append(route), times=1)
    for title in ("Futsal", "Handball"):
        add = work.page.get_by_role("button", name=f"Add {title}")
        for _press in range(2):
            add.press("Enter")
        expect(add).to_have_attribute("aria-busy", "true")
    shot(work.page, "look-up-under-way")
    held[0].continue_()
    expect(work.page.locator("#added .fragment")).to_have_count(2)
    expect(work.page.locator("#found a:focus")).to_have_text("Is fragment S505")


def test_what_was_pressed_is_added_also_where_another_search_follows(bench):
    work, held = bench(FOOTBALL), []
    find(work, "spain handball futsal world title")
    work.page.route("**/supplement/", lambda route: held.append(route), times=1)
    for title in ("Futsal", "Handball"):
        work.page.get_by_role("button", name=f"Add {title}").click()
    with work.page.expect_response("**/look-up/**"):
        work.page.get_by_label("Words to look up").fill("water polo")
    held[0].continue_()
    expect(work.page.locator("#added .fragment")).to_have_count(2)
    expect(work.page.locator("#found")).to_contain_text("for “water polo”")
    expect(work.page.get_by_label("Words to look up")).to_be_focused()


def test_what_could_not_be_added_can_be_added_once_more(bench, complaints):
    complaints.allow("ERR_FAILED", "htmx:")
    work = bench(FOOTBALL)
    find(work, "handball")
    work.page.route("**/supplement/", lambda route: route.abort(), times=1)
    add = work.page.get_by_role("button", name="Add Handball")
    add.click()
    expect(work.toast).to_contain_text("Not done: the server did not answer.")
    expect(add).not_to_have_attribute("aria-busy", "true")
    add.click()
    expect(work.fragment("S505")).to_be_visible()


def test_a_search_that_fails_says_so_and_the_page_works_on(bench, complaints):
    complaints.allow("ERR_FAILED", "htmx:")
    work = bench(FOOTBALL)
    work.page.route("**/look-up/**", lambda route: route.abort())
    work.page.get_by_label("Words to look up").fill("handball")
    expect(work.page.locator("#found")).to_contain_text("The search did not answer.")
    work.unfold("A")
    work.page.locator("#fragment-2").click()
    work.press("Enter")
    expect(work.chips("A")).to_have_count(2)


def test_it_works_without_script(person, take):
    assignment = take(FOOTBALL)
    page = person("ann", java_script=False)
    page.goto(f"/p/clocks/q/{assignment.question_id}/")
    page.get_by_label("Words to look up").fill("water polo")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("button", name="Add Water polo").click()
    expect(page.locator("#fragment-S388")).to_contain_text("Barcelona")
    assert page.url.endswith("#fragment-S388")


@pytest.mark.parametrize("width", [1440, 390])
def test_it_has_no_flaw(bench, axe, shot, complaints, width):
    complaints.allow("409")
    work = bench(FOOTBALL, width=width, height=900 if width == 1440 else 844)
    if width == 390:
        work.page.get_by_role("button", name="Fragments ·").click()
    work.page.get_by_role("link", name="Look up").click()
    expect(work.page.get_by_label("Words to look up")).to_be_focused()
    find(work, "spain handball world title")
    expect(work.page.get_by_role("button", name="Add Handball")).to_be_in_viewport()
    work.page.get_by_role("button", name="Add Futsal").click()
    expect(work.fragment("S700")).to_be_visible()
    work.page.locator("#added").scroll_into_view_if_needed()
    assert work.page.evaluate("document.documentElement.scrollWidth") <= width
    axe(work.page)
    shot(work.page, f"look-up-{width}")
    Assignment.objects.update(state=Assignment.State.EXPIRED)
    work.page.get_by_role("button", name="Take out").click()
    expect(work.page.locator("#toast", has_text="This question is no longer open")).to_be_in_viewport()
    shot(work.page, f"look-up-refused-{width}")
