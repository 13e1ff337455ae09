"""Where an embedded index lies on disk: a folder per corpus, in it the builds, a link to the current one and a lock."""

import fcntl
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class IndexDirectory:
    """The folder of one corpus's index."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.current = home / "current"

    def stamp(self) -> tuple[int, int] | None:
        """Return what changes with every commit and every swap, None when there is no index; costs one ``stat``."""
        try:
            # tantivy replaces this file at each commit, so its inode or time changes.
            status = (self.current / "meta.json").stat()
        except OSError:
            return None
        return status.st_ino, status.st_mtime_ns

    def path(self) -> Path:
        """Return the current build. Raises ``OSError`` when there is none."""
        return self.home / self.current.readlink()

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the lock that lets one writer, of all processes, change the index; waits for the one before."""
        self.home.mkdir(parents=True, exist_ok=True)
        with (self.home / "lock").open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    @contextmanager
    def new_build(self) -> Iterator[Path]:
        """Give a new empty folder to build in, current once it is built, gone if that fails. Hold the lock."""
        build = self.home / secrets.token_hex(8)
        build.mkdir()
        try:
            yield build
            self._publish(build)
        except BaseException:
            shutil.rmtree(build, ignore_errors=True)
            raise
        self._remove_all_but(build)

    def _publish(self, build: Path) -> None:
        """Make a build the current one at a stroke."""
        link = self.home / f"{build.name}.link"
        link.symlink_to(build.name)
        link.replace(self.current)

    def _remove_all_but(self, build: Path) -> None:
        for entry in self.home.iterdir():
            if entry.is_dir() and not entry.is_symlink() and entry != build:
                # A reader keeps its open files; a removal that fails is repeated by the next build.
                shutil.rmtree(entry, ignore_errors=True)
