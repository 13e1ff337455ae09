"""Files in and out: imports of questions, and exports."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator import jobs
from annotator.actions import looking
from annotator.actions.exporting import export_plan
from annotator.actions.uploading import bring_in, is_small, keep_upload
from annotator.api.access import Call, manager_of
from annotator.api.bodies import Body
from annotator.api.jobs import JobShape, accepted
from annotator.api.paging import paged
from annotator.api.schema import PAGE, operation, page_of
from annotator.models import Import, Member
from annotator.upload_limits import not_too_large
from annotator.web.downloads import sent


class ImportShape(serializers.ModelSerializer[Import]):
    """A file that was brought in, or refused."""

    batch = serializers.CharField(source="batch.name", allow_null=True, default=None)
    system = serializers.SerializerMethodField()
    counts = serializers.SerializerMethodField(help_text="What the file holds.")
    new = serializers.SerializerMethodField(help_text="How many questions, or answers, of it were new.")
    problems = serializers.SerializerMethodField(help_text="What is wrong with it, told as `errors` are.")
    job = serializers.SerializerMethodField(help_text="The job that brings it in, where it is large.")

    class Meta:
        model = Import
        fields = [
            *("id", "name", "size", "sha256", "shape", "state", "batch", "system", "counts", "new", "problems", "job"),
            *("created", "finished"),
        ]

    def get_system(self, imported: Import) -> str | None:
        found: str | None = imported.report.get("system")
        return found

    def get_counts(self, imported: Import) -> dict[str, int]:
        return dict(imported.report.get("counts", {}))

    def get_new(self, imported: Import) -> int | None:
        found: int | None = imported.report.get("new")
        return found

    def get_problems(self, imported: Import) -> list[dict[str, str]]:
        found = imported.report.get("problems", [])
        return [{"place": place, "field": field, "detail": words} for place, field, words in found]

    def get_job(self, imported: Import) -> int | None:
        found: int | None = self.context["jobs"].get(imported.pk)
        return found


class QuestionsBody(Body):
    """A file of questions, and the batch it goes into: made if there is none of the name."""

    file = serializers.FileField(allow_empty_file=True, validators=[not_too_large])
    batch = serializers.CharField(max_length=100, default="", allow_blank=True)


class ExportBody(Body):
    """Which file: a format, whose annotations, and perhaps of one release or batch."""

    format = serializers.CharField(max_length=50)
    annotations = serializers.CharField(max_length=20, default="", allow_blank=True)
    release = serializers.CharField(max_length=100, default="", allow_blank=True)
    batch = serializers.CharField(max_length=100, default="", allow_blank=True)


def brought(request: Call, imported: Import, member: Member) -> Response:
    """Bring a kept file in: a small one now, a large one by a job."""
    if not is_small(imported):
        return accepted(request, jobs.start("import", member.project, member, **{"import": imported.pk}))
    bring_in(imported)
    return Response(told(member, [imports_of(member).get(pk=imported.pk)])[0], 201)


def imports_of(member: Member) -> "QuerySet[Import]":
    return member.project.imports.select_related("batch")


def told(member: Member, imports: Sequence[Import]) -> list[dict[str, Any]]:
    """Return files as JSON, each with the last job on it. One query."""
    on_these = member.project.jobs.filter(arguments__import__in=[imported.pk for imported in imports])
    found = dict(on_these.order_by("pk").values_list("arguments__import", "pk"))
    return list(ImportShape(imports, many=True, context={"jobs": found}).data)


class Imports(APIView):
    parser_classes = [MultiPartParser]

    @operation("list_imports", page_of(ImportShape), asks=PAGE)
    def get(self, request: Call, slug: str) -> Response:
        """List the files that were brought, the last one first. For managers."""
        member = manager_of(request, slug)
        return paged(request, imports_of(member), ["-pk"], lambda rows: told(member, rows))

    @operation("import_questions", {201: ImportShape, 202: JobShape}, takes=QuestionsBody, files=True)
    def post(self, request: Call, slug: str) -> Response:
        """Bring questions in, with fragments and annotations where the file has them. For managers.

        201: they are in. 202: the file is large, and a job brings it in; `about` is the address of the import.
        422: what is wrong with the file, by line and field; then nothing was written.
        """
        member = manager_of(request, slug)
        said = QuestionsBody.of(request)
        return brought(request, keep_upload(said["file"], member, said["batch"]), member)


class OneImport(APIView):
    @operation("read_import", ImportShape)
    def get(self, request: Call, slug: str, pk: int) -> Response:
        """Read what became of a file that was brought. For managers."""
        member = manager_of(request, slug)
        return Response(told(member, [get_object_or_404(imports_of(member), pk=pk)])[0])


class Exports(APIView):
    @operation("export", {(200, "application/octet-stream"): OpenApiTypes.BINARY, 202: JobShape}, takes=ExportBody)
    def post(self, request: Call, slug: str) -> HttpResponseBase:
        """Take the dataset out as a file. For managers.

        The file holds what others wrote, so taking it is a look at every question on which it does: you no longer
        annotate those. 202: it is large, and a job writes it; its `file/` is the file once it is done.
        409: you have one of them open.
        """
        member = manager_of(request, slug)
        plan = export_plan(member.project, **ExportBody.of(request))
        looking.take_out(member, plan.written())
        if plan.is_small():
            return sent(member, plan)
        return accepted(request, jobs.start("export", member.project, member, **plan.asked()))
