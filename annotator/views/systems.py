"""The systems of a project, and the files that bring what they say."""

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from annotator.actions.uploading import keep_upload
from annotator.forms import SystemFileForm
from annotator.models import Member
from annotator.views.imports import examine
from annotator.views.request import Request


@require_http_methods(["GET", "HEAD", "POST"])
def systems(request: Request, slug: str) -> HttpResponse:
    """List the systems; take a file of what one says, and look at it."""
    member = get_object_or_404(Member.objects.managing(request.user), project__slug=slug)
    form = SystemFileForm(member.project, *((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        batch = said["batch"].name if said["batch"] else ""
        more = {"system": said["system"], "as": said["source"]}
        return examine(keep_upload(said["file"], member, batch, **more), member, batch)
    counts = {
        f"{source}s": Count("annotations", filter=Q(annotations__source=source)) for source in ("draft", "prediction")
    }
    page = {
        "member": member,
        "project": member.project,
        "form": form,
        "systems": member.project.systems.annotate(**counts),
    }
    return render(request, "annotator/systems.html", page, status=422 if form.is_bound else 200)
