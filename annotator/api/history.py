"""The history of one’s own work: what each step changed, what stood after it, and going back."""

from collections.abc import Sequence
from typing import Any

from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.actions import saving
from annotator.actions.history import record_at
from annotator.actions.saving import Save
from annotator.api.access import Call
from annotator.api.bodies import Body, RecordField
from annotator.api.paging import paged
from annotator.api.schema import PAGE, operation, page_of
from annotator.api.work import WorkShape, annotation_of, stepped
from annotator.codec import to_json
from annotator.fragment_lists import own_list
from annotator.models import Annotation, Revision
from annotator.steps import Change, changes_of


class StepShape(serializers.Serializer[Change]):
    """A step: what it changed, in words, and of which condition; without one it is of the whole."""

    number = serializers.IntegerField(source="step.number")
    at = serializers.DateTimeField(source="step.at")
    by = serializers.CharField(source="step.by.pseudonym", allow_null=True, default=None)
    verb = serializers.ChoiceField(Revision.Verb.choices, source="step.verb")
    condition = serializers.CharField(source="step.condition")
    text = serializers.CharField(help_text="That condition’s, as it was then.")
    changed = serializers.CharField(source="words")


class StoodShape(StepShape):
    """A step, and the record as it stood after it."""

    record = RecordField()


class UndoBody(Body):
    """By `save_id`, which is of your making, a repeat is known."""

    save_id = serializers.CharField(max_length=36, required=False)


class RestoreBody(UndoBody):
    """The step that you read last; nothing is restored over one that came since."""

    step = serializers.IntegerField(min_value=0, max_value=2**31 - 1)


def step_of(annotation: Annotation, number: int) -> Revision:
    return get_object_or_404(annotation.revisions.select_related("by"), number=number)


class Steps(APIView):
    @operation("list_steps", page_of(StepShape), asks=PAGE)
    def get(self, request: Call, slug: str, pk: int) -> Response:
        """List the steps of your own work on a question, the last one first."""
        annotation = annotation_of(request, slug, pk)

        def shape(steps: Sequence[Revision]) -> Any:
            told: Any = changes_of(annotation, steps)
            return StepShape(told, many=True).data

        return paged(request, annotation.revisions.select_related("by"), ["-number"], shape)


class OneStep(APIView):
    @operation("read_step", StoodShape)
    def get(self, request: Call, slug: str, pk: int, number: int) -> Response:
        """Read what stood after a step of your own work."""
        annotation = annotation_of(request, slug, pk)
        [change] = changes_of(annotation, [step_of(annotation, number)])
        stood = own_list(annotation).said(record_at(annotation, number))
        return Response({**StepShape(change).data, "record": to_json(stood)})


class Undo(APIView):
    @operation("undo_step", WorkShape, takes=UndoBody)
    def post(self, request: Call, slug: str, pk: int, number: int) -> Response:
        """Undo a step of your own work, which is a step too: undoing that one does it again.

        409: what it left no longer stands, or it is of the whole (`save`, `restore`, `submit` …), which is not undone:
        restore the step before.
        """
        step_of(annotation_of(request, slug, pk), number)
        said = UndoBody.of(request)

        def undo(annotation: Annotation) -> None:
            saving.undo(annotation, number, Save(annotation.writer, said.get("save_id"), 0))

        return stepped(request, slug, pk, undo)


class Restore(APIView):
    @operation("restore_step", WorkShape, takes=RestoreBody)
    def post(self, request: Call, slug: str, pk: int, number: int) -> Response:
        """Put your own work back to what it was after a step; what was said since stays in the history.

        409: something was saved since the step that you read.
        """
        step_of(annotation_of(request, slug, pk), number)
        said = RestoreBody.of(request)

        def restore(annotation: Annotation) -> None:
            saving.restore(annotation, number, Save(annotation.writer, said.get("save_id"), said["step"]))

        return stepped(request, slug, pk, restore)
