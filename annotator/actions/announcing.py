"""Telling a project’s hooks what happened: written in the transaction in which it happens, sent once that is stored."""

import json
from collections.abc import Sequence
from functools import partial
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from annotator.delivering import nudge
from annotator.links import full_url
from annotator.models import Delivery, Event, Hook
from annotator.models.hooks import TEST


def announce(event: Event, project: int, what: str, at: int | str, **counts: int) -> None:
    """Write what each hook of a project (by its key) is to be told of an event. One query where none wants to know.

    It happened to ``what`` (a question, release or evaluation), which has a page of that name ``at`` its number or tag.
    ``counts`` are said too; what somebody wrote never is (decision 21). For the caller’s transaction, so that it is
    told if and only if it happened.
    """
    hooks = Hook.objects.filter(project=project, on=True).select_related("project").order_by("pk")
    write([message(hook, event, what, at, **counts) for hook in hooks if event in hook.events])


def announce_test(hook: Hook) -> None:
    """Write a message that tells of nothing, to see whether it arrives."""
    write([message(hook, TEST, "hook", hook.pk)])


def message(hook: Hook, event: str, what: str, at: int | str, **counts: int) -> Delivery:
    """Return a delivery that is not stored yet."""
    uid, now = uuid4(), timezone.now()
    said = {"event": event, "delivery": str(uid), "time": now.isoformat(), "project": hook.project.slug}
    body = json.dumps({**said, what: at, **counts, "link": full_url(what, hook.project.slug, at)})
    return Delivery(hook=hook, uid=uid, event=event, body=body, created=now, due=now)


def write(deliveries: Sequence[Delivery]) -> None:
    for delivery in Delivery.objects.bulk_create(deliveries):
        transaction.on_commit(partial(nudge, delivery.pk))
