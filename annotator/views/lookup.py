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
from annotator.reading import BadInput
from annotator.views.bench import Bench
from annotator.views.cards import annotation_of
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
    if not request.htmx:
        return redirect(f"{reverse('workbench', args=[slug, pk])}#fragment-{bench.fragments.number_of(fragment)}")
    return drawn_anew(request, bench, fragment)


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
    return drawn_anew(request, Bench.of(annotation_of(request, slug, pk)), fragment, gone=fragment, number=number)


def drawn_anew(request: Request, bench: Bench, fragment: Fragment | None, **more: Any) -> HttpResponse:
    """Answer with the list, and with the fragment's place among the results where the page shows it there."""
    page = around(bench.annotation) | {"bench": bench, "locked": False, "oob": True} | more
    if fragment and "found" in request.POST:
        page["one"] = Result(fragment, [], [], bench.fragments.number_of(fragment))
    return render(request, f"{LOOKUP}#added_now", page)


def not_added(request: Request, annotation: Annotation, late: NotOpen | BadInput | Cited) -> HttpResponse:
    """Answer what could not be added or taken out: 409 where the work is closed, 422 with what stands against it."""
    said = "" if isinstance(late, NotOpen) else late.problems[0].message if isinstance(late, BadInput) else str(late)
    if not request.htmx:
        messages.error(request, said or str(late))
        return redirect("workbench", annotation.question.batch.project.slug, annotation.question_id)
    return render(request, f"{LOOKUP}#not_added", {"said": said}, status=422 if said else 409)


def around(annotation: Annotation) -> dict[str, Any]:
    return {"annotation": annotation, "question": annotation.question, "project": annotation.question.batch.project}


def results(bench: Bench, query: str, fragments: tuple[Fragment, ...]) -> list[Result]:
    """Return what was found as the page shows it."""
    return [
        Result(one, marked(one.title, query), marked(one.text, query), bench.fragments.number_of(one))
        for one in fragments
    ]
