"""The history of the person's own annotation: every step, what stood then, and going back to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from annotator.actions import saving
from annotator.actions.history import Conflict, NotOpen, record_at
from annotator.checks import letter_of
from annotator.fragment_lists import own_list
from annotator.models import Annotation
from annotator.reading import whole_number
from annotator.record import Condition
from annotator.steps import Change, changes
from annotator.views.cards import annotation_of, save_of

PAGE = 100


@dataclass(frozen=True, slots=True)
class Stood:
    """A condition as it stood after a step, with its letter; of gold, whose its parts were."""

    letter: str
    condition: Condition
    origins: Sequence[str] = ()


@require_GET
def history(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """List a page of steps, newest first (``?until=``), and show the record as it stood after one (``?at=``)."""
    annotation = annotation_of(request, slug, pk)
    until, at = (asked_for(request, name, annotation.revisions_made) for name in ("until", "at"))
    then = own_list(annotation).said(record_at(annotation, at))
    page = paged(annotation, changes(annotation, until, PAGE), until, at) | {
        "question": annotation.question,
        "project": annotation.question.batch.project,
        "member": annotation.author,
        "then": then,
        "conditions": [Stood(letter_of(place), part) for place, part in enumerate(then.conditions)],
        "left_out": [],
        "back": reverse("workbench", args=[slug, pk]),
        "restore": reverse("restore", args=[slug, pk, at]) if at else "",
        "of_gold": False,
    }
    return render(request, "annotator/history.html", page)


def paged(annotation: Annotation, shown: list[Change], until: int, at: int) -> dict[str, Any]:
    """Return what every history shows: a page of its steps, and after which one it says what stood."""
    return {
        "annotation": annotation,
        "changes": shown,
        "until": until,
        "newer": until + PAGE if until < annotation.revisions_made else None,
        "older": shown[-1].step.number - 1 if shown else None,
        "at": at,
    }


def asked_for(request: HttpRequest, name: str, last: int) -> int:
    """Return the number of the step that the query names, at most the last one, which it is without a name."""
    number = whole_number(request.GET.get(name, ""))
    return last if number is None else min(number, last)


@require_POST
def restore(request: HttpRequest, slug: str, pk: int, number: int) -> HttpResponse:
    """Put the annotation back to what it was after a step, unless there is one that the page did not show."""
    annotation = annotation_of(request, slug, pk)
    get_object_or_404(annotation.revisions, number=number)
    try:
        saving.restore(annotation, number, save_of(request, annotation, "step"))
    except NotOpen:
        messages.error(request, _("Submitted work must be reopened first."))
        return redirect("history", slug, pk)
    except Conflict:
        messages.error(request, _("Something was changed meanwhile. Look again."))
        return redirect("history", slug, pk)
    messages.success(request, _("Restored to step %(number)s.") % {"number": number})
    return redirect("workbench", slug, pk)
