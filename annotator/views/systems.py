"""The systems of a project, one of them, and the files that bring what they say."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from annotator.actions.uploading import keep_upload
from annotator.exchange.anchoring import numbers_in
from annotator.forms import SystemFileForm
from annotator.models import Citation, Member, System
from annotator.system_form import SystemForm
from annotator.views.imports import examine
from annotator.views.request import Request


@require_http_methods(["GET", "HEAD", "POST"])
def systems(request: Request, slug: str) -> HttpResponse:
    """List the systems; managers bring a file of what one says, and look at it."""
    may = Member.objects.managing if request.method == "POST" else Member.objects.looking_on
    member = get_object_or_404(may(request.user), project__slug=slug)
    form = SystemFileForm(member.project, *((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        batch = said["batch"].name if said["batch"] else ""
        more = {"system": said["system"], "as": said["source"]}
        return examine(keep_upload(said["file"], member, batch, **more), member, batch)
    page = {
        "member": member,
        "project": member.project,
        "form": form,
        "systems": member.project.systems.with_counts(),
    }
    return render(request, "annotator/systems.html", page, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def system(request: Request, slug: str, pk: int) -> HttpResponse:
    """Show what a system says of itself and how much it said; managers change the former."""
    member = get_object_or_404(Member.objects.looking_on(request.user), project__slug=slug)
    found = get_object_or_404(member.project.systems.with_counts(), pk=pk)
    if request.method == "POST" and member.role != Member.Role.MANAGER:
        raise Http404
    form = SystemForm(request.POST if request.method == "POST" else None, instance=found)
    if request.method == "POST" and form.is_valid():
        found.save(update_fields=form.fields)  # an import may be writing the others
        messages.success(request, _("Saved."))
        return redirect("system", slug, pk)
    page = {
        "member": member,
        "project": member.project,
        "system": get_object_or_404(System, pk=pk) if form.errors else found,  # a form writes into its row
        "counts": found,
        "cited": cited_by(found),
        "form": form,
    }
    return render(request, "annotator/system.html", page, status=422 if form.is_bound else 200)


def cited_by(found: System) -> dict[str, int]:
    """Return how many of a system's citations name a listed fragment, and why the others do not. Two queries."""
    cited = Citation.objects.filter(condition__annotation__system=found, condition__removed=False).order_by()
    counts = {"in_list": cited.filter(listed__isnull=False).count(), "out_of_range": 0, "unreadable": 0, "as_text": 0}
    for title, text in cited.filter(listed__isnull=True).values_list("title", "text").iterator():
        readable = "out_of_range" if numbers_in(title or "") else "unreadable"
        counts["as_text" if text is not None else readable] += 1
    return counts
