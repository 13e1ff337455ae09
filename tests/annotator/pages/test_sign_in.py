"""Signing in and out, one-time links and passwords."""

import hashlib
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from annotator.actions.people import make_sign_in_link, use_link
from annotator.models import SignInLink, User

SIGN_IN = "/sign-in/"


@pytest.fixture
def eve(db) -> User:
    return User.objects.create_user("eve", password="walnut-tree-9")


def test_a_password_signs_in_and_goes_to_the_page_that_was_wanted(client, eve):
    answer = client.post(SIGN_IN, {"username": "eve", "password": "walnut-tree-9", "next": "/password/"})
    assert answer.url == "/password/"
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "http:///evil"])
def test_next_leads_to_no_other_site(client, eve, wanted):
    answer = client.post(SIGN_IN, {"username": "eve", "password": "walnut-tree-9", "next": wanted})
    assert answer.url == "/"


def test_a_wrong_password_is_422_and_says_so(client, eve):
    answer = client.post(SIGN_IN, {"username": "eve", "password": "no"})
    assert answer.status_code == 422
    assert "do not go together" in answer.text


def test_a_page_sends_a_stranger_to_sign_in_and_back(client, db):
    assert client.get("/password/").url == "/sign-in/?next=/password/"


def test_a_part_asked_for_after_the_session_ended_moves_the_whole_page(client, db):
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/p/clocks/q/1/"}
    answer = client.get("/sign-in/?next=/somewhere/", headers=headers)
    assert answer["HX-Redirect"] == "/sign-in/?next=%2Fp%2Fclocks%2Fq%2F1%2F"


def test_signing_out_is_a_post(as_ann):
    assert as_ann.get("/sign-out/").status_code == 405
    assert as_ann.post("/sign-out/").url == "/sign-in/?signed-out"
    assert as_ann.get("/").status_code == 302


def test_opening_a_link_changes_nothing_its_button_signs_in_once(client, eve):
    path = reverse("sign_in_link", args=[make_sign_in_link(eve)])
    assert "Sign in as eve" in client.get(path).text
    assert SignInLink.objects.get().used is None
    assert client.post(path).url == "/"
    again = Client().post(path)
    assert again.status_code == 410
    assert "no longer opens" in again.text


def test_only_the_digest_of_a_link_is_kept(eve):
    token = make_sign_in_link(eve)
    assert SignInLink.objects.get().digest == hashlib.sha256(token.encode()).hexdigest()


@pytest.mark.parametrize("change", ["expired", "shut"])
def test_an_old_link_or_a_shut_account_opens_nothing(client, eve, change):
    token = make_sign_in_link(eve)
    if change == "expired":
        SignInLink.objects.update(expires=timezone.now() - timedelta(seconds=1))
    else:
        User.objects.update(is_active=False)
    assert client.get(reverse("sign_in_link", args=[token])).status_code == 410
    assert use_link(token) is None


def test_whoever_came_by_a_link_sets_a_first_password(client, db):
    user = User.objects.create_user("fay")
    client.force_login(user)
    assert "Set a password" in client.get("/password/").text
    answer = client.post("/password/", {"new_password1": "walnut-tree-9", "new_password2": "walnut-tree-9"})
    assert answer.url == "/"
    user.refresh_from_db()
    assert user.check_password("walnut-tree-9")
    assert client.get("/").status_code == 200


def test_changing_a_password_asks_for_the_old_one(client, eve):
    client.force_login(eve)
    wanted = {"old_password": "no", "new_password1": "walnut-tree-8", "new_password2": "walnut-tree-8"}
    answer = client.post("/password/", wanted)
    assert answer.status_code == 422
    assert client.post("/password/", wanted | {"old_password": "walnut-tree-9"}).status_code == 302


def test_the_command_prints_a_link_that_works(client, eve):
    out = StringIO()
    call_command("sign_in_link", "eve", stdout=out, stderr=StringIO())
    path = out.getvalue().strip().removeprefix("http://127.0.0.1:8000")
    assert client.post(path).url == "/"


def test_the_command_names_an_account_that_is_not_there(db):
    with pytest.raises(CommandError, match="no account “nobody”"):
        call_command("sign_in_link", "nobody")


def test_the_command_knows_an_account_that_is_spelt_otherwise_or_shut(eve):
    with pytest.raises(CommandError, match=r"There is no account “Eve”\. Is “eve” meant"):
        call_command("sign_in_link", "Eve")
    User.objects.filter(pk=eve.pk).update(is_active=False)
    with pytest.raises(CommandError, match="The account “eve” is shut"):
        call_command("sign_in_link", "eve")


def test_the_first_account_may_make_projects(client, db):
    out = StringIO()
    call_command("create_manager", "max", stdout=out, stderr=StringIO())
    client.post(out.getvalue().strip().removeprefix("http://127.0.0.1:8000"))
    assert client.get("/projects/new/").status_code == 200
    with pytest.raises(CommandError, match="There is an account “max” already; sign_in_link max prints a link for it"):
        call_command("create_manager", "max")


def test_a_manager_made_without_a_name_is_named_with_what_to_do_next(db):
    said = StringIO()
    call_command("create_manager", stdout=StringIO(), stderr=said)
    assert "The account “manager” is made" in said.getvalue()
    assert "open this link (it works once, within 2 days), sign in and set a password" in said.getvalue()
