"""Somebody comes twice at once, or leaves while they work: nobody fails, and nothing stays with who has gone."""

from contextlib import suppress
from datetime import timedelta
from functools import partial

import pytest
from django.test import Client

from annotator.actions import claiming, inviting, people, people_file, submitting, timing
from annotator.actions.history import Conflict, NotOpen
from annotator.actions.leaving import leave
from annotator.actions.returning import NotReturnable, return_to_author
from annotator.models import Annotation, Assignment, Member, Question, SignInLink, User
from tests.annotator.test_saving_at_once import TIMES, at_once, fetched
from tests.conftest import users

pytestmark = pytest.mark.django_db(transaction=True)
REFUSED = (claiming.NoSlot, submitting.Closed, NotOpen, Conflict, NotReturnable, Assignment.DoesNotExist)


def go_and_come_back(member: Member, _turn: int) -> None:
    leave(member)
    people.add_member(member.project, member.user, Member.Role.ANNOTATOR)


def become_a_viewer_and_back(member: Member, _turn: int) -> None:
    for role in (Member.Role.VIEWER, Member.Role.ANNOTATOR):
        people.change_member(Member.objects.get(pk=member.pk), role)


def work_on(slot: Assignment, _turn: int) -> None:
    """Go through all that moves a slot, by what was read of it and its member before they went."""
    slot = Assignment.objects.select_related("question__batch", "member__project").get(pk=slot.pk)
    for act in (
        lambda: claiming.resume(slot),
        lambda: timing.spend(fetched(slot), slot.member, 1),
        lambda: submitting.submit(fetched(slot), slot.member),
        lambda: submitting.reopen(fetched(slot), slot.member),
        lambda: submitting.submit(fetched(slot), slot.member),
    ):
        with suppress(*REFUSED):
            act()


def give_back_to(author: Annotation, by: Member, _turn: int) -> None:
    with suppress(*REFUSED):
        return_to_author(Annotation.objects.select_related("author").get(pk=author.pk), by, "Which cup?")


@pytest.mark.parametrize("go", [go_and_come_back, become_a_viewer_and_back])
def test_who_goes_while_they_work_keeps_no_slot_and_nobody_waits_for_another(assignment, ann, cy, question, go):
    Annotation.objects.filter(pk=assignment.annotation_id).update(verdict="unanswerable")
    acts = [partial(go, ann), partial(work_on, assignment), partial(give_back_to, assignment.annotation, cy)]
    assert at_once(*acts) == []
    leave(ann)
    slot = Assignment.objects.get(pk=assignment.pk)
    assert slot.state in ("submitted", "skipped")
    assert Question.objects.get(pk=question.pk).taken == (slot.state == "submitted")


def test_a_double_click_on_an_invite_for_one_lets_that_one_in(project, mo):
    tokens = [inviting.make_invite(mo, Member.Role.ANNOTATOR, 1, timedelta(days=1)) for _turn in range(TIMES)]
    invites = [inviting.open_invite(token) for token in tokens]
    people = users([f"dee{turn}" for turn in range(TIMES)])

    def click(turn: int) -> None:
        inviting.join(invites[turn], people[turn])

    assert at_once(click, click) == []
    assert project.members.filter(user__in=people).count() == TIMES


def test_two_who_are_added_at_once_have_pseudonyms_of_their_own_and_nobody_is_added_twice(project):
    people_to_be = users([f"dee{turn}" for turn in range(2 * TIMES)])

    def add(those: list[User], turn: int) -> None:
        people.add_member(project, those[turn], Member.Role.VIEWER)

    some, others = people_to_be[:TIMES], people_to_be[TIMES:]
    assert at_once(*(partial(add, those) for those in (some, others, some))) == []
    assert project.members.filter(user__in=people_to_be).count() == 2 * TIMES


def test_who_joins_under_a_name_that_a_table_brings_at_once_makes_nobody_wait_for_another(project, mo):
    invited = f"/join/{inviting.make_invite(mo, Member.Role.VIEWER, 2 * TIMES, timedelta(days=1))}/"

    def join(turn: int) -> None:
        said = {"username": f"fay{turn}", "password1": "walnut-tree-9", "password2": "walnut-tree-9"}
        assert Client().post(invited, said).status_code in (302, 422)

    def bring(turn: int) -> None:
        people_file.add_people(project, [people_file.Person(2, f"fay{turn}", "viewer")])

    assert at_once(join, bring) == []
    assert project.members.filter(user__username__startswith="fay").count() == TIMES


def test_newcomers_whom_two_make_at_once_have_one_account_and_one_link(project):
    def admit(turn: int) -> None:
        people.admit(project, f"fay{turn}", Member.Role.VIEWER)

    assert at_once(admit, admit) == []
    assert SignInLink.objects.filter(user__memberships__project=project).count() == TIMES
