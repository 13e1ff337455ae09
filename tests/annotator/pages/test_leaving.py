"""Leaving, being removed, coming back, and being erased: the work stays, under the pseudonym."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from annotator.actions import claiming, submitting
from annotator.actions.assigning import assign
from annotator.actions.leaving import erase, leave
from annotator.actions.people import LastManager, add_member, change_member, make_sign_in_link
from annotator.actions.returning import NotReturnable, return_to_author
from annotator.models import Annotation, Assignment, Member, Question, SignInLink, User
from tests.annotator.exchange.conftest import exported
from tests.conftest import make_project, make_question, signed_in
from tests.test_blindness import hand_in

MEMBERS = "/p/clocks/members/"


def test_who_leaves_gets_in_nowhere_and_their_open_slot_goes_back(as_ann, ann, assignment):
    assert as_ann.post("/p/clocks/leave/", follow=True).status_code == 200
    for page in ("guidelines/", f"q/{assignment.question_id}/", "leave/"):
        assert as_ann.get(f"/p/clocks/{page}").status_code == 404
    assert as_ann.post("/p/clocks/claim/").status_code == 404
    assert Question.objects.get(pk=assignment.question_id).taken == 0
    assert Annotation.objects.filter(author=ann).count() == 1


def test_a_question_that_an_adjudicator_had_in_hand_is_free_for_another(cy, question):
    Question.objects.filter(pk=question.pk).update(adjudicator=cy, lease_until=timezone.now())
    leave(cy)
    assert Question.objects.get(pk=question.pk).adjudicator is None


def test_leaving_twice_changes_nothing(ann, assignment):
    leave(ann)
    when = Member.objects.get(pk=ann.pk).left
    leave(Member.objects.get(pk=ann.pk))
    assert Member.objects.get(pk=ann.pk).left == when
    assert Question.objects.get(pk=assignment.question_id).taken == 0


def become_a_viewer(member: Member) -> None:
    change_member(Member.objects.get(pk=member.pk), Member.Role.VIEWER)


@pytest.fixture(params=[leave, become_a_viewer])
def go(request):
    """What ends a member's annotating, behind the back of who has fetched them before."""
    return request.param


def test_who_annotates_no_longer_keeps_nothing_in_hand(ann, batch, assignment, go):
    given = make_question(batch, "given")
    assign(ann, given)
    go(ann)
    assert not ann.assignments.in_hand().exists()
    assert not batch.questions.filter(taken__gt=0).exists()


def test_who_annotates_no_longer_is_given_nothing(ann, batch, assignment, go):
    other = make_question(batch, "other")
    go(ann)
    assert claiming.claim(ann) is None
    assert assign(ann, other) == "left"
    for give in (lambda: claiming.take(ann, other), lambda: claiming.resume(assignment)):
        with pytest.raises(claiming.Left):
            give()
    assert not batch.questions.filter(taken__gt=0).exists()


def test_who_annotates_no_longer_takes_nothing_back_and_is_returned_nothing(ann, cy, question, go):
    hand_in(ann, question)
    work = Annotation.objects.select_related("author", "question__batch__project", "assignment").get(author=ann)
    go(ann)
    with pytest.raises(submitting.Closed):
        submitting.reopen(work, ann)
    with pytest.raises(NotReturnable):
        return_to_author(work, cy, "Which cup?")
    assert Assignment.objects.get(annotation=work).state == "submitted"


def test_what_was_broken_off_is_finished_by_leaving_again(ann, assignment):
    Member.objects.filter(pk=ann.pk).update(left=timezone.now())
    leave(ann)
    assert Assignment.objects.get(pk=assignment.pk).state == "skipped"


def test_a_removed_member_comes_back_to_their_work(as_mo, as_ann, ann, assignment):
    as_mo.post(f"{MEMBERS}{ann.pk}/remove/")
    assert "No longer here" in as_mo.get(MEMBERS).text
    assert as_ann.get("/p/clocks/guidelines/").status_code == 404
    as_mo.post(f"{MEMBERS}{ann.pk}/back/")
    assert as_ann.get(f"/p/clocks/q/{assignment.question_id}/").status_code == 200
    assert as_ann.post(f"/p/clocks/q/{assignment.question_id}/resume/").status_code == 302
    assert Assignment.objects.get(pk=assignment.pk).state == "in_progress"


def test_adding_by_name_brings_them_back_under_their_pseudonym(as_mo, ann):
    leave(ann)
    as_mo.post(MEMBERS, {"username": "ann", "role": "viewer"})
    again = Member.objects.get(pk=ann.pk)
    assert (again.left, again.role, again.pseudonym) == (None, "viewer", "annotator-ann")


def test_the_last_manager_stays(as_mo, mo, ann):
    assert as_mo.post("/p/clocks/leave/").status_code == 422
    assert as_mo.post(f"{MEMBERS}{mo.pk}/remove/").status_code == 422
    with pytest.raises(LastManager):
        erase(mo)
    assert Member.objects.get(pk=mo.pk).user == mo.user


def test_a_manager_who_left_does_not_count_as_one(mo, ann, project):
    add_member(project, ann.user, Member.Role.MANAGER)
    Member.objects.filter(pk=ann.pk).update(role="manager")
    leave(Member.objects.get(pk=ann.pk))
    with pytest.raises(LastManager):
        leave(mo)


def test_pseudonyms_can_be_shown_alone(as_mo, project):
    assert ">Ann<" in as_mo.get(MEMBERS).text
    hidden = as_mo.get(f"{MEMBERS}?names=hidden").text
    assert "annotator-ann" in hidden
    assert ">Ann<" not in hidden
    assert "Ann</span>" not in hidden


def test_erasing_says_what_stays_and_needs_the_pseudonym_typed(as_mo, ann):
    path = f"{MEMBERS}{ann.pk}/erase/"
    assert "under “annotator-ann”" in as_mo.get(path).text
    assert as_mo.post(path, {"typed": "ann"}).status_code == 422
    assert User.objects.filter(username="ann").exists()
    assert as_mo.post(path, {"typed": "annotator-ann"}).url == MEMBERS


def test_of_an_erased_person_only_the_pseudonym_is_left(as_mo, ann, assignment, project):
    account = ann.user
    User.objects.filter(pk=account.pk).update(email="ann@example.org", first_name="Annabel", last_name="Smith")
    client = signed_in(account)
    make_sign_in_link(account)
    erase(Member.objects.select_related("user").get(pk=ann.pk))
    assert not User.objects.filter(username="ann").exists()
    assert (SignInLink.objects.count(), client.get("/").status_code) == (0, 302)
    assert not any(str(account.pk) == row.get_decoded().get("_auth_user_id") for row in Session.objects.all())
    assert Annotation.objects.get(author=ann).revisions.first().by.name == "annotator-ann"
    text = exported(project, "full").decode()
    assert "annotator-ann" in text
    assert not any(word in text for word in ("ann@example.org", "Annabel", "Smith"))


@pytest.mark.parametrize("kind", ["elsewhere", "staff"])
def test_an_account_that_is_used_elsewhere_stays_and_leads_here_no_more(as_mo, ann, kind):
    if kind == "elsewhere":
        make_project("maps", {"ann": "annotator"})
    else:
        User.objects.filter(pk=ann.user_id).update(is_staff=True)
    assert "the account itself stays" in as_mo.get(f"{MEMBERS}{ann.pk}/erase/").text
    erase(Member.objects.select_related("user").get(pk=ann.pk))
    assert User.objects.filter(username="ann").exists()
    assert signed_in(User.objects.get(username="ann")).get("/p/clocks/guidelines/").status_code == 404


def test_who_administers_the_site_and_left_sees_no_more_than_before(ann, bo, question):
    claiming.take(bo, question)
    User.objects.filter(pk=ann.user_id).update(is_staff=True, is_superuser=True)
    leave(ann)
    work = Annotation.objects.get(author=bo)
    path = f"/admin/annotator/annotation/{work.pk}/change/"
    assert signed_in(User.objects.get(pk=ann.user_id)).get(path).status_code == 302


def test_owner_peer_and_stranger(as_mo, as_ann, as_dee, bo):
    for verb in ("remove", "back", "erase"):
        answers = [who.post(f"{MEMBERS}{bo.pk}/{verb}/").status_code for who in (as_ann, as_dee)]
        assert answers == [404, 404]
    assert Client().post("/p/clocks/leave/")["Location"].startswith("/sign-in/")
    assert as_mo.post(f"{MEMBERS}{bo.pk}/remove/").status_code == 302
