"""Jobs of the installation, which load and index corpora, for who runs it."""

from django.shortcuts import get_object_or_404
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator import jobs
from annotator.api.access import Call, only_for_who_runs_it
from annotator.api.jobs import JobShape, accepted, going, known_to, stopping, told
from annotator.api.paging import paged
from annotator.api.schema import PAGE, operation, page_of
from annotator.models import Job


def job_of(request: Call, pk: int) -> Job:
    """Return a job of the installation to who runs it, or raise Http404."""
    only_for_who_runs_it(request)
    return get_object_or_404(Job.objects.followed_by(request.user), project=None, pk=pk)


class Jobs(APIView):
    @operation("list_site_jobs", page_of(JobShape), asks=PAGE)
    def get(self, request: Call) -> Response:
        """List the jobs of the installation, the last one first. For who runs it."""
        only_for_who_runs_it(request)
        found, context = Job.objects.filter(project=None), known_to(request, None)
        return paged(request, found, ["-pk"], lambda rows: JobShape(rows, many=True, context=context).data)


class OneJob(APIView):
    @operation("read_site_job", JobShape)
    def get(self, request: Call, pk: int) -> Response:
        """Read how far a job of the installation is. For who runs it."""
        return Response(told(request, job_of(request, pk)))


class Cancel(APIView):
    @operation("cancel_site_job", JobShape)
    def post(self, request: Call, pk: int) -> Response:
        """Ask a job of the installation to stop. For who runs it. 409: it has ended by itself."""
        jobs.cancel(job_of(request, pk))
        return Response(told(request, stopping(job_of(request, pk))))


class Again(APIView):
    @operation("run_site_job_again", JobShape, status=202)
    def post(self, request: Call, pk: int) -> Response:
        """Let a job of the installation that failed, stopped or fell silent run again. For who runs it.

        409: it is done, has been asked to stop and has not yet, or another does the same.
        """
        jobs.again(job_of(request, pk))
        return accepted(request, going(job_of(request, pk)))
