"""Freezing lists of fragments for the questions that have none."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from annotator import jobs
from annotator.actions.retrieving import corpora_for
from annotator.forms import RetrieveForm
from annotator.models import Member, Question
from annotator.views.request import Request


@require_http_methods(["GET", "HEAD", "POST"])
def retrieve(request: Request, slug: str) -> HttpResponse:
    """Say how many questions wait for a list, and start the job that gives each one."""
    member = get_object_or_404(Member.objects.managing(request.user), project__slug=slug)
    corpora = corpora_for(member.project)
    form = RetrieveForm(corpora, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        corpus, k = form.cleaned_data["corpus"], form.cleaned_data["k"]
        job = jobs.start("retrieve", member.project, member, corpus=corpus.slug, k=k)
        return redirect("job", slug, job.pk)
    questions = Question.objects.filter(batch__project=member.project)
    page = {
        "member": member,
        "project": member.project,
        "form": form,
        "corpora": corpora.count(),
        "waiting": questions.filter(retrieval__isnull=True).count(),
        "asked": questions.count(),
        "jobs": member.project.jobs.filter(verb="retrieve")[:5],
    }
    return render(request, "annotator/retrieve.html", page, status=422 if form.is_bound else 200)
