"""Sending to addresses that people typed: where nothing is sent, and what a receiver that misbehaves brings about."""

import socket
import ssl
from dataclasses import replace
from ipaddress import ip_address
from threading import Event
from time import monotonic
from typing import Any

import pytest

from annotator import outgoing
from annotator.outgoing import BadAddress, Outcome, Terms, addresses_of, check_address, is_public, post
from tests.annotator.hooks import receiver as ways
from tests.annotator.hooks.receiver import AUTHORITY, Receiver, receiving, says

HERE = Terms(private=True, connect=5, whole=20)
HASTY = replace(HERE, whole=1)


def sent(server: Receiver, answer: ways.Answer, terms: Terms = HERE) -> Outcome:
    server.answer = answer
    return post(server.url, b"{}", {"X-One": "1"}, terms)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("ftp://lab.example/", "does not begin with"),
        ("//lab.example/", "does not begin with"),
        ("https:///path", "names no host"),
        ("https://lab.example:0/", "names no host"),
        ("https://lab.example:99999/", "is no address"),
        ("https://[::1/", "is no address"),
        ("https://me:secret@lab.example/", "holds a name or a password"),
        ("https://lab.example/#part", "holds a “#”"),
        ("https://lab.example/a b", "holds a space"),
        ("https://lab.example\\@127.0.0.1/", "holds a space or a letter"),
        ("https://lab.example/\r\nX-Two: 2", "holds a space or a letter"),
        ("http://127.0.0.1/", "leads to a private address"),
        ("http://127.1/", "leads to a private address"),
        ("http://2130706433/", "leads to a private address"),
        ("http://0x7f.1:8000/", "leads to a private address"),
        ("http://[::1]:8000/", "leads to a private address"),
    ],
)
def test_an_address_to_which_nothing_can_be_sent_says_why(url, why):
    with pytest.raises(BadAddress, match=why):
        check_address(url, private=False)


def test_an_address_of_the_internet_is_good_and_so_is_a_private_one_where_that_is_let():
    check_address("https://lab.example:8443/hooks?key=1", private=False)
    check_address("https://8.8.8.8/", private=False)
    check_address("http://10.0.0.7:8000/", private=True)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1"),
        *("0.0.0.0", "0.1.2.3", "224.0.0.1", "240.0.0.1", "255.255.255.255", "198.18.0.1", "100.100.100.200"),
        *("168.63.129.16", "192.0.0.192", "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254"),
        *("ff02::1", "fec0::1", "::ffff:8.8.8.8", "::ffff:127.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1"),
        *("64:ff9b:1::1", "2002:7f00:1::", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:db8::1"),
        *("192.88.99.1", "3fff::1"),
    ],
)
def test_it_is_no_address_of_the_internet(address):
    assert not is_public(ip_address(address))


def test_addresses_of_the_internet_are():
    assert is_public(ip_address("8.8.8.8"))
    assert is_public(ip_address("2606:4700:4700::1111"))


def resolver(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Let each look-up bring the next of some answers, and return the names that were asked for."""
    asked: list[str] = []

    def looked_up(host: str, port: int, **_kind: Any) -> list[Any]:
        asked.append(host)
        found = answers[min(len(asked), len(answers)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in found]

    monkeypatch.setattr(outgoing, "getaddrinfo", looked_up)
    return asked


def test_a_name_that_leads_to_a_private_address_is_refused_also_beside_a_public_one(monkeypatch):
    resolver(monkeypatch, ["8.8.8.8", "192.168.0.1"])
    with pytest.raises(BadAddress, match=r"192\.168\.0\.1"):
        addresses_of("lab.example", 80, 5, private=False)


@pytest.mark.parametrize("host", ["127.1", "2130706433", "0x7f000001", "0177.0.0.1", "localhost"])
def test_other_spellings_of_this_machine_are_refused_when_looked_up(host, receiver):
    outcome = post(f"http://{host}:{receiver.server_port}/", b"{}", {}, replace(HERE, private=False))
    assert outcome.code is None
    assert receiver.got == []


def test_a_name_is_looked_up_once_and_the_connection_goes_to_what_was_checked(monkeypatch, receiver):
    """A name whose answer changes in between, as an attacker’s does, leads nowhere else."""
    asked = resolver(monkeypatch, ["8.8.8.8"], ["127.0.0.1"])
    went: list[Any] = []

    def create(address: Any, _seconds: float) -> socket.socket:
        went.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(outgoing, "create_connection", create)
    outcome = post(f"http://lab.example:{receiver.server_port}/", b"{}", {}, replace(HERE, private=False))
    assert (asked, went) == (["lab.example"], [("8.8.8.8", receiver.server_port)])
    assert outcome.error == "the connection was refused"


def test_the_next_address_is_tried_where_one_takes_no_connection(monkeypatch, receiver):
    resolver(monkeypatch, ["127.0.0.2", "127.0.0.1"])
    outcome = post(f"http://lab.example:{receiver.server_port}/", b"{}", {}, HERE)
    assert outcome.good
    assert receiver.got[0].headers["Host"] == f"lab.example:{receiver.server_port}"


def test_what_is_sent_arrives_with_its_headers_and_the_answer_comes_back(receiver):
    outcome = sent(receiver, says(201, b"thanks \xff\x00"))
    [got] = receiver.got
    assert (got.path, got.body, got.headers["X-One"]) == ("/proviso", b"{}", "1")
    assert (outcome.code, outcome.answer, outcome.error, outcome.good) == (201, "thanks ��", "", True)


@pytest.mark.parametrize("status", [400, 410, 500, 503])
def test_a_status_that_is_no_success_is_none(receiver, status):
    outcome = sent(receiver, says(status, b"no"))
    assert (outcome.code, outcome.answer, outcome.good) == (status, "no", False)


def test_a_redirect_is_not_followed(receiver):
    with receiving() as inside:
        outcome = sent(receiver, says(302, headers={"Location": inside.url}))
        assert inside.got == []
    assert outcome.code == 302
    assert not outcome.good
    assert "redirects are not followed" in outcome.error


@pytest.mark.parametrize(
    ("way", "error"),
    [
        (ways.hangs, "no answer within 1 seconds"),
        (ways.hangs_up, "the connection was closed"),
        (ways.speaks_no_http, "it speaks no HTTP"),
        (ways.drips, "no answer within 1 seconds"),
    ],
)
def test_a_receiver_that_misbehaves_is_left(receiver, way, error):
    began = monotonic()
    outcome = sent(receiver, way, HASTY)
    assert outcome.code is None
    assert error in outcome.error
    assert monotonic() - began < 5
    assert outcome.seconds > 0


def test_a_name_that_nobody_resolves_takes_no_longer_than_all_may_take(monkeypatch):
    ended = Event()
    monkeypatch.setattr(outgoing, "getaddrinfo", lambda *_asked, **_kind: [ended.wait(10)])
    began = monotonic()
    outcome = post("http://lab.example/", b"{}", {}, HASTY)
    ended.set()
    assert outcome.error.startswith("no answer")
    assert monotonic() - began < 5


def test_the_time_may_be_up_before_a_connection_stands(receiver):
    assert sent(receiver, says(200), replace(HERE, whole=0)).error == "no answer within 0 seconds"


def test_who_said_yes_and_then_drips_has_said_yes(receiver):
    outcome = sent(receiver, ways.drips_after_yes, HASTY)
    assert outcome.good
    assert outcome.seconds < 5


def test_of_an_answer_without_end_only_the_beginning_is_read(receiver):
    outcome = sent(receiver, ways.floods)
    assert (outcome.code, outcome.answer) == (500, "x" * outgoing.MOST_READ)


def test_nobody_listens():
    with receiving() as gone:
        url = gone.url
    assert post(url, b"{}", {}, HERE).error == "the connection was refused"


def trusting() -> ssl.SSLContext:
    context = ssl.create_default_context()
    AUTHORITY.configure_trust(context)
    return context


def test_a_certificate_is_held_against_the_name():
    with receiving(tls=True) as server:
        path = f"{server.server_port}/"
        good = post(f"https://localhost:{path}", b"{}", {}, replace(HERE, trusted=trusting))
        other = post(f"https://127.0.0.1:{path}", b"{}", {}, replace(HERE, trusted=trusting))
        unknown = post(f"https://localhost:{path}", b"{}", {}, HERE)
    assert good.good
    assert "IP address mismatch" in other.error
    assert "unable to get local issuer certificate" in unknown.error
    assert len(server.got) == 1


def test_tls_with_who_has_none_is_an_error_and_a_drip_in_it_is_cut(receiver):
    none = post(receiver.url.replace("http:", "https:"), b"{}", {}, HERE)
    assert none.error == "no TLS could be agreed on"
    with receiving(tls=True) as server:
        server.answer = ways.drips
        url = f"https://localhost:{server.server_port}/"
        assert post(url, b"{}", {}, replace(HERE, whole=2, trusted=trusting)).error == "no answer within 2 seconds"
