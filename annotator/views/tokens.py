"""A person's own tokens: making one, which is shown once, and revoking it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from annotator.actions.tokens import make_token, revoke
from annotator.links import full_url
from annotator.models import Token
from annotator.token_form import TokenForm
from annotator.views.request import Request


@never_cache
@sensitive_variables()
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: Request) -> HttpResponse:
    """List the person's tokens; a POST makes one and shows it, with a line that uses it."""
    form = TokenForm(request.user, request.POST if request.method == "POST" else None)
    if form.is_valid():
        said = form.cleaned_data
        scope = Token.Scope(said["scope"])
        secret = make_token(request.user, said["name"], scope, form.lasts(), said["project"])
        return shown(request, TokenForm(request.user), secret=secret, made=said["name"], line=curl_line(secret))
    return shown(request, form, status=422 if form.is_bound else 200)


@sensitive_variables()
def shown(request: Request, form: TokenForm, status: int = 200, **more: str) -> HttpResponse:
    """Answer with the page; ``more`` is a fresh token."""
    own = request.user.tokens.select_related("project")
    page = {"form": form, "tokens": own.usable(), "secret": ""} | more
    return render(request, "annotator/tokens.html", page, status=status)


@sensitive_variables()
def curl_line(secret: str) -> str:
    """Return a command that lists the projects to which a token opens the way."""
    return f"curl --header 'Authorization: Bearer {secret}' {full_url('api:projects')}"


@require_POST
def token_revoke(request: Request, pk: int) -> HttpResponse:
    """Let one of the person's tokens open nothing any more."""
    token = get_object_or_404(request.user.tokens, pk=pk)
    revoke(token)
    messages.success(request, _("“%(name)s” opens nothing any more.") % {"name": token.name})
    return redirect("tokens")
