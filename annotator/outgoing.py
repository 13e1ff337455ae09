"""The one door through which the site writes to an address that somebody typed. Pure.

A name is looked up once, every address found for it is checked, and the connection goes to one of these, so that a
second look-up cannot lead elsewhere. Nothing is redirected, no proxy is asked, and no more of an answer is read than is
shown.
"""

import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse
from ipaddress import IPv4Address, IPv6Address, ip_address
from socket import IPPROTO_TCP, SHUT_RDWR, SOCK_STREAM, create_connection, gaierror, getaddrinfo, socket
from threading import Timer
from urllib.parse import SplitResult, urlsplit

MOST_READ = 4000  # bytes of an answer
MOST_TRIED = 3  # addresses of one name
PORTS = {"http": 80, "https": 443}
# Azure answers its machines there; the address is of no private range.
METADATA = ip_address("168.63.129.16")
PRIVATE = "leads to a private address ({}); WEBHOOKS_ALLOW_PRIVATE lets it"


class BadAddress(Exception):
    """Nothing can be sent there; the message says why, and follows on the address."""


@dataclass(frozen=True, slots=True)
class Patience:
    """The seconds that connecting, each silence, and all of it together may take."""

    connect: float = 5.0
    silence: float = 10.0
    whole: float = 15.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came back: a status and the beginning of the answer, or what went wrong. ``seconds`` is how long it took."""

    code: int | None = None
    answer: str = ""
    error: str = ""
    seconds: float = 0.0

    @property
    def good(self) -> bool:
        return self.code is not None and 200 <= self.code < 300 and not self.error


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


def check_address(url: str, *, private: bool) -> None:
    """Raise BadAddress where nothing could ever be sent to a URL. A name is not looked up, an address is checked."""
    host = parts_of(url).hostname or ""
    with suppress(ValueError):
        address = ip_address(host)
        if not private and not is_public(address):
            raise BadAddress(PRIVATE.format(address))


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Return whether an address is one of the internet at large, and wraps up no other."""
    special = address.is_multicast or address.is_reserved or address.is_link_local or address.is_unspecified
    wraps = isinstance(address, IPv6Address) and (address.ipv4_mapped or address.sixtofour or address.teredo)
    return address.is_global and not special and not wraps and address != METADATA


def addresses_of(host: str, port: int, *, private: bool) -> list[str]:
    """Return the addresses of a host. Raises BadAddress where one of them is private, or there is none."""
    try:
        found = getaddrinfo(host, port, type=SOCK_STREAM, proto=IPPROTO_TCP)
    except (gaierror, UnicodeError, OSError) as error:
        raise BadAddress("has a host whose name leads nowhere") from error
    addresses = list(dict.fromkeys(str(place[0]) for *_kind, place in found))
    for one in addresses:
        if not private and not is_public(ip_address(one)):
            raise BadAddress(PRIVATE.format(one))
    return addresses


@dataclass(slots=True)
class Deadline:
    """Cuts a connection when the time for all of it is up: a time-out alone never ends for whoever drips."""

    seconds: float
    passed: bool = False
    sock: socket | None = None
    timer: Timer = field(init=False, repr=False)

    def cut(self) -> None:
        self.passed = True
        if self.sock is not None:
            with suppress(OSError):
                socket.shutdown(self.sock, SHUT_RDWR)

    def __enter__(self) -> "Deadline":
        self.timer = Timer(self.seconds, self.cut)
        self.timer.daemon = True
        self.timer.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.timer.cancel()


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    private: bool,
    patience: Patience,
    trusted: Callable[[], ssl.SSLContext] = ssl.create_default_context,
) -> Outcome:
    """Send ``body`` to a URL, and return what came back. It raises nothing: what goes wrong is the outcome.

    ``trusted`` makes the certificates that a receiver’s may be signed by.
    """
    began = time.monotonic()
    with Deadline(patience.whole) as deadline:
        try:
            parts = parts_of(url)
            connection = connected(parts, deadline, patience, trusted, private=private)
            with closing(connection):
                said = {**headers, "Host": parts.netloc, "Connection": "close"}
                connection.request("POST", target_of(parts), body, said)
                code, answer = read(connection.getresponse())
                outcome = Outcome(code, answer, redirected(code))
        except (BadAddress, OSError, HTTPException, ValueError) as error:
            outcome = Outcome(error=reason(error))
    if deadline.passed:
        outcome = Outcome(outcome.code, outcome.answer, f"no whole answer within {patience.whole:g} seconds")
    return Outcome(outcome.code, outcome.answer, outcome.error, time.monotonic() - began)


def target_of(parts: SplitResult) -> str:
    """Return what the first line of a request asks for."""
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def connected(
    parts: SplitResult,
    deadline: Deadline,
    patience: Patience,
    trusted: Callable[[], ssl.SSLContext],
    *,
    private: bool,
) -> HTTPConnection:
    """Return a connection to an address of a URL’s host that was checked; its certificate is held against the name."""
    host, port = str(parts.hostname), parts.port or PORTS[parts.scheme]
    raw = first_of(addresses_of(host, port, private=private), port, patience.connect)
    raw.settimeout(patience.silence)
    deadline.sock = raw
    if parts.scheme == "https":
        deadline.sock = trusted().wrap_socket(raw, server_hostname=host, do_handshake_on_connect=False)
        deadline.sock.do_handshake()
    connection = HTTPConnection(host, port)
    connection.auto_open = 0  # what is cut stays cut
    connection.sock = deadline.sock
    return connection


def first_of(addresses: Sequence[str], port: int, seconds: float) -> socket:
    """Return a connection to the first of some addresses that takes one. Raises OSError."""
    tried = addresses[:MOST_TRIED]
    for address in tried[:-1]:
        with suppress(OSError):
            return create_connection((address, port), seconds)
    return create_connection((tried[-1], port), seconds)


def read(response: HTTPResponse) -> tuple[int, str]:
    """Return the status and the beginning of an answer; NUL is what no database keeps."""
    try:
        said = response.read(MOST_READ)
    except (HTTPException, OSError):
        said = b""  # a receiver that says yes and then breaks off has said yes
    return response.status, said.decode("utf-8", "replace").replace("\0", "�")


def redirected(code: int) -> str:
    return "it answers with a redirect, and redirects are not followed; give the address itself" * (300 <= code < 400)


def reason(error: Exception) -> str:
    """Return in words why nothing came back."""
    match error:
        case BadAddress():
            return f"the address {error}"
        case TimeoutError():
            return "no answer in time"
        case ssl.SSLCertVerificationError():
            return f"its certificate is not to be trusted: {error.verify_message}"
        case ConnectionRefusedError():
            return "the connection was refused"
        case ssl.SSLError():
            return "no TLS could be agreed on"
        case ConnectionError() | HTTPException():
            return "the connection was closed, or it speaks no HTTP"
    return "it cannot be reached"
