"""Batches: making one, changing it, and asking questions of other batches again in it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from annotator.actions.asking_found import ask_found
from annotator.actions.projects import add_batch, change_batch
from annotator.batch_forms import AskAgainForm, AssignFileForm, BatchForm
from annotator.models import Assignment, Batch, Job, Member
from annotator.progress import Progress, progress_by_batch
from annotator.views.request import Request
from annotator.web.overtaken import again_if_overtaken

MOST_ASSIGNED = 100


@require_http_methods(["GET", "HEAD", "POST"])
@again_if_overtaken
def batch_new(request: Request, slug: str) -> HttpResponse:
    """Add a batch behind the others."""
    member = get_object_or_404(Member.objects.managing(request.user), project__slug=slug)
    form = BatchForm(request.POST if request.method == "POST" else None, instance=Batch(project=member.project))
    if request.method == "POST" and form.is_valid():
        made = add_batch(member.project, **form.cleaned_data)
        messages.success(request, _("Batch “%(name)s” added. Bring questions into it next.") % {"name": made})
        return redirect("batch", slug, made.pk)
    page = {"member": member, "project": member.project, "form": form}
    return render(request, "annotator/batch_new.html", page, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@again_if_overtaken
def batch(request: Request, slug: str, pk: int) -> HttpResponse:
    """Show a batch and how far it is, and change it."""
    member = get_object_or_404(Member.objects.managing(request.user), project__slug=slug)
    shown = get_object_or_404(member.project.batches, pk=pk)
    if request.method != "POST":
        return batch_page(request, member, shown, form=BatchForm(instance=shown))
    form = BatchForm(request.POST, instance=shown)
    if not form.is_valid():
        return batch_page(request, member, member.project.batches.get(pk=pk), form=form)
    change_batch(form.instance, form.Meta.fields)
    messages.success(request, _("“%(name)s” saved. Work that people have begun is kept.") % {"name": shown})
    return redirect("batch", slug, pk)


@require_POST
def batch_ask_again(request: Request, slug: str, pk: int) -> HttpResponse:
    """Ask questions of other batches again in this one."""
    member = get_object_or_404(Member.objects.managing(request.user), project__slug=slug)
    shown = get_object_or_404(member.project.batches, pk=pk)
    form = AskAgainForm(shown, request.POST, auto_id="again_%s")
    if not form.is_valid():
        return batch_page(request, member, shown, ask_form=form)
    added = ask_found(member, shown, form.cleaned_data)
    if isinstance(added, Job):
        return redirect("job", slug, added.pk)
    words = ngettext("%(number)s question is asked again.", "%(number)s questions are asked again.", added)
    messages.success(request, words % {"number": added})
    return redirect("batch", slug, pk)


def batch_page(request: Request, member: Member, shown: Batch, **forms: Any) -> HttpResponse:
    """Show the batch with its forms; a form with errors takes the place of its fresh one."""
    given = Assignment.objects.assigned().filter(question__batch=shown)
    progress = dict(progress_by_batch(member.project)).get(shown, Progress())
    page = {
        "member": member,
        "project": member.project,
        "batch": shown,
        "progress": progress,
        "form": BatchForm(instance=shown),
        "ask_form": AskAgainForm(shown, auto_id="again_%s"),
        "file_form": AssignFileForm(auto_id="assign_%s"),
        "assigned": given.select_related("member__user", "question")[:MOST_ASSIGNED],
        "assigned_count": given.count(),
    }
    status = 422 if any(form.is_bound for form in forms.values()) else 200
    return render(request, "annotator/batch.html", page | forms, status=status)
