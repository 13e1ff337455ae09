"""Personal tokens: making one, knowing it again, and revoking it."""

import secrets
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from annotator.actions.people import digest
from annotator.models import Member, Project, Token, User

PREFIX = "pv_"  # by which people, and those who look for leaked secrets, recognise one
USED_EVERY = timedelta(minutes=1)


@sensitive_variables()
def make_token(user: User, name: str, scope: Token.Scope, lasts: timedelta, project: Project | None = None) -> str:
    """Return the secret of a fresh token, 256 random bits; only its SHA-256 is kept."""
    secret = PREFIX + secrets.token_urlsafe(32)
    now = timezone.now()
    Token.objects.create(
        user=user, project=project, name=name, scope=scope, digest=digest(secret), created=now, expires=now + lasts
    )
    return secret


@sensitive_variables()
def token_of(secret: str) -> Token | None:
    """Return the token of a secret, with its account and project, while it is good; that it was used is noted."""
    token = Token.objects.usable().select_related("user", "project").filter(digest=digest(secret)).first()
    if token and (token.used is None or token.used < timezone.now() - USED_EVERY):
        note_used(token)
    return token


def note_used(token: Token) -> None:
    """Keep when a token was last used: once a minute, however often that is."""
    now = timezone.now()
    stale = Q(used__isnull=True) | Q(used__lt=now - USED_EVERY)
    Token.objects.filter(stale, pk=token.pk).update(used=now)


def revoke(token: Token) -> None:
    """Let a token open nothing any more. Revoking twice changes nothing."""
    Token.objects.filter(pk=token.pk, revoked__isnull=True).update(revoked=timezone.now())


def revoke_those_for(member: Member) -> None:
    """Revoke the member's tokens that are for their project alone."""
    own = Token.objects.filter(user=member.user_id, project=member.project_id, revoked__isnull=True)
    own.update(revoked=timezone.now())
