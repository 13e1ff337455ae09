"""Exporting: what a file will hold and leave out is said before it is downloaded. A large one is written by a job."""

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from annotator import jobs
from annotator.actions import looking
from annotator.actions.exporting import CannotExport, Plan, export_plan
from annotator.actions.looking import StillOpen
from annotator.exchange.formats import FORMATS, format_named
from annotator.models import Member, Project
from annotator.views.request import Request, text_in
from annotator.web.downloads import sent

SHOWN = 5


@require_safe
@vary_on_headers("HX-Request")
def exports(request: Request, slug: str) -> HttpResponse:
    """Show the formats, and the plan of the one that is chosen."""
    member = get_object_or_404(Member.objects.managing(request.user), project__slug=slug)
    chosen = format_named(request.GET.get("format", "")) or FORMATS[0]
    release = member.project.releases.filter(tag=text_in(request.GET, "release")).first() if chosen.OF_RELEASE else None
    choices = chosen.OF_RELEASE if release else chosen.ANNOTATIONS
    asked = request.GET.get("annotations", "")
    annotations = asked if asked in choices else choices[0]
    batch = None if release else member.project.batches.filter(name=text_in(request.GET, "batch")).first()
    tag, name = release.tag if release else "", batch.name if batch else ""
    plan = export_plan(member.project, chosen.NAME, annotations, release=tag, batch=name)
    return plan_page(request, member, plan)


def plan_page(request: Request, member: Member, plan: Plan, status: int = 200) -> HttpResponse:
    """Show a plan, and what taking its file out would mean for the member; a choice asks for the plan alone."""
    chosen = format_named(plan.format)
    release, batch = plan.scope.release, plan.scope.batch
    page = {
        "member": member,
        "project": member.project,
        "formats": FORMATS,
        "format": chosen,
        "choices": (chosen.OF_RELEASE if release else chosen.ANNOTATIONS) if chosen else (),
        "release": release.tag if release else "",
        "releases": member.project.releases.all() if chosen and chosen.OF_RELEASE else (),
        "batch": batch.name if batch else "",
        "batches": () if release else member.project.batches.all(),
        "plan": plan,
        "told_of": looking.told_of(member, plan.written()).count(),
        "open": looking.own_in(member, plan.written()).in_hand().count(),
        "jobs": member.project.jobs.filter(verb="export", by=member)[:SHOWN],
    }
    part = "#plan" if request.htmx and not request.htmx.history_restore_request else ""
    return render(request, f"annotator/exports.html{part}", page, status=status)


@require_POST
def export_file(request: Request, slug: str) -> HttpResponseBase:
    """Send the file, as it is written: the same bytes as the command's. Taking it counts as looking at its work."""
    member = get_object_or_404(Member.objects.managing(request.user), project__slug=slug)
    plan = wanted_plan(request, member.project)
    try:
        looking.take_out(member, plan.written())
    except StillOpen:
        return plan_page(request, member, plan, status=409)
    if not plan.is_small():
        return redirect(jobs.start("export", member.project, member, **plan.asked()))
    return sent(member, plan)


def wanted_plan(request: Request, project: Project) -> Plan:
    """Return the plan that was asked for, or raise Http404 where there is no such format."""
    try:
        asked = ("format", "annotations", "release", "batch")
        format, annotations, release, batch = (text_in(request.POST, name) for name in asked)
        return export_plan(project, format, annotations, release=release, batch=batch)
    except CannotExport as error:
        raise Http404(str(error)) from error
