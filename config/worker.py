"""What a worker does beside its jobs: it says that it is there, and sees to it that no job is forgotten."""

import logging
from datetime import datetime, timedelta
from threading import Event, Thread
from typing import Any

from celery import bootsteps
from celery.worker.state import active_requests
from django.db import DatabaseError, connections
from django.utils import timezone

log = logging.getLogger(__name__)

SECONDS_BETWEEN_SIGNS = 20.0
# A worker that was not seen for so long is gone; one that is busy goes on saying that it is there.
SEEN_WITHIN = timedelta(seconds=3 * SECONDS_BETWEEN_SIGNS)
FORGOTTEN_AFTER = timedelta(days=7)


class Presence(bootsteps.StartStopStep):
    """A thread of its own: a job may keep the worker's own loop busy for hours."""

    def __init__(self, parent: Any, **options: Any) -> None:
        super().__init__(parent, **options)
        self.ended = Event()

    def start(self, parent: Any) -> None:
        Thread(target=self.stay, args=(parent.hostname,), name="presence", daemon=True).start()

    def stop(self, parent: Any) -> None:  # noqa: ARG002 - Celery's
        self.ended.set()

    def terminate(self, parent: Any) -> None:
        self.stop(parent)

    def stay(self, name: str) -> None:
        """Give a sign now and then until the worker stops, whatever goes wrong: it would never be given again."""
        started = timezone.now()
        while not self.ended.is_set():
            try:
                give_sign(name, started)
            except DatabaseError as error:
                log.warning("The worker could not say that it is there: %s", error)
            except Exception:
                log.exception("The worker could not do all that it does beside its jobs.")
            finally:
                connections.close_all()
            self.ended.wait(SECONDS_BETWEEN_SIGNS)


def give_sign(name: str, started: datetime) -> None:
    """Write that the worker is there, and forget what is long gone; one that is idle tells of work that nobody took.

    Workers have one place (docs/deploy.md): a pool of more would count as busy while any of its places is.
    """
    from annotator import delivering, jobs, senders  # Celery's application is made before Django's
    from annotator.actions import kept_files, uploading
    from annotator.models import Worker

    now = timezone.now()
    Worker.objects.update_or_create(name=name, defaults={"seen": now, "started": started})
    Worker.objects.filter(seen__lt=now - FORGOTTEN_AFTER).delete()
    kept_files.sweep()
    uploading.sweep()
    delivering.sweep()
    senders.remind()
    if not active_requests:
        jobs.remind()
