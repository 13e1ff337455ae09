"""What a project asks its members to agree to: reading it, agreeing, and asking for something else."""

from typing import Any

from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.actions.consenting import agree, asked_by, publish_consent
from annotator.api.access import Call, manager_of, member_of
from annotator.api.bodies import Body
from annotator.api.forms import body_of, filled
from annotator.api.problems import Stale
from annotator.api.schema import operation
from annotator.forms import ConsentForm
from annotator.models import Member


class ConsentShape(serializers.Serializer[Any]):
    """What is asked for, and when you agreed to it; an empty text, of number 0, asks for nothing."""

    number = serializers.IntegerField()
    text = serializers.CharField(allow_blank=True)
    agreed = serializers.DateTimeField(allow_null=True)


class AgreeBody(Body):
    """The number of what you read."""

    number = serializers.IntegerField(min_value=1, max_value=2**31 - 1)


NewConsent = body_of(ConsentForm, "The whole text; an empty one asks for nothing more.")


def told(member: Member) -> dict[str, Any]:
    """Return what a member is asked, and when they agreed. Two queries."""
    asked = asked_by(member.project)
    if asked is None:
        return {"number": 0, "text": "", "agreed": None}
    given = member.consents.filter(version=asked).first()
    return {"number": asked.number, "text": asked.text, "agreed": given.at if given else None}


class Asked(APIView):
    @operation("read_consent", ConsentShape)
    def get(self, request: Call, slug: str) -> Response:
        """Read what the project asks of its members, and whether you agreed; until then you get no question."""
        return Response(ConsentShape(told(member_of(request, slug))).data)

    @operation("publish_consent", ConsentShape, status=[200, 201], takes=NewConsent)
    def post(self, request: Call, slug: str) -> Response:
        """Ask members to agree to another text, before they get their next question. For managers.

        200: it is asked for already, or nothing is asked for any more.
        """
        manager = manager_of(request, slug)
        text = filled(ConsentForm, NewConsent.of(request)).cleaned_data["text"]
        before = told(manager)
        publish_consent(manager.project, text.replace("\r\n", "\n"), manager)
        after = told(manager)
        return Response(ConsentShape(after).data, 201 if after["number"] > before["number"] else 200)


class Agree(APIView):
    @operation("agree", ConsentShape, takes=AgreeBody)
    def post(self, request: Call, slug: str) -> Response:
        """Agree to what the project asks of its members: let a person read it first. 409: it asks for more by now."""
        member, said = member_of(request, slug), AgreeBody.of(request)
        asked = asked_by(member.project)
        if asked is None or asked.number != said["number"]:
            raise Stale(stands=ConsentShape(told(member)).data)
        agree(member, asked)
        return Response(ConsentShape(told(member)).data)
