"""The door to a language model, against a double that misbehaves. Nobody sleeps: what would be is written down."""

import threading
from email.utils import formatdate

import pytest

from scoring.judges.llm.endpoint import Away, Declined, HttpEndpoint, NoProbabilities, SetUpWrong
from tests.scoring.judges.double import Answer, fails, says, script, serving

KEY = "sk-very-secret"
BODY = {"model": "m", "messages": []}


def ask(server, slept=None, **more):
    note = [] if slept is None else slept
    return HttpEndpoint(server.url, KEY, sleep=note.append, jitter=lambda: 0.0, **more).ask(BODY)


def test_a_reply_comes_as_it_is_and_the_key_goes_along():
    with serving(script(says("7"))) as server:
        assert ask(server) == says("7").body
    assert (server.asked, server.keys, server.paths) == ([BODY], [f"Bearer {KEY}"], ["/v1/chat/completions"])


def test_what_passes_is_tried_again_later_each_time():
    slept: list[float] = []
    with serving(script(fails(500), fails(503), Answer(closes=True), fails(429), says("7"))) as server:
        assert ask(server, slept) == says("7").body
    assert slept == [1.0, 2.0, 4.0, 8.0]


def test_chance_takes_up_to_half_of_a_wait():
    assert HttpEndpoint("http://a", jitter=lambda: 1.0).backed_off(3) == 4.0
    assert HttpEndpoint("http://a", jitter=lambda: 0.0).backed_off(30) == 120.0


def test_retry_after_is_waited_for_as_seconds_and_as_a_date():
    slept: list[float] = []
    dated = fails(429, Retry_After=formatdate(1_000_030, usegmt=True))
    with serving(script(fails(429, Retry_After="17"), dated, fails(429, Retry_After="soon"), says("7"))) as server:
        ask(server, slept, now=lambda: 1_000_000)
    assert slept == [17.0, 30.0, 4.0]


def test_whoever_asks_to_wait_for_an_hour_is_away():
    slept: list[float] = []
    long = fails(429, "Slow down.", Retry_After="3600")
    with serving(script(long)) as server, pytest.raises(Away, match=r"3600 seconds: 429 Slow down\."):
        ask(server, slept)
    assert slept == []


def test_the_number_of_tries_is_bounded():
    told = r"in 3 tries; the last: 502 Bad luck\."
    with serving(script(fails(502, "Bad luck."))) as server, pytest.raises(Away, match=told):
        ask(server, tries=3)
    assert len(server.asked) == 3


def test_a_time_out_is_tried_again():
    never = threading.Event()
    with serving(script(Answer(waits=never), says("7"))) as server:
        assert ask(server, timeout=0.2) == says("7").body
        never.set()


def test_half_a_reply_is_tried_again():
    cut = Answer(b"{", headers={"Content-Length": "100"}, closes=False)
    with serving(script(cut, says("7"))) as server:
        assert ask(server) == says("7").body


@pytest.mark.parametrize(
    ("status", "setting"),
    [(400, "MODEL"), (401, "KEY"), (403, "KEY"), (404, "URL"), (405, "URL"), (302, "URL"), (422, "URL")],
)
def test_what_is_set_up_wrong_names_the_setting_and_is_asked_once(status, setting):
    wrong = fails(status, f"Wrong: {KEY}", Location="http://127.0.0.1:1/")
    named = pytest.raises(SetUpWrong, match=f"LLM_JUDGE_{setting}")
    with serving(script(wrong)) as server, named as raised:
        ask(server)
    assert len(server.asked) == 1
    assert KEY not in str(raised.value)
    assert f"({status}: Wrong: …)" in str(raised.value)


@pytest.mark.parametrize("body", [b"", b"<h1>Nginx</h1>", b"[]", b'{"error": null}', b'{"error": {}}'])
def test_an_error_without_words_is_an_error_all_the_same(body):
    with serving(script(Answer(body, 401))) as server, pytest.raises(SetUpWrong, match="LLM_JUDGE_KEY"):
        ask(server)


def test_nobody_at_the_address_names_the_setting():
    with pytest.raises(SetUpWrong, match="LLM_JUDGE_URL"):
        HttpEndpoint("http://127.0.0.1:1/v1", KEY).ask(BODY)


@pytest.mark.parametrize("code", ["content_filter", "context_length_exceeded"])
def test_texts_that_the_endpoint_will_not_hear_of_are_declined(code):
    with serving(script(fails(400, "Not this.", code))) as server, pytest.raises(Declined):
        ask(server)


def test_an_endpoint_without_probabilities_says_so():
    wrong = fails(400, "logprobs is not supported by this model")
    with serving(script(wrong)) as server, pytest.raises(NoProbabilities):
        ask(server)


def test_the_key_stands_in_no_representation_and_no_place():
    door = HttpEndpoint("https://api.example:8443/v1", KEY)
    assert KEY not in repr(door)
    assert door.place == "https://api.example:8443/v1"
