"""A receiver of messages on this machine, which answers, and misbehaves, as it is told."""

import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import trustme

AUTHORITY = trustme.CA()
Answer = Callable[["Handler"], None]


@dataclass(frozen=True)
class Received:
    path: str
    headers: Message
    body: bytes


class Receiver(ThreadingHTTPServer):
    """The server; ``answer`` is what it does with the next request."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answer: Answer = says(200, b"thanks")
        self.got: list[Received] = []
        self.ended = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/proviso"

    def handle_error(self, *_said: object) -> None:
        """Say nothing of those that hang up."""


class Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append(Received(self.path, self.headers, body))
        self.server.answer(self)

    def log_message(self, *_said: object) -> None:
        """Say nothing."""


def says(status: int, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Answer:
    def answer(to: Handler) -> None:
        to.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            to.send_header(name, value)
        to.end_headers()
        to.wfile.write(body)

    return answer


def hangs(to: Handler) -> None:
    to.server.ended.wait(10)


def hangs_up(to: Handler) -> None:
    to.close_connection = True


def speaks_no_http(to: Handler) -> None:
    to.wfile.write(b"220 smtp.lab.example ready\r\n")


def dripping(head: bytes) -> Answer:
    """Send a head and then more and more, always soon enough for a time-out to begin anew."""

    def answer(to: Handler) -> None:
        to.wfile.write(head)
        with suppress(OSError):
            while not to.server.ended.wait(0.02):
                to.wfile.write(b"a")

    return answer


drips = dripping(b"HTTP/1.1 200 OK\r\nX-Slow: ")
drips_after_yes = dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")


def floods(to: Handler) -> None:
    """Send an answer without an end."""
    to.wfile.write(b"HTTP/1.1 500 Oh\r\n\r\n")
    with suppress(OSError):
        while not to.server.ended.is_set():
            to.wfile.write(b"x" * 65536)


@contextmanager
def receiving(*, tls: bool = False) -> Iterator[Receiver]:
    """Run a receiver, with a certificate that is good for localhost alone if ``tls``."""
    server = Receiver()
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        AUTHORITY.issue_cert("localhost").configure_cert(context)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.ended.set()
        server.shutdown()
        server.server_close()
        thread.join()
