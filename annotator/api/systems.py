"""Systems, and the files of what they say."""

from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.actions.uploading import keep_upload
from annotator.api.access import Call, manager_of, onlooker_of
from annotator.api.bodies import Body
from annotator.api.files import ImportShape, brought
from annotator.api.jobs import JobShape
from annotator.api.paging import paged
from annotator.api.schema import PAGE, operation, page_of
from annotator.models import System
from annotator.upload_limits import not_too_large

WHICH = "Its name, where an id stands in several batches."


class SystemShape(serializers.ModelSerializer[System]):
    """A system: one fixed run, what it says of itself, and how many questions it answered."""

    drafts = serializers.IntegerField()
    predictions = serializers.IntegerField()

    class Meta:
        model = System
        fields = [
            *("id", "name", "family", "model", "description", "prompt", "retrieval", "cites", "link", "seed"),
            *("made_on", "digest", "complete", "drafts", "predictions"),
        ]


class PredictionsBody(Body):
    """A file of what a system says; `docs/predictions.md` has its shapes."""

    file = serializers.FileField(allow_empty_file=True, validators=[not_too_large], help_text="JSON or JSON Lines.")
    system = serializers.CharField(max_length=200, help_text="One fixed run: another file is another system.")
    kind = serializers.ChoiceField(
        ["prediction", "draft"], default="prediction", help_text="To be scored, or for people."
    )
    batch = serializers.CharField(max_length=100, default="", allow_blank=True, help_text=WHICH)


class Systems(APIView):
    @operation("list_systems", page_of(SystemShape), asks=PAGE)
    def get(self, request: Call, slug: str) -> Response:
        """List the systems of a project. For those who look on."""
        member = onlooker_of(request, slug)
        found = member.project.systems.with_counts()
        return paged(request, found, ["pk"], lambda rows: SystemShape(rows, many=True).data)


class OneSystem(APIView):
    @operation("read_system", SystemShape)
    def get(self, request: Call, slug: str, pk: int) -> Response:
        """Read what a system says of itself. For those who look on."""
        member = onlooker_of(request, slug)
        return Response(SystemShape(get_object_or_404(member.project.systems.with_counts(), pk=pk)).data)


class Predictions(APIView):
    parser_classes = [MultiPartParser]

    @operation("send_predictions", {201: ImportShape, 202: JobShape}, takes=PredictionsBody, files=True)
    def post(self, request: Call, slug: str) -> Response:
        """Bring in what a system says of the project’s questions. For managers.

        201: it is in. 202: the file is large, and a job brings it in; `about` is the address of the import. 422: what
        is wrong with the file, by line and field; then nothing was written. The same file again changes nothing.
        """
        member = manager_of(request, slug)
        said = PredictionsBody.of(request)
        more = {"system": said["system"], "as": said["kind"]}
        return brought(request, keep_upload(said["file"], member, said["batch"], **more), member)
