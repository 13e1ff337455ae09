"""An evaluation of so few questions that its figures tell of each: nobody reads them who has not looked at all."""

import pytest

from annotator.actions import looking
from scoring import sight
from scoring.api.evaluations import told_of, with_board

BOARD = "/p/clocks/evaluations/1/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def of_few(evaluate, monkeypatch):
    monkeypatch.setattr(sight, "FEW", 4)
    return evaluate()


def test_its_board_is_hidden_until_all_were_looked_at(as_mo, of_few, systems, mo):
    compared = f"{BOARD}compare/{systems[0].pk}/{systems[1].pk}/"
    page = as_mo.get(BOARD)
    assert "figures say what gold is on each" in page.text
    assert "answer_f1" not in page.text
    assert "board-table" not in page.text
    assert [as_mo.get(url).status_code for url in (f"{BOARD}board/", compared)] == [302, 302]
    assert "95 % interval" not in as_mo.get("/p/clocks/evaluations/", headers=HTMX).text
    assert as_mo.post(f"{BOARD}question/1/", {"all": "1"}).status_code == 302
    assert "board-table" in as_mo.get(BOARD).text
    assert [as_mo.get(url).status_code for url in (f"{BOARD}board/", compared)] == [200, 200]
    assert "95 % interval" in as_mo.get("/p/clocks/evaluations/", headers=HTMX).text


def test_one_that_was_not_looked_at_is_enough_to_hide_it(as_mo, of_few, mo):
    for one in of_few.questions.select_related("question")[1:]:
        looking.look(mo, one.question)
    assert "board-table" not in as_mo.get(BOARD).text


def test_a_program_gets_no_board_either(of_few, mo):
    told = with_board(told_of(mo, 1), mo.user)
    assert (told["leaderboard"], told["board"]) == (None, None)
    assert told["finished"]


def test_many_questions_have_their_board_at_once(as_mo, evaluate):
    evaluate()
    assert "board-table" in as_mo.get(BOARD).text
