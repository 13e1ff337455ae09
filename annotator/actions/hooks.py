"""Hooks: adding, changing and testing one, drawing its secret, and sending something again."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from annotator.actions.announcing import announce_test
from annotator.actions.queued import NotNow
from annotator.delivering import idle, nudge
from annotator.models import Delivery, Event, Hook, Project
from annotator.signing import fresh_secret

MOST = 20
OFF = "The hook is off; switch it on first."


@sensitive_variables()
@transaction.atomic
def add_hook(project: Project, url: str, events: Sequence[Event]) -> Hook:
    """Add a hook, with a secret of its own. Raises NotNow where the project has as many as it may."""
    Project.objects.select_for_update().get(pk=project.pk)
    if project.hooks.count() >= MOST:
        raise NotNow(f"A project has {MOST} hooks at most.")
    now, made = timezone.now(), {"url": url, "events": in_order(events), "secret": fresh_secret()}
    return Hook.objects.create(project=project, created=now, rests_until=now, **made)


def in_order(events: Sequence[Event]) -> list[str]:
    return [event.value for event in Event if event in events]


@transaction.atomic
def change_hook(
    hook: Hook, *, url: str | None = None, events: Sequence[Event] | None = None, on: bool | None = None
) -> None:
    """Change what is given of a hook, all of it or nothing; what waits goes to the new address."""
    if url is not None:
        Hook.objects.filter(pk=hook.pk).update(url=url, rests_until=timezone.now())
    if events is not None:
        Hook.objects.filter(pk=hook.pk).update(events=in_order(events))
    if on is not None:
        switch(hook, on=on)


def switch(hook: Hook, *, on: bool) -> None:
    """Switch a hook on or off. While it is off nothing new is kept for it, and what waits goes on waiting."""
    own = Hook.objects.filter(pk=hook.pk, on=not on)
    if on:
        own.update(on=True, failures=0, stopped="", rests_until=timezone.now())
    else:
        own.update(on=False)


@sensitive_variables()
def draw_secret(hook: Hook) -> str:
    """Return a fresh secret, by which everything is signed from now on."""
    secret = fresh_secret()
    Hook.objects.filter(pk=hook.pk).update(secret=secret)
    return secret


@transaction.atomic
def send_test(hook: Hook) -> None:
    """Send a message that tells of nothing. Raises NotNow where the hook is off."""
    wake(hook)
    announce_test(hook)


@transaction.atomic
def send_again(delivery: Delivery) -> None:
    """Send a delivery again under the same id, or now instead of later. Raises NotNow where its hook is off.

    One that is done with has all its attempts anew, and one that waits those that are left. What somebody is sending
    is left alone.
    """
    wake(delivery.hook)
    own, now = Delivery.objects.filter(pk=delivery.pk), timezone.now()
    ended, waits = own.exclude(state="waiting"), own.filter(idle(), state="waiting")
    if ended.update(state="waiting", due=now, attempts=0) or waits.update(due=now):
        transaction.on_commit(lambda: nudge(delivery.pk))


def wake(hook: Hook) -> None:
    """Let a hook rest no longer, since somebody asks for it. Raises NotNow where it is off."""
    if not Hook.objects.filter(pk=hook.pk, on=True).update(rests_until=timezone.now()):
        raise NotNow(OFF)
