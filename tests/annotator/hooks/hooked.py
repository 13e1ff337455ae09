"""A hook with a log, as pages show it."""

from datetime import timedelta

from django.utils import timezone

from annotator.actions.announcing import announce, announce_test
from annotator.actions.hooks import add_hook
from annotator.models import Delivery, Event, Hook, Project

LONG = "https://hooks.chat.laboratory.example/services/T0192837465/B5647382910/a-key-that-is-as-long-as-those-are"


def make_hook(project: Project, url: str = "https://lab.example/proviso") -> Hook:
    """Return a hook that is told of everything."""
    return add_hook(project, url, list(Event))


def make_logged(project: Project, key: int) -> Hook:
    """Return a hook of this key that was switched off, with a delivery in every state."""
    Hook.objects.filter(pk=make_hook(project, LONG).pk).update(id=key)
    hook = Hook.objects.get(pk=key)
    announce(Event.RELEASED, project.pk, "release", "1.0.0", questions=2000)
    announce(Event.SUBMITTED, project.pk, "question", 17)
    announce_test(hook)
    gone, waits, good = hook.deliveries.order_by("pk")
    was = {"tried": timezone.now(), "milliseconds": 341}
    log = Delivery.objects
    log.filter(pk=gone.pk).update(state="failed", tries=6, attempts=6, error="no answer within 15 seconds", **was)
    said = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"
    due = timezone.now() + timedelta(minutes=5)
    log.filter(pk=waits.pk).update(tries=2, attempts=2, code=502, answer=said, due=due, **was)
    log.filter(pk=good.pk).update(state="delivered", tries=1, attempts=1, code=200, answer="ok", **was)
    Hook.objects.filter(pk=key).update(on=False, stopped="failing", failures=5)
    return Hook.objects.get(pk=key)
