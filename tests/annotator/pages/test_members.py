"""Members: adding people, their roles and pseudonyms, and links for newcomers."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from annotator.actions.people import LastManager, change_member
from annotator.models import Member, User
from tests.conftest import make_project, user

MEMBERS = "/p/clocks/members/"


def change(client, member: Member, **said):
    return client.post(f"{MEMBERS}{member.pk}/", {"role": member.role, "pseudonym": member.pseudonym} | said)


def test_somebody_with_an_account_is_added(as_mo, dee, project):
    assert as_mo.post(MEMBERS, {"username": "dee", "role": "annotator"}).status_code == 302
    added = project.members.get(user=dee)
    assert (added.role, added.pseudonym) == ("annotator", "annotator-1")


def test_adding_twice_changes_nothing_and_says_so(as_mo, ann, project):
    answer = as_mo.post(MEMBERS, {"username": "ann", "role": "viewer"}, follow=True)
    assert "Ann is a member already (annotator); nothing was changed." in answer.text
    ann.refresh_from_db()
    assert ann.role == "annotator"
    assert project.members.filter(user=ann.user).count() == 1


def test_a_name_without_an_account_is_asked_about_first(as_mo, project):
    answer = as_mo.post(MEMBERS, {"username": "fay", "role": "annotator"})
    assert answer.status_code == 422
    assert "There is no account “fay” yet" in answer.text
    assert not User.objects.filter(username="fay").exists()


def test_a_newcomer_gets_an_account_and_a_link_that_works_once(as_mo, project):
    answer = as_mo.post(MEMBERS, {"username": "fay", "role": "annotator", "do": "create"})
    [link] = re.findall(r'value="http://127\.0\.0\.1:8000(/sign-in/link/[^"]+)"', answer.text)
    newcomer = Client()
    assert newcomer.post(link)["Location"] == "/"
    assert newcomer.get("/p/clocks/guidelines/").status_code == 200
    assert Client().post(link).status_code == 410


@pytest.mark.parametrize("name", ["", "two words", "x" * 151])
def test_a_name_that_cannot_be_one_is_422(as_mo, project, name):
    assert as_mo.post(MEMBERS, {"username": name, "role": "annotator", "do": "create"}).status_code == 422


def test_a_newcomer_gets_another_link_until_they_sign_in(as_mo, bo):
    path = f"{MEMBERS}{bo.pk}/link/"
    assert "Send this link to bo" in as_mo.post(path).text
    User.objects.filter(pk=bo.user_id).update(last_login=timezone.now())
    assert as_mo.post(path).status_code == 404


@pytest.mark.parametrize("kind", ["staff", "elsewhere", "shut"])
def test_no_link_leads_into_an_account_that_is_more_than_a_newcomers(as_mo, bo, kind):
    if kind == "elsewhere":
        make_project("maps", {"bo": "manager"})
    else:
        User.objects.filter(pk=bo.user_id).update(**{"staff": {"is_staff": True}, "shut": {"is_active": False}}[kind])
    assert as_mo.post(f"{MEMBERS}{bo.pk}/link/").status_code == 404


def test_role_and_pseudonym_are_changed(as_mo, ann):
    assert change(as_mo, ann, role="adjudicator", pseudonym="reader 7").status_code == 302
    ann.refresh_from_db()
    assert (ann.role, ann.pseudonym) == ("adjudicator", "reader 7")


def test_a_pseudonym_belongs_to_one_person(as_mo, ann, bo):
    answer = change(as_mo, ann, pseudonym=bo.pseudonym)
    assert answer.status_code == 422
    assert "has this pseudonym" in answer.text


def test_the_last_manager_stays_one(as_mo, mo):
    answer = change(as_mo, mo, role="annotator")
    assert answer.status_code == 422
    assert "A project needs a manager" in answer.text
    mo.refresh_from_db()
    assert mo.role == "manager"


def test_of_two_managers_one_may_step_down(as_mo, mo, ann):
    change_member(ann, Member.Role.MANAGER)
    assert change(as_mo, mo, role="viewer").url == "/"
    with pytest.raises(LastManager):
        change_member(ann, Member.Role.VIEWER)


def test_a_manager_whose_account_is_shut_does_not_count(mo, ann):
    change_member(ann, Member.Role.MANAGER)
    User.objects.filter(pk=ann.user_id).update(is_active=False)
    with pytest.raises(LastManager):
        change_member(mo, Member.Role.VIEWER)


def test_a_member_without_an_account_is_shown_so(as_mo, project):
    Member.objects.create(project=project, pseudonym="annotator-9", joined=timezone.now())
    answer = as_mo.get(MEMBERS)
    assert "annotator-9" in answer.text
    assert "no account: came in with a file" in answer.text


def test_the_page_asks_the_same_for_many(as_mo, project, django_assert_max_num_queries):
    for number in range(20):
        account = user(f"extra{number}")
        Member.objects.create(project=project, user=account, pseudonym=f"p{number}", joined=timezone.now())
    with django_assert_max_num_queries(8):
        as_mo.get(MEMBERS)


def test_owner_peer_and_stranger(as_mo, as_ann, as_dee, bo):
    for who, status in ((as_mo, 302), (as_ann, 404), (as_dee, 404)):
        assert change(who, bo).status_code == status
    assert as_ann.post(MEMBERS, {"username": "dee", "role": "manager"}).status_code == 404
