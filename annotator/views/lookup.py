"""Looking something up beside the workbench; adding what was found to what may be cited, and taking it out again."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from annotator.actions import supplementing
from annotator.actions.history import NotOpen
from annotator.actions.looking_up import look_up, searched
from annotator.actions.supplementing import Cited
from annotator.models import Annotation, Assignment
from annotator.reading import BadInput, Problem
from annotator.views.bench import Bench
from annotator.views.cards import CARD, annotation_of, refused
from annotator.views.consented import consented
from annotator.views.request import Request, number_in, text_in
from annotator.views.workbench import shown
from retrieval.engines.english import marked
from retrieval.models import Fragment

LOOKUP = "annotator/lookup.html"


@dataclass(frozen=True, slots=True)
class Result:
    """A fragment that was found: its texts in runs, and the number under which it may be cited already."""

    fragment: Fragment
    title: list[tuple[str, bool]]
    text: list[tuple[str, bool]]
    number: str


@never_cache
@require_safe
@consented
def lookup(request: Request, slug: str, pk: int) -> HttpResponse:
    """Search the corpus beside the person's annotation: the results alone for a script, else the whole page."""
    bench = Bench.of(annotation_of(request, slug, pk))
    found = look_up(bench.annotation, text_in(request.GET, "q"))
    page: dict[str, Any] = {"found": found, "results": results(bench, found.query, found.fragments)}
    if not request.htmx or request.htmx.history_restore_request:
        return shown(request, bench, **page)
    locked = bench.annotation.assignment.state not in Assignment.OPEN
    return render(request, f"{LOOKUP}#found", page | around(bench.annotation) | {"locked": locked})


@require_POST
def supplement(request: Request, slug: str, pk: int) -> HttpResponse:
    """Add a fragment in the person's name: a script gets the list anew, everybody else goes to where it stands."""
    annotation = annotation_of(request, slug, pk)
    fragment = get_object_or_404(searched(annotation.question), pk=number_in(request.POST, "fragment"))
    try:
        supplementing.supplement(annotation, fragment)
    except (NotOpen, BadInput) as late:
        return not_added(request, annotation, late)
    bench = Bench.of(annotation_of(request, slug, pk))
    number = bench.fragments.number_of(fragment)
    if not request.htmx:
        return redirect(f"{reverse('workbench', args=[slug, pk])}#fragment-{number}")
    one = Result(fragment, [], [], number)
    return render(
        request, f"{LOOKUP}#added_now", around(annotation) | {"bench": bench, "one": one, "locked": False, "oob": True}
    )


@require_POST
def take_out(request: Request, slug: str, pk: int) -> HttpResponse:
    """Take out again what the person added: a script gets the list anew, with the way back."""
    annotation, number = annotation_of(request, slug, pk), number_in(request.POST, "number") or 0
    try:
        fragment = supplementing.take_back(annotation, number)
    except (NotOpen, Cited) as late:
        return not_added(request, annotation, late)
    if not request.htmx:
        messages.success(request, _("It is taken out. Look it up to add it again."))
        return redirect("workbench", slug, pk)
    bench = Bench.of(annotation_of(request, slug, pk))
    page = around(annotation) | {"bench": bench, "locked": False, "oob": True, "gone": fragment, "number": number}
    if fragment and "found" in request.POST:
        page["one"] = Result(fragment, [], [], bench.fragments.number_of(fragment))
    return render(request, f"{LOOKUP}#added_now", page)


def not_added(request: Request, annotation: Annotation, late: NotOpen | BadInput | Cited) -> HttpResponse:
    """Answer what could not be added or taken out: 409 where the work is closed, 422 with what stands against it."""
    if not request.htmx:
        messages.error(request, late.problems[0].message if isinstance(late, BadInput) else str(late))
        return redirect("workbench", annotation.question.batch.project.slug, annotation.question_id)
    if not isinstance(late, NotOpen):
        return refused(request, late.problems if isinstance(late, BadInput) else [Problem("fragment", str(late))])
    return render(request, f"{CARD}#not_open", status=409)


def around(annotation: Annotation) -> dict[str, Any]:
    return {"annotation": annotation, "question": annotation.question, "project": annotation.question.batch.project}


def results(bench: Bench, query: str, fragments: tuple[Fragment, ...]) -> list[Result]:
    """Return what was found as the page shows it."""
    return [
        Result(one, marked(one.title, query), marked(one.text, query), bench.fragments.number_of(one))
        for one in fragments
    ]
