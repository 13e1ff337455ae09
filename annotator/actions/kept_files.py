"""Files that jobs write for whoever asked: there once they are whole, kept for some days, then swept away."""

import hashlib
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from annotator.actions.exporting import replacing
from annotator.models import Job


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that a job has written: where it lies, as what it is sent, its size in bytes and its SHA-256."""

    path: Path
    name: str
    size: int
    sha256: str

    @property
    def until(self) -> datetime | None:
        """Return when it is swept away, None where it has been."""
        if not self.path.exists():
            return None
        written = datetime.fromtimestamp(self.path.stat().st_mtime).astimezone()
        return written + timedelta(days=settings.EXPORT_KEPT_DAYS)


def keep(job: Job, name: str, pieces: Iterable[bytes]) -> dict[str, Any]:
    """Write a job's file and return, for its result, how to know it. A job that begins anew writes another file."""
    digest, size, path = hashlib.sha256(), 0, path_of(job)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with replacing(path) as file:
        for piece in pieces:
            digest.update(piece)
            size += file.write(piece)
    return {"file": {"name": name, "size": size, "sha256": digest.hexdigest()}}


def kept_file(job: Job) -> KeptFile | None:
    """Return the file of a job that is done; None where it wrote none."""
    told = job.result.get("file") if job.state == Job.State.DONE else None
    return KeptFile(path_of(job), **told) if told else None


def path_of(job: Job) -> Path:
    """Return where the job's file lies; each claim has its own, so that a worker that lost the job spoils nothing."""
    return folder() / f"{job.pk}-{job.attempt}"


def folder() -> Path:
    return Path(settings.VAR_DIR) / "exports"


def sweep() -> None:
    """Delete the files that were kept long enough, and what killed workers left behind."""
    for path in older(folder(), timedelta(days=settings.EXPORT_KEPT_DAYS)):
        path.unlink(missing_ok=True)


def older(folder: Path, age: timedelta) -> Iterator[Path]:
    """Yield the files of a folder that were written longer ago."""
    since = time.time() - age.total_seconds()
    for path in folder.glob("*"):
        with suppress(FileNotFoundError):  # another worker sweeps too, and a piece is renamed once it is whole
            if path.stat().st_mtime < since:
                yield path
