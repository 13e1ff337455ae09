"""The web server and the worker as two processes under one roof, started together and stopped together."""

import logging
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from types import FrameType

from django.conf import settings

log = logging.getLogger(__name__)

SECONDS_TO_STOP = 10.0
SECONDS_BETWEEN_LOOKS = 0.2
LONGEST_REST = 30.0


class PortTaken(Exception):
    """Something else listens there."""


def is_loopback(host: str) -> bool:
    """Return whether nobody but this machine reaches ``host``."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


@dataclass(frozen=True, slots=True)
class Site:
    """Where to listen, with how many processes and threads, and whether a worker runs beside them."""

    host: str
    port: int
    workers: int
    threads: int
    has_worker: bool = True

    def run(self, ready: Callable[[], None]) -> None:
        """Serve until SIGINT or SIGTERM; ``ready`` is called once the site answers. Raises PortTaken.

        The port is recorded while the site runs, so that other processes know where their links lead.
        """
        self.check_port()
        wanted = Wanted()
        web, workers = Process(self.web_command), [Process(WORKER)] if self.has_worker else []
        try:
            for process in (web, *workers):
                process.start()
            settings.PORT_FILE.write_text(str(self.port))
            self.wait_until_it_answers(web, wanted)
            if wanted:
                ready()
            supervise(web, workers, wanted)
        finally:
            self.forget_port()
            stop(web, *workers)

    def forget_port(self) -> None:
        """Take the record back, unless it is another's by now."""
        if settings.PORT_FILE.exists() and settings.PORT_FILE.read_text() == str(self.port):
            settings.PORT_FILE.unlink(missing_ok=True)

    def check_port(self) -> None:
        """Raise PortTaken where something else listens."""
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((self.host, self.port))
            except OSError as error:
                raise PortTaken(f"{self.host}:{self.port}: {error.strerror}") from None

    @property
    def web_command(self) -> list[str]:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return [
            *("gunicorn", "config.wsgi", "--bind", f"{host}:{self.port}"),
            # Threads with keep-alive: a save is mostly waiting, and a page's saves come over one connection.
            *("--worker-class", "gthread", "--workers", str(self.workers), "--threads", str(self.threads)),
            *("--keep-alive", "75", "--graceful-timeout", "8", "--no-control-socket", "--log-level", "warning"),
        ]

    def wait_until_it_answers(self, web: "Process", wanted: "Wanted") -> None:
        while wanted and web.alive:
            try:
                socket.create_connection((self.host, self.port), timeout=1).close()
            except OSError:
                time.sleep(SECONDS_BETWEEN_LOOKS)
            else:
                return


# One job at a time, in the process itself: whatever kills it, it is started again, and the job is run again.
WORKER = [
    *("celery", "--quiet", "--app", "config", "worker", "--pool", "solo", "--loglevel", "WARNING"),
    # There are no other workers to talk to.
    *("--without-gossip", "--without-mingle", "--without-heartbeat"),
]


class Wanted:
    """Whether the site is still wanted: until the first SIGINT or SIGTERM."""

    def __init__(self) -> None:
        self.still = True
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self.no_more)

    def no_more(self, _number: int, _frame: FrameType | None) -> None:
        self.still = False

    def __bool__(self) -> bool:
        return self.still


class Process:
    """A command of this virtual environment, in a session of its own: Ctrl-C reaches us alone, and we stop it."""

    def __init__(self, command: list[str]) -> None:
        # Celery warns root of pickled messages; ours are JSON.
        self.command = [sys.executable, "-W", "ignore:You're running the worker", "-m", *command]
        self.running: subprocess.Popen[bytes] | None = None
        self.started = 0.0
        self.rest = 1.0

    def start(self) -> None:
        self.started = time.monotonic()
        self.running = subprocess.Popen(self.command, start_new_session=True)

    @property
    def alive(self) -> bool:
        return self.running is not None and self.running.poll() is None

    def start_again_in_time(self) -> bool:
        """Start it anew once it has rested, longer each time it dies early; return whether it was started."""
        lived = time.monotonic() - self.started
        if lived > LONGEST_REST:
            self.rest = 1.0
        if lived < self.rest:
            return False
        self.rest = min(self.rest * 2, LONGEST_REST)
        self.start()
        return True


def supervise(web: Process, workers: list[Process], wanted: Wanted) -> None:
    """Watch until the site is not wanted or the web server ends; a worker that died comes back."""
    while wanted and web.alive:
        for worker in workers:
            if not worker.alive and worker.start_again_in_time():
                log.warning("The worker had ended; it was started again.")
        time.sleep(SECONDS_BETWEEN_LOOKS)
    if wanted:
        log.error("The web server ended by itself.")


def stop(*processes: Process) -> None:
    """Ask all of them to end, and end those that have not in time."""
    for process in processes:
        if process.running and process.alive:
            process.running.terminate()
    deadline = time.monotonic() + SECONDS_TO_STOP
    for process in processes:
        if process.running:
            try:
                process.running.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.running.kill()
                process.running.wait()
