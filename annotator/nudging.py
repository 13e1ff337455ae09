"""Telling the workers that something waits. Messages may be lost: the rows are the truth, and workers look for them."""

import logging
from typing import Any

from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)


def tell(task: Any, what: str, pk: int) -> None:
    """Send a worker the task of a row, which is a job or a delivery (``what``), unless the broker is away."""
    try:
        task.delay(pk)
    except (OSError, OperationalError):
        log.warning("No worker could be told of %s %s.", what, pk)
