"""Sending beside a worker's jobs, from a few threads: a receiver may take its time, and no job waits for it.

Whoever is killed, or ends, in the middle of sending leaves a delivery that falls due again.
"""

import logging
from threading import BoundedSemaphore, Lock, Thread

from django.db import connections

from annotator.delivering import attempt
from annotator.models import Delivery

log = logging.getLogger(__name__)

PLACES = 4
places = BoundedSemaphore(PLACES)
choosing = Lock()
sent_to: set[int] = set()  # keys of hooks


def begin(pk: int) -> None:
    """Let a thread, named after what it was begun for, send what is due; where all are at work it is left to them."""
    if not places.acquire(blocking=False):
        return
    try:
        Thread(target=work, name=f"delivery {pk}", daemon=True).start()
    except Exception:  # the machine gives no more threads, or no room for one
        places.release()
        raise


def work() -> None:
    try:
        send_due()
    except Exception:
        log.exception("Not all that is due could be sent.")
    finally:
        connections.close_all()  # this thread's own
        places.release()


def send_due() -> None:
    """Send what is due, one after another, until nothing is."""
    while one := next_due():
        try:
            attempt(one.pk)
        finally:
            sent_to.discard(one.hook_id)


def next_due() -> Delivery | None:
    """Return what has been due longest of a hook that nobody here sends to, so that a slow one takes one place."""
    with choosing:
        one = Delivery.objects.due().exclude(hook__in=sent_to).first()
        if one:
            sent_to.add(one.hook_id)
        return one


def remind() -> None:
    """Send what is due: second attempts, and what no message told of."""
    for pk in Delivery.objects.due().values_list("pk", flat=True)[:PLACES]:
        begin(pk)
