"""Accounts, one-time sign-in links, and who is a member of what."""

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from annotator.actions.assigning import take_all_back
from annotator.models import Member, Project, SignInLink, User

LINK_LASTS = timedelta(days=2)
VIEWS = "Became a viewer"
NEEDS_MANAGER = gettext_lazy("A project needs a manager: make somebody else one first.")
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


def held(project: int) -> Project:
    """Return a project by its key; until the transaction ends, nobody else adds to its members or changes one."""
    return Project.objects.select_for_update(no_key=True).get(pk=project)


@transaction.atomic
def admit(project: Project, username: str, role: Role) -> tuple[Member, str | None]:
    """Make somebody a member by the name of their account; an account that is made has a token that lets them in once.

    Raises ValidationError for a bad name.
    """
    held(project.pk)
    user = User.objects.filter(username=username).first()
    if user:
        return joined(project, user, role), None
    newcomer = make_account(username)
    return joined(project, newcomer, role), make_sign_in_link(newcomer)


@transaction.atomic
def add_member(project: Project, user: User, role: Role) -> Member:
    """Make the user a member under a fresh pseudonym, or return the membership that they have.

    Who had left comes back in this role, to their work and under their pseudonym.
    """
    held(project.pk)
    return joined(project, user, role)


def joined(project: Project, user: User, role: Role) -> Member:
    """Return the user's membership as ``add_member`` does, inside a transaction that holds the project."""
    existing = project.members.filter(user=user).first()
    if existing is None:
        pseudonym = fresh_pseudonym(project, role)
        now = timezone.now()
        return Member.objects.create(project=project, user=user, role=role, pseudonym=pseudonym, joined=now)
    if existing.left:
        existing.left, existing.role = None, role
        existing.save(update_fields=["left", "role"])
    return existing


def fresh_pseudonym(project: Project, role: Role) -> str:
    """Return the first free of annotator-1, annotator-2 …"""
    taken = set(project.members.filter(pseudonym__startswith=f"{role}-").values_list("pseudonym", flat=True))
    number = next(number for number in range(1, len(taken) + 2) if f"{role}-{number}" not in taken)
    return f"{role}-{number}"


def change_member(member: Member, role: str = "", pseudonym: str = "") -> None:
    """Give a member another role, another pseudonym or both; what is left empty stays. Raises LastManager.

    Who annotates no longer gives back what they have in hand. A pseudonym that somebody else took meanwhile raises
    IntegrityError, and changes nothing.
    """
    said = {name: value for name, value in (("role", role), ("pseudonym", pseudonym)) if value}
    with transaction.atomic():
        project = held(member.project_id)
        if role and role != Role.MANAGER:
            another_manages(project, member)
        for name, value in said.items():
            setattr(member, name, value)
        member.save(update_fields=said)
    # Behind the change, as where somebody leaves: slots are locked before members.
    if role and not Role(role).annotates:
        take_all_back(member, VIEWS)


def another_manages(project: Project, member: Member) -> None:
    """See to it that a project that is held has a manager besides the member. Raises LastManager."""
    managers = project.members.lasting().filter(role=Role.MANAGER)
    if managers.filter(pk=member.pk).exists() and not managers.with_account().exclude(pk=member.pk).exists():
        raise LastManager
