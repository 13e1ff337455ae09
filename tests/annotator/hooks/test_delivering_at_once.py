"""Several workers at once: each message is sent by one of them, and none waits for another for good."""

from threading import Event
from threading import enumerate as enumerate_threads
from time import monotonic

import pytest
from django.db import transaction
from django.utils import timezone

from annotator.actions.announcing import announce, message, write
from annotator.actions.hooks import add_hook
from annotator.delivering import attempt
from annotator.models import Delivery, Hook
from annotator.models import Event as Happening
from annotator.tasks import deliver
from tests.annotator.hooks.receiver import Handler, hangs_up, says
from tests.annotator.test_saving_at_once import at_once
from tests.config.test_serve import eventually

pytestmark = pytest.mark.django_db(transaction=True)
MESSAGES, WORKERS = 10, 4


@pytest.fixture
def waiting(hook) -> list[int]:
    for number in range(MESSAGES):
        announce(Happening.SUBMITTED, hook.project_id, "question", number)
    return list(hook.deliveries.values_list("pk", flat=True).order_by("pk"))


def test_what_is_told_while_a_hook_is_removed_is_sent_nowhere_and_stops_nobody(hook, receiver):
    late = message(hook, Happening.SUBMITTED, "question", 7)
    Hook.objects.filter(pk=hook.pk).delete()
    with transaction.atomic():
        write([late])
    attempt(late.pk)
    assert Delivery.objects.get(pk=late.pk).tries == len(receiver.got) == 0


def work(waiting: list[int]) -> list[str]:
    """Let all workers go through all messages, and return what failed."""

    def one(turn: int) -> None:
        if turn < len(waiting):
            attempt(waiting[turn])

    return at_once(*[one] * WORKERS)


def test_each_message_arrives_once(hook, waiting, receiver):
    assert work(waiting) == []
    assert len(receiver.got) == len({got.headers["Proviso-Delivery"] for got in receiver.got}) == MESSAGES
    assert not hook.deliveries.exclude(state="delivered", tries=1).exists()


def test_each_that_fails_is_noted_once(hook, waiting, receiver):
    receiver.answer = hangs_up
    assert work(waiting) == []
    tried = hook.deliveries.filter(tries=1)
    assert len(receiver.got) == tried.count() >= 1
    assert not hook.deliveries.filter(tries__gt=1).exists()
    assert not Delivery.objects.filter(tries=1, due__lt=timezone.now()).exists()


def test_a_worker_waits_for_no_receiver_and_one_that_is_slow_takes_one_place(hook, waiting, receiver):
    """A receiver that answers after 14 seconds held the one place of a worker for each of its messages."""
    go_on = Event()

    def answers_late(to: Handler) -> None:
        go_on.wait(10)
        says(200)(to)

    receiver.answer = answers_late
    began = monotonic()
    for pk in waiting:
        deliver(pk)
    assert monotonic() - began < 2
    other = add_hook(hook.project, f"{receiver.url}/other", [Happening.SUBMITTED])
    announce(Happening.SUBMITTED, hook.project_id, "question", 99)
    deliver(other.deliveries.get().pk)
    assert eventually(lambda: len(receiver.got) == 2)
    assert {got.path for got in receiver.got} == {"/proviso", "/proviso/other"}
    go_on.set()
    assert eventually(lambda: other.deliveries.filter(state="delivered").count() == 1)
    assert eventually(lambda: not hook.deliveries.exclude(state="delivered", tries=1).exists())
    assert eventually(lambda: not [one for one in enumerate_threads() if one.name.startswith("delivery ")])
