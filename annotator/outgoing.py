"""The one door through which the site writes to an address that somebody typed. Pure.

A name is looked up once, every address found for it is checked, and the connection goes to one of these, so that a
second look-up cannot lead elsewhere. Nothing is redirected, no proxy is asked, and no more of an answer is read than is
shown.
"""

import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from http.client import HTTPConnection, HTTPException, HTTPResponse
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from socket import IPPROTO_TCP, SHUT_RDWR, SOCK_STREAM, create_connection, getaddrinfo, inet_aton, socket
from threading import Thread, Timer
from typing import Any
from urllib.parse import SplitResult, urlsplit

MOST_READ = 4000  # bytes of an answer
MOST_TRIED = 3  # addresses of one name
PORTS = {"http": 80, "https": 443}
# Where clouds answer their own machines: Oracle’s block, which not every Python calls private, and Azure’s address. And
# what not every Python knows to lead nowhere: the old relays of 6to4, and addresses for documents.
UNFIT = [ip_network(one) for one in ("192.0.0.0/24", "168.63.129.16/32", "192.88.99.0/24", "3fff::/20")]
PRIVATE = "leads to a private address ({}); WEBHOOKS_ALLOW_PRIVATE lets it"
REDIRECTED = "it answers with a redirect, and redirects are not followed; give the address itself"


class BadAddress(Exception):
    """Nothing can be sent there; the message says why, and follows on the address."""


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms something is sent.

    ``private`` lets it into private networks. Connecting to one address, and all of it, may take so many seconds.
    ``trusted`` gives the certificates by which a receiver’s is trusted.
    """

    private: bool = False
    connect: float = 5.0
    whole: float = 15.0
    trusted: Callable[[], ssl.SSLContext] = ssl.create_default_context


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came back: a status and the beginning of the answer, or what went wrong. ``seconds`` is how long it took."""

    code: int | None = None
    answer: str = ""
    error: str = ""
    seconds: float = 0.0

    @property
    def good(self) -> bool:
        return self.code is not None and 200 <= self.code < 300


# Addresses


def check_address(url: str, *, private: bool) -> None:
    """Raise BadAddress where nothing could ever be sent to a URL. A name is not looked up, an address is checked."""
    host = str(parts_of(url).hostname)
    with suppress(ValueError, OSError):
        # Version 4 has more ways to be written than ip_address reads: 127.1, 2130706433.
        check_public(ip_address(host) if ":" in host else IPv4Address(inet_aton(host)), private=private)


def parts_of(url: str) -> SplitResult:
    """Return the parts of an http(s) address that names a host and nobody. Raises BadAddress."""
    if not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        raise BadAddress("holds a space or a letter that an address has to escape")
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname
    except ValueError as error:
        raise BadAddress("is no address") from error
    if parts.scheme not in PORTS:
        raise BadAddress("does not begin with http:// or https://")
    if not host or port == 0 or len(host) > 253:
        raise BadAddress("names no host")
    if "@" in parts.netloc:
        raise BadAddress("holds a name or a password; the signature shows who sends")
    if parts.fragment:
        raise BadAddress("holds a “#”, and what follows it is never sent")
    return parts


def check_public(address: IPv4Address | IPv6Address, *, private: bool) -> None:
    if not private and not is_public(address):
        raise BadAddress(PRIVATE.format(address))


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Return whether an address is one of the internet at large, and wraps up no other."""
    if isinstance(address, IPv6Address) and (address.is_site_local or address.sixtofour or address.teredo):
        return False  # what wraps an address of version 4 in other ways is reserved
    special = address.is_multicast or address.is_reserved or address.is_link_local or address.is_unspecified
    return address.is_global and not special and not any(address in network for network in UNFIT)


def addresses_of(host: str, port: int, seconds: float, *, private: bool) -> list[str]:
    """Return the addresses of a host. Raises BadAddress where one is private, or there is none, and TimeoutError."""
    try:
        found = looked_up(host, port).result(seconds)
    except TimeoutError:
        raise
    except (OSError, UnicodeError) as error:
        raise BadAddress("has a host whose name leads nowhere") from error
    addresses = list(dict.fromkeys(str(place[0]) for *_kind, place in found))
    for one in addresses:
        check_public(ip_address(one), private=private)
    return addresses


def looked_up(host: str, port: int) -> "Future[list[Any]]":
    """Return what the system will say of a name: it cannot be hurried, so a thread that nobody waits for asks it."""
    answer: Future[list[Any]] = Future()

    def ask() -> None:
        try:
            answer.set_result(list(getaddrinfo(host, port, type=SOCK_STREAM, proto=IPPROTO_TCP)))
        except (OSError, UnicodeError) as error:
            answer.set_exception(error)

    Thread(target=ask, name=f"looking up {host}", daemon=True).start()
    return answer


# Sending


def post(url: str, body: bytes, headers: Mapping[str, str], terms: Terms) -> Outcome:
    """Send ``body`` to a URL, and return what came back. It raises nothing: what goes wrong is the outcome."""
    began = time.monotonic()
    with Deadline(terms.whole) as deadline:
        try:
            outcome = exchanged(url, body, headers, terms, deadline)
        except (BadAddress, OSError, HTTPException, ValueError) as error:
            outcome = Outcome(error=deadline.said() or reason(error))
    return replace(outcome, seconds=time.monotonic() - began)


def exchanged(url: str, body: bytes, headers: Mapping[str, str], terms: Terms, deadline: "Deadline") -> Outcome:
    """Return the answer of whoever took a connection."""
    parts = parts_of(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    with closing(HTTPConnection(str(parts.hostname), parts.port or PORTS[parts.scheme])) as connection:
        connection.auto_open = 0  # what is cut stays cut
        connect(connection, parts, terms, deadline)
        connection.request("POST", target, body, {**headers, "Host": parts.netloc, "Connection": "close"})
        response = connection.getresponse()
        deadline.check()  # what is cut in the middle of its headers looks like their end
        return Outcome(response.status, beginning(response), REDIRECTED * (300 <= response.status < 400))


@dataclass(slots=True)
class Deadline:
    """Cuts a connection when the time for all of it is up: a time-out alone never ends for whoever drips."""

    seconds: float
    passed: bool = False
    began: float = field(default_factory=time.monotonic)
    sock: socket | None = None
    timer: Timer = field(init=False, repr=False)

    def __enter__(self) -> "Deadline":
        self.timer = Timer(self.seconds, self.cut)
        self.timer.daemon = True
        self.timer.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.timer.cancel()

    def watch(self, sock: socket) -> None:
        """Cut this connection when the time comes. Raises TimeoutError."""
        self.sock = sock
        self.check()

    def left(self, most: float) -> float:
        """Return how many seconds something may take, ``most`` at most. Raises TimeoutError."""
        self.check()
        return max(min(most, self.began + self.seconds - time.monotonic()), 0.001)  # 0 would not wait at all

    def check(self) -> None:
        """Raise TimeoutError where the time is up."""
        if self.passed:
            raise TimeoutError

    def cut(self) -> None:
        self.passed = True
        if self.sock is not None:
            with suppress(OSError):
                socket.shutdown(self.sock, SHUT_RDWR)

    def said(self) -> str:
        return f"no answer within {self.seconds:g} seconds" if self.passed else ""


def connect(connection: HTTPConnection, parts: SplitResult, terms: Terms, deadline: Deadline) -> None:
    """Connect to an address of a URL’s host that was checked, and hold its certificate against the name."""
    addresses = addresses_of(connection.host, connection.port, deadline.left(terms.whole), private=terms.private)
    connection.sock = first_of(addresses, connection.port, lambda: deadline.left(terms.connect))
    connection.sock.settimeout(terms.whole)
    if parts.scheme == "https":
        secured = terms.trusted().wrap_socket
        connection.sock = secured(connection.sock, server_hostname=connection.host, do_handshake_on_connect=False)
    deadline.watch(connection.sock)
    if isinstance(connection.sock, ssl.SSLSocket):
        connection.sock.do_handshake()


def first_of(addresses: Sequence[str], port: int, seconds: Callable[[], float]) -> socket:
    """Return a connection to the first of some addresses that takes one within ``seconds``. Raises OSError."""
    *others, last = addresses[:MOST_TRIED]
    for address in others:
        with suppress(OSError):
            return create_connection((address, port), seconds())
    return create_connection((last, port), seconds())


def beginning(response: HTTPResponse) -> str:
    """Return the beginning of an answer. Whoever says yes and then breaks off, or drips, has said yes."""
    try:
        said = response.read(MOST_READ)
    except (HTTPException, OSError):
        return ""
    return said.decode("utf-8", "replace").replace("\0", "�")  # NUL is what no database keeps


def reason(error: Exception) -> str:
    """Return in words why nothing came back."""
    match error:
        case BadAddress():
            return f"the address {error}"
        case TimeoutError():
            return "no answer in time"
        case ssl.SSLCertVerificationError():
            return f"its certificate is not to be trusted: {error.verify_message}"
        case ssl.SSLError():
            return "no TLS could be agreed on"
        case ConnectionRefusedError():
            return "the connection was refused"
        case ConnectionError() | HTTPException():
            return "the connection was closed, or it speaks no HTTP"
    return "it cannot be reached"
