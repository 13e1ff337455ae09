"""A job: how far it is, asked for every second or two until it ends; stopping it, and running it again."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import HttpResponseStopPolling

from annotator import jobs
from annotator.actions import looking
from annotator.actions.kept_files import kept_file
from annotator.actions.looking import StillOpen
from annotator.models import Job, Member
from annotator.views.request import Request
from annotator.web.downloads import kept_sent


def job_of(request: Request, pk: int, slug: str | None) -> Job:
    """Return a job of a project, or of the installation, to somebody who may follow it."""
    return get_object_or_404(Job.objects.followed_by(request.user), project__slug=slug, pk=pk)


@require_safe
@vary_on_headers("HX-Request")
def job(request: Request, pk: int, slug: str | None = None) -> HttpResponse:
    """Show a job; a poll gets its state alone, and 286 once it has ended, so that the polling stops."""
    return job_page(request, job_of(request, pk, slug))


def member_for(request: Request, job: Job) -> Member | None:
    """Return as whom the user follows a job, None where it is of the installation."""
    return Member.objects.of(request.user).filter(project=job.project).first() if job.project else None


def job_page(request: Request, job: Job, status: int = 200) -> HttpResponse:
    member = member_for(request, job)
    page: dict[str, Any] = {"member": member, "project": job.project, "job": job, "unattended": jobs.unattended(job)}
    page |= {"file": kept_file(job), "own": job.by == member, "counts": job.counts_for(request.user)}
    page |= {"open": looking.open_though_seen(member) if member else 0}
    if not request.htmx:
        return render(request, "annotator/job.html", page, status=status)
    response = render(request, "annotator/job.html#state", page)
    if job.state not in jobs.GOING:
        response.status_code = HttpResponseStopPolling.status_code
        response["HX-Refresh"] = "true"
    return response


@require_POST
def job_cancel(request: Request, pk: int, slug: str | None = None) -> HttpResponse:
    """Ask a job to stop."""
    found = job_of(request, pk, slug)
    jobs.cancel(found)
    return redirect(found)


@require_POST
def job_again(request: Request, pk: int, slug: str | None = None) -> HttpResponse:
    """Let a job that failed, stopped or fell silent run again: for whoever asks, who looks at what its file holds."""
    found = job_of(request, pk, slug)
    try:
        jobs.again(found, member_for(request, found))
    except StillOpen as refused:
        messages.error(request, still_open(refused.number))
        return job_page(request, found, status=409)
    return redirect(found)


def still_open(number: int) -> str:
    one = "You have %(number)s question open of which the file would tell; submit or skip it first."
    many = "You have %(number)s questions open of which the file would tell; submit or skip them first."
    return ngettext(one, many, number) % {"number": number}


@require_safe
def job_file(request: Request, slug: str, pk: int) -> HttpResponseBase:
    """Send the file that a job has kept to whoever asked for it, and has looked at what it tells of."""
    found = get_object_or_404(Job.objects.with_file_for(request.user), project__slug=slug, pk=pk)
    try:
        return kept_sent(found)
    except StillOpen:
        return job_page(request, found, status=409)
