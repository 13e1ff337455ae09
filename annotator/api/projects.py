"""Projects: yours, making one, its settings, deleting and restoring it."""

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator import models
from annotator.actions.deleting import delete_project, restore_project
from annotator.actions.project_settings import change_settings
from annotator.actions.projects import create_project, may_make_projects
from annotator.api.access import Call, manager_of
from annotator.api.forms import Typed, body_of, filled
from annotator.api.paging import paged
from annotator.api.schema import PAGE, operation, page_of
from annotator.forms import NewProjectForm, TypedForm
from annotator.membership import MemberQuerySet
from annotator.models import Member
from annotator.settings_form import SettingsForm
from annotator.web.overtaken import again_if_overtaken


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


class SettingsShape(serializers.ModelSerializer[models.Project]):
    """The settings of a project."""

    corpus = serializers.CharField(source="corpus.slug", allow_null=True, default=None)
    silenced_checks = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = models.Project
        fields = SettingsForm.Meta.fields


NewProject = body_of(NewProjectForm, "Name and address of a new project.")
SettingsChanges = body_of(SettingsForm, "What is to change; the rest stays.", changes=True)


def memberships(request: Call) -> MemberQuerySet:
    """Return the caller’s memberships, as far as the token reaches."""
    own = Member.objects.of(request.user).select_related("project")
    return own.filter(project=request.auth.project_id) if request.auth.project_id else own


def may_make(request: Call) -> None:
    """Raise PermissionDenied where the caller may make no project, or the token is for one that there is."""
    if request.auth.project_id:
        raise PermissionDenied(_("This token is for one project."))
    if not may_make_projects(request.user, memberships(request)):
        raise PermissionDenied(_("Whoever administers the site, or manages a project already, makes projects."))


class Projects(APIView):
    @operation("list_projects", page_of(ProjectShape), asks=PAGE)
    def get(self, request: Call) -> Response:
        """List your projects."""
        return paged(request, memberships(request), ["project_id"], lambda rows: ProjectShape(rows, many=True).data)

    @operation("create_project", ProjectShape, status=201, takes=NewProject)
    @again_if_overtaken
    def post(self, request: Call) -> Response:
        """Make a project with one batch, which you then manage. For who administers the site, or manages a project."""
        may_make(request)
        form = filled(NewProjectForm, NewProject.of(request))
        made = create_project(**form.cleaned_data, manager=request.user)
        return Response(ProjectShape(memberships(request).get(project=made)).data, 201)


class Project(APIView):
    @operation("read_project", ProjectShape)
    def get(self, request: Call, slug: str) -> Response:
        """Read a project, and who you are in it."""
        return Response(ProjectShape(get_object_or_404(memberships(request), project__slug=slug)).data)


class Settings(APIView):
    @operation("read_settings", SettingsShape)
    def get(self, request: Call, slug: str) -> Response:
        """Read the settings of a project. For managers."""
        return Response(SettingsShape(manager_of(request, slug).project).data)

    @operation("change_settings", SettingsShape, takes=SettingsChanges)
    def patch(self, request: Call, slug: str) -> Response:
        """Change what a project says of itself, and how people work in it. For managers."""
        project, said = manager_of(request, slug).project, SettingsChanges.of(request)
        form = filled(lambda data: SettingsForm(data, instance=project), said)
        change_settings(form.instance, list(said))
        return Response(SettingsShape(manager_of(request, slug).project).data)


class Delete(APIView):
    @operation("delete_project", None, status=204, takes=Typed)
    def post(self, request: Call, slug: str) -> Response:
        """Take a project away from everybody, until it is restored; its jobs stop. For managers.

        Its name is typed.
        """
        project = manager_of(request, slug).project
        filled(lambda data: TypedForm(project.name, data), Typed.of(request))
        delete_project(project)
        return Response(status=204)


class Restore(APIView):
    @operation("restore_project", ProjectShape)
    def post(self, request: Call, slug: str) -> Response:
        """Bring a deleted project back as it was. For those who managed it."""
        if deleted := models.Project.objects.restorable_by(request.user).filter(slug=slug).first():
            restore_project(deleted)
        return Response(ProjectShape(manager_of(request, slug)).data)
