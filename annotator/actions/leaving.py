"""Leaving a project, and being erased: what a person did stays, under their pseudonym."""

from django.contrib.admin.models import LogEntry
from django.contrib.auth import SESSION_KEY
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from annotator.actions import taking_up
from annotator.actions.assigning import take_all_back
from annotator.actions.people import another_manages, held
from annotator.actions.tokens import revoke_those_for
from annotator.models import Lookup, Member, Question, User

REASON = "Left the project"


def leave(member: Member) -> None:
    """End a membership: what they have in hand goes back, tokens for it are revoked, all work stays.

    Twice changes nothing more, and finishes what was broken off. Raises LastManager.
    """
    end(member)
    # Each in a transaction of its own, behind the end: slots are locked before members, and none is given from now on.
    take_all_back(member, REASON)
    for question in Question.objects.filter(adjudicator=member).order_by("pk"):
        taking_up.leave(member, question)
    revoke_those_for(member)


@transaction.atomic
def end(member: Member) -> None:
    """Let the member be gone from now on. Raises LastManager."""
    another_manages(held(member.project_id), member)
    Member.objects.filter(pk=member.pk, left__isnull=True).update(left=timezone.now())


def erase(member: Member) -> None:
    """Let nothing lead from the member to a person any more; their work stays. Raises LastManager.

    What they typed to look something up goes with them. Their account, with name, e-mail, password, links, tokens and
    sessions, goes too unless it is used elsewhere.
    """
    leave(member)
    forget(member)


@transaction.atomic
def forget(member: Member) -> None:
    """Delete what tells who the member was."""
    account = member.user
    Member.objects.filter(pk=member.pk).update(user=None)
    Lookup.objects.filter(annotation__author=member).delete()
    if account and not used_elsewhere(member, account):
        forget_sessions(account)
        LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(User), object_id=str(account.pk)
        ).delete()
        account.delete()


def used_elsewhere(member: Member, account: User) -> bool:
    """Return whether the account belongs to another project too, or administers the site."""
    return account.is_staff or account.is_superuser or account.memberships.exclude(pk=member.pk).exists()


def forget_sessions(account: User) -> None:
    """Delete the sessions in which the account is signed in: a walk through all, since none names its account."""
    own = [row.pk for row in Session.objects.iterator() if row.get_decoded().get(SESSION_KEY) == str(account.pk)]
    Session.objects.filter(pk__in=own).delete()
