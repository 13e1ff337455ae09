"""The manager's page: how far the project is and when it will be done, who works on it, what waits, what happened."""

from datetime import date, timedelta

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from annotator import jobs
from annotator.actions.adopting import share_of
from annotator.models import Batch, Member, Project
from annotator.pace import Outlook, Why
from annotator.progress import Progress, ahead_of, came_by_day, planned_end, progress_by_batch, whole
from annotator.views.activity import lines_of, told_of
from annotator.views.chart import Chart, chart_of
from annotator.views.people import MOST, people_of
from annotator.views.request import Request
from annotator.views.waiting import counts_of

RECENT = 6
FEW = 5


@require_safe
def project(request: Request, slug: str) -> HttpResponse:
    """Show a project to its manager. ``?names=hidden`` shows pseudonyms alone, for a screen that others see."""
    member = get_object_or_404(Member.objects.managing(request.user), project__slug=slug)
    project, hidden = member.project, request.GET.get("names") == "hidden"
    batches, people = progress_by_batch(project), people_of(project, hidden=hidden)
    total = whole(progress for _batch, progress in batches)
    page = {
        "member": member,
        "project": project,
        "hidden": hidden,
        "batches": batches,
        "total": total,
        "people": people,
        "cut": project.members.lasting().count() > MOST,
        "waiting": counts_of(project),
        "activity": lines_of(told_of(project)[:RECENT], request.user, hidden=hidden),
        "late": jobs.not_taken_up(project),
        "share": share_of(project),
        "imports": project.imports.select_related("by__user", "batch")[:FEW],
        "jobs": project.jobs.all()[:FEW],
        "guidelines": project.guidelines.first(),
        **(drawn(project, batches, total) if total.questions else {}),
    }
    return render(request, "annotator/project.html", page)


def drawn(project: Project, batches: list[tuple[Batch, Progress]], total: Progress) -> dict[str, Chart | str]:
    """Return the chart, and what it says in a sentence. Three queries."""
    today = timezone.localdate()
    submitted, adjudicated = came_by_day(project)
    planned, ahead = planned_end(batches), ahead_of(project, total, today)
    chart = chart_of(submitted, adjudicated, total.left or 0, None if total.unlimited else planned, ahead, today)
    return {"chart": chart, "ahead": sentence(ahead, planned, today)}


def sentence(ahead: Outlook, planned: date | None, today: date) -> str:
    """Return when all will be handed in, or why that cannot be said."""
    said = {
        Why.DONE: _("everything that was asked for is handed in"),
        Why.UNLIMITED: _("no end to tell: some questions have no limit of annotations"),
        Why.NOTHING: _("nobody has submitted anything yet, so there is no pace to go by"),
        Why.SILENT: _("nobody has submitted since %(day)s, so there is no pace to go by"),
        Why.FAR: _("at this pace it takes more than ten years"),
        None: _("at this pace, done on %(day)s"),
    }[ahead.why]
    day = ahead.end or ahead.last
    first = said % {"day": day_in_words(day, today)} if day else said
    return first + ("; " + _("planned %(day)s") % {"day": day_in_words(planned, today)} if planned else "")


def day_in_words(day: date, today: date) -> str:
    near = abs(day - today) < timedelta(days=300)
    return date_format(day, "j F" if near else "j F Y")
