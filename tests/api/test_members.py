"""Members through the API: added, changed, invited, removed and erased, by the rules of the page; links told once."""

import json
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from annotator.actions import claiming
from annotator.models import Invite, Member, User
from tests.api.calls import CLOCKS, calling, send

MEMBERS = f"{CLOCKS}members/"
INVITES = f"{CLOCKS}invites/"


def path_of(link: str) -> str:
    return re.sub(r"^http://127\.0\.0\.1:\d+", "", link)


def test_who_looks_on_is_told_the_names_that_the_pages_show_and_managers_are_told_more(mo, vi, ann):
    named = calling(mo).get(MEMBERS).json()["results"]
    told = calling(vi).get(MEMBERS).json()["results"]
    assert {row["name"] for row in named} == {row["name"] for row in told} == {"Ann", "Bo", "Cy", "Mo", "Vi"}
    assert {tuple(row) for row in told} == {("id", "pseudonym", "role", "name")}
    assert calling(mo).get(f"{MEMBERS}{ann.pk}/").json() in named


def test_somebody_with_an_account_is_added_and_again_changes_nothing(mo, dee, project):
    for role, status in (("annotator", 201), ("viewer", 200)):
        added = send(calling(mo), "POST", MEMBERS, {"username": "dee", "role": role})
        assert (added.status_code, added.json()["member"]["role"], added.json()["link"]) == (status, "annotator", None)
    assert project.members.filter(user=dee).count() == 1


def test_a_newcomer_is_made_where_it_is_said_so_and_their_link_works_once(mo, project):
    slip = send(calling(mo), "POST", MEMBERS, {"username": "ANN"})
    assert (slip.status_code, slip.json()["errors"][0]["field"]) == (422, "username")
    assert "Is “ann” meant?" in slip.json()["errors"][0]["detail"]
    made = send(calling(mo), "POST", MEMBERS, {"username": "fay", "create": True}).json()
    assert Client().post(path_of(made["link"])).status_code == 302
    assert Client().post(path_of(made["link"])).status_code == 410
    assert made["link"] not in calling(mo).get(MEMBERS).text


@pytest.mark.parametrize("said", [{"username": "two words"}, {"username": ""}, {"role": "boss", "username": "x"}])
def test_a_name_or_role_that_cannot_be_is_named(mo, project, said):
    answer = send(calling(mo), "POST", MEMBERS, {"create": True} | said)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, next(iter(said)))
    assert not User.objects.filter(username="x").exists()


def test_a_link_is_drawn_for_who_never_signed_in(mo, bo):
    drawn = calling(mo).post(f"{MEMBERS}{bo.pk}/link/")
    assert (drawn.status_code, drawn.json()["username"]) == (200, "bo")
    assert Client().get(path_of(drawn.json()["link"])).status_code == 200
    User.objects.filter(pk=bo.user_id).update(last_login=timezone.now())
    assert calling(mo).post(f"{MEMBERS}{bo.pk}/link/").status_code == 404


def test_role_and_pseudonym_are_changed_by_themselves(mo, ann, bo, question):
    claiming.take(ann, question)
    path = f"{MEMBERS}{ann.pk}/"
    assert send(calling(mo), "PATCH", path, {"pseudonym": "reader 7"}).json()["role"] == "annotator"
    told = send(calling(mo), "PATCH", path, {"role": "viewer"}).json()
    assert (told["pseudonym"], told["role"]) == ("reader 7", "viewer")
    assert not ann.assignments.open().exists()
    taken = send(calling(mo), "PATCH", path, {"pseudonym": bo.pseudonym})
    assert (taken.status_code, taken.json()["errors"][0]["field"]) == (422, "pseudonym")


def test_the_last_manager_stays(mo):
    path = f"{MEMBERS}{mo.pk}/"
    answers = [
        send(calling(mo), "PATCH", path, {"role": "viewer"}),
        calling(mo).post(f"{path}remove/"),
        send(calling(mo), "POST", f"{path}erase/", {"typed": mo.pseudonym}),
        calling(mo).post(f"{CLOCKS}leave/"),
    ]
    assert [(one.status_code, "needs a manager" in one.json()["detail"]) for one in answers] == [(409, True)] * 4
    mo.refresh_from_db()
    assert (mo.role, mo.left) == ("manager", None)


def test_somebody_is_removed_and_brought_back(mo, ann, assignment):
    path = f"{MEMBERS}{ann.pk}/"
    assert calling(mo).post(f"{path}remove/").json()["left"]
    assert calling(ann).get(CLOCKS).status_code == 404
    assert calling(mo).post(f"{path}back/").json()["left"] is None
    assert calling(ann).get(CLOCKS).status_code == 200
    assert not ann.assignments.open().exists()


def test_a_person_is_erased_by_their_pseudonym(mo, ann):
    path = f"{MEMBERS}{ann.pk}/"
    slip = send(calling(mo), "POST", f"{path}erase/", {"typed": "Ann"})
    assert (slip.status_code, slip.json()["errors"][0]["field"]) == (422, "typed")
    told = send(calling(mo), "POST", f"{path}erase/", {"typed": ann.pseudonym}).json()
    assert (told["name"], told["username"]) == ("annotator-ann", None)
    assert not User.objects.filter(username="ann").exists()
    assert calling(mo).post(f"{path}back/").status_code == 404


def test_a_person_leaves_by_themselves_and_their_token_for_the_project_ends(ann, project):
    confined = calling(ann, "write", project)
    assert confined.post(f"{CLOCKS}leave/").status_code == 204
    assert confined.get(CLOCKS).status_code == 401
    assert Member.objects.get(pk=ann.pk).left


def people(client: Client, table: bytes):
    return client.post(f"{MEMBERS}file/", {"file": SimpleUploadedFile("people.csv", table)})


def test_a_table_of_people_comes_in_whole_or_not_at_all(mo, dee, project):
    bad = people(calling(mo), b"username,role\nfay,annotator\ngus,boss\n")
    flaw = bad.json()["errors"][0]
    assert (bad.status_code, flaw["place"], flaw["field"]) == (422, "line 3", "role")
    assert not User.objects.filter(username="fay").exists()
    told = people(calling(mo), b"username,role\nfay,annotator\ndee,viewer\nann,viewer\n").json()
    assert ([one["username"] for one in told["newcomers"]], told["joined"], told["unchanged"]) == (["fay"], 1, 1)
    assert Client().get(path_of(told["newcomers"][0]["link"])).status_code == 200
    assert people(calling(mo), b"username,role\nfay,annotator\n").status_code == 200


def test_an_invite_lets_in_until_it_is_revoked_and_its_link_is_told_once(mo, dee, project):
    made = send(calling(mo), "POST", INVITES, {"role": "viewer", "uses": 2, "days": 3}).json()
    left = Invite.objects.get().expires - timezone.now()
    assert timedelta(days=2) < left < timedelta(days=3)
    [listed] = calling(mo).get(INVITES).json()["results"]
    assert (listed, listed["uses"]) == (made["invite"], 2)
    assert made["link"].rpartition("/join/")[2].strip("/") not in json.dumps(listed)
    visitor = Client()
    visitor.force_login(dee)
    assert visitor.post(path_of(made["link"]))["Location"] != reverse("sign_in")
    assert project.members.get(user=dee).role == "viewer"
    assert calling(mo).post(f"{INVITES}{listed['id']}/revoke/").status_code == 204
    assert Client().get(path_of(made["link"])).status_code == 410
    assert calling(mo).get(INVITES).json()["results"] == []


@pytest.mark.parametrize(("said", "field"), [({"uses": 0}, "uses"), ({"days": 366}, "days"), ({"role": "x"}, "role")])
def test_an_invite_that_cannot_be_is_named(mo, said, field):
    answer = send(calling(mo), "POST", INVITES, said)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert not Invite.objects.exists()


def test_members_of_another_project_are_not_there(mo, project):
    stranger = Member.objects.exclude(project=project).first()
    for more in ("", "remove/", "back/", "link/"):
        method = "POST" if more else "GET"
        assert send(calling(mo), method, f"{MEMBERS}{stranger.pk}/{more}").status_code == 404
    assert Member.objects.get(pk=stranger.pk).left is None


def test_the_permission_trio(mo, cy, dee, ann):
    answers = [send(calling(who), "PATCH", f"{MEMBERS}{ann.pk}/", {}).status_code for who in (mo, cy, dee)]
    assert answers == [200, 404, 404]
