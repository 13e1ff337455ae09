"""Importing: a file is dropped, looked at, shown with what is wrong and what is new, and only then brought in."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from annotator import jobs
from annotator.actions.uploading import Gone, bring_in, has_columns, is_small, keep_upload, look_at, path_of
from annotator.checks import Code
from annotator.exchange.fields import without_work
from annotator.exchange.formats import full
from annotator.exchange.reports import COUNTED, BrokenOff, Refused, Remark, ways
from annotator.exchange.streaming import NOTHING_MAPPED
from annotator.exchange.tables import field_of
from annotator.forms import LookForm, UploadForm
from annotator.models import Annotation, Import, Job, Member, Question
from annotator.record import Source
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


def examine(imported: Import, member: Member, batch: str, mapping: Mapping[str, str] = NOTHING_MAPPED) -> HttpResponse:
    """Look at a small file now, leave a large one to a job; either way its page shows what was found."""
    if is_small(imported):
        look_at(imported, batch, mapping)
    else:
        jobs.start("look", member.project, member, **{"import": imported.pk, "batch": batch, "mapping": dict(mapping)})
    return redirect("import", member.project.slug, imported.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def import_(request: Request, slug: str, pk: int) -> HttpResponse:
    """Show what a file holds; look at it again for another batch or mapping, or bring it in as it was looked at."""
    member = get_object_or_404(Member.objects.managing(request.user), project__slug=slug)
    imported = get_object_or_404(member.project.imports.select_related("by__user", "batch", "project"), pk=pk)
    if request.method == "POST":
        form = LookForm(member.project, columns_of(imported), request.POST)
        again = request.POST.get("do") == "look" or said_otherwise(form, imported)
        return look_again(request, form, imported, member) if again else bring(request, imported, member)
    return render(request, "annotator/import.html", import_page(imported, member))


def import_page(imported: Import, member: Member) -> dict[str, object]:
    """Return what the page of one file shows."""
    report = imported.report
    job = job_of(imported)
    kept = imported.state != State.DONE and path_of(imported).exists()
    idle = kept and "new" in report and not (job and job.state in jobs.GOING)
    form = LookForm(member.project, columns_of(imported), initial=start_of(member, report.get("into", "")))
    asked = idle and imported.state != State.WRITING
    selects = form.selects() if asked else {}
    return {
        "member": member,
        "project": member.project,
        "imported": imported,
        "system": report.get("system", ""),
        "as_drafts": report.get("as") == Source.DRAFT,
        "back": "systems" if "system" in report else "imports",
        "report": report,
        "into": imported.batch.name if imported.batch else report.get("into", ""),
        "counts": [(name, report["counts"].get(name, 0)) for name in COUNTED] if "counts" in report else [],
        "ways": [(way, number) for way, number in ways(report.get("anchors", {})) if number],
        # Imports of earlier versions counted among the checks what is a remark.
        "checks": [(Code(code).label, n) for code, n in report.get("checks", {}).items() if code in set(Code)],
        "remarks": [(Remark(code).label, number) for code, number in report.get("remarks", {}).items()],
        "fields": [(field, selects.get(field["path"])) for field in fields_for(member, imported)],
        "job": job,
        "unattended": job is not None and jobs.unattended(job),
        "stored": stored_of(imported) if imported.state == State.WRITING else 0,
        "kept": kept,
        "ready": idle and imported.state != State.REFUSED,
        "look": form if asked and imported.shape != full.NAME and "system" not in report else None,
        "mapped": bool(selects),
    }


def fields_for(member: Member, imported: Import) -> list[dict[str, Any]]:
    """Return the file's fields; examples of what was annotated are for whoever brought it, until it is imported."""
    fields = imported.report.get("fields", [])
    if imported.by_id == member.pk and imported.state != State.DONE:
        return list(fields)
    return without_work(fields, imported.shape, imported.report.get("mapping", {}))


def start_of(member: Member, into: str) -> dict[str, object]:
    """Return the batch a file was looked at for, as its form begins with it."""
    batch = member.project.batches.filter(name=into).first()
    return {"batch": batch} if batch else {"batch": "", "new_batch": into}


def columns_of(imported: Import) -> dict[str, str]:
    """Return the columns whose field may be changed, with the fields that they were taken for."""
    if not has_columns(imported):
        return {}
    mapping = imported.report.get("mapping", {})
    return {field["path"]: field_of(field["path"], mapping) for field in imported.report["fields"]}


def said_otherwise(form: LookForm, imported: Import) -> bool:
    """Return whether a form that came with “Import” says other things than those that the dry run was made of."""
    if "new_batch" not in form.data:
        return False
    looked = (imported.report.get("into", ""), columns_of(imported))
    return not form.is_valid() or (form.batch_name(), form.mapping()) != looked


def stored_of(imported: Import) -> int:
    """Return how many questions of the file, or answers of its system, are in the project.

    A whole export brings all questions that there are.
    """
    if imported.shape == full.NAME:
        return Question.objects.filter(batch__project=imported.project_id).count()
    if system := imported.report.get("system"):
        written = Annotation.objects.filter(system__name=system, system__project=imported.project_id)
        return written.filter(source=imported.report["as"]).count()
    return Question.objects.filter(brought_by=imported).count()


def job_of(imported: Import) -> Job | None:
    """Return the newest job on the file, if there was one."""
    return imported.project.jobs.filter(arguments__import=imported.pk).first()


def look_again(request: Request, form: LookForm, imported: Import, member: Member) -> HttpResponse:
    if not form.is_valid():
        messages.error(request, " ".join(str(message) for found in form.errors.values() for message in found))
        return redirect("import", member.project.slug, imported.pk)
    if request.POST.get("do") != "look":
        messages.info(request, _("The batch or the mapping was changed: this is what would come in now."))
    try:
        return examine(imported, member, form.batch_name(), form.mapping())
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
        if "system" in imported.report:
            brought = ngettext("%(new)s answer brought in.", "%(new)s answers brought in.", done["new"]) % done
        else:
            brought = ngettext("%(new)s question brought in.", "%(new)s questions brought in.", done["new"]) % done
        here = ngettext("%(unchanged)s was here already.", "%(unchanged)s were here already.", done["unchanged"]) % done
        messages.success(request, f"{brought} {here}" if done["unchanged"] else brought)
    return redirect("import", slug, imported.pk)
