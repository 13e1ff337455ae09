"""Signing in and out, one-time links, and passwords."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, SetPasswordForm
from django.http import HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from annotator.actions.people import use_link, valid_link
from annotator.views.request import Request, wanted_page

MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"


def wanted_or_home(request: Request) -> str:
    return wanted_page(request, resolve_url(settings.LOGIN_REDIRECT_URL))


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: Request) -> HttpResponse:
    """Sign in by username and password."""
    if request.htmx and request.htmx.current_url_abs_path:
        # The session ended under an open page: the whole page signs in anew, not one part of it.
        back = urlencode({"next": request.htmx.current_url_abs_path})
        return HttpResponseClientRedirect(f"{reverse('sign_in')}?{back}")
    if request.user.pk:
        return redirect(wanted_or_home(request))
    form = AuthenticationForm(request, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        login(request, form.get_user())
        return redirect(wanted_or_home(request))
    page = {"form": form, "next": wanted_or_home(request)}
    return render(request, "annotator/sign_in.html", page, status=422 if form.is_bound else 200)


@require_POST
def sign_out(request: Request) -> HttpResponse:
    """End the session; the page that follows lets the browser forget its local copies."""
    logout(request)
    return redirect(f"{reverse('sign_in')}?signed-out")


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_link(request: Request, token: str) -> HttpResponse:
    """Show a one-time link's button, which alone signs in: a GET changes nothing."""
    if request.method == "POST":
        user = use_link(token)
        if user:
            login(request, user, backend=MODEL_BACKEND)
            return redirect("home")
    link = valid_link(token)
    return render(request, "annotator/sign_in_link.html", {"link": link}, status=200 if link else 410)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def password_change(request: Request) -> HttpResponse:
    """Change the password, or set the first one of an account that came in by a link."""
    user = request.user
    kind = PasswordChangeForm if user.has_usable_password() else SetPasswordForm
    form = kind(user, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        update_session_auth_hash(request, form.save())
        messages.success(request, _("Your password is set."))
        return redirect("home")
    page = {"form": form, "first": kind is SetPasswordForm}
    return render(request, "annotator/password.html", page, status=422 if form.is_bound else 200)
