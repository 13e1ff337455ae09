"""A job: how far it is, asked for every second or two until it ends; stopping it, and running it again."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import HttpResponseStopPolling

from annotator import jobs
from annotator.models import Job, Member
from annotator.views.request import Request


def job_of(request: Request, slug: str, pk: int) -> tuple[Member, Job]:
    """Return the job and the manager who asks for it."""
    member = get_object_or_404(Member.objects.managing(request.user), project__slug=slug)
    return member, get_object_or_404(member.project.jobs.select_related("by__user"), pk=pk)


@require_safe
@vary_on_headers("HX-Request")
def job(request: Request, slug: str, pk: int) -> HttpResponse:
    """Show a job; a poll gets its state alone, and 286 once it has ended, so that the polling stops."""
    member, job = job_of(request, slug, pk)
    page = {"member": member, "project": member.project, "job": job, "unattended": jobs.unattended(job)}
    if not request.htmx:
        return render(request, "annotator/job.html", page)
    response = render(request, "annotator/job.html#state", page)
    if job.state not in jobs.GOING:
        response.status_code = HttpResponseStopPolling.status_code
        response["HX-Refresh"] = "true"
    return response


@require_POST
def job_cancel(request: Request, slug: str, pk: int) -> HttpResponse:
    """Ask a job to stop."""
    _member, job = job_of(request, slug, pk)
    jobs.cancel(job)
    return redirect("job", slug, pk)


@require_POST
def job_again(request: Request, slug: str, pk: int) -> HttpResponse:
    """Let a job that failed, stopped or fell silent run again."""
    _member, job = job_of(request, slug, pk)
    jobs.again(job)
    return redirect("job", slug, pk)
