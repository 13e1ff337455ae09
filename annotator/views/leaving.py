"""Leaving a project, being removed, brought back and erased."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from annotator.actions import leaving
from annotator.actions.people import NEEDS_MANAGER, LastManager, add_member
from annotator.forms import TypedForm
from annotator.models import Member
from annotator.views.members import members_page
from annotator.views.request import Request


@require_POST
def member_remove(request: Request, slug: str, pk: int) -> HttpResponse:
    """End somebody's membership; their work stays."""
    manager = get_object_or_404(Member.objects.managing(request.user), project__slug=slug)
    removed = get_object_or_404(manager.project.members.select_related("user"), pk=pk)
    try:
        leaving.leave(removed)
    except LastManager:
        return members_page(request, manager, problem=NEEDS_MANAGER)
    messages.success(request, _("%(name)s is no longer a member; their work stays.") % {"name": removed.name})
    return redirect("home") if removed == manager else redirect("members", slug)


@require_POST
def member_back(request: Request, slug: str, pk: int) -> HttpResponse:
    """Make somebody a member again, in the role they had, with all their work."""
    manager = get_object_or_404(Member.objects.managing(request.user), project__slug=slug)
    gone = get_object_or_404(manager.project.members.filter(user__isnull=False).select_related("user"), pk=pk)
    assert gone.user is not None  # noqa: S101 - filtered above
    add_member(manager.project, gone.user, Member.Role(gone.role))
    messages.success(request, _("%(name)s is a member again.") % {"name": gone.name})
    return redirect("members", slug)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def member_erase(request: Request, slug: str, pk: int) -> HttpResponse:
    """Erase a person, once their pseudonym is typed; the page says what goes and what stays."""
    manager = get_object_or_404(Member.objects.managing(request.user), project__slug=slug)
    erased = get_object_or_404(manager.project.members.filter(user__isnull=False).select_related("user"), pk=pk)
    assert erased.user is not None  # noqa: S101 - filtered above
    form = TypedForm(erased.pseudonym, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            leaving.erase(erased)
        except LastManager:
            return members_page(request, manager, problem=NEEDS_MANAGER)
        messages.success(request, _("Erased. The work stays under “%(name)s”.") % {"name": erased.pseudonym})
        return redirect("home") if erased == manager else redirect("members", slug)
    page = {
        "member": manager,
        "project": manager.project,
        "erased": erased,
        "elsewhere": leaving.used_elsewhere(erased, erased.user),
        "form": form,
    }
    return render(request, "annotator/erase.html", page, status=422 if form.is_bound else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: Request, slug: str) -> HttpResponse:
    """Let a person leave by themselves; the page says what that means."""
    member = get_object_or_404(Member.objects.of(request.user).select_related("project"), project__slug=slug)
    stuck = False
    if request.method == "POST":
        try:
            leaving.leave(member)
        except LastManager:
            stuck = True
        else:
            messages.success(request, _("You have left “%(name)s”; your work stays.") % {"name": member.project})
            return redirect("home")
    page = {"member": member, "project": member.project, "stuck": stuck, "open": member.assignments.open().count()}
    return render(request, "annotator/leave.html", page, status=422 if stuck else 200)
