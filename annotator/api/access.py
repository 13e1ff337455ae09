"""Who calls the API: a token, what it may do, and how often. A session counts for nothing here, and so does CSRF."""

from typing import Any

from django.conf import settings
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from annotator.actions.tokens import token_of
from annotator.models import Member, Token, User


class Call(Request):
    """A request that carries a token: ``user`` is who made it."""

    user: User
    auth: Token


def member_of(request: Call, slug: str) -> Member:
    """Return the caller’s membership of a project, or raise Http404, as the four after it do."""
    return get_object_or_404(Member.objects.of(request.user).select_related("project"), project__slug=slug)


def annotating_of(request: Call, slug: str) -> Member:
    """Return the membership by which the caller annotates, and writes notes, in a project."""
    own = Member.objects.of(request.user).annotating().select_related("project")
    return get_object_or_404(own, project__slug=slug)


def onlooker_of(request: Call, slug: str) -> Member:
    """Return the membership by which the caller looks on at a project."""
    return get_object_or_404(Member.objects.looking_on(request.user), project__slug=slug)


def adjudicator_of(request: Call, slug: str) -> Member:
    """Return the membership by which the caller adjudicates in a project."""
    return get_object_or_404(Member.objects.adjudicating(request.user), project__slug=slug)


def manager_of(request: Call, slug: str) -> Member:
    """Return the membership by which the caller manages a project."""
    return get_object_or_404(Member.objects.managing(request.user), project__slug=slug)


def only_for_who_runs_it(request: Call) -> None:
    """Raise Http404 for all others, and for a token that is for one project."""
    if not request.user.is_superuser or request.auth.project_id:
        raise Http404


class Bearer(BaseAuthentication):
    """Knows a token in the header Authorization, and there alone: an address is kept in logs."""

    @sensitive_variables()
    def authenticate(self, request: Request) -> tuple[User, Token] | None:
        """Return who made the token, and the token; None where there is none."""
        kind, _space, secret = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "bearer":
            return None
        token = token_of(secret.strip())
        if token is None:
            raise AuthenticationFailed(_("This token is not known, revoked or expired."))
        return token.user, token

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002
        return 'Bearer realm="Proviso"'


class Scoped(BasePermission):
    """Lets a token do what it was made for, in the project that it was made for; all others are not there for it."""

    message = _("This token may only read.")

    def has_permission(self, request: Request, view: Any) -> bool:
        token = request.auth
        if not isinstance(token, Token):
            return False  # answered with 401
        slug = view.kwargs.get("slug")
        if token.project and slug and slug != token.project.slug:
            raise Http404
        if request.method not in SAFE_METHODS and not token.writes:
            raise PermissionDenied(self.message)
        return True


class PerToken(SimpleRateThrottle):
    """So many calls a minute for each token, by the cache of the process, or the shared one where there is one."""

    scope = "token"

    def get_rate(self) -> str | None:
        return f"{settings.API_CALLS_PER_MINUTE}/min" if settings.API_CALLS_PER_MINUTE else None

    def get_cache_key(self, request: Request, view: Any) -> str | None:  # noqa: ARG002
        return f"calls-of-token-{request.auth.pk}" if isinstance(request.auth, Token) else None
