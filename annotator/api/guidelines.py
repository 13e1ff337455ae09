"""The guidelines: every version, and writing the next one."""

from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.actions.guidelines import Outdated, save_guidelines
from annotator.api.access import Call, manager_of, member_of
from annotator.api.forms import body_of, filled
from annotator.api.paging import paged
from annotator.api.problems import Stale
from annotator.api.schema import PAGE, operation, page_of
from annotator.forms import GuidelinesForm
from annotator.models import GuidelineVersion


class VersionShape(serializers.ModelSerializer[GuidelineVersion]):
    """A version of the guidelines, and who wrote it by pseudonym."""

    by = serializers.CharField(source="by.pseudonym", allow_null=True, default=None)

    class Meta:
        model = GuidelineVersion
        fields = ["number", "created", "by"]


class GuidelinesShape(VersionShape):
    """A version of the guidelines with its text, in Markdown."""

    class Meta(VersionShape.Meta):
        fields = [*VersionShape.Meta.fields, "text"]


NewVersion = body_of(GuidelinesForm, "The whole text, and the number of the version that it is written over; 0: none.")


class Guidelines(APIView):
    @operation("list_guidelines", page_of(VersionShape), asks=PAGE)
    def get(self, request: Call, slug: str) -> Response:
        """List the versions of a project’s guidelines, the newest first."""
        found = member_of(request, slug).project.guidelines.select_related("by").defer("text")
        return paged(request, found, ["-number"], lambda rows: VersionShape(rows, many=True).data)

    @operation("publish_guidelines", GuidelinesShape, status=[200, 201], takes=NewVersion)
    def post(self, request: Call, slug: str) -> Response:
        """Write the next version of the guidelines, which is read in every batch that is not closed. For managers.

        200: the text stands already, and makes no other. 409: somebody saved first; the answer holds both texts.
        """
        manager = manager_of(request, slug)
        last = manager.project.guidelines.first()
        said = filled(GuidelinesForm, NewVersion.of(request)).cleaned_data
        try:
            saved = save_guidelines(manager.project, said["text"], said["base"], manager)
        except Outdated as late:
            raise Stale(sent=said["text"], stands=GuidelinesShape(late.newest).data) from late
        return Response(GuidelinesShape(saved).data, 200 if saved == last else 201)


class Newest(APIView):
    @operation("read_newest_guidelines", GuidelinesShape)
    def get(self, request: Call, slug: str) -> Response:
        """Read the guidelines as they are now. 404: there are none."""
        newest = member_of(request, slug).project.guidelines.select_related("by")
        return Response(GuidelinesShape(get_object_or_404(newest[:1])).data)


class OneVersion(APIView):
    @operation("read_guidelines", GuidelinesShape)
    def get(self, request: Call, slug: str, number: int) -> Response:
        """Read a version of the guidelines."""
        versions = member_of(request, slug).project.guidelines.select_related("by")
        return Response(GuidelinesShape(get_object_or_404(versions, number=number)).data)
