"""The site as the README tells a team to serve it, and people's browsers at it: what benchmarks over HTTP share.

It runs on a fresh SQLite database, or the one of ``DATABASE_URL``, which can be measured again and again.
"""

import http.client
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlencode

B = TypeVar("B", bound="Browser")


@dataclass(frozen=True, slots=True)
class Result:
    """How many acts there were a second, and what one took: its time at the median, the processor's at the mean.

    That of the server's workers is ``processor``, that of the browsers beside them on the same cores ``browser``; a
    database server is in neither. Where others are busy on the machine, the processor's is the steadier figure.
    """

    acts: float
    milliseconds: float
    processor: float
    browser: float


class Browser:
    """A signed-in person's browser: one connection and one session."""

    def __init__(self, port: int, session: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port)
        self.session = session
        self.headers = {"Cookie": f"sessionid={session}; csrftoken={'x' * 32}", "X-CSRFToken": "x" * 32}
        self.posts = 0

    def get(self, url: str) -> str:
        return self.ask("GET", url)[0]

    def post(self, url: str, fields: Mapping[str, object]) -> tuple[str, str]:
        """Return the text of the answer, and where it leads; each save has an id of its own."""
        self.posts += 1
        return self.ask("POST", url, urlencode({**fields, "save": f"{self.session[:8]}-{self.posts}"}))

    def ask(self, method: str, url: str, body: str | None = None) -> tuple[str, str]:
        headers = self.headers | ({"Content-Type": "application/x-www-form-urlencoded"} if body else {})
        self.connection.request(method, url, body, headers)
        answer = self.connection.getresponse()
        text = answer.read().decode()
        assert answer.status in (200, 302), (answer.status, url, text[:500])
        return text, answer.headers.get("Location", "")


def prepare() -> int:
    """Set Django up over the benchmark's settings and an up-to-date database; return a free port."""
    os.environ["PROVISO_VAR"] = tempfile.mkdtemp()
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    sys.path.insert(0, str(Path.cwd()))
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


class Server:
    """The server and its workers."""

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def processor(self) -> float:
        """Return the seconds of the processor that the workers have used so far."""
        workers = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        spent = (Path(f"/proc/{worker}/stat").read_text().rpartition(")")[2].split()[11:13] for worker in workers)
        return sum(int(user) + int(system) for user, system in spent) / os.sysconf("SC_CLK_TCK")


@contextmanager
def served(port: int) -> Iterator[Server]:
    """Serve the site with the server and the workers that the README names."""
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "2"]
    server = subprocess.Popen([*command, "--threads", "4", "--keep-alive", "30", "--log-level", "error"])
    try:
        for _try in range(100):
            time.sleep(0.1)
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
        yield Server(server.pid)
    finally:
        server.terminate()
        server.wait()


# Measuring


def rate(server: Server, browsers: Sequence[B], act: Callable[[B], object], seconds: float) -> Result:
    """Let every browser act for a while at once."""
    times: list[float] = []
    before, ours, end = server.processor(), time.process_time(), time.perf_counter() + seconds

    def run(browser: B) -> None:
        while (began := time.perf_counter()) < end:
            act(browser)
            times.append(time.perf_counter() - began)

    with ThreadPoolExecutor(len(browsers)) as threads:
        list(threads.map(run, browsers))  # raises what one of them raised
    spent, ours = server.processor() - before, time.process_time() - ours
    each = 1000 / len(times)
    return Result(len(times) / seconds, statistics.median(times) * 1000, spent * each, ours * each)


def show(name: str, rounds: Sequence[Result]) -> None:
    """Print the medians over the rounds."""
    acts, milliseconds, processor, browser = (
        statistics.median(getattr(one, figure) for one in rounds)
        for figure in ("acts", "milliseconds", "processor", "browser")
    )
    spent = f"{processor:5.1f} ms of the processor, the browser’s {browser:.1f}"
    print(f"  {name:20} {acts:6.0f}/s  {milliseconds:6.1f} ms, {spent}")


def show_ratio(name: str, first: Sequence[Result], second: Sequence[Result], most: float | None = None) -> None:
    """Print the median over the rounds of how much longer the one took than the other in the same round."""
    pairs = list(zip(first, second, strict=True))
    ratio = statistics.median(one.milliseconds / other.milliseconds for one, other in pairs)
    processor = statistics.median(one.processor / other.processor for one, other in pairs)
    aim = "" if most is None else f" (aim at most {most:g})"
    print(f"  {name}: {ratio:.2f}, of the processor {processor:.2f}{aim}")
