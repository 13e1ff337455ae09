"""Projects, their batches and their members."""

from typing import Any

from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.api.access import Call, onlooker_of
from annotator.api.paging import paged
from annotator.api.schema import PAGE, operation, page_of
from annotator.membership import MemberQuerySet
from annotator.models import Batch, Member


class ProjectShape(serializers.Serializer[Member]):
    """A project, and who the caller is in it."""

    slug = serializers.CharField(source="project.slug")
    name = serializers.CharField(source="project.name")
    description = serializers.CharField(source="project.description")
    language = serializers.CharField(source="project.language")
    licence = serializers.CharField(source="project.licence")
    citation = serializers.CharField(source="project.citation")
    contact = serializers.CharField(source="project.contact")
    role = serializers.ChoiceField(Member.Role.choices)
    pseudonym = serializers.CharField()


class BatchShape(serializers.ModelSerializer[Batch]):
    """A batch: how many people annotate each question, and when."""

    guideline_version = serializers.IntegerField(source="guideline_version.number", allow_null=True, default=None)

    class Meta:
        model = Batch
        fields = [
            *("id", "name", "position", "purpose", "overlap", "share", "cap", "order", "opens", "closes", "size"),
            "guideline_version",
        ]


class MemberShape(serializers.Serializer[Member]):
    """A member by pseudonym; the other fields are for managers."""

    id = serializers.IntegerField()
    pseudonym = serializers.CharField()
    role = serializers.ChoiceField(Member.Role.choices)
    name = serializers.CharField(required=False)
    submitted = serializers.IntegerField(required=False)
    left = serializers.DateTimeField(required=False, allow_null=True)

    def to_representation(self, instance: Member) -> Any:
        found = super().to_representation(instance)
        told = ("id", "pseudonym", "role")
        return found if self.context["names"] else {name: found[name] for name in told}


def memberships(request: Call) -> MemberQuerySet:
    """Return the caller’s memberships, as far as the token reaches."""
    own = Member.objects.of(request.user).select_related("project")
    return own.filter(project=request.auth.project_id) if request.auth.project_id else own


class Projects(APIView):
    @operation("list_projects", page_of(ProjectShape), asks=PAGE)
    def get(self, request: Call) -> Response:
        """List your projects."""
        return paged(request, memberships(request), ["project_id"], lambda rows: ProjectShape(rows, many=True).data)


class Project(APIView):
    @operation("read_project", ProjectShape)
    def get(self, request: Call, slug: str) -> Response:
        """Read a project, and who you are in it."""
        return Response(ProjectShape(get_object_or_404(memberships(request), project__slug=slug)).data)


class Batches(APIView):
    @operation("list_batches", page_of(BatchShape), asks=PAGE)
    def get(self, request: Call, slug: str) -> Response:
        """List the batches of a project. For those who look on: viewers, adjudicators, managers."""
        member = onlooker_of(request, slug)
        found = member.project.batches.select_related("guideline_version")
        return paged(request, found, ["position", "pk"], lambda rows: BatchShape(rows, many=True).data)


class Members(APIView):
    @operation("list_members", page_of(MemberShape), asks=PAGE)
    def get(self, request: Call, slug: str) -> Response:
        """List the members of a project by pseudonym; managers are told their names, too."""
        member = onlooker_of(request, slug)
        manages = member.role == Member.Role.MANAGER
        found = member.project.members.select_related("user")
        found = found if manages else found.filter(left__isnull=True)
        return paged(request, found, ["pk"], lambda rows: MemberShape(rows, many=True, context={"names": manages}).data)
