"""The corpora of the installation: loading files and rebuilding indexes, each by a job, and deleting files."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from annotator import jobs
from annotator.actions import corpus_files
from annotator.actions.corpus_files import InUse, Taken
from annotator.actions.queued import corpus_folder
from annotator.corpus_form import LoadForm
from annotator.index_states import index_states, troubles
from annotator.models import Job
from annotator.views.request import Request, only_for_who_runs_the_site, text_in
from retrieval.models import Corpus

SHOWN = 10


@require_http_methods(["GET", "HEAD", "POST"])
def corpora(request: Request) -> HttpResponse:
    """List the corpora, and load a file into one of them or a new one."""
    only_for_who_runs_the_site(request)
    form = LoadForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if form.is_bound and form.is_valid():
        return loaded(request, form)
    return page_of(request, form)


def loaded(request: Request, form: LoadForm) -> HttpResponse:
    """Start the job, and lead to its page; what stands in its way is said beside its field."""
    upload, name = form.cleaned_data["upload"], form.cleaned_data["file"]
    try:
        job = corpus_files.load(
            corpus_files.keep_corpus_file(upload) if upload else name, form.cleaned_data["corpus"], form.about()
        )
    except Taken:
        said = _("A file of this name lies on the server already: choose it there, delete it first, or rename yours.")
        form.add_error("upload", said)
        return page_of(request, form)
    if job is None:
        form.add_error("corpus", _("A job works on this corpus already; see the list of jobs."))
        return page_of(request, form)
    return redirect(job)


def page_of(request: Request, form: LoadForm) -> HttpResponse:
    states = list(index_states(Corpus.objects.order_by("slug")))
    page: dict[str, Any] = {
        "form": form,
        "folder": corpus_folder(),
        "indexes": states,
        "troubles": [(trouble, slugs) for (_how, trouble), slugs in troubles(states).items()],
        "jobs": last_jobs(),
        "late": jobs.not_taken_up(None),
        "files": corpus_files.lying_with_sizes(),
    }
    return render(request, "annotator/corpora.html", page, status=422 if form.is_bound else 200)


def last_jobs() -> list[tuple[Job, bool]]:
    """Return the last jobs, each with whether it failed to load what another of them has loaded since."""
    shown = list(Job.objects.filter(project__isnull=True)[:SHOWN])
    loads = [job for job in shown if job.verb == "load_corpus" and job.state == "done"]
    return [(job, job.state == "failed" and any(makes_up_for(one, job) for one in loads)) for job in shown]


def makes_up_for(load: Job, failed: Job) -> bool:
    """Return whether a load ended after another one, of the same file into the same corpus, had failed."""
    same = all(load.arguments.get(key) == failed.arguments.get(key) for key in ("file", "corpus"))
    return same and ended(load) > ended(failed)


def ended(job: Job) -> datetime:
    return job.heartbeat or job.created


@require_POST
def corpus_file_delete(request: Request) -> HttpResponse:
    """Delete a file that can be loaded, unless a job reads it."""
    only_for_who_runs_the_site(request)
    name = text_in(request.POST, "file")
    try:
        corpus_files.delete(name)
    except InUse as used:
        messages.error(request, _("Job %(job)s reads this file; stop it first.") % {"job": used.job})
    except FileNotFoundError:
        messages.info(request, _("There is no such file any more."))
    else:
        messages.success(request, _("%(name)s is deleted.") % {"name": name})
    return redirect("corpora")


@require_POST
def corpus_reindex(request: Request, slug: str) -> HttpResponse:
    """Let a job rebuild the index of a corpus, unless one works on it already."""
    only_for_who_runs_the_site(request)
    job = corpus_files.reindex(get_object_or_404(Corpus, slug=slug).slug)
    if job is None:
        messages.info(request, _("A job works on this corpus already."))
        return redirect("corpora")
    return redirect(job)
