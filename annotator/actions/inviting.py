"""Invites: links by which people join a project by themselves."""

import secrets
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from annotator.actions.consenting import agree
from annotator.actions.people import digest, held, joined
from annotator.models import ConsentVersion, Invite, Member, User

Role = Member.Role


class Closed(Exception):
    """The invite lets this person in no longer."""


def make_invite(by: Member, role: Role, uses: int, lasts: timedelta) -> str:
    """Return the token of a fresh invite to the member's project; only its SHA-256 is kept."""
    token = secrets.token_urlsafe(32)
    now = timezone.now()
    Invite.objects.create(
        project=by.project, role=role, digest=digest(token), uses=uses, created=now, expires=now + lasts, by=by
    )
    return token


def open_invite(token: str) -> Invite | None:
    """Return the invite that the token opens, while it still lets somebody in."""
    return Invite.objects.open().select_related("project").filter(digest=digest(token)).first()


@transaction.atomic
def join(invite: Invite, user: User, agreed: ConsentVersion | None = None) -> Member:
    """Spend one use, and make the user a member who agreed to the text; whoever is one already spends none.

    Raises Closed: also for who left after the invite was made, since they may have been removed.
    """
    # A double click waits here for the first one, and then finds the membership that it made.
    held(invite.project_id)
    member = invite.project.members.filter(user=user).first()
    if member and not member.left:
        return member
    if member and member.left and member.left > invite.created:
        raise Closed
    if not Invite.objects.unspent().filter(pk=invite.pk).update(used=F("used") + 1):
        raise Closed
    member = joined(invite.project, user, Role(invite.role))
    if agreed:
        agree(member, agreed)
    return member


def revoke(invite: Invite) -> None:
    """Close an invite. Revoking twice changes nothing."""
    Invite.objects.filter(pk=invite.pk, revoked__isnull=True).update(revoked=timezone.now())
