"""Hooks by the API: the same verbs, for managers alone, and a secret once."""

import pytest

from annotator.actions.hooks import MOST, add_hook
from annotator.api.access import Call
from annotator.api.hooks import hook_of
from annotator.models import Delivery, Event, Hook, Project
from tests.annotator.hooks.hooked import make_logged
from tests.api.calls import CLOCKS, calling, send

HOOKS = f"{CLOCKS}hooks/"
BODY = {"url": "https://lab.example/proviso", "events": ["released", "submitted"]}


@pytest.fixture
def log(project: Project) -> str:
    return f"{HOOKS}{make_logged(project, 4001).pk}/"


def test_a_hook_is_added_read_and_listed_and_its_secret_told_once(mo):
    client = calling(mo)
    made = send(client, "POST", HOOKS, BODY)
    hook = Hook.objects.get(pk=made.json()["id"])
    assert made.status_code == 201
    assert made.json()["secret"] == hook.secret
    read = client.get(f"{HOOKS}{hook.pk}/")
    assert client.get(HOOKS).json()["results"] == [read.json()]
    assert (read.json()["url"], read.json()["events"], read.json()["on"]) == (
        BODY["url"],
        ["submitted", "released"],
        True,
    )
    assert hook.secret not in read.text


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"url": "http://10.0.0.1/"}, "url"),
        ({"url": "https://a@lab.example/"}, "url"),
        ({"events": []}, "events"),
        ({"events": ["test"]}, "events"),
        ({"secret": "mine"}, "secret"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(mo, log, said, field):
    for method, path, body in (("POST", HOOKS, BODY | said), ("PATCH", log, said)):
        answer = send(calling(mo), method, path, body)
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"].startswith(field)
    assert Hook.objects.filter(project__slug="clocks").count() == 1


def test_only_what_is_said_is_changed(mo, log):
    before = calling(mo).get(log).json()
    assert (before["on"], before["stopped"]) == (False, "failing")
    after = send(calling(mo), "PATCH", log, {"on": True}).json()
    assert after == before | {"on": True, "stopped": ""}
    assert send(calling(mo), "PATCH", log, {"events": ["released"]}).json() == after | {"events": ["released"]}


def test_what_another_changed_meanwhile_stays(mo, log, monkeypatch):
    def read(request: Call, slug: str, pk: int) -> Hook:
        found = hook_of(request, slug, pk)
        Hook.objects.filter(pk=pk).update(url="https://new.example/")
        return found

    with monkeypatch.context() as patched:
        patched.setattr("annotator.api.hooks.hook_of", read)
        send(calling(mo), "PATCH", log, {"events": ["released"], "on": True})
    hook = Hook.objects.get(pk=4001)
    assert (hook.url, hook.events, hook.on) == ("https://new.example/", ["released"], True)


def test_a_project_that_has_as_many_as_it_may_says_so(mo, project):
    for _hook in range(MOST):
        add_hook(project, "https://lab.example/", [Event.RELEASED])
    answer = send(calling(mo), "POST", HOOKS, BODY)
    assert (answer.status_code, answer.json()["detail"]) == (409, "A project has 20 hooks at most.")


def test_a_fresh_secret_takes_the_place_of_the_old(mo, log):
    old = Hook.objects.get(pk=4001).secret
    drawn = calling(mo).post(f"{log}secret/").json()["secret"]
    assert Hook.objects.get(pk=4001).secret == drawn != old


def test_it_is_told_how_many_of_the_last_messages_missed_as_on_the_page(mo, log):
    client = calling(mo)
    [listed] = client.get(HOOKS).json()["results"]
    assert (listed["tried"], listed["missed"], client.get(log).json()) == (3, 2, listed)
    missed = client.get(f"{log}deliveries/?state=missed").json()["results"]
    assert [one["state"] for one in missed] == ["waiting", "failed"]
    fresh = send(client, "POST", HOOKS, BODY).json()
    assert (fresh["tried"], fresh["missed"]) == (0, 0)


def test_deliveries_are_listed_by_state_and_sent_again(mo, log):
    client = calling(mo)
    [given_up] = client.get(f"{log}deliveries/?state=failed").json()["results"]
    assert [one["state"] for one in client.get(f"{log}deliveries/").json()["results"]] == [
        "delivered",
        "waiting",
        "failed",
    ]
    again = f"{log}deliveries/{given_up['id']}/again/"
    assert client.post(again).json()["detail"] == "The hook is off; switch it on first."
    send(client, "PATCH", log, {"on": True})
    sent = client.post(again).json()
    assert (sent["state"], sent["uid"]) == ("waiting", given_up["uid"])
    assert client.get(f"{log}deliveries/?state=lost").status_code == 422


def test_a_test_is_sent(mo, log):
    client = calling(mo)
    assert client.post(f"{log}test/").status_code == 409
    send(client, "PATCH", log, {"on": True})
    assert client.post(f"{log}test/").status_code == 204
    assert Delivery.objects.filter(hook=4001, event="test").count() == 2


def test_a_hook_goes_with_what_it_was_sent(mo, log):
    assert calling(mo).delete(log).status_code == 204
    assert not Delivery.objects.filter(hook=4001).exists()
