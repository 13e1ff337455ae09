"""A real Elasticsearch for the tests: the one that ``ELASTICSEARCH_URL`` names, else one of this run's own."""

import fcntl
import hashlib
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from tests.config.test_serve import free_port

PATIENCE = 300  # the first start builds the node


class NoNodeError(RuntimeError):
    """No node can be started here; the message says why."""


class Node:
    """A node of the shared tool in a folder of its own, which may be killed and started again at the same port."""

    def __init__(self, tool: Path, home: Path) -> None:
        self.tool, self.home = tool, home
        self.port = free_port()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self.run("start", "--port", str(self.port))

    def kill(self) -> None:
        """End it as a failing machine does, by SIGKILL."""
        self.run("kill")

    def run(self, *verb: str) -> None:
        """Run a verb of the tool. Raises ``NoNodeError`` with what it said."""
        command = [str(self.tool), *verb, "--dir", str(self.home)]
        environment = os.environ | {"ES_HEAP": "512m"}
        with tempfile.TemporaryFile("w+") as said:  # a pipe would stay open as long as the node
            ended = subprocess.run(command, env=environment, stdout=said, stderr=said, timeout=PATIENCE, check=False)
            said.seek(0)
            if ended.returncode:
                raise NoNodeError(f"no Elasticsearch can be started: {said.read().strip()[-300:]}")


def own_folder(purpose: str) -> Path:
    """Return where this checkout keeps a node between runs, so that it need not be built again."""
    checkout = hashlib.sha256(str(settings.BASE_DIR).encode()).hexdigest()[:8]
    return Path(tempfile.gettempdir()) / f"proviso-node-{os.getuid()}-{checkout}-{purpose}"


@contextmanager
def own_node(tool: Path) -> Iterator[Node]:
    """Give a node that may be killed, to one worker at a time."""
    home = own_folder("killed")
    with Path(f"{home}.using").open("a") as using:
        fcntl.flock(using, fcntl.LOCK_EX)
        node = Node(tool, home)
        node.run("wipe")
        node.start()
        try:
            yield node
        finally:
            node.run("stop")


@contextmanager
def node_of_the_run(tool: Path) -> Iterator[str]:
    """Give the address of one node to all workers of a run: the first one starts it, the last one stops it."""
    home = own_folder("suite")
    with Path(f"{home}.starting").open("a") as starting, Path(f"{home}.using").open("a+") as using:
        node = Node(tool, home)
        fcntl.flock(starting, fcntl.LOCK_EX)
        if alone(using):
            node.run("wipe")
            node.start()
            using.truncate(0)
            using.write(str(node.port))
            using.flush()
        fcntl.flock(using, fcntl.LOCK_SH)
        fcntl.flock(starting, fcntl.LOCK_UN)
        using.seek(0)
        try:
            yield f"http://127.0.0.1:{using.read()}"
        finally:
            fcntl.flock(starting, fcntl.LOCK_EX)
            if alone(using):
                node.run("stop")


def alone(using: object) -> bool:
    """Return whether nobody else holds the lock of those who use the node; then it is held."""
    try:
        fcntl.flock(using, fcntl.LOCK_EX | fcntl.LOCK_NB)  # type: ignore[arg-type]
    except OSError:
        return False
    return True
