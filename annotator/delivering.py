"""Sending what hooks are told. A waiting row is the truth, a message to a worker only a nudge.

Whoever sends a delivery claims it by a conditional update that moves on when it is due; so a worker that dies loses
none of them, and the receiver knows a repeat by its id.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, Window
from django.db.models.functions import RowNumber
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from annotator.models import Delivery, Hook, Project
from annotator.models.hooks import LONGEST_ERROR, SHOWN
from annotator.nudging import tell
from annotator.outgoing import Outcome, Terms, post
from annotator.signing import signature

State = Delivery.State
LAST = 5
WAITS = [timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 480)]
# Longer than an attempt takes: then whoever was at it is gone, and it is sent again.
IN_HAND = timedelta(minutes=1)
# A receiver that does not answer, or late, would keep those who send from what is due elsewhere.
REST = timedelta(minutes=1)
LATE_ANSWER = 5.0  # seconds
MOST_FAILURES = 5
LATE = timedelta(minutes=1)
KEPT = timedelta(days=30)
SWEPT = 1000
GONE = 410


@dataclass(slots=True)
class Lately:
    """How many of the last messages to a hook were tried, and how many of those missed it at the last attempt."""

    tried: int = 0
    missed: int = 0


def nudge(pk: int) -> None:
    """Tell the workers that a delivery waits."""
    from annotator.tasks import deliver  # which imports this module

    tell(deliver, "delivery", pk)


def attempt(pk: int) -> None:
    """Send a delivery, unless it is not due, or another worker is at it."""
    delivery = claimed(pk)
    if delivery is not None:
        keep(delivery, send(delivery))


def claimed(pk: int) -> Delivery | None:
    """Claim a delivery that is due, and return it with its hook as it is now."""
    if not Delivery.objects.due().filter(pk=pk).exists():
        return None
    now = timezone.now()
    # Columns of the row itself alone: only those does PostgreSQL look at again where two claim at once.
    own = Delivery.objects.filter(pk=pk, state=State.WAITING, due__lte=now)
    won = own.update(tries=F("tries") + 1, attempts=F("attempts") + 1, tried=now, due=now + IN_HAND)
    return Delivery.objects.select_related("hook").filter(pk=pk).first() if won else None


def idle() -> Q:
    """Return which of those that wait nobody is sending: a claim lets one be due when that has been in hand."""
    return Q(tried=None) | Q(due__lte=timezone.now()) | ~Q(due=F("tried") + IN_HAND)


@sensitive_variables()
def send(delivery: Delivery) -> Outcome:
    """Send a delivery once, signed for this moment."""
    body, at = delivery.body.encode(), int(timezone.now().timestamp())
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Proviso",
        "Proviso-Event": delivery.event,
        "Proviso-Delivery": str(delivery.uid),
        "Proviso-Signature": signature(delivery.hook.secret, at, body),
    }
    return post(delivery.hook.url, body, headers, Terms(private=settings.WEBHOOKS_ALLOW_PRIVATE))


@transaction.atomic
def keep(delivery: Delivery, outcome: Outcome) -> None:
    """Write what came of an attempt, unless the delivery has been taken up anew since."""
    last = outcome.code == GONE or delivery.attempts > len(WAITS)
    if Delivery.objects.held(delivery).update(**told(outcome), **following(delivery, outcome, last=last)):
        note(delivery.hook_id, outcome, last=last)


def told(outcome: Outcome) -> Mapping[str, Any]:
    """Return what the log says of an attempt."""
    said = {"answer": outcome.answer[:SHOWN], "error": outcome.error[:LONGEST_ERROR]}
    return {**said, "code": outcome.code, "milliseconds": round(outcome.seconds * 1000)}


def following(delivery: Delivery, outcome: Outcome, *, last: bool) -> Mapping[str, Any]:
    """Return what becomes of a delivery after an attempt."""
    if outcome.good or last:  # and due no more
        return {"state": State.DELIVERED if outcome.good else State.FAILED, "due": F("tried")}
    return {"due": timezone.now() + WAITS[delivery.attempts - 1]}


def note(hook: int, outcome: Outcome, *, last: bool) -> None:
    """Write what an attempt says of its hook (by its key): it works, it is gone, it fails, it has to be left alone."""
    own = Hook.objects.filter(pk=hook)
    if outcome.code is None or outcome.seconds > LATE_ANSWER:
        own.update(rests_until=timezone.now() + REST)
    if outcome.good:
        own.exclude(failures=0).update(failures=0)
    elif outcome.code == GONE:
        own.update(on=False, stopped=Hook.Stopped.GONE)
    elif last:
        own.update(failures=F("failures") + 1)
        own.filter(on=True, failures__gte=MOST_FAILURES).update(on=False, stopped=Hook.Stopped.FAILING)


def of_late(project: Project) -> defaultdict[int, Lately]:
    """Return how it went with the last messages that each hook of a project was sent, by its key. One query."""
    tried = Delivery.objects.filter(hook__project=project, milliseconds__isnull=False)
    nth = Window(RowNumber(), partition_by="hook", order_by="-pk")
    found: defaultdict[int, Lately] = defaultdict(Lately)
    for hook, code in tried.annotate(nth=nth).filter(nth__lte=LAST).values_list("hook", "code"):
        found[hook].tried += 1
        found[hook].missed += not Outcome(code).good
    return found


def unattended(hook: Hook) -> bool:
    """Return whether something should have been sent by now, so that perhaps no worker is there."""
    since = timezone.now() - LATE
    return hook.rests_until < since and Delivery.objects.due().filter(hook=hook, due__lt=since).exists()


def sweep() -> None:
    """Forget old deliveries, some at a time."""
    old = Delivery.objects.filter(created__lt=timezone.now() - KEPT).order_by("pk")
    if some := list(old.values_list("pk", flat=True)[:SWEPT]):
        Delivery.objects.filter(pk__in=some).delete()
