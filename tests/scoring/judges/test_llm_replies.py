"""How replies of a language model are read; the weighted scores can be checked with a pencil."""

import json
from math import inf, log

import pytest

from scoring.judges import Couple, Kind
from scoring.judges.llm import prompts
from scoring.judges.llm.replies import Flaw, Reply, read_reply
from tests.scoring.judges.double import completion


def token(text: str, *alternatives: tuple[str, float]) -> dict:
    """Return a token with the probabilities of its alternatives, of which it is the first."""
    tops = [{"token": name, "logprob": log(p) if p else -inf} for name, p in alternatives]
    return {"token": text, "logprob": tops[0]["logprob"], "top_logprobs": tops}


@pytest.mark.parametrize(
    ("said", "score"),
    [("7", 7), (" 7\n", 7), ("Score: 7", 7), ("7/10", 7), ("7 out of 10", 7), ("**10**", 10), ("0", 0), ("7, so 7", 7)],
)
def test_one_whole_number_is_a_score(said, score):
    assert read_reply(completion(said)) == Reply(score, tokens_in=100, tokens_out=1)


@pytest.mark.parametrize("said", ["11", "-1", "7.5", "7 or 8", "1e9", "²"])
def test_any_other_number_is_none(said):
    assert read_reply(completion(said)).flaw in (Flaw.UNCLEAR, Flaw.REFUSED)


@pytest.mark.parametrize(
    ("body", "flaw"),
    [
        (b"", Flaw.MALFORMED),
        (b"<html>", Flaw.MALFORMED),
        (b"[" * 100_000, Flaw.MALFORMED),
        (b'{"choices": []}', Flaw.MALFORMED),
        (b'{"choices": [{"message": null}]}', Flaw.MALFORMED),
        (b"[1]", Flaw.MALFORMED),
        (completion([1]), Flaw.MALFORMED),
        (completion("Score: 1", finish_reason="length"), Flaw.TRUNCATED),
        (completion("I cannot help with that."), Flaw.REFUSED),
        (completion("7", message={"content": None, "refusal": "No."}), Flaw.REFUSED),
        (completion("7", finish_reason="content_filter"), Flaw.REFUSED),
    ],
)
def test_a_reply_without_a_verdict_says_why(body, flaw):
    assert read_reply(body).flaw is flaw


def test_a_score_is_weighted_by_the_probabilities_of_all_scores():
    # (.5·8 + .25·6 + .25·10) / 1 = 8
    content = [token("8", ("8", 0.5), ("6", 0.25), ("10", 0.25))]
    assert read_reply(completion("8", logprobs={"content": content})).score == pytest.approx(8.0)


def test_only_tokens_that_read_as_0_to_10_count_with_and_without_a_space():
    # (.4·7 + .2·7 + .2·4) / .8 = 6.25; "high", "11" and what is impossible count for nothing
    tops = [("7", 0.4), (" 7", 0.2), ("4", 0.2), ("high", 0.1), ("11", 0.1), ("0", 0.0)]
    content = [token("Score", ("Score", 1.0)), token("7", *tops)]
    found = read_reply(completion("Score 7", logprobs={"content": content}))
    assert found.score == pytest.approx(6.25)
    assert found.weighted


def test_a_ten_in_two_tokens_is_taken_as_it_is_written():
    content = [token("1", ("1", 0.9), ("2", 0.1)), token("0", ("0", 1.0))]
    found = read_reply(completion("10", logprobs={"content": content}))
    assert (found.score, found.weighted) == (10.0, False)


@pytest.mark.parametrize("logprobs", [None, {}, {"content": None}, {"content": [1]}, {"content": [{"token": 7}]}, [7]])
def test_without_probabilities_the_number_is_the_score(logprobs):
    found = read_reply(completion("7", logprobs=logprobs))
    assert (found.score, found.weighted) == (7.0, False)


def test_a_certain_ten_is_never_more_than_ten():
    content = [token("10", ("10", 1 / 3))]
    assert read_reply(completion("10", logprobs={"content": content})).score <= 10


def test_what_is_kept_of_a_reply_comes_back():
    kept = read_reply(completion("Hm."))
    assert Reply.from_json(json.loads(json.dumps(kept.to_json()))) == kept


def test_a_prompt_names_criteria_and_steps_and_says_of_no_text_that_it_is_gold():
    couple = Couple(Kind.CONDITION, "Who won {it}?", ("the men’s cup",), ("women’s cup", "cup of women"))
    (_system, asked), (_same, swapped) = prompts.messages(couple, False), prompts.messages(couple, True)
    for piece in ("Task", "Criteria", "Evaluation steps\n1.", "Who won {it}?", "from 0 to 10"):
        assert piece in asked["content"]
    assert "gold" not in asked["content"]
    assert "<text-1>the men’s cup</text-1>" in asked["content"]
    assert "<text-1>women’s cup\nthe same in other words: cup of women</text-1>" in swapped["content"]
