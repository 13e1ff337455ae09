"""Sending beside a worker's jobs, from a few threads: a receiver may take its time, and no job waits for it.

Whoever is killed, or ends, in the middle of sending leaves a delivery that falls due again.
"""

import logging
from threading import BoundedSemaphore, Thread

from django.db import connections

from annotator.delivering import attempt
from annotator.models import Delivery

log = logging.getLogger(__name__)

PLACES = 4
places = BoundedSemaphore(PLACES)


def begin(pk: int) -> None:
    """Send a delivery, and then what else is due, from a thread; where all are at work it is left to them."""
    if not places.acquire(blocking=False):
        return
    try:
        Thread(target=work, args=(pk,), name=f"delivery {pk}", daemon=True).start()
    except Exception:  # the machine gives no more threads, or no room for one
        places.release()
        raise


def work(pk: int) -> None:
    try:
        send_from(pk)
    except Exception:
        log.exception("Not all that is due could be sent.")
    finally:
        connections.close_all()  # this thread's own
        places.release()


def send_from(pk: int | None) -> None:
    """Send a delivery, and then what is due, one after another, until nothing is."""
    while pk is not None:
        attempt(pk)
        pk = Delivery.objects.due().values_list("pk", flat=True).first()


def remind() -> None:
    """Send what is due: second attempts, and what no message told of."""
    for pk in Delivery.objects.due().values_list("pk", flat=True)[:PLACES]:
        begin(pk)
