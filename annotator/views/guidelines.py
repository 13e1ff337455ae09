"""The guidelines: reading them, as a page or in the workbench's drawer, and writing the next version."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from annotator.actions.guidelines import Outdated, save_guidelines
from annotator.forms import GuidelinesForm
from annotator.markdown import render_markdown
from annotator.models import Member
from annotator.reading import LONGEST_TEXT
from annotator.views.request import Request, number_in


@require_safe
def guidelines(request: Request, slug: str) -> HttpResponse:
    """Show a version of the guidelines (``?version=``), the newest unless told, and the list of all."""
    return render(request, "annotator/guidelines.html", shown(request, slug))


@require_safe
def guidelines_drawer(request: Request, slug: str) -> HttpResponse:
    """Show the newest version alone, as the drawer beside the work loads it."""
    return render(request, "annotator/guidelines.html#drawer", shown(request, slug))


def shown(request: Request, slug: str) -> dict[str, Any]:
    """Return what both show."""
    member = get_object_or_404(Member.objects.of(request.user).select_related("project"), project__slug=slug)
    versions = list(member.project.guidelines.select_related("by__user").defer("text"))
    number = number_in(request.GET, "version") or (versions[0].number if versions else 0)
    version = get_object_or_404(versions[0].__class__, project=member.project, number=number) if versions else None
    return {
        "member": member,
        "project": member.project,
        "versions": versions,
        "version": version,
        "html": render_markdown(version.text) if version else "",
    }


@require_http_methods(["GET", "HEAD", "POST"])
def guidelines_edit(request: Request, slug: str) -> HttpResponse:
    """Write the next version."""
    member = get_object_or_404(Member.objects.managing(request.user), project__slug=slug)
    newest = member.project.guidelines.first()
    if request.method == "POST":
        return save(request, member)
    start = {"base": newest.number, "text": newest.text} if newest else {"base": 0, "text": ""}
    return editor(request, member, GuidelinesForm(initial=start))


def save(request: Request, member: Member) -> HttpResponse:
    """Save what was written; 409 with both texts where somebody saved first."""
    # A form sends its lines with CR LF; the text keeps those it was written with.
    posted = request.POST.copy()
    posted["text"] = posted.get("text", "").replace("\r\n", "\n")
    form = GuidelinesForm(posted)
    if not form.is_valid():
        return editor(request, member, form, status=422)
    text = form.cleaned_data["text"]
    try:
        saved = save_guidelines(member.project, text, form.cleaned_data["base"], member)
    except Outdated as outdated:
        again = GuidelinesForm(initial={"base": outdated.newest.number, "text": text})
        return editor(request, member, again, status=409, theirs=outdated.newest)
    messages.success(request, _("Saved as version %(number)s.") % {"number": saved.number})
    return redirect("guidelines", member.project.slug)


def editor(request: Request, member: Member, form: GuidelinesForm, status: int = 200, **more: Any) -> HttpResponse:
    html = render_markdown(form["text"].value() or "")
    page = {"member": member, "project": member.project, "form": form, "html": html, "theirs": None}
    return render(request, "annotator/guidelines_edit.html", page | more, status=status)


@require_POST
def guidelines_preview(request: Request, slug: str) -> HttpResponse:
    """Show the text that is being written as it will be read. Nothing is stored."""
    get_object_or_404(Member.objects.managing(request.user), project__slug=slug)
    html = render_markdown(request.POST.get("text", "")[:LONGEST_TEXT])
    return render(request, "annotator/guidelines_edit.html#preview", {"html": html})
