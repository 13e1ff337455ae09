"""Searching through the API: the same texts as on the page, page by page, and nothing that is hidden there."""

import pytest

from annotator.actions.looking import look
from tests.api.calls import CLOCKS, calling
from tests.canary import CANARY, write_canary

SEARCH = f"{CLOCKS}search/"
WORD = {"q": f"{CANARY[:-1]}*"}


def test_a_program_finds_what_the_page_finds(question, mo):
    answer = calling(mo, "read").get(SEARCH, {"q": "soup", "limit": "1"}).json()
    [hit] = answer["results"]
    assert (hit["kind"], hit["question"], hit["rank"], hit["title"]) == ("fragment", question.pk, 4, "Soup")
    assert hit["text"] == "A cup of soup is served hot."
    assert (answer["next"], answer["complete"]) == (None, True)


def test_each_hit_is_on_one_page(question, mo):
    client = calling(mo)
    first = client.get(SEARCH, {"q": "spain", "limit": "2"}).json()
    second = client.get(first["next"]).json()
    keys = [hit["id"] for hit in first["results"] + second["results"]]
    assert keys == sorted(set(keys))
    assert len(keys) == 4


def test_nothing_of_anothers_work_is_found_before_a_look(assignment, mo):
    write_canary(assignment)
    client = calling(mo)
    assert CANARY not in client.get(SEARCH, WORD).text
    look(mo, assignment.question)
    hits = client.get(SEARCH, {**WORD, "author": "annotator-ann", "source": "human"}).json()["results"]
    assert {hit["kind"] for hit in hits} == {"condition", "remark"}
    assert {hit["author"] for hit in hits} == {"annotator-ann"}


@pytest.mark.parametrize(
    "asked",
    [{}, {"q": '"" -x'}, {"q": "\0"}, {"kind": "x"}, {"batch": "x"}, {"author": "x"}, {"stage": "x"}, {"source": "x"}],
)
def test_what_cannot_be_asked_is_refused_by_name(mo, asked):
    answer = calling(mo).get(SEARCH, {"q": "spain"} | asked if "q" not in asked and asked else asked)
    assert answer.status_code == 422
    assert answer.json()["errors"]
