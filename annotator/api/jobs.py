"""Work that outlasts a request: how far it is, stopping it, and letting it run again."""

from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator import jobs
from annotator.actions import looking
from annotator.actions.kept_files import kept_file
from annotator.actions.queued import NotNow
from annotator.actions.retrieving import corpora_for
from annotator.api.access import Call, manager_of, member_of
from annotator.api.bodies import Body
from annotator.api.paging import paged
from annotator.api.schema import PAGE, operation, page_of
from annotator.models import Job, Member
from annotator.reading import BadInput, Problem
from annotator.web.downloads import kept_sent
from retrieval.models import Corpus

# What is told to whom a job’s work is not to be known.
NO_FILE = {"file": None, "about": None}
NOTHING = {"what": "", "done": 0, "total": None, **NO_FILE}
# What a job of a verb is about: a route of the API, and the part of its arguments, or of its result, that leads there.
ABOUT = {
    **dict.fromkeys(("look", "import"), ("import", "arguments", "import")),
    **dict.fromkeys(("evaluate", "estimate"), ("evaluation", "arguments", "number")),
    "ask_again": ("batch", "arguments", "batch"),
    **dict.fromkeys(("load_corpus", "reindex"), ("corpus", "arguments", "corpus")),
    "release": ("release", "result", "tag"),
}


class FileShape(serializers.Serializer[dict[str, Any]]):
    """A file that a job has written: its name, its size in bytes, its SHA-256."""

    name = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()


class JobShape(serializers.ModelSerializer[Job]):
    """A job: `done` of `total`, why it failed or was put off until `due`, and its file.

    The file is told to whoever asked for it alone, and not while they have a question open of which it may tell.
    """

    what = serializers.CharField(read_only=True, help_text="What there are `done` of `total`, such as “Written”.")
    file = FileShape(source="result.file", allow_null=True, default=None)
    about = serializers.SerializerMethodField(
        help_text="The address of the import, evaluation, batch or corpus it works on, or of the release or file made; "
        "null as long as that is not there."
    )

    class Meta:
        model = Job
        fields = ["id", "verb", "state", "what", "done", "total", "cancel_asked", "error", "created"]
        fields += ["due", "heartbeat", "file", "about"]

    def get_about(self, job: Job) -> str | None:
        request, within = self.context["request"], [job.project.slug] if job.project else []
        if (file := kept_file(job)) and file.until:
            return address(request, "job_file", *within, job.pk)
        route, kept, name = ABOUT.get(job.verb, ("", "arguments", ""))
        key = getattr(job, kept).get(name)
        there = key and (route != "corpus" or key in self.context["corpora"])
        return address(request, route, *within, key) if there else None

    def to_representation(self, instance: Job) -> dict[str, Any]:
        """Return the job as the member in the context may know it; one that just began has nothing to hide."""
        told, user = super().to_representation(instance), self.context.get("user")
        if user and not instance.counts_for(user):
            return told | NOTHING
        return told | NO_FILE if told["file"] and self.context.get("open") else told


class RetrieveBody(Body):
    """Which corpus to search, and how many fragments each list takes."""

    corpus = serializers.CharField(max_length=50)
    k = serializers.IntegerField(min_value=1, max_value=1000, default=20)


def told(request: Call, job: Job) -> dict[str, Any]:
    """Return how a job is, as the caller may know it."""
    member = member_of(request, job.project.slug) if job.project else None
    return JobShape(job, context=known_to(request, member)).data


def known_to(request: Call, member: Member | None) -> dict[str, Any]:
    """Return the context in which a member is told of jobs, or of those of the installation who runs it."""
    known: dict[str, Any] = {"request": request, "user": request.user}
    if member:
        return known | {"open": looking.open_though_seen(member)}
    return known | {"corpora": set(Corpus.objects.values_list("slug", flat=True))}


def accepted(request: Call, job: Job) -> Response:
    """Answer that a job does what was asked: with the job, whose address is told in the header, too."""
    where = ("job", job.project.slug) if job.project else ("site_job",)
    location = address(request, *where, job.pk)
    return Response(told(request, job), 202, headers={"Location": location})


def address(request: Call, route: str, *parts: str | int) -> str:
    """Return the full address of a route of the API."""
    return request.build_absolute_uri(reverse(f"api:{route}", args=parts))


def job_of(request: Call, slug: str, pk: int) -> Job:
    """Return a job of a project to somebody who may follow it, or raise Http404."""
    return get_object_or_404(Job.objects.followed_by(request.user), project__slug=slug, pk=pk)


def stopping(job: Job) -> Job:
    """Return a job that was asked to stop. Raises NotNow where it ended by itself."""
    if job.state != Job.State.CANCELLED and not (job.state == Job.State.RUNNING and job.cancel_asked):
        raise NotNow(_("It has ended already; there is nothing to stop."))
    return job


def going(job: Job) -> Job:
    """Return a job that was asked to run again. Raises NotNow where it does not."""
    if job.state not in jobs.GOING or job.cancel_asked:
        raise NotNow(_("It does not run again: it is done, or has yet to stop, or another does the same."))
    return job


class Jobs(APIView):
    @operation("list_jobs", page_of(JobShape), asks=PAGE)
    def get(self, request: Call, slug: str) -> Response:
        """List the jobs of a project, the last one first. For managers."""
        member = manager_of(request, slug)
        found, context = member.project.jobs.select_related("by"), known_to(request, member)
        return paged(request, found, ["-pk"], lambda rows: JobShape(rows, many=True, context=context).data)


class OneJob(APIView):
    @operation("read_job", JobShape)
    def get(self, request: Call, slug: str, pk: int) -> Response:
        """Read how far a job is. For managers, and for who asked for it."""
        return Response(told(request, job_of(request, slug, pk)))


class Cancel(APIView):
    @operation("cancel_job", JobShape)
    def post(self, request: Call, slug: str, pk: int) -> Response:
        """Ask a job to stop. For managers, and for who asked for it. 409: it has ended by itself."""
        jobs.cancel(job_of(request, slug, pk))
        return Response(told(request, stopping(job_of(request, slug, pk))))


class Again(APIView):
    @operation("run_job_again", JobShape, status=202)
    def post(self, request: Call, slug: str, pk: int) -> Response:
        """Let a job that failed, stopped or fell silent run again. For managers, and for who asked for it.

        From then on it is yours, and so is the file that it writes: as an export does, asking is a look at what others
        wrote, and a 409 where you have such a question open. A job that waits or runs stays whose it is. 409, too: it
        is done, or has been asked to stop and has not yet.
        """
        jobs.again(job_of(request, slug, pk), member_of(request, slug))
        return accepted(request, going(job_of(request, slug, pk)))


class File(APIView):
    @operation("job_file", {(200, "application/octet-stream"): OpenApiTypes.BINARY}, refuses=[409])
    def get(self, request: Call, slug: str, pk: int) -> HttpResponseBase:
        """Take the file that a job has written. For who asked for it.

        404: it wrote none, or it is no longer kept. 409: you have a question open of which the file tells.
        """
        return kept_sent(get_object_or_404(Job.objects.with_file_for(request.user), project__slug=slug, pk=pk))


class Retrieve(APIView):
    @operation("retrieve", JobShape, status=202, takes=RetrieveBody)
    def post(self, request: Call, slug: str) -> Response:
        """Freeze a list of fragments for each question that has none, by a job. For managers."""
        member = manager_of(request, slug)
        said = RetrieveBody.of(request)
        if not corpora_for(member.project).filter(slug=said["corpus"]).exists():
            raise BadInput([Problem("corpus", "is none that this project may search")])
        return accepted(request, jobs.start("retrieve", member.project, member, **said))
