"""Making a project, and its settings."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from annotator.actions.project_settings import change_settings
from annotator.actions.projects import create_project, may_make_projects
from annotator.forms import ConsentForm, NewProjectForm
from annotator.models import Member, Project
from annotator.settings_form import SettingsForm
from annotator.views.request import Request
from annotator.web.overtaken import again_if_overtaken


@require_http_methods(["GET", "HEAD", "POST"])
@again_if_overtaken
def project_new(request: Request) -> HttpResponse:
    """Make a project; whoever makes it manages it."""
    if not may_make_projects(request.user, Member.objects.of(request.user)):
        return render(request, "annotator/project_new.html", {"refused": True, "form": None}, status=403)
    form = NewProjectForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        project = create_project(**form.cleaned_data, manager=request.user)
        messages.success(request, _("“%(name)s” stands. Bring in its questions next.") % {"name": project})
        return redirect("project", project.slug)
    page = {"form": form, "refused": False}
    return render(request, "annotator/project_new.html", page, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def project_settings(request: Request, slug: str) -> HttpResponse:
    """Change what the project says of itself."""
    member = get_object_or_404(Member.objects.managing(request.user), project__slug=slug)
    if request.method == "POST":
        form = SettingsForm(request.POST, instance=Project.objects.get(pk=member.project_id))
        if form.is_valid():
            change_settings(form.instance, form.Meta.fields)
            messages.success(request, _("Settings saved."))
            return redirect("project_settings", slug)
    else:
        form = SettingsForm(instance=member.project)
    return settings_page(request, member, form=form)


def settings_page(request: Request, member: Member, **forms: Any) -> HttpResponse:
    """Show the settings with their forms; a form with errors takes the place of its fresh one."""
    project = member.project
    newest = project.consent_versions.first()
    status = 422 if any(form.is_bound for form in forms.values()) else 200
    page = {
        "member": member,
        "project": project,
        "form": SettingsForm(instance=project),
        "consent_form": ConsentForm(initial={"text": newest.text if newest else ""}, auto_id="consent_%s"),
        "consent": newest,
        "consents": newest.consents.count() if newest else 0,
        "batches": project.batches.all(),
    }
    return render(request, "annotator/settings.html", page | forms, status=status)
