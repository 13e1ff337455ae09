"""Accounts, one-time sign-in links, and who is a member of what."""

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from annotator.actions.assigning import take_all_back
from annotator.models import Member, Project, SignInLink, User

LINK_LASTS = timedelta(days=2)
VIEWS = "Became a viewer"
Role = Member.Role


class LastManager(Exception):
    """The project would be left without a manager."""


def make_sign_in_link(user: User, lasts: timedelta = LINK_LASTS) -> str:
    """Return the token of a fresh one-time link; only its SHA-256 is kept."""
    token = secrets.token_urlsafe(32)
    now = timezone.now()
    SignInLink.objects.create(user=user, digest=digest(token), created=now, expires=now + lasts)
    return token


def digest(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def valid_link(token: str) -> SignInLink | None:
    """Return the link that the token opens, unless it was used, has expired, or the account is shut."""
    unused = SignInLink.objects.filter(used__isnull=True, expires__gt=timezone.now(), user__is_active=True)
    return unused.select_related("user").filter(digest=digest(token)).first()


def use_link(token: str) -> User | None:
    """Spend the token and return whom it signs in; of two clicks at once, one wins."""
    link = valid_link(token)
    if link is None:
        return None
    won = SignInLink.objects.filter(pk=link.pk, used__isnull=True).update(used=timezone.now())
    return link.user if won else None


def make_account(username: str, name: str = "") -> User:
    """Make an account that has no password yet and signs in by a link. Raises ValidationError for a bad name."""
    user = User(username=username, first_name=name)
    user.set_unusable_password()
    user.full_clean(exclude=["password"])
    user.save(force_insert=True)
    return user


def no_account(username: str) -> str:
    """Return in words that there is no such account, and which one is spelt nearly so."""
    near = User.objects.filter(username__iexact=username).first()
    return f"There is no account “{username}”." + (f" Is “{near.username}” meant?" if near else "")


@transaction.atomic
def add_member(project: Project, user: User, role: Role) -> Member:
    """Make the user a member under a fresh pseudonym, or return the membership that they have.

    Who had left comes back in this role, to their work and under their pseudonym.
    """
    existing = project.members.filter(user=user).first()
    if existing is None:
        pseudonym = fresh_pseudonym(project, role)
        joined = timezone.now()
        return Member.objects.create(project=project, user=user, role=role, pseudonym=pseudonym, joined=joined)
    if existing.left:
        existing.left, existing.role = None, role
        existing.save(update_fields=["left", "role"])
    return existing


def fresh_pseudonym(project: Project, role: Role) -> str:
    """Return the first free of annotator-1, annotator-2 …"""
    taken = set(project.members.filter(pseudonym__startswith=f"{role}-").values_list("pseudonym", flat=True))
    number = next(number for number in range(1, len(taken) + 2) if f"{role}-{number}" not in taken)
    return f"{role}-{number}"


def change_role(member: Member, role: Role) -> None:
    """Give a member another role; who annotates no longer gives back what they have in hand. Raises LastManager."""
    with transaction.atomic():
        if role != Role.MANAGER:
            another_manages(member)
        member.role = role
        member.save(update_fields=["role"])
    if not role.annotates:
        take_all_back(member, VIEWS)


def change_member(member: Member, role: str = "", pseudonym: str = "") -> None:
    """Give a member another role, another pseudonym or both; what is left empty stays. Raises LastManager."""
    if role:
        change_role(member, Role(role))
    if pseudonym:
        member.pseudonym = pseudonym
        member.save(update_fields=["pseudonym"])


def another_manages(member: Member) -> None:
    """See to it, until the transaction ends, that the project has a manager besides the member. Raises LastManager."""
    project = Project.objects.select_for_update(no_key=True).get(pk=member.project_id)
    managers = project.members.lasting().filter(role=Role.MANAGER)
    if managers.filter(pk=member.pk).exists() and not managers.with_account().exclude(pk=member.pk).exists():
        raise LastManager
