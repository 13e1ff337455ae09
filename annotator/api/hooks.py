"""Hooks, and what they were sent."""

from typing import Any

from django.core.exceptions import ValidationError as Invalid
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.actions import hooks as verbs
from annotator.api.access import Call, manager_of
from annotator.api.bodies import Body
from annotator.api.paging import paged
from annotator.api.schema import PAGE, operation, page_of
from annotator.delivering import of_late
from annotator.hook_form import check_hook_url
from annotator.models import Delivery, Event, Hook
from annotator.models.hooks import LONGEST_URL
from annotator.reading import BadInput, Problem

MISSED = "missed"
STATES = [*Delivery.State.values, MISSED]
SO = "Only those that are so; `missed` are those whose last attempt was in vain, waiting for the next or failed."
WHICH = OpenApiParameter("state", {"type": "string", "enum": STATES}, description=SO)


class EventsField(serializers.ListField):
    child = serializers.ChoiceField([event.value for event in Event])


class HookShape(serializers.ModelSerializer[Hook]):
    """A hook; `stopped` is why it was switched off by itself.

    Of its last messages, five at most, `tried` were sent, and `missed` of these in vain at the last attempt.
    """

    events = EventsField()
    tried = serializers.SerializerMethodField()
    missed = serializers.SerializerMethodField()

    class Meta:
        model = Hook
        fields = ["id", "url", "events", "on", "stopped", "tried", "missed", "created"]

    def get_tried(self, hook: Hook) -> int:
        return int(self.context["lately"][hook.pk].tried)

    def get_missed(self, hook: Hook) -> int:
        return int(self.context["lately"][hook.pk].missed)


class DrawnShape(HookShape):
    """A hook with its fresh secret, which is told only now."""

    secret = serializers.CharField()

    class Meta(HookShape.Meta):
        fields = [*HookShape.Meta.fields, "secret"]


class DeliveryShape(serializers.ModelSerializer[Delivery]):
    """A message: its `body` as it is signed, how often it was tried, and what the receiver answered last."""

    class Meta:
        model = Delivery
        fields = [
            *("id", "uid", "event", "body", "state", "created", "tries", "tried", "due", "code", "answer", "error"),
            "milliseconds",
        ]


def reachable(url: str) -> None:
    try:
        check_hook_url(url)
    except Invalid as bad:
        raise serializers.ValidationError(bad.messages) from bad


class HookBody(Body):
    """Where to, and of what."""

    url = serializers.CharField(max_length=LONGEST_URL, validators=[reachable])
    events = EventsField(allow_empty=False, max_length=len(Event))


class HookChanges(Body):
    """What is to change; the rest stays."""

    url = serializers.CharField(max_length=LONGEST_URL, validators=[reachable], required=False)
    events = EventsField(allow_empty=False, max_length=len(Event), required=False)
    on = serializers.BooleanField(required=False)


def told(hook: Hook, shape: type[HookShape] = HookShape) -> dict[str, Any]:
    """Return a hook as JSON. One query."""
    return dict(shape(hook, context={"lately": of_late(hook.project)}).data)


def hook_of(request: Call, slug: str, pk: int) -> Hook:
    return get_object_or_404(manager_of(request, slug).project.hooks.select_related("project"), pk=pk)


class Hooks(APIView):
    @operation("list_hooks", page_of(HookShape), asks=PAGE)
    def get(self, request: Call, slug: str) -> Response:
        """List the hooks of a project. For managers."""
        project = manager_of(request, slug).project
        found, context = project.hooks.all(), {"lately": of_late(project)}
        return paged(request, found, ["pk"], lambda rows: HookShape(rows, many=True, context=context).data)

    @operation("add_hook", DrawnShape, status=201, takes=HookBody)
    def post(self, request: Call, slug: str) -> Response:
        """Add a hook. For managers.

        The answer holds the secret that its messages are signed with, and nothing tells it again. 409: the project has
        as many hooks as it may.
        """
        project, said = manager_of(request, slug).project, HookBody.of(request)
        events = [Event(name) for name in said["events"]]
        return Response(told(verbs.add_hook(project, said["url"], events), DrawnShape), 201)


class OneHook(APIView):
    @operation("read_hook", HookShape)
    def get(self, request: Call, slug: str, pk: int) -> Response:
        """Read how a hook is. For managers."""
        return Response(told(hook_of(request, slug, pk)))

    @operation("change_hook", HookShape, takes=HookChanges)
    def patch(self, request: Call, slug: str, pk: int) -> Response:
        """Change a hook’s address or events, or switch it on or off. For managers."""
        hook, said = hook_of(request, slug, pk), HookChanges.of(request)
        events = [Event(name) for name in said["events"]] if "events" in said else None
        verbs.change_hook(hook, url=said.get("url"), events=events, on=said.get("on"))
        return Response(told(hook_of(request, slug, pk)))

    @operation("remove_hook", None, status=204)
    def delete(self, request: Call, slug: str, pk: int) -> Response:
        """Remove a hook and what it was sent. For managers."""
        hook_of(request, slug, pk).delete()
        return Response(status=204)


class Secret(APIView):
    @operation("draw_hook_secret", DrawnShape)
    def post(self, request: Call, slug: str, pk: int) -> Response:
        """Draw a fresh secret for a hook, by which everything is signed from now on. For managers."""
        verbs.draw_secret(hook_of(request, slug, pk))
        return Response(told(hook_of(request, slug, pk), DrawnShape))


class Test(APIView):
    @operation("test_hook", None, status=204)
    def post(self, request: Call, slug: str, pk: int) -> Response:
        """Test a hook by a message that tells of nothing. For managers. 409: the hook is off."""
        verbs.send_test(hook_of(request, slug, pk))
        return Response(status=204)


class Deliveries(APIView):
    @operation("list_deliveries", page_of(DeliveryShape), asks=[*PAGE, WHICH])
    def get(self, request: Call, slug: str, pk: int) -> Response:
        """List what a hook was sent in the last 30 days, the last first. For managers."""
        found, state = hook_of(request, slug, pk).deliveries.all(), request.query_params.get("state")
        if state is not None and state not in STATES:
            raise BadInput([Problem("state", f"is none of {', '.join(STATES)}")])
        if state is not None:
            found = found.missed() if state == MISSED else found.filter(state=state)
        return paged(request, found, ["-pk"], lambda rows: DeliveryShape(rows, many=True).data)


class Again(APIView):
    @operation("send_delivery_again", DeliveryShape)
    def post(self, request: Call, slug: str, pk: int, number: int) -> Response:
        """Send a hook a message again, under the same id. For managers. 409: the hook is off."""
        found = hook_of(request, slug, pk).deliveries.select_related("hook")
        verbs.send_again(get_object_or_404(found, pk=number))
        return Response(DeliveryShape(get_object_or_404(found, pk=number)).data)
