"""A double of a language model's endpoint: a server on this machine that answers, and misbehaves, as it is told."""

import json
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Body = Mapping[str, Any]


def completion(content: Any, *, logprobs: Any = None, **more: Any) -> bytes:
    """Return the bytes of a chat completion that says this, at a cost of 100 and 1 tokens."""
    choice = {"message": {"content": content}, "finish_reason": "stop", "logprobs": logprobs} | more
    return json.dumps({"choices": [choice], "usage": {"prompt_tokens": 100, "completion_tokens": 1}}).encode()


@dataclass
class Answer:
    """What the double does with a request; with ``closes`` it hangs up, with ``waits`` it waits for that first."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    closes: bool = False
    waits: threading.Event | None = None


def says(content: str) -> Answer:
    return Answer(completion(content))


def fails(status: int, message: str = "no", code: str = "", **headers: str) -> Answer:
    body = json.dumps({"error": {"message": message, "code": code}}).encode()
    return Answer(body, status, {name.replace("_", "-"): value for name, value in headers.items()})


class Double(ThreadingHTTPServer):
    """The server: ``answer`` decides, given what is asked and the how manieth request it is."""

    daemon_threads = True

    def __init__(self, answer: Callable[[Body, int], Answer], handler: type["Handler"]) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self.answer = answer
        self.lock = threading.Lock()
        self.asked: list[Body] = []
        self.keys: list[str | None] = []
        self.paths: list[str] = []
        self.inside = self.most_inside = 0
        self.patience = 1_000  # for an answer that ends some time

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"


class Handler(BaseHTTPRequestHandler):
    server: Double

    def do_POST(self) -> None:
        server = self.server
        body = self.asked(self.rfile.read(int(self.headers["Content-Length"] or 0)))
        with server.lock:
            server.asked.append(body)
            server.keys.append(self.headers["Authorization"])
            server.paths.append(self.path)
            number = len(server.asked)
            server.inside += 1
            server.most_inside = max(server.most_inside, server.inside)
        try:
            self.give(server.answer(body, number))
        finally:
            with server.lock:
                server.inside -= 1

    def asked(self, body: bytes) -> Body:
        """Return what is asked, as the double notes it."""
        asked: Body = json.loads(body)
        return asked

    def give(self, answer: Answer) -> None:
        if answer.waits:
            answer.waits.wait(10)
        if answer.closes:
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        try:
            self.send_response(answer.status)
            for name, value in {"Content-Length": str(len(answer.body)), **answer.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body)
        except OSError:
            pass  # whoever asked waits no longer

    def log_message(self, *_said: Any) -> None:
        """Say nothing."""


@contextmanager
def serving(answer: Callable[[Body, int], Answer], handler: type[Handler] = Handler) -> Iterator[Double]:
    """Run a double while something asks it."""
    server = Double(answer, handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def script(*answers: Answer) -> Callable[[Body, int], Answer]:
    """Return what gives these answers in turn, and the last one from then on."""
    return lambda _body, number: answers[min(number, len(answers)) - 1]
