"""The judge that asks a language model: both orders, few at a time, nothing lost and nothing asked twice."""

import threading

import pytest

from scoring.judges import Couple, Kind
from scoring.judges.llm import prompts
from scoring.judges.llm.endpoint import Away, HttpEndpoint, InMemory, SetUpWrong
from scoring.judges.llm.judge import LlmJudge, version_of
from scoring.judges.llm.memory import Forgetful, Replies
from scoring.judges.llm.replies import Flaw, Reply
from scoring.judges.llm.summing import Prices, sums
from tests.scoring.judges.double import Answer, completion, fails, says, script, serving

SPAIN = "When did Spain win the World Cup?"


def couple(number: int) -> Couple:
    return Couple(Kind.ANSWER, SPAIN, (f"gold {number}",), (f"said {number}",))


def goes_first(body) -> str:
    """Return which text a request names first: “gold 1” or “said 1”."""
    return body["messages"][1]["content"].split("<text-1>")[1].split("<")[0]


def in_memory(answer, **more) -> LlmJudge:
    return LlmJudge(InMemory(answer), "m", **more)


def asked_by(judge: LlmJudge) -> list[str]:
    """Return which text each request named first, in order."""
    assert isinstance(judge.endpoint, InMemory)
    return [goes_first(body) for body in judge.endpoint.asked]


def kept_by(judge: LlmJudge) -> dict[Couple, Replies]:
    assert isinstance(judge.memory, Forgetful)
    return judge.memory.kept


def test_a_verdict_is_the_mean_of_both_orders_from_0_to_1():
    judge = in_memory(lambda body: completion("8" if goes_first(body).startswith("gold") else "5"))
    assert judge.judge([couple(1), couple(2), couple(1)]) == [0.65, 0.65, 0.65]
    assert sorted(asked_by(judge)) == ["gold 1", "gold 2", "said 1", "said 2"]


def test_without_swap_gold_alone_goes_first():
    judge = in_memory(lambda _body: completion("8"), swap=False)
    assert judge.judge([couple(1)]) == [0.8]
    assert asked_by(judge) == ["gold 1"]


def test_a_flawed_reply_is_asked_for_once_more():
    said = iter(["Hm.", "7"])
    judge = in_memory(lambda _body: completion(next(said)), swap=False)
    assert judge.judge([couple(1)]) == [0.7]
    assert kept_by(judge)[couple(1)] == (Reply(7.0, calls=2, tokens_in=200, tokens_out=2),)


def test_what_stays_flawed_has_no_verdict_and_the_others_have_theirs():
    judge = in_memory(lambda body: completion("I will not." if "gold 2" in goes_first(body) else "7"))
    assert judge.judge([couple(1), couple(2), couple(3)]) == [0.7, None, 0.7]
    found = sums(kept_by(judge).values())
    assert (found.couples, found.without, found.flaws[Flaw.REFUSED]) == (3, 1, 1)


def test_what_the_endpoint_declines_is_a_refusal_of_that_couple_alone():
    def answer(body, _number):
        return fails(400, "Not this.", "content_filter") if "gold 2" in str(body) else says("9")

    with serving(answer) as server:
        judge = LlmJudge(HttpEndpoint(server.url), "m")
        assert judge.judge([couple(1), couple(2)]) == [0.9, None]


def test_what_a_reply_cost_is_kept_where_the_next_one_is_declined():
    said = iter([says("Hm."), fails(400, "Not this.", "content_filter")])
    with serving(lambda _body, _number: next(said)) as server:
        judge = LlmJudge(HttpEndpoint(server.url), "m", swap=False)
        assert judge.judge([couple(1)]) == [None]
        (reply,) = kept_by(judge)[couple(1)]
    assert (reply.flaw, reply.calls, reply.tokens_in) == (Flaw.REFUSED, 2, 100)


def test_an_endpoint_without_probabilities_is_asked_without_them():
    def answer(body, _number):
        return fails(400, "logprobs is not supported") if "logprobs" in body else says("9")

    with serving(answer) as server:
        judge = LlmJudge(HttpEndpoint(server.url), "m", at_once=1)
        assert judge.judge([couple(1), couple(2)]) == [0.9, 0.9]
    assert sum("logprobs" in body for body in server.asked) == 1


def test_never_more_are_asked_at_once_than_allowed():
    both_in = threading.Barrier(3)

    def answer(_body, _number):
        both_in.wait(10)  # passes only where three are asked at once
        return says("5")

    with serving(answer) as server:
        LlmJudge(HttpEndpoint(server.url), "m", at_once=3).judge([couple(number) for number in range(6)])
    assert (server.most_inside, len(server.asked)) == (3, 12)


def test_an_error_leaves_what_came_before_it_and_the_rest_is_asked_anew():
    memory = Forgetful()
    broken = in_memory(dying_at("gold 3"), memory=memory, at_once=1)
    with pytest.raises(SetUpWrong):
        broken.judge([couple(number) for number in range(5)])
    again = in_memory(lambda _body: completion("6"), memory=memory)
    assert again.judge([couple(number) for number in range(5)]) == [0.6] * 5
    assert sorted(asked_by(again)) == ["gold 3", "gold 4", "said 3", "said 4"]


def dying_at(text: str):
    def answer(body):
        if goes_first(body) == text:
            raise SetUpWrong("The key is gone.")
        return completion("6")

    return answer


def test_half_of_a_couple_is_kept_and_its_other_order_asked_later():
    memory = Forgetful()
    with pytest.raises(SetUpWrong):
        in_memory(dying_at("said 1"), memory=memory, at_once=1).judge([couple(1)])
    again = in_memory(lambda _body: completion("8"), memory=memory)
    assert again.judge([couple(1)]) == [0.7]
    assert asked_by(again) == ["said 1"]


def test_what_is_under_way_when_one_fails_is_not_lost():
    begun, failed = threading.Event(), threading.Event()

    def answer(body):
        if goes_first(body) == "gold 1":
            begun.wait(10)
            failed.set()
            raise Away("It is gone.")
        begun.set()
        failed.wait(10)
        return completion("6")

    judge = in_memory(answer, at_once=2, swap=False)
    with pytest.raises(Away):
        judge.judge([couple(1), couple(2), couple(3)])
    assert list(kept_by(judge)) == [couple(2)]


def test_progress_is_told_of_every_reply_and_that_none_came():
    told, come = [], threading.Event()

    def progress(_what, done, total):
        told.append((done, total))
        come.set()

    def answer(_body):
        come.wait(10)
        return completion("6")

    in_memory(answer, progress=progress, beat=0.01, at_once=1).judge([couple(1)])
    assert told[0] == (0, 2)
    assert told[-1] == (2, 2)


def test_whoever_breaks_off_keeps_what_came():
    def progress(_what, done, _total):
        if done == 2:
            raise InterruptedError

    judge = in_memory(lambda _body: completion("6"), progress=progress, at_once=1)
    with pytest.raises(InterruptedError):
        judge.judge([couple(1), couple(2)])
    assert list(kept_by(judge)) == [couple(1)]


def test_the_version_names_all_that_a_verdict_hangs_on(monkeypatch):
    versions = {version_of("a", swap=True), version_of("b", swap=True), version_of("a", swap=False)}
    assert version_of("a", swap=True) == f"a, prompt {prompts.DIGEST[:12]}, both orders, temperature 0"
    monkeypatch.setattr(prompts, "DIGEST", "0" * 64)
    assert len(versions | {version_of("a", swap=True)}) == 4


def test_the_consistency_of_orders_by_hand():
    # |8 − 7|, |8 − 5| and |3 − 3|: a mean of 4/3, two of three within a point; one couple has one order only
    pairs = [(Reply(a), Reply(b)) for a, b in [(8.0, 7.0), (8.0, 5.0), (3.0, 3.0)]]
    found = sums([*pairs, (Reply(9.0), Reply(flaw=Flaw.UNCLEAR)), (Reply(2.0), None)])
    assert found.difference == pytest.approx(4 / 3)
    assert found.percent_close == pytest.approx(200 / 3)
    assert (found.both, found.without) == (3, 1)
    assert sums([]).difference is sums([]).percent_close is None


def test_the_cost_of_tokens_by_hand():
    assert Prices(2.0, 8.0).of(1_500_000, 250_000) == pytest.approx(5.0)
    assert Prices(2.0, None).of(1, 1) is None


def test_a_server_that_does_everything_wrong_once_is_got_along_with():
    wrong = [fails(429, Retry_After="0"), fails(500), Answer(b"{"), Answer(closes=True), says("I cannot."), says("7")]
    with serving(script(*wrong)) as server:
        judge = LlmJudge(HttpEndpoint(server.url, sleep=lambda _seconds: None), "m", at_once=1, swap=False)
        assert judge.judge([couple(1), couple(2)]) == [None, 0.7]
