"""The members of a project."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from annotator.actions.people import NEEDS_MANAGER, LastManager, add_member, admit, change_member, make_sign_in_link
from annotator.actions.people_file import Unfit, add_people, read_people
from annotator.forms import InviteForm, MemberForm, NewMemberForm, PeopleFileForm
from annotator.links import link_url
from annotator.models import Invite, Member, User
from annotator.views.request import Request
from annotator.web.overtaken import again_if_overtaken

Role = Member.Role


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@again_if_overtaken
def members(request: Request, slug: str) -> HttpResponse:
    """List the members, and add one by the name of their account, which is made if the manager says so."""
    manager = get_object_or_404(Member.objects.managing(request.user), project__slug=slug)
    if request.method == "POST":
        return add(request, manager)
    return members_page(request, manager)


def members_page(request: Request, manager: Member, **more: Any) -> HttpResponse:
    """Show the page; a form with errors takes the place of its fresh one. ``?names=hidden`` shows pseudonyms alone."""
    people = manager.project.members
    page: dict[str, Any] = {
        "member": manager,
        "project": manager.project,
        "people": people.lasting().select_related("user").order_by("pseudonym"),
        "gone": people.filter(left__isnull=False).select_related("user").order_by("pseudonym"),
        "newcomers": set(people.newcomers().values_list("pk", flat=True)),
        "roles": Role.choices,
        "hidden": request.GET.get("names") == "hidden",
        "form": NewMemberForm(),
        "unknown": "",
        "link": "",
        "link_for": "",
        "problem": None,
        "invites": Invite.objects.open().filter(project=manager.project).select_related("by__user"),
        "invite_form": InviteForm(auto_id="invite_%s"),
        "invite_link": "",
        "file_form": PeopleFileForm(auto_id="people_%s"),
        "file_problems": [],
        "links": [],
    } | more
    forms = (page["form"], page["invite_form"], page["file_form"])
    wrong = any(form.errors for form in forms) or page["unknown"] or page["problem"] or page["file_problems"]
    status = 422 if wrong else 200
    return render(request, "annotator/members.html", page, status=status)


def add(request: Request, manager: Member) -> HttpResponse:
    """Add a member. A name without an account is asked about first: it may be a slip of the finger."""
    form = NewMemberForm(request.POST)
    if not form.is_valid():
        return members_page(request, manager, form=form)
    name, role = form.cleaned_data["username"], Role(form.cleaned_data["role"])
    user = User.objects.filter(username=name).first()
    if user is None and request.POST.get("do") != "create":
        return members_page(request, manager, form=form, unknown=name)
    if user is None:
        return add_newcomer(request, manager, form)
    existing = manager.project.members.lasting().filter(user=user).first()
    member = add_member(manager.project, user, role)
    if existing:
        said = {"name": member.name, "role": member.get_role_display().lower()}
        messages.info(request, _("%(name)s is a member already (%(role)s); nothing was changed.") % said)
    else:
        messages.success(request, _("%(name)s is now a member.") % {"name": member.name})
    return redirect("members", manager.project.slug)


def add_newcomer(request: Request, manager: Member, form: NewMemberForm) -> HttpResponse:
    """Make an account and a member, and show the link that lets them in, once."""
    name, role = form.cleaned_data["username"], Role(form.cleaned_data["role"])
    try:
        _made, token = admit(manager.project, name, role)
    except ValidationError as error:
        form.add_error("username", error.messages)
        return members_page(request, manager, form=form)
    return members_page(request, manager, link=link_url(token) if token else "", link_for=name)


@require_POST
@again_if_overtaken
def member(request: Request, slug: str, pk: int) -> HttpResponse:
    """Change a member's role and pseudonym."""
    manager = get_object_or_404(Member.objects.managing(request.user), project__slug=slug)
    changed = get_object_or_404(manager.project.members.select_related("user"), pk=pk)
    form = MemberForm(request.POST, instance=changed)
    if not form.is_valid():
        problem = " ".join(str(message) for found in form.errors.values() for message in found)
        return members_page(request, manager, problem=problem)
    try:
        change_member(changed, **form.cleaned_data)
    except LastManager:
        return members_page(request, manager, problem=NEEDS_MANAGER)
    messages.success(request, _("%(name)s saved.") % {"name": changed.name})
    return redirect("home") if changed == manager and changed.role != Role.MANAGER else redirect("members", slug)


@never_cache
@require_POST
def member_file(request: Request, slug: str) -> HttpResponse:
    """Add everybody in a table, or nobody, and show each newcomer's link once."""
    manager = get_object_or_404(Member.objects.managing(request.user), project__slug=slug)
    form = PeopleFileForm(request.POST, request.FILES, auto_id="people_%s")
    if not form.is_valid():
        return members_page(request, manager, file_form=form)
    try:
        added = add_people(manager.project, read_people(form.cleaned_data["file"].file))
    except Unfit as unfit:
        return members_page(request, manager, file_problems=unfit.problems)
    said = {"new": len(added.newcomers), "joined": added.joined, "unchanged": added.unchanged}
    messages.success(
        request, _("%(new)s with a new account, %(joined)s with theirs; %(unchanged)s were members already.") % said
    )
    return members_page(request, manager, links=[(user.username, link_url(token)) for user, token in added.newcomers])


@never_cache
@require_POST
def member_link(request: Request, slug: str, pk: int) -> HttpResponse:
    """Show a fresh link for a newcomer who has never signed in."""
    manager = get_object_or_404(Member.objects.managing(request.user), project__slug=slug)
    newcomer = get_object_or_404(manager.project.members.newcomers().select_related("user"), pk=pk)
    assert newcomer.user is not None  # noqa: S101 - a newcomer has an account
    link = link_url(make_sign_in_link(newcomer.user))
    return members_page(request, manager, link=link, link_for=newcomer.user.username)
