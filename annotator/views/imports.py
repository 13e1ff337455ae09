"""Importing: a file is dropped, looked at, shown with what is wrong and what is new, and only then brought in."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from annotator import jobs
from annotator.actions.uploading import Gone, bring_in, is_small, keep_upload, look_at, path_of
from annotator.exchange.formats import full
from annotator.exchange.reports import COUNTED, BrokenOff, Refused
from annotator.forms import UploadForm
from annotator.models import Import, Job, Member, Question
from annotator.views.request import Request

State = Import.State
SHOWN = 20


@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: Request, slug: str) -> HttpResponse:
    """Take a file and look at it; list the files that were brought before."""
    member = get_object_or_404(Member.objects.managing(request.user), project__slug=slug)
    form = UploadForm(member.project, *((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST" and form.is_valid():
        imported = keep_upload(form.cleaned_data["file"], member, form.batch_name())
        return examine(imported, member, form.batch_name())
    page = {
        "member": member,
        "project": member.project,
        "form": form,
        "imports": member.project.imports.select_related("by__user", "batch")[:SHOWN],
    }
    return render(request, "annotator/imports.html", page, status=422 if form.is_bound else 200)


def examine(imported: Import, member: Member, batch: str) -> HttpResponse:
    """Look at a small file now, leave a large one to a job; either way its page shows what was found."""
    if is_small(imported):
        look_at(imported, batch)
    else:
        jobs.start("look", member.project, member, **{"import": imported.pk, "batch": batch})
    return redirect("import", member.project.slug, imported.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def import_(request: Request, slug: str, pk: int) -> HttpResponse:
    """Show what a file holds; look at it again for another batch, or bring it in."""
    member = get_object_or_404(Member.objects.managing(request.user), project__slug=slug)
    imported = get_object_or_404(member.project.imports.select_related("by__user", "batch", "project"), pk=pk)
    if request.method == "POST" and request.POST.get("do") == "look":
        return look_again(request, imported, member)
    if request.method == "POST":
        return bring(request, imported, member)
    return render(request, "annotator/import.html", import_page(imported, member))


def import_page(imported: Import, member: Member) -> dict[str, object]:
    """Return what the page of one file shows."""
    report = imported.report
    kept = imported.state in (State.LOOKED_AT, State.WRITING) and path_of(imported).exists()
    job = job_of(imported)
    return {
        "member": member,
        "project": member.project,
        "imported": imported,
        "report": report,
        "into": imported.batch.name if imported.batch else report.get("into", ""),
        "counts": [(name, report["counts"].get(name, 0)) for name in COUNTED] if "counts" in report else [],
        "job": job,
        "unattended": job is not None and jobs.unattended(job),
        "stored": stored_of(imported) if imported.state == State.WRITING else 0,
        "kept": kept,
        "ready": kept and "new" in report and not (job and job.state in jobs.GOING),
        "batch_form": UploadForm(member.project, initial=start_of(member, report.get("into", ""))),
    }


def start_of(member: Member, into: str) -> dict[str, object]:
    """Return the batch a file was looked at for, as its form begins with it."""
    batch = member.project.batches.filter(name=into).first()
    return {"batch": batch} if batch else {"batch": "", "new_batch": into}


def stored_of(imported: Import) -> int:
    """Return how many questions of the file are in the project; a whole export brings all that there are."""
    if imported.shape == full.NAME:
        return Question.objects.filter(batch__project=imported.project_id).count()
    return Question.objects.filter(brought_by=imported).count()


def job_of(imported: Import) -> Job | None:
    """Return the newest job on the file, if there was one."""
    return imported.project.jobs.filter(arguments__import=imported.pk).first()


def look_again(request: Request, imported: Import, member: Member) -> HttpResponse:
    form = UploadForm(member.project, request.POST)
    form.fields["file"] = forms.FileField(required=False)
    if not form.is_valid():
        messages.error(request, " ".join(str(message) for found in form.errors.values() for message in found))
        return redirect("import", member.project.slug, imported.pk)
    try:
        return examine(imported, member, form.batch_name())
    except Gone:
        messages.error(request, _("The file is no longer kept; upload it again."))
        return redirect("imports", member.project.slug)


def bring(request: Request, imported: Import, member: Member) -> HttpResponse:
    """Import the file: a small one now, a large one in a job."""
    slug = member.project.slug
    if not is_small(imported):
        jobs.start("import", member.project, member, **{"import": imported.pk})
        return redirect("import", slug, imported.pk)
    try:
        done = bring_in(imported)
    except Gone:
        messages.info(request, _("This file has been dealt with already."))
    except Refused:
        messages.error(request, _("The file was refused, and nothing of it was written."))
    except BrokenOff as broken:
        messages.error(request, _("The import was broken off: %(why)s") % {"why": broken.why})
    else:
        messages.success(request, _("%(new)s questions brought in, %(unchanged)s were here already.") % done)
    return redirect("import", slug, imported.pk)
