"""Deleting a project by typing its name, and bringing it back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from annotator.actions.deleting import delete_project, restore_project
from annotator.forms import TypedForm
from annotator.models import Member, Project
from annotator.views.request import Request


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def project_delete(request: Request, slug: str) -> HttpResponse:
    """Delete a project, once its name is typed."""
    manager = get_object_or_404(Member.objects.managing(request.user), project__slug=slug)
    project = manager.project
    form = TypedForm(project.name, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        delete_project(project)
        messages.success(request, _("“%(name)s” is deleted. You can restore it here.") % {"name": project})
        return redirect("home")
    page = {"member": manager, "project": project, "form": form}
    return render(request, "annotator/project_delete.html", page, status=422 if form.is_bound else 200)


@require_POST
def project_restore(request: Request, slug: str) -> HttpResponse:
    """Bring a deleted project back."""
    restore_project(get_object_or_404(Project.objects.restorable_by(request.user), slug=slug))
    messages.success(request, _("Restored, as it was."))
    return redirect("project", slug)
