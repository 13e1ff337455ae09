"""A served site that can be killed at any moment, and annotators who work on it and note what was acknowledged.

``PROVISO_KILLS`` says how often each test of such a thing kills it; ``make faults`` kills it twenty times.
"""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings

from tests.annotator.scriptless import Form
from tests.config.test_serve import PATIENCE

KILLS = int(os.environ.get("PROVISO_KILLS", "2"))
TOKEN = "x" * 32


@contextmanager
def served(port: int, database: str, var: Path) -> Iterator[None]:
    """Serve the site as a team does; on leaving, the server and its workers are killed at once."""
    environment = os.environ | {"DATABASE_URL": database, "PROVISO_VAR": str(var), "LOG_LEVEL": "CRITICAL"}
    environment |= {"SECRET_KEY": settings.SECRET_KEY, "DEBUG": "true"}  # spares collecting the static files
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "2"]
    command += ["--threads", "4", "--keep-alive", "30", "--log-level", "critical"]
    server = subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, start_new_session=True)
    try:
        wait_for(port)
        yield
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait(PATIENCE)
        wait_for(port, listened_at=False)  # its workers die a moment later, and would be taken for the next server’s


def wait_for(port: int, *, listened_at: bool = True) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if (probe.connect_ex(("127.0.0.1", port)) == 0) is listened_at:
                return
        time.sleep(0.05)
    raise TimeoutError(f"port {port} is not as it should be")


class Annotator:
    """One person at work without script: claims, adds a card, saves its text and hands in, until the server is gone."""

    def __init__(self, name: str, session: str, port: int) -> None:
        self.name, self.port, self.done = name, port, 0
        self.headers = {"Cookie": f"sessionid={session}; csrftoken={TOKEN}", "X-CSRFToken": TOKEN}
        self.claimed: set[int] = set()
        self.saved: dict[str, str] = {}
        self.sent: dict[str, str] = {}
        self.submitted: set[int] = set()

    def work(self) -> None:
        """Do one question after another; whatever the kill cuts off was not acknowledged."""
        self.connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            while self.one():
                pass
        except (OSError, HTTPException):
            self.connection.close()

    def one(self) -> bool:
        """Do one question, and return whether there was one."""
        url = self.post("/p/clocks/claim/", {})
        if "/q/" not in url:
            return False
        question = int(re.findall(r"/q/(\d+)/", url)[0])
        self.claimed.add(question)
        if "card" not in self.form(url):
            self.post(url, self.form(url) | {"do": ["add"]})
        self.write(url, "save")
        if "refused" not in self.write(url, "submit"):
            self.submitted.add(question)
        return True

    def write(self, url: str, do: str) -> str:
        """Post the page with new words on its card, and return where the answer leads."""
        form = self.form(url)
        (uid,) = form["card"]
        self.done += 1
        self.sent[uid] = f"the case in the words numbered {self.done} of {self.name}"
        form |= {f"text.{uid}": [self.sent[uid]], "verdict": ["unambiguous"], "do": [do]}
        form |= {f"answer.{answer}": ["2010"] for answer in form[f"answers.{uid}"]}
        answer = self.post(url, form)
        self.saved[uid] = self.sent[uid]
        return answer

    def form(self, url: str) -> dict[str, list[str]]:
        parser = Form()
        parser.feed(self.ask("GET", url)[0])
        return dict(parser.values)

    def post(self, url: str, form: dict[str, list[str]]) -> str:
        """Post a form, and return where the answer leads: that is the acknowledgement."""
        return self.ask("POST", url, urlencode(form, doseq=True))[1]

    def ask(self, method: str, url: str, body: str | None = None) -> tuple[str, str]:
        kind = {"Content-Type": "application/x-www-form-urlencoded"} if body is not None else {}
        self.connection.request(method, url, body, self.headers | kind)
        answer = self.connection.getresponse()
        text = answer.read().decode()
        assert answer.status in (200, 302), (answer.status, url, text[:300])
        return text, answer.headers.get("Location", "").partition("#")[0].partition("?open")[0]
