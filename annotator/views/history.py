"""The history of the person's own annotation: every step, what stood then, and going back to it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from annotator.actions import saving
from annotator.actions.history import NotOpen, record_at
from annotator.checks import letter_of
from annotator.reading import whole_number
from annotator.views.cards import annotation_of
from annotator.views.steps import changes

PAGE = 100


@require_GET
def history(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """List a page of steps, newest first (``?until=``), and show the record as it stood after one (``?at=``)."""
    annotation = annotation_of(request, slug, pk)
    last = annotation.revisions_made
    until, at = (min(asked_for(request, name, last), last) for name in ("until", "at"))
    shown = changes(annotation, until, PAGE)
    then = record_at(annotation, at)
    return render(
        request,
        "annotator/history.html",
        {
            "annotation": annotation,
            "question": annotation.question,
            "project": annotation.question.batch.project,
            "member": annotation.author,
            "changes": shown,
            "until": until,
            "newer": until + PAGE if until < last else None,
            "older": shown[-1].step.number - 1 if shown else None,
            "at": at,
            "then": then,
            "conditions": [(letter_of(place), part) for place, part in enumerate(then.conditions)],
        },
    )


def asked_for(request: HttpRequest, name: str, last: int) -> int:
    """Return the number of the step that the query names, else of the last one."""
    number = whole_number(request.GET.get(name, ""))
    return last if number is None else number


@require_POST
def restore(request: HttpRequest, slug: str, pk: int, number: int) -> HttpResponse:
    """Put the annotation back to what it was after a step; nothing said since is lost from the history."""
    annotation = annotation_of(request, slug, pk)
    get_object_or_404(annotation.revisions, number=number)
    try:
        saving.restore(annotation, number, annotation.writer)
    except NotOpen:
        messages.error(request, _("Submitted work must be reopened first."))
        return redirect("history", slug, pk)
    messages.success(request, _("Restored to step %(number)s.") % {"number": number})
    return redirect("workbench", slug, pk)
