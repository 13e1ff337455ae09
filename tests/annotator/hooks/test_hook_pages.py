"""The pages of hooks: adding one, its secret once, what it was sent, and what is done by hand."""

import re
from typing import Any

import pytest
from django.utils import timezone
from django.utils.formats import date_format

from annotator.actions.announcing import announce
from annotator.actions.hooks import MOST, add_hook, draw_secret
from annotator.models import Delivery, Event, Hook, Project
from annotator.views import hooks as pages
from tests.annotator.exchange.conftest import exported
from tests.annotator.hooks.hooked import make_hook, make_logged
from tests.conftest import signed_in, user

LIST = "/p/clocks/hooks/"
FORM = {"url": "https://lab.example/proviso?key=1", "events": ["released", "submitted"]}
SECRET = r"pvh_[\w-]{43}"


@pytest.fixture
def page(project: Project) -> str:
    return f"{LIST}{make_hook(project).pk}/"


@pytest.fixture
def log(project: Project) -> str:
    """The page of a hook that was switched off."""
    return f"{LIST}{make_logged(project, 4001).pk}/"


def test_a_hook_is_added_and_its_secret_shown_once(as_mo, project):
    [secret] = re.findall(rf'id="secret" readonly value="({SECRET})"', as_mo.post(LIST, FORM).text)
    hook = project.hooks.get()
    assert (hook.url, hook.events, hook.secret) == (FORM["url"], ["submitted", "released"], secret)
    for address in (LIST, f"{LIST}{hook.pk}/"):
        shown = as_mo.get(address).text
        assert FORM["url"] in shown
        assert secret not in shown


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"url": "http://192.168.0.1/"}, "The address leads to a private address (192.168.0.1)"),
        ({"url": "lab.example"}, "The address does not begin with http:// or https://."),
        ({"url": ""}, "This field is required."),
        ({"events": []}, "This field is required."),
        ({"events": ["test"]}, "Select a valid choice."),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(as_mo, project, page, said, error):
    for address in (LIST, page):
        answer = as_mo.post(address, FORM | said)
        assert answer.status_code == 422
        assert error in answer.text
    assert project.hooks.get().url == "https://lab.example/proviso"


def test_a_project_that_has_as_many_as_it_may_says_so(as_mo, project):
    for _hook in range(MOST):
        add_hook(project, "https://lab.example/", [Event.RELEASED])
    answer = as_mo.post(LIST, FORM)
    assert answer.status_code == 422
    assert "A project has 20 hooks at most." in answer.text


def test_it_is_changed_switched_tested_and_removed(as_mo, project, page):
    as_mo.post(page, FORM)
    as_mo.post(f"{page}switch/")
    hook = project.hooks.get()
    assert (hook.url, hook.events, hook.on) == (FORM["url"], ["submitted", "released"], False)
    assert "The hook is off; switch it on first." in as_mo.post(f"{page}test/", follow=True).text
    as_mo.post(f"{page}switch/", {"on": "on"})
    assert "A test is on its way" in as_mo.post(f"{page}test/", follow=True).text
    assert hook.deliveries.get().event == "test"
    as_mo.post(f"{page}remove/")
    assert not project.hooks.exists()
    assert not Delivery.objects.filter(hook=hook.pk).exists()


def test_a_fresh_secret_takes_the_place_of_the_old(as_mo, project, page):
    old = project.hooks.get().secret
    [secret] = re.findall(rf'value="({SECRET})"', as_mo.post(f"{page}secret/").text)
    assert project.hooks.get().secret == secret != old


def test_the_log_tells_what_was_sent_and_what_came_back(as_mo, log):
    shown = as_mo.get(log).text
    assert "Too many messages in a row had to be given up." in shown
    assert "no answer within 15 seconds" in shown
    assert "502 Bad Gateway" in shown
    assert "&quot;questions&quot;: 2000" in shown
    failed = as_mo.get(f"{log}?what=failed").text
    assert "no answer within 15 seconds" in failed
    assert "502 Bad Gateway" in failed
    assert "delivered" not in failed


def test_what_was_refused_and_waits_is_said_to_be_refused_and_when_it_is_tried_again(as_mo, log):
    assert shown_states(as_mo.get(log).text)[1] == "refused 2 attempts next attempt once the hook is on"
    as_mo.post(f"{log}switch/", {"on": "on"})
    due = Delivery.objects.get(code=502).due
    soon = f"next attempt {date_format(timezone.localtime(due), 'j M, H:i')}"
    assert shown_states(as_mo.get(log).text)[1] == f"refused 2 attempts {soon}"
    Delivery.objects.filter(code=502).update(code=None, error="no answer within 15 seconds")
    assert shown_states(as_mo.get(log).text)[1] == f"not delivered 2 attempts {soon}"


def test_what_was_never_tried_or_is_sent_again_after_all_went_well_waits(as_mo, log):
    Delivery.objects.filter(code=502).update(code=None, milliseconds=None, tries=0)
    Delivery.objects.filter(code=200).update(state="waiting")
    last, never, _given_up = shown_states(as_mo.get(log).text)
    assert (last, never) == ("waiting next attempt once the hook is on", "waiting")


def shown_states(text: str) -> list[str]:
    """Return what the log says of each message’s state."""
    cells = re.findall(r'<td data-label="State">(.*?)</td>', text)
    return [re.sub(r"(<[^>]+>)+", " ", cell).strip() for cell in cells]


def test_what_was_given_up_is_sent_again_from_the_log(as_mo, log):
    hook = Hook.objects.get(pk=4001)
    given_up = hook.deliveries.get(state="failed")
    again = f"{log}again/{given_up.pk}/"
    assert "switch it on first" in as_mo.post(again, follow=True).text
    as_mo.post(f"{log}switch/", {"on": "on"})
    assert "2 of the last 3 failed" in as_mo.get(LIST).text
    assert "It is on its way again." in as_mo.post(again, follow=True).text
    given_up.refresh_from_db()
    assert given_up.state == "waiting"


def test_the_log_goes_on_at_the_same_cost(as_mo, project, page, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(pages, "PAGE", 2)
    for number in range(5):
        announce(Event.SUBMITTED, project.pk, "question", number + 100)
    seen, address = [], page
    for _page in range(3):
        with django_assert_num_queries(5):  # session, user, member, hook, its log
            shown = as_mo.get(address).text
        seen += re.findall(r"&quot;question&quot;: (\d+)", shown)
        following = re.search(r'href="([^"]+)" rel="next"', shown)
        address = following[1] if following else ""
    assert (seen, address) == (["104", "103", "102", "101", "100"], "")


def test_what_a_receiver_answers_is_text(as_mo, log):
    Delivery.objects.update(answer="<script>alert(1)</script>")
    assert "<script>alert" not in as_mo.get(log).text


def test_the_hook_of_another_project_is_not_there(as_mo, project):
    other = make_hook(Project.objects.get(slug="noise"))
    assert as_mo.get(f"{LIST}{other.pk}/").status_code == 404
    announce(Event.SUBMITTED, other.project_id, "question", 1)
    own, number = make_hook(project), other.deliveries.get().pk
    assert as_mo.post(f"{LIST}{own.pk}/again/{number}/").status_code == 404


def test_a_secret_shows_nowhere_else(as_mo, project, log, dee, caplog):
    secret = draw_secret(Hook.objects.get(pk=4001))
    type(dee).objects.filter(pk=dee.pk).update(is_staff=True, is_superuser=True)
    chief: Any = signed_in(user("dee"))
    delivery = Delivery.objects.latest("pk").pk
    places = ["hook/", "hook/4001/change/", "delivery/", f"delivery/{delivery}/change/"]
    shown = [chief.get(f"/admin/annotator/{place}") for place in places]
    assert {answer.status_code for answer in shown} == {200}
    seen = [answer.text for answer in shown] + [as_mo.get(log).text, exported(project, "full").decode(), caplog.text]
    assert not any(secret in text for text in seen)


def test_owner_peer_and_stranger(as_mo, as_cy, as_dee, page):
    assert [client.get(page).status_code for client in (as_mo, as_cy, as_dee)] == [200, 404, 404]
