"""The members of a project, and the links by which people become members."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.actions import leaving
from annotator.actions.inviting import make_invite, open_invite, revoke
from annotator.actions.people import add_member, admit, change_member, make_sign_in_link, no_account
from annotator.actions.people_file import add_people, read_people
from annotator.api.access import Call, manager_of, member_of, onlooker_of
from annotator.api.bodies import Body
from annotator.api.forms import Typed, body_of, filled
from annotator.api.paging import paged
from annotator.api.schema import PAGE, operation, page_of
from annotator.forms import InviteForm, MemberForm, NewMemberForm, TypedForm
from annotator.links import full_url, link_url
from annotator.membership import MemberQuerySet
from annotator.models import Invite, Member, User
from annotator.reading import BadInput, Problem
from annotator.upload_limits import not_too_large
from annotator.web.overtaken import again_if_overtaken

TOLD = ("id", "pseudonym", "role", "name")


class MemberShape(serializers.Serializer[Member]):
    """A member; the fields behind the name are for managers, and `username` is null without an account."""

    id = serializers.IntegerField()
    pseudonym = serializers.CharField()
    role = serializers.ChoiceField(Member.Role.choices)
    name = serializers.CharField()
    username = serializers.CharField(source="user.username", allow_null=True, default=None, required=False)
    submitted = serializers.IntegerField(required=False)
    joined = serializers.DateTimeField(required=False)
    left = serializers.DateTimeField(required=False, allow_null=True)

    def to_representation(self, instance: Member) -> Any:
        found = super().to_representation(instance)
        return found if self.context["manages"] else {name: found[name] for name in TOLD}


class AddedShape(serializers.Serializer[Any]):
    """Who was added, and where their account is new the link that lets them in once, which is told only now."""

    member = MemberShape()
    link = serializers.CharField(allow_null=True)


class LinkShape(serializers.Serializer[Any]):
    """A link that lets somebody in once; it is told only now."""

    username = serializers.CharField()
    link = serializers.CharField()


class PeopleAddedShape(serializers.Serializer[Any]):
    """What became of a table of people."""

    newcomers = LinkShape(many=True)
    joined = serializers.IntegerField(help_text="So many came in with an account that they had.")
    unchanged = serializers.IntegerField(help_text="So many were members already.")


class InviteShape(serializers.ModelSerializer[Invite]):
    """A link by which some people may join in a role."""

    class Meta:
        model = Invite
        fields = ["id", "role", "uses", "used", "created", "expires"]


class MadeInviteShape(serializers.Serializer[Any]):
    """What was made, and its link, which is told only now."""

    invite = InviteShape()
    link = serializers.CharField()


class PeopleBody(Body):
    """A table of people."""

    file = serializers.FileField(
        allow_empty_file=True, validators=[not_too_large], help_text="CSV: username, role and, if wanted, name."
    )


NewMember = body_of(
    NewMemberForm,
    "An account, and its role here.",
    create=serializers.BooleanField(default=False, help_text="Make the account, where there is none of the name."),
)
MemberChanges = body_of(MemberForm, "What is to change; the rest stays.", changes=True)
NewInvite = body_of(InviteForm, "Whom a link lets in, and for how long.")


def members_of(manager: Member) -> MemberQuerySet:
    return manager.project.members.select_related("user", "project")


def shown(manager: Member, pk: int, status: int = 200) -> Response:
    """Answer with a member as they are now."""
    return Response(MemberShape(members_of(manager).get(pk=pk), context={"manages": True}).data, status)


def admitted(manager: Member, username: str, role: str, *, create: bool) -> tuple[Member, str | None]:
    """Return who is a member now, and the link that lets in whose account was made. Raises BadInput."""
    if not create and not User.objects.filter(username=username).exists():
        raise BadInput([Problem("username", no_account(username))])
    try:
        made, token = admit(manager.project, username, Member.Role(role))
    except ValidationError as error:
        raise BadInput([Problem("username", words) for words in error.messages]) from error
    return made, token and link_url(token)


class Members(APIView):
    @operation("list_members", page_of(MemberShape), asks=PAGE)
    def get(self, request: Call, slug: str) -> Response:
        """List the members of a project. For those who look on; managers are told more, and who has left."""
        member = onlooker_of(request, slug)
        manages = member.role == Member.Role.MANAGER
        found = members_of(member) if manages else members_of(member).lasting()
        context = {"manages": manages}
        return paged(request, found, ["pk"], lambda rows: MemberShape(rows, many=True, context=context).data)

    @operation("add_member", AddedShape, status=[200, 201], takes=NewMember)
    @again_if_overtaken
    def post(self, request: Call, slug: str) -> Response:
        """Make somebody a member by their account. For managers. 200: they are one already, and stay as they are."""
        manager, said = manager_of(request, slug), NewMember.of(request)
        create, cleaned = said.pop("create"), filled(NewMemberForm, said).cleaned_data
        there = members_of(manager).lasting().filter(user__username=cleaned["username"]).exists()
        made, link = admitted(manager, **cleaned, create=create)
        return Response({"member": shown(manager, made.pk).data, "link": link}, 200 if there else 201)


class People(APIView):
    parser_classes = [MultiPartParser]

    @operation("add_people", PeopleAddedShape, status=[200, 201], takes=PeopleBody, files=True)
    def post(self, request: Call, slug: str) -> Response:
        """Add everybody in a table as members, with an account where they have none, or nobody. For managers.

        200: all were members already.
        """
        manager, said = manager_of(request, slug), PeopleBody.of(request)
        added = add_people(manager.project, read_people(said["file"].file))
        links = [{"username": user.username, "link": link_url(token)} for user, token in added.newcomers]
        told = {"newcomers": links, "joined": added.joined, "unchanged": added.unchanged}
        return Response(told, 201 if links or added.joined else 200)


class OneMember(APIView):
    @operation("read_member", MemberShape)
    def get(self, request: Call, slug: str, pk: int) -> Response:
        """Read who a member is. For managers."""
        manager = manager_of(request, slug)
        return shown(manager, get_object_or_404(members_of(manager), pk=pk).pk)

    @operation("change_member", MemberShape, takes=MemberChanges)
    @again_if_overtaken
    def patch(self, request: Call, slug: str, pk: int) -> Response:
        """Change a member’s role or pseudonym; a viewer gives back what they have in hand. For managers.

        409: nobody else manages the project.
        """
        manager = manager_of(request, slug)
        changed, said = get_object_or_404(members_of(manager), pk=pk), MemberChanges.of(request)
        cleaned = filled(lambda data: MemberForm(data, instance=changed), said).cleaned_data
        change_member(changed, **{name: cleaned[name] for name in said})
        return shown(manager, pk)


class SignInLink(APIView):
    @operation("draw_sign_in_link", LinkShape)
    def post(self, request: Call, slug: str, pk: int) -> Response:
        """Draw a fresh link for a newcomer who has never signed in. For managers."""
        newcomers = members_of(manager_of(request, slug)).newcomers()
        user = get_object_or_404(User.objects.filter(memberships__in=newcomers.filter(pk=pk)))
        return Response({"username": user.username, "link": link_url(make_sign_in_link(user))})


class Remove(APIView):
    @operation("remove_member", MemberShape)
    def post(self, request: Call, slug: str, pk: int) -> Response:
        """End somebody’s membership; what they have in hand goes back, and their work stays. For managers.

        409: nobody else manages the project.
        """
        manager = manager_of(request, slug)
        leaving.leave(get_object_or_404(members_of(manager), pk=pk))
        return shown(manager, pk)


class BringBack(APIView):
    @operation("bring_member_back", MemberShape)
    def post(self, request: Call, slug: str, pk: int) -> Response:
        """Make somebody a member again, in the role they had, with all their work. For managers."""
        manager = manager_of(request, slug)
        gone = get_object_or_404(members_of(manager).filter(user__isnull=False), pk=pk)
        assert gone.user is not None  # noqa: S101 - filtered above
        add_member(manager.project, gone.user, Member.Role(gone.role))
        return shown(manager, pk)


class Erase(APIView):
    @operation("erase_member", MemberShape, takes=Typed)
    def post(self, request: Call, slug: str, pk: int) -> Response:
        """Let nothing lead from a member to a person any more; their work stays. For managers.

        Their pseudonym is typed. It cannot be undone; their account goes too, unless it is used elsewhere.
        """
        manager = manager_of(request, slug)
        erased = get_object_or_404(members_of(manager).filter(user__isnull=False), pk=pk)
        filled(lambda data: TypedForm(erased.pseudonym, data), Typed.of(request))
        leaving.erase(erased)
        return shown(manager, pk)


class Leave(APIView):
    @operation("leave_project", None, status=204)
    def post(self, request: Call, slug: str) -> Response:
        """Leave a project; your work stays. 409: nobody else manages it."""
        leaving.leave(member_of(request, slug))
        return Response(status=204)


class Invites(APIView):
    @operation("list_invites", page_of(InviteShape), asks=PAGE)
    def get(self, request: Call, slug: str) -> Response:
        """List the links by which people may still join a project. For managers."""
        found = Invite.objects.open().filter(project=manager_of(request, slug).project)
        return paged(request, found, ["pk"], lambda rows: InviteShape(rows, many=True).data)

    @operation("invite", MadeInviteShape, status=201, takes=NewInvite)
    def post(self, request: Call, slug: str) -> Response:
        """Make a link by which people join a project. For managers."""
        manager = manager_of(request, slug)
        said = filled(InviteForm, NewInvite.of(request)).cleaned_data
        token = make_invite(manager, Member.Role(said["role"]), said["uses"], timedelta(days=said["days"]))
        return Response({"invite": InviteShape(open_invite(token)).data, "link": full_url("invite", token)}, 201)


class Revoke(APIView):
    @operation("revoke_invite", None, status=204)
    def post(self, request: Call, slug: str, pk: int) -> Response:
        """Revoke a link, by which nobody joins any more. For managers."""
        revoke(get_object_or_404(manager_of(request, slug).project.invites, pk=pk))
        return Response(status=204)
