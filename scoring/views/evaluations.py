"""The evaluations of a project: their list, beginning one, and the last one for the project's and a system's page."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from annotator.actions.queued import Refused
from annotator.models import Member
from annotator.released import releasable_gold
from annotator.views.request import Request, number_in
from scoring.evaluating import predicting
from scoring.forms import EvaluationForm
from scoring.launching import launch, stage_of
from scoring.measures import figures
from scoring.references import imported_references
from scoring.sight import shows_board

PAGE = 30


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
def evaluations(request: Request, slug: str) -> HttpResponse:
    """List the evaluations; other pages ask for a panel alone. A POST begins one."""
    may = Member.objects.managing if request.method == "POST" else Member.objects.looking_on
    member = get_object_or_404(may(request.user), project__slug=slug)
    if request.method == "POST":
        return begin(request, member)
    if request.htmx and not request.htmx.history_restore_request:
        return panel(request, member)
    return listed(request, member, EvaluationForm(member.project))


def begin(request: Request, member: Member) -> HttpResponse:
    """Begin what the form asks for, or say beside its fields what is wrong."""
    form = EvaluationForm(member.project, request.POST)
    if form.is_valid():
        try:
            return redirect("evaluation", member.project.slug, launch(member.project, form.wanted(), member).number)
        except Refused as refusal:
            form.refuse(refusal)
    return listed(request, member, form, status=422)


def listed(request: Request, member: Member, form: EvaluationForm, status: int = 200) -> HttpResponse:
    system = member.project.systems.filter(pk=number_in(request.GET, "system")).first()
    found = member.project.evaluations.listed()
    found = found.filter(systems__system=system) if system else found
    shown = Paginator(found, PAGE).get_page(request.GET.get("page"))
    page: dict[str, Any] = {
        "member": member,
        "project": member.project,
        "form": form,
        "system": system,
        "shown": shown,
        "rows": [(one, stage_of(one), figures().get(one.primary)) for one in shown],
        "systems": predicting(member.project).exists(),
        "gold": has_gold(member),
    }
    return render(request, "scoring/evaluations.html", page, status=status)


def has_gold(member: Member) -> bool:
    """Return whether there is anything to score against: gold, or people's work that a file brought in its place."""
    if releasable_gold().filter(question__batch__project=member.project_id).exists():
        return True
    return next(imported_references(list(member.project.batches.all())), None) is not None


def panel(request: Request, member: Member) -> HttpResponse:
    """Answer with the last finished evaluation of the project, or the evaluations of one system."""
    page: dict[str, Any] = {"member": member, "project": member.project}
    if system := number_in(request.GET, "system"):
        rows = member.project.evaluations.filter(systems__system=system).listed()[:PAGE]
        page["rows"] = [(one, stage_of(one), figures().get(one.primary)) for one in rows]
        return render(request, "scoring/evaluations.html#of_system", page)
    last = member.project.evaluations.finished().order_by("-number").first()
    page |= {"last": last, "lines": last.ranking() if last and shows_board(last, request.user) else []}
    return render(request, "scoring/evaluations.html#panel", page)
