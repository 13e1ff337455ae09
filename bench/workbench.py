"""Opening and saving on the workbench, against bare views, with eight clients at once.

Serves the site as the README tells a team to, from a fresh SQLite database or the one of ``DATABASE_URL``, and prints
ratios of times measured in the same rounds. Usage: ``python -m bench workbench``.
"""

import http.client
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex
from urllib.parse import urlencode

CLIENTS, ROUNDS, SECONDS = 8, 5, 2.0


@dataclass
class Client:
    """One annotator's browser: a connection, a session, and the card that is being typed in."""

    port: int
    project: str
    session: str
    question: int
    annotation: int
    uid: str
    answer: str
    version: int = 1
    saves: int = 0
    times: dict[str, list[float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port)
        self.headers = {"Cookie": f"sessionid={self.session}; csrftoken={'x' * 32}", "X-CSRFToken": "x" * 32}

    def ask(self, method: str, url: str, body: str | None = None) -> str:
        headers = self.headers | ({"Content-Type": "application/x-www-form-urlencoded"} if body else {})
        self.connection.request(method, url, body, headers)
        answer = self.connection.getresponse()
        text = answer.read().decode()
        assert answer.status == 200, (answer.status, url, text[:500])
        return text

    def open(self) -> None:
        self.ask("GET", f"/p/{self.project}/q/{self.question}/")

    def bare_open(self) -> None:
        self.ask("GET", f"/bare/open/{self.annotation}/")

    def save(self) -> None:
        found = re.search(
            r'value="(\d+)" hx-swap-oob',
            self.ask("POST", f"/p/{self.project}/q/{self.question}/c/{self.uid}/", self.body()),
        )
        assert found
        self.version = int(found[1])

    def bare_save(self) -> None:
        self.ask("POST", f"/bare/save/{self.annotation}/{self.uid}/", self.body())

    def body(self) -> str:
        self.saves += 1
        text = f"the men’s team, in association football, as far as it is known after {self.saves} words of thought"
        fields = {f"text.{self.uid}": text, f"answers.{self.uid}": self.answer, f"answer.{self.answer}": "2010"}
        return urlencode(fields | {f"version.{self.uid}": self.version, "save": f"{self.session[:8]}-{self.saves}"})


def seed(port: int) -> list[Client]:
    """Make eight annotators, each with an annotation of four conditions and two citations each on twenty fragments."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from annotator import record, rows
    from annotator.actions import claiming
    from annotator.models import Member
    from tests.conftest import make_list, make_project, make_question

    slug = f"bench-{token_hex(4)}"  # so that a database can be measured again
    project = make_project(slug, {f"{slug}-{number}": "annotator" for number in range(CLIENTS)})
    passage = "A sentence of about ten words that says little more. "
    texts = [(f"Title {rank}", passage * 9 + str(rank)) for rank in range(1, 21)]
    clients = []
    for member in Member.objects.filter(project=project).select_related("user"):
        question = make_question(project.batches.get(), f"q{member.pk}", retrieval=make_list(slug, texts))
        annotation = claiming.take(member, question).annotation
        conditions = tuple(
            record.Condition(
                record.new_uid(),
                f"the case numbered {number} of those that the fragments tell apart",
                (record.Answer(record.new_uid(), "2010", ("11 July 2010",)),),
                tuple(record.Citation(record.new_uid(), record.Role.BOTH, rank=rank) for rank in (number, number + 9)),
            )
            for number in range(1, 5)
        )
        rows.create_conditions([(annotation, record.Annotation(conditions=conditions), rows.lines_of(question))])
        session = SessionStore()
        session[SESSION_KEY] = str(member.user.pk)
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = member.user.get_session_auth_hash()
        session.create()
        first = conditions[0]
        keys = (session.session_key, question.pk, annotation.pk, first.uid, first.answers[0].uid)
        clients.append(Client(port, slug, *keys))
    return clients


@contextmanager
def served(port: int) -> Iterator[None]:
    """Serve the site with the server and the workers that the README names."""
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "2"]
    server = subprocess.Popen([*command, "--threads", "4", "--keep-alive", "30", "--log-level", "error"])
    try:
        for _try in range(100):
            time.sleep(0.1)
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
        yield
    finally:
        server.terminate()
        server.wait()


def rate(clients: list[Client], act: Callable[[Client], None]) -> tuple[float, float]:
    """Let every client act for a while; return acts a second and the median milliseconds of one."""
    times: list[float] = []
    end = time.perf_counter() + SECONDS

    def run(client: Client) -> None:
        while (began := time.perf_counter()) < end:
            act(client)
            times.append(time.perf_counter() - began)

    threads = [threading.Thread(target=run, args=[client]) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(times) / SECONDS, statistics.median(times) * 1000


def main() -> None:
    os.environ["PROVISO_VAR"] = tempfile.mkdtemp()
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    sys.path.insert(0, str(Path.cwd()))
    import django
    from django.core.management import call_command
    from django.db import connection

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    clients = seed(port)
    acts = {"open": Client.open, "bare open": Client.bare_open, "save": Client.save, "bare save": Client.bare_save}
    results: dict[str, list[tuple[float, float]]] = {name: [] for name in acts}
    with served(port):
        for act in acts.values():
            for client in clients * 3:
                act(client)
                client.version = read_version(client) if act is Client.bare_save else client.version
        for _round in range(ROUNDS):
            for name, act in acts.items():
                results[name].append(rate(clients, act))
                for client in clients:
                    client.version = read_version(client)
    report(connection.vendor, results)


def read_version(client: Client) -> int:
    from annotator.models import Condition

    return Condition.objects.values_list("version", flat=True).get(annotation=client.annotation, uid=client.uid)


def report(vendor: str, results: dict[str, list[tuple[float, float]]]) -> None:
    """Print the medians over the rounds, and the ratio of the times within each round."""
    print(f"workbench on {vendor}, {CLIENTS} clients, medians of {ROUNDS} rounds of {SECONDS:g} s")
    for name, rounds in results.items():
        print(
            f"  {name:10} {statistics.median(rate for rate, _ms in rounds):6.0f}/s"
            f"  {statistics.median(ms for _rate, ms in rounds):6.1f} ms"
        )
    for name in ("open", "save"):
        ratios = [ours[1] / bare[1] for ours, bare in zip(results[name], results[f"bare {name}"], strict=True)]
        print(f"  {name} / bare {name}: {statistics.median(ratios):.2f} (aim at most 1.5)")


if __name__ == "__main__":
    main()
