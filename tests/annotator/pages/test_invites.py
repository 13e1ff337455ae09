"""Invites: joining by a link, with an account or with one made there; and people from a table."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from annotator.actions.consenting import publish_consent
from annotator.actions.inviting import Closed, join, make_invite, open_invite
from annotator.actions.leaving import leave
from annotator.models import Invite, Member, SignInLink, User
from tests.conftest import signed_in, user

DAY = timedelta(days=1)
NEW = {"username": "fay", "password1": "walnut-tree-9", "password2": "walnut-tree-9"}
FILE = "/p/clocks/members/file/"


@pytest.fixture
def path(mo) -> str:
    return f"/join/{make_invite(mo, Member.Role.ADJUDICATOR, 2, DAY)}/"


def table(client: Client, text: str | bytes):
    content = text.encode() if isinstance(text, str) else text
    return client.post(FILE, {"file": SimpleUploadedFile("people.csv", content)})


def test_a_manager_makes_a_link_that_is_shown_once_and_kept_hashed(as_mo, project):
    answer = as_mo.post("/p/clocks/invites/", {"role": "annotator", "uses": "3", "days": "7"})
    [token] = re.findall(r'value="http://[^"]+/join/([^"/]+)/"', answer.text)
    invite = project.invites.get()
    assert (invite.uses, invite.used, token in str(vars(invite))) == (3, 0, False)
    assert token not in as_mo.get("/p/clocks/members/").text


def test_opening_it_changes_nothing_and_its_button_joins(as_dee, dee, project, path):
    assert "Join “Clocks”" in as_dee.get(path).text
    assert not project.members.filter(user=dee).exists()
    assert as_dee.post(path).url == "/?project=clocks"
    assert project.members.get(user=dee).role == "adjudicator"
    assert project.invites.get().used == 1


def test_who_has_no_account_makes_one_there(client, project, path):
    assert client.post(path, NEW).url == "/?project=clocks"
    assert client.get("/p/clocks/guidelines/").status_code == 200
    assert User.objects.get(username="fay").check_password("walnut-tree-9")


@pytest.mark.parametrize("wrong", [{"username": "ann"}, {"password2": "other"}, {"username": "a b"}])
def test_an_account_that_cannot_be_made_is_422_and_spends_nothing(client, project, path, wrong):
    assert client.post(path, NEW | wrong).status_code == 422
    assert project.invites.get().used == 0


def test_it_lets_in_as_many_as_it_says(project, path):
    answers = [Client().post(path, NEW | {"username": name}).status_code for name in ("fay", "gil", "hal")]
    assert answers == [302, 302, 410]
    assert not User.objects.filter(username="hal").exists()


def test_two_who_read_the_last_use_do_not_both_get_it(mo, dee):
    invite = open_invite(make_invite(mo, Member.Role.VIEWER, 1, DAY))
    join(invite, dee)
    with pytest.raises(Closed):
        join(invite, user("fay"))


def test_a_member_spends_no_use_and_keeps_their_role(as_ann, ann, project, path):
    as_ann.post(path)
    ann.refresh_from_db()
    assert (ann.role, project.invites.get().used) == ("annotator", 0)


def test_a_revoked_or_expired_one_opens_nothing(as_mo, as_dee, mo, project, path):
    as_mo.post(f"/p/clocks/invites/{project.invites.get().pk}/revoke/")
    late = make_invite(mo, Member.Role.VIEWER, 1, -DAY)
    for one in (path, f"/join/{late}/", "/join/no-such-token/"):
        assert [as_dee.get(one).status_code, as_dee.post(one).status_code] == [410, 410]


def test_who_was_removed_does_not_come_back_by_an_older_link(bo, mo, project, path):
    leave(bo)
    assert signed_in(bo.user).post(path).status_code == 410
    newer = make_invite(mo, Member.Role.ANNOTATOR, 1, DAY)
    assert signed_in(bo.user).post(f"/join/{newer}/").status_code == 302


def test_the_consent_text_is_shown_and_must_be_agreed_to(as_dee, dee, mo, project, path):
    version = publish_consent(project, "Your work will be published.", mo)
    assert "Your work will be published." in as_dee.get(path).text
    assert as_dee.post(path).status_code == 422
    assert as_dee.post(path, {"agreed": version.number}).status_code == 302
    assert project.members.get(user=dee).consents.get().version == version


def test_another_projects_invite_cannot_be_revoked(as_mo, project):
    other = Member.objects.get(user__username="ned")
    make_invite(other, Member.Role.VIEWER, 1, DAY)
    assert as_mo.post(f"/p/clocks/invites/{Invite.objects.get().pk}/revoke/").status_code == 404


def test_a_table_adds_everybody_and_shows_newcomers_their_links(as_mo, project, dee):
    answer = table(as_mo, "\ufeffusername,role,name\nfay,annotator,Fay É\ndee,viewer,\n\nann,viewer,\n")
    assert "1 with a new account, 1 with theirs; 1 were members already." in answer.text
    assert '<a href="/p/clocks/members/" aria-current="true">' in answer.text
    roles = dict(project.members.values_list("user__username", "role"))
    assert (roles["fay"], roles["dee"], roles["ann"]) == ("annotator", "viewer", "annotator")
    [link] = re.findall(r"http://127\.0\.0\.1:8000(/sign-in/link/[^<]+)<", answer.text)
    assert Client().post(link)["Location"] == "/"
    assert User.objects.get(username="fay").first_name == "Fay É"


def test_a_table_needs_no_header_and_spells_roles_as_the_page_does(as_mo, project):
    table(as_mo, "fay,Annotator\ngil,VIEWER\n")
    table(as_mo, "role,username\nAdjudicator,hal\n")
    roles = dict(project.members.values_list("user__username", "role"))
    assert (roles["fay"], roles["gil"], roles["hal"]) == ("annotator", "viewer", "adjudicator")


@pytest.mark.parametrize(
    ("text", "place", "column", "message"),
    [
        ("username,role\nfay,boss\n", "line 2", "role", "is “boss”; one of manager, adjudicator"),
        ("username,role\nfay,viewer\nfay,viewer\n", "line 3", "username", "stands at line 2 already"),
        ("username,role\nAnn,viewer\n", "line 2", "username", "no account “Ann”, but one “ann”"),
        ("username,role\na b,viewer\n", "line 2", "username", "Enter a valid username"),
        ("username,role\n,viewer\n", "line 2", "username", "cannot be blank"),
        ("username,role\nfay\n", "line 2", "–", "has 1 column where the header has 2"),
        ("user,role\nfay,viewer\n", "line 1", "–", "is neither the header"),
        ("fay,boss\n", "line 1", "–", "is neither the header"),
        ("username,role\n", "line 2", "–", "names nobody"),
        ("", "line 1", "–", "is neither the header"),
        (b"username,role\nf\xe9,viewer\n", "line 2", "–", "UTF-8"),
        ("username,role\n" + "".join(f"p{n},viewer\n" for n in range(1001)), "line 1002", "–", "one too many"),
    ],
)
def test_a_wrong_table_adds_nobody_and_says_where(as_mo, project, text, place, column, message):
    people = (User.objects.count(), project.members.count(), SignInLink.objects.count())
    answer = table(as_mo, text)
    assert answer.status_code == 422
    assert f">{place}<" in answer.text
    assert f"<code>{column}</code>" in answer.text
    assert message in answer.text
    assert (User.objects.count(), project.members.count(), SignInLink.objects.count()) == people


def test_all_that_is_wrong_with_a_table_is_said_at_once(as_mo, project):
    assert "3 problems in the table" in table(as_mo, "username,role\na b,boss\nfay,viewer\nFAY,viewer\n").text


def test_owner_peer_and_stranger(as_mo, as_ann, as_dee, project):
    said = {"role": "annotator", "uses": "1", "days": "1"}
    assert [who.post("/p/clocks/invites/", said).status_code for who in (as_mo, as_ann, as_dee)] == [200, 404, 404]
    assert [table(who, "username,role\nfay,viewer\n").status_code for who in (as_ann, as_dee)] == [404, 404]
    assert timezone.now() < project.invites.get().expires
