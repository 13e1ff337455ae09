"""Workers that are killed while they send: no message is lost, and the receiver knows the repeat."""

import pytest
from django.utils import timezone

from annotator.actions.announcing import announce
from annotator.models import Delivery, Event, Project
from tests.annotator.hooks.hooked import make_hook
from tests.annotator.hooks.receiver import hangs, receiving, says
from tests.config.test_serve import eventually
from tests.config.test_workers_killed import CeleryWorker, redis, worker
from tests.config.works import LONG_AGO

__all__ = ["redis", "worker"]


@pytest.fixture(autouse=True)
def private(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEBHOOKS_ALLOW_PRIVATE", "true")


@pytest.mark.alike
@pytest.mark.django_db(transaction=True)
def test_a_message_whose_worker_is_killed_is_sent_by_the_next(project: Project, worker: CeleryWorker) -> None:
    with receiving() as receiver:
        hook = make_hook(project, receiver.url)
        for turn in worker.turns:
            receiver.answer, before = hangs, len(receiver.got)
            announce(Event.SUBMITTED, project.pk, "question", turn)
            with worker.running():
                assert eventually(lambda: len(receiver.got) > before)  # noqa: B023 - asked before the next turn
            receiver.answer = says(200)
            Delivery.objects.filter(state="waiting").update(due=timezone.now() - LONG_AGO)
            with worker.running():
                assert eventually(lambda: not hook.deliveries.exclude(state="delivered").exists())
            first, second = receiver.got[before:]
            assert first.body == second.body
            assert first.headers["Proviso-Delivery"] == second.headers["Proviso-Delivery"]
