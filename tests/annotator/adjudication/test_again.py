"""What the adjudication screen answers where a request comes again, or under the id of another."""

import pytest

from annotator import record
from annotator.actions import adjudicating, taking_up
from annotator.actions.saving import Save
from tests.annotator.adjudication.conftest import WOMEN, Judging
from tests.annotator.adjudication.test_pages import QUEUE, form, url
from tests.conftest import make_question

__all__ = ["url"]


def test_what_comes_under_the_id_of_another_request_is_not_shown_as_saved(as_cy, judging, submitted, url):
    judging.do(adjudicating.adopt, "men", submitted[0].pk)
    card, key = judging.gold.conditions[0], judging.row("men").key
    words = {f"text.{card.uid}": "My own words", "gold": card.uid, "active": key}
    shown = form(judging, "autosave", save="s1", **words)
    assert [as_cy.post(url, shown).status_code for _time in range(2)] == [302, 302]
    page = as_cy.post(url, form(judging, "autosave", save="s1", **words) | {f"text.{card.uid}": "Other words"})
    assert (page.status_code, page.context["kept_text"]) == (409, "Other words")
    assert judging.gold.conditions[0].text == "My own words"


@pytest.mark.parametrize("do", ["finish", "promote"])
def test_a_second_press_that_made_it_gold_is_answered_as_the_first(as_cy, cy, ann, batch, hand_in, do):
    question = make_question(batch, "single", overlap=1)
    hand_in(ann, question, WOMEN, verdict=record.Verdict.UNAMBIGUOUS)
    judging = Judging(question, cy).open()
    if do == "finish":
        judging.do(adjudicating.accept, "women")
    shown = form(judging, do, verdict="unambiguous")
    screen = f"{QUEUE}{question.pk}/"
    first, again = as_cy.post(screen, shown), as_cy.post(screen, shown)
    assert (again.status_code, again.url) == (first.status_code, first.url)
    page = as_cy.get(again.url).text
    assert (page.count("Gold: “"), page.count("Nothing more is ready"), "in hand" in page) == (1, 1, False)
    assert judging.desk.gold.submitted


def test_a_second_press_with_words_that_gold_does_not_have_says_so(as_cy, judging, url, mo, question):
    for uid in ("men", "women", "basket"):
        judging.do(adjudicating.accept, uid)
    shown = form(judging, "finish")
    as_cy.post(url, shown)
    for more in ({"note": "two cups"}, {"work": "1.1"}, {"verdict": "?"}, {"made": 9}, {"do": "save"}):
        assert "You do not have that question in hand" in as_cy.post(url, shown | more, follow=True).text
    taking_up.open_question(mo, question)
    adjudicating.reopen(judging.desk, Save(mo, None, 4))
    assert "You do not have that question in hand" in as_cy.post(url, shown, follow=True).text
