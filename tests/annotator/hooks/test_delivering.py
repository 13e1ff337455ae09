"""Sending: once to whoever takes it, again and again to whoever does not, and to nobody that is off."""

from dataclasses import replace
from datetime import timedelta
from threading import BoundedSemaphore, Thread
from typing import Any

import pytest
from django.db.models import F
from django.utils import timezone

from annotator import delivering, senders
from annotator.actions import hooks as verbs
from annotator.actions.announcing import announce
from annotator.actions.deleting import delete_project, restore_project
from annotator.actions.queued import Refused
from annotator.delivering import IN_HAND, MOST_FAILURES, WAITS, attempt, claimed, keep, sweep, unattended
from annotator.models import Delivery, Event, Hook, Project
from annotator.outgoing import Outcome
from annotator.senders import send_due
from annotator.signing import signature
from config import worker
from config.worker import give_sign
from tests.annotator.hooks.receiver import Receiver, hangs_up, says

GOOD, BAD, NOTHING = Outcome(200, "ok"), Outcome(500, "no"), Outcome(error="no answer in time")


@pytest.fixture
def delivery(hook: Hook) -> Delivery:
    return happened(hook.project)


def happened(project: Project, number: int = 7) -> Delivery:
    """Return what the last hook is told of something."""
    announce(Event.SUBMITTED, project.pk, "question", number)
    return Delivery.objects.latest("pk")


def come(delivery: Delivery) -> None:
    """Let the time come at which it is due, and at which its hook has rested."""
    past = timezone.now() - timedelta(seconds=1)
    Delivery.objects.filter(pk=delivery.pk).update(due=past)
    Hook.objects.filter(pk=delivery.hook_id).update(rests_until=past)


def tried(delivery: Delivery, outcome: Outcome) -> Delivery:
    """Return the delivery after an attempt at which this came back."""
    come(delivery)
    found = claimed(delivery.pk)
    assert found is not None
    keep(found, outcome)
    return Delivery.objects.select_related("hook").get(pk=delivery.pk)


def give_up(delivery: Delivery) -> Delivery:
    for _attempt in range(len(WAITS) + 1):
        delivery = tried(delivery, BAD)
    return delivery


# Once


def test_it_arrives_signed_and_the_log_says_so(delivery, hook, receiver: Receiver):
    attempt(delivery.pk)
    [got] = receiver.got
    assert got.body == delivery.body.encode()
    at = int(got.headers["Proviso-Signature"].split(",")[0].removeprefix("t="))
    assert got.headers["Proviso-Signature"] == signature(hook.secret, at, got.body)
    assert abs(timezone.now().timestamp() - at) < 60
    assert (got.headers["Proviso-Event"], got.headers["Proviso-Delivery"]) == ("submitted", str(delivery.uid))
    assert got.headers["Content-Type"] == "application/json"
    delivery.refresh_from_db()
    assert (delivery.state, delivery.code, delivery.answer, delivery.tries) == ("delivered", 200, "thanks", 1)
    assert delivery.milliseconds is not None


def test_what_arrived_is_not_sent_again(delivery, receiver: Receiver):
    for _message in range(2):
        attempt(delivery.pk)
    assert len(receiver.got) == 1


def test_two_workers_do_not_both_send_it(delivery):
    assert claimed(delivery.pk)
    assert claimed(delivery.pk) is None


def test_one_that_is_gone_is_nobodys(delivery):
    Delivery.objects.all().delete()
    assert claimed(delivery.pk) is None


def test_it_is_told_in_the_order_in_which_it_happened(hook):
    made = [happened(hook.project, number).pk for number in range(5)]
    assert list(Delivery.objects.due().values_list("pk", flat=True)) == made


# Again


def test_it_is_tried_again_later_and_later_and_then_given_up(delivery):
    for number, wait in enumerate(WAITS, 1):
        after = tried(delivery, BAD)
        assert (after.state, after.tries, after.code, after.answer) == ("waiting", number, 500, "no")
        assert abs(after.due - timezone.now() - wait) < timedelta(seconds=30)
    last = tried(delivery, BAD)
    assert (last.state, last.tries, last.hook.failures, last.hook.on) == ("failed", len(WAITS) + 1, 1, True)


def test_the_same_is_sent_each_time_under_the_same_id(delivery, receiver: Receiver):
    receiver.answer = says(503, b"busy")
    attempt(delivery.pk)
    receiver.answer = hangs_up
    come(delivery)
    attempt(delivery.pk)
    receiver.answer = says(204)
    come(delivery)
    attempt(delivery.pk)
    assert {(got.headers["Proviso-Delivery"], got.body) for got in receiver.got} == {
        (str(delivery.uid), delivery.body.encode())
    }
    delivery.refresh_from_db()
    assert (delivery.state, delivery.tries, delivery.code, delivery.error) == ("delivered", 3, 204, "")
    assert delivery.due == delivery.tried


def test_the_log_keeps_the_first_thousand_characters_of_an_answer(delivery, receiver: Receiver):
    receiver.answer = says(500, "é".encode() * 3000)
    attempt(delivery.pk)
    delivery.refresh_from_db()
    assert delivery.answer == "é" * 1000


def test_one_whose_worker_died_falls_due_again_and_the_dead_one_writes_nothing_more(delivery):
    dead = claimed(delivery.pk)
    assert dead is not None
    assert timezone.now() < dead.due <= timezone.now() + IN_HAND
    come(delivery)
    living = claimed(delivery.pk)
    keep(dead, GOOD)
    assert Delivery.objects.get(pk=delivery.pk).state == "waiting"
    keep(living, GOOD)
    assert Delivery.objects.get(pk=delivery.pk).state == "delivered"


def test_a_receiver_that_does_not_answer_rests_and_others_do_not(delivery, project):
    second, other = happened(delivery.hook.project), verbs.add_hook(project, "http://127.0.0.1/", [Event.RELEASED])
    announce(Event.RELEASED, project.pk, "release", "1.0.0")
    tried(delivery, NOTHING)
    assert set(Delivery.objects.due().values_list("hook", flat=True)) == {other.pk}
    attempt(second.pk)
    assert Delivery.objects.get(pk=second.pk).tries == 0
    verbs.send_test(Hook.objects.get(pk=delivery.hook_id))
    assert second in Delivery.objects.due()


def test_a_receiver_that_answers_late_rests_too(delivery):
    second = happened(delivery.hook.project)
    assert tried(delivery, replace(GOOD, seconds=14)).state == "delivered"
    assert second not in Delivery.objects.due()


# Off


def test_one_that_answers_410_is_told_no_more(delivery):
    after = tried(delivery, Outcome(410))
    assert (after.state, after.hook.on, after.hook.stopped) == ("failed", False, "gone")


def test_many_given_up_in_a_row_switch_it_off(hook):
    for _delivery in range(MOST_FAILURES):
        assert Hook.objects.get(pk=hook.pk).on
        after = give_up(happened(hook.project))
    assert (after.hook.on, after.hook.stopped) == (False, "failing")
    verbs.switch(hook, on=True)
    found = Hook.objects.get(pk=hook.pk)
    assert (found.on, found.stopped, found.failures) == (True, "", 0)


def test_one_that_arrives_ends_the_row(hook):
    assert give_up(happened(hook.project)).hook.failures == 1
    assert tried(happened(hook.project), GOOD).hook.failures == 0


def test_what_waits_goes_on_waiting_while_it_is_off_or_the_project_deleted(delivery, hook, project):
    verbs.switch(hook, on=False)
    assert claimed(delivery.pk) is None
    verbs.switch(hook, on=True)
    delete_project(project)
    assert claimed(delivery.pk) is None
    restore_project(project)
    assert claimed(delivery.pk)


def test_nothing_is_sent_to_a_private_address_unless_that_is_let(delivery, receiver: Receiver, settings):
    settings.WEBHOOKS_ALLOW_PRIVATE = False
    attempt(delivery.pk)
    delivery.refresh_from_db()
    assert receiver.got == []
    assert delivery.error == "the address leads to a private address (127.0.0.1); WEBHOOKS_ALLOW_PRIVATE lets it"


# By hand


def test_what_was_given_up_is_sent_again_with_all_its_attempts(delivery):
    given_up = give_up(delivery)
    verbs.send_again(given_up)
    after = tried(delivery, BAD)
    assert (after.uid, after.state, after.attempts, after.tries) == (delivery.uid, "waiting", 1, len(WAITS) + 2)


def test_what_waits_long_is_sent_now_and_what_is_being_sent_is_left_alone(delivery):
    verbs.send_again(claimed(delivery.pk))
    assert claimed(delivery.pk) is None
    later = timezone.now() + timedelta(hours=2)
    Delivery.objects.filter(pk=delivery.pk).update(due=later)
    verbs.send_again(Delivery.objects.select_related("hook").get(pk=delivery.pk))
    assert claimed(delivery.pk)


def test_what_is_tried_again_within_a_minute_is_sent_now_too(delivery, receiver: Receiver):
    receiver.answer = says(503)
    attempt(delivery.pk)
    verbs.send_again(Delivery.objects.select_related("hook").get(pk=delivery.pk))
    receiver.answer = says(204)
    attempt(delivery.pk)
    assert (len(receiver.got), Delivery.objects.get(pk=delivery.pk).state) == (2, "delivered")


def test_what_waits_and_is_sent_by_hand_goes_on_with_the_attempts_that_are_left(delivery):
    for _attempt in range(2):
        delivery = tried(delivery, BAD)
    verbs.send_again(delivery)
    after = tried(delivery, BAD)
    assert (after.attempts, after.tries) == (3, 3)
    assert after.due - timezone.now() > WAITS[1]


def test_nothing_is_sent_by_hand_where_it_is_off(delivery, hook):
    verbs.switch(hook, on=False)
    with pytest.raises(Refused):
        verbs.send_again(delivery)
    with pytest.raises(Refused):
        verbs.send_test(hook)


def test_a_fresh_secret_signs_what_is_sent_from_then_on(delivery, hook, receiver: Receiver):
    secret = verbs.draw_secret(hook)
    attempt(delivery.pk)
    said = receiver.got[0].headers["Proviso-Signature"]
    at = int(said.split(",")[0].removeprefix("t="))
    assert said == signature(secret, at, receiver.got[0].body)
    assert secret != hook.secret


def test_a_project_has_so_many_and_no_more(hook, project):
    for _hook in range(verbs.MOST - 1):
        verbs.add_hook(project, hook.url, [Event.RELEASED])
    with pytest.raises(Refused, match="20 hooks at most"):
        verbs.add_hook(project, hook.url, [Event.RELEASED])


# The worker


def test_a_busy_worker_too_sends_what_is_due(delivery, monkeypatch):
    later = happened(delivery.hook.project)
    begun: list[int] = []
    Delivery.objects.filter(pk=later.pk).update(due=timezone.now() + timedelta(minutes=5))
    monkeypatch.setattr(senders, "begin", begun.append)
    monkeypatch.setattr(worker, "active_requests", {"a long job"})
    give_sign("one", timezone.now())
    assert begun == [delivery.pk]


def test_a_thread_that_cannot_be_had_takes_no_place(delivery, monkeypatch):
    def none_left(_thread):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(Thread, "start", none_left)
    monkeypatch.setattr(senders, "places", BoundedSemaphore(1))
    with pytest.raises(RuntimeError):
        senders.begin(delivery.pk)
    assert senders.places.acquire(blocking=False)


def test_it_is_said_where_nobody_sends_what_is_due(delivery, hook):
    assert not unattended(hook)
    long_ago = timezone.now() - timedelta(minutes=10)
    Delivery.objects.update(due=long_ago)
    assert not unattended(Hook.objects.get(pk=hook.pk))  # it has rested until now
    Hook.objects.update(rests_until=long_ago)
    assert unattended(Hook.objects.get(pk=hook.pk))


def test_old_ones_are_forgotten_some_at_a_time(hook, monkeypatch):
    monkeypatch.setattr(delivering, "SWEPT", 2)
    for _delivery in range(4):
        happened(hook.project)
    Delivery.objects.exclude(pk=Delivery.objects.latest("pk").pk).update(created=F("created") - timedelta(days=31))
    sweep()
    assert Delivery.objects.count() == 2
    sweep()
    assert Delivery.objects.count() == 1


def test_who_sends_one_sends_what_else_is_due(delivery, receiver: Receiver):
    later = happened(delivery.hook.project)
    send_due()
    assert [got.headers["Proviso-Delivery"] for got in receiver.got] == [str(delivery.uid), str(later.uid)]


def test_a_broker_that_is_away_is_noted(delivery, monkeypatch, caplog):
    def away(*_said: Any) -> None:
        raise OSError

    monkeypatch.setattr("annotator.tasks.deliver.delay", away)
    delivering.nudge(delivery.pk)
    assert f"No worker could be told of delivery {delivery.pk}." in caplog.text
