"""Writing conditions on the workbench: by mouse, by keys alone, within the budget of acts, and without script."""

from playwright.sync_api import expect

from annotator.record import Verdict
from tests.conftest import make_question


def test_two_conditions_are_written_and_cited_by_mouse(bench, stored, batch):
    work = bench()
    for letter, text, answer, rank in (("A", "in men’s football", "2010", 1), ("B", "in basketball", "2006", 3)):
        work.button("Add condition").click()
        work.text(letter).click()
        work.type(text)
        work.answer(letter).click()
        work.type(answer)
        work.fragment(rank).hover()
        work.fragment(rank).get_by_role("button", name="Cite for").click()
        expect(work.chips(letter)).to_have_count(1)
    work.verdict("ambiguous").click()
    work.saved()
    found = stored(work)
    assert [(part.text, part.answers[0].text, part.citations[0].rank) for part in found.conditions] == [
        ("in men’s football", "2010", 1),
        ("in basketball", "2006", 3),
    ]
    assert found.verdict is Verdict.AMBIGUOUS
