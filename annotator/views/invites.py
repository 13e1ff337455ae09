"""Invites: making and revoking them, and joining a project by one."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from annotator.actions.consenting import asked_by
from annotator.actions.inviting import Closed, join, make_invite, open_invite, revoke
from annotator.actions.people import held
from annotator.forms import InviteForm, JoiningForm
from annotator.links import full_url
from annotator.models import ConsentVersion, Invite, Member
from annotator.views.handing_in import queue_of
from annotator.views.members import members_page
from annotator.views.request import Request, number_in
from annotator.views.sign_in import MODEL_BACKEND
from annotator.web.overtaken import again_if_overtaken


@never_cache
@require_POST
def invite_new(request: Request, slug: str) -> HttpResponse:
    """Make an invite, and show its link once."""
    manager = get_object_or_404(Member.objects.managing(request.user), project__slug=slug)
    form = InviteForm(request.POST, auto_id="invite_%s")
    if not form.is_valid():
        return members_page(request, manager, invite_form=form)
    said = form.cleaned_data
    token = make_invite(manager, Member.Role(said["role"]), said["uses"], timedelta(days=said["days"]))
    return members_page(request, manager, invite_link=full_url("invite", token), invite_days=said["days"])


@require_POST
def invite_revoke(request: Request, slug: str, pk: int) -> HttpResponse:
    """Close an invite."""
    manager = get_object_or_404(Member.objects.managing(request.user), project__slug=slug)
    revoke(get_object_or_404(manager.project.invites, pk=pk))
    messages.success(request, _("The link lets nobody in any more."))
    return redirect("members", slug)


@login_not_required
@never_cache
@sensitive_post_parameters("password1", "password2")
@require_http_methods(["GET", "HEAD", "POST"])
@again_if_overtaken
def invite(request: Request, token: str) -> HttpResponse:
    """Show what an invite leads to, with the button that joins: with one's account, or with one made here."""
    invite = open_invite(token)
    if invite is None:
        return closed(request)
    form = None if request.user.pk else JoiningForm(request.POST if request.method == "POST" else None)
    consent = asked_by(invite.project)
    unsigned = bool(request.method == "POST" and consent and number_in(request.POST, "agreed") != consent.number)
    if request.method == "POST" and not unsigned and (form is None or form.is_valid()):
        return enter(request, invite, form, consent)
    page = {"invite": invite, "form": form, "consent": consent, "unsigned": unsigned, "next": request.path}
    wrong = unsigned or (form is not None and form.is_bound)
    return render(request, "annotator/invite.html", page, status=422 if wrong else 200)


def enter(request: Request, invite: Invite, form: JoiningForm | None, consent: ConsentVersion | None) -> HttpResponse:
    """Let the person in; an account is made only if the invite is still good."""
    try:
        with transaction.atomic():
            held(invite.project_id)  # before the account, as whoever else adds people
            user = form.save() if form else request.user
            join(invite, user, consent)
    except Closed:
        return closed(request)
    if form:
        login(request, user, backend=MODEL_BACKEND)
    messages.success(request, _("Welcome to “%(project)s”.") % {"project": invite.project})
    return queue_of(invite.project.slug)


def closed(request: Request) -> HttpResponse:
    page: dict[str, Any] = {"invite": None, "form": None}
    return render(request, "annotator/invite.html", page, status=410)
