"""Sending what hooks are told. A waiting row is the truth, a message to a worker only a nudge.

Whoever sends a delivery claims it by a conditional update that moves on when it is due; so a worker that dies loses
none of them, and the receiver knows a repeat by its id.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from annotator.models import Delivery, Hook
from annotator.models.hooks import SHOWN
from annotator.nudging import tell
from annotator.outgoing import Outcome, Patience, post
from annotator.signing import signature

State = Delivery.State
WAITS = [timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 480)]
PATIENCE = Patience()
# Longer than an attempt takes: then whoever was at it is gone, and it is sent again.
IN_HAND = timedelta(minutes=1)
# A receiver that does not answer would take the worker’s time with each of its deliveries.
HELD_BACK = timedelta(minutes=1)
MOST_FAILURES = 5
LATE = timedelta(minutes=1)
KEPT = timedelta(days=30)
AT_ONCE, SWEPT = 100, 1000
GONE = 410


def nudge(pk: int) -> None:
    """Tell the workers that a delivery waits."""
    from annotator.tasks import deliver  # which imports this module

    tell(deliver, "delivery", pk)


def attempt(pk: int) -> Delivery | None:
    """Send a delivery that is due; None if it is not, or another worker is at it."""
    delivery = claimed(pk)
    if delivery is not None:
        keep(delivery, send(delivery))
        delivery.refresh_from_db()
    return delivery


def claimed(pk: int) -> Delivery | None:
    """Claim a delivery that is due, and return it with its hook as it is now."""
    if not Delivery.objects.due().filter(pk=pk).exists():
        return None
    now = timezone.now()
    # Columns of the row itself alone: only those does PostgreSQL look at again where two claim at once.
    own = Delivery.objects.filter(pk=pk, state=State.WAITING, due__lte=now)
    won = own.update(tries=F("tries") + 1, attempts=F("attempts") + 1, tried=now, due=now + IN_HAND)
    return Delivery.objects.select_related("hook").get(pk=pk) if won else None


@sensitive_variables()
def send(delivery: Delivery) -> Outcome:
    """Send a delivery once, signed for this moment."""
    body = delivery.body.encode()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Proviso",
        "Proviso-Event": delivery.event,
        "Proviso-Delivery": str(delivery.uid),
        "Proviso-Signature": signature(delivery.hook.secret, int(timezone.now().timestamp()), body),
    }
    return post(delivery.hook.url, body, headers, private=settings.WEBHOOKS_ALLOW_PRIVATE, patience=PATIENCE)


@transaction.atomic
def keep(delivery: Delivery, outcome: Outcome) -> None:
    """Write what came of an attempt, unless the delivery has been taken up anew since."""
    own, now = Hook.objects.filter(pk=delivery.hook_id), timezone.now()
    if not Delivery.objects.held(delivery).update(**told(outcome), **following(delivery, outcome, now)):
        return
    if outcome.good:
        own.exclude(failures=0).update(failures=0)
    elif outcome.code == GONE:
        own.update(on=False, stopped=Hook.Stopped.GONE)
    elif delivery.attempts > len(WAITS):
        own.update(failures=F("failures") + 1)
        own.filter(on=True, failures__gte=MOST_FAILURES).update(on=False, stopped=Hook.Stopped.FAILING)
    elif outcome.code is None:
        others = Delivery.objects.filter(hook=delivery.hook_id, state=State.WAITING).exclude(pk=delivery.pk)
        others.filter(due__lt=now + HELD_BACK).update(due=now + HELD_BACK)


def told(outcome: Outcome) -> Mapping[str, Any]:
    """Return what the log says of an attempt."""
    said = {"answer": outcome.answer[:SHOWN], "error": outcome.error[:300]}
    return {**said, "code": outcome.code, "milliseconds": round(outcome.seconds * 1000)}


def following(delivery: Delivery, outcome: Outcome, now: datetime) -> Mapping[str, Any]:
    """Return what becomes of a delivery after an attempt."""
    if outcome.good:
        return {"state": State.DELIVERED}
    if outcome.code == GONE or delivery.attempts > len(WAITS):
        return {"state": State.FAILED}
    return {"due": now + WAITS[delivery.attempts - 1]}


def remind() -> None:
    """Tell the workers of what is due: their second attempts, and what no message told of."""
    for pk in Delivery.objects.due().values_list("pk", flat=True)[:AT_ONCE]:
        nudge(pk)


def unattended(hook: Hook) -> bool:
    """Return whether something has been due for so long that no worker can be there."""
    return Delivery.objects.due().filter(hook=hook, due__lt=timezone.now() - LATE).exists()


def sweep() -> None:
    """Forget old deliveries, some at a time."""
    old = Delivery.objects.filter(created__lt=timezone.now() - KEPT).order_by("pk")
    if some := list(old.values_list("pk", flat=True)[:SWEPT]):
        Delivery.objects.filter(pk__in=some).delete()
