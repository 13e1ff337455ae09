"""How far a project is and when it will be done, as its managers see it, and the hours that people worked."""

from typing import Any

from django.utils import timezone
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.api.access import Call, manager_of
from annotator.api.schema import operation
from annotator.exchange.hours import lines_of
from annotator.models import Project
from annotator.pace import Why
from annotator.progress import Progress as Counted
from annotator.progress import ahead_of, came_by_day, planned_end, progress_by_batch, whole


class CountsField(serializers.DictField):
    child = serializers.IntegerField()


class CountedShape(serializers.Serializer[Counted]):
    """How far some questions are: `submitted` are annotations, `left` those still to come, null without a limit."""

    questions = serializers.IntegerField()
    stages = CountsField(help_text="How many questions are at which stage.")
    submitted = serializers.IntegerField()
    done = serializers.IntegerField(help_text="Questions that people annotated as often as asked.")
    twice = serializers.IntegerField(help_text="Those of them that several people did.")
    free = serializers.IntegerField(help_text="Places that nobody has taken.")
    left = serializers.IntegerField(allow_null=True)


class OfBatchShape(CountedShape):
    """How far a batch is."""

    batch = serializers.CharField()


class AheadShape(serializers.Serializer[Any]):
    """The day on which all will be handed in, at `per_day` annotations a day, or `why` none can be named.

    `last` is the last day with work; `planned` is when the last batch closes.
    """

    end = serializers.DateField(allow_null=True)
    per_day = serializers.FloatField()
    why = serializers.ChoiceField([why.value for why in Why], allow_null=True)
    last = serializers.DateField(allow_null=True)
    planned = serializers.DateField(allow_null=True)


class DayShape(serializers.Serializer[Any]):
    """What was handed in on a day."""

    day = serializers.DateField()
    submitted = serializers.IntegerField()
    adjudicated = serializers.IntegerField()


class ProgressShape(serializers.Serializer[Any]):
    """How far all is, and each batch in order; days without work are left out."""

    total = CountedShape()
    batches = OfBatchShape(many=True)
    ahead = AheadShape()
    days = DayShape(many=True)


class WorkedShape(serializers.Serializer[Any]):
    """What one person worked on one batch; `seconds` are those in which they were at it."""

    member = serializers.IntegerField()
    pseudonym = serializers.CharField()
    batch = serializers.CharField()
    seconds = serializers.IntegerField()
    submitted = serializers.IntegerField()
    adjudicated = serializers.IntegerField()
    first_day = serializers.DateField(allow_null=True)
    last_day = serializers.DateField(allow_null=True)


class HoursShape(serializers.Serializer[Any]):
    """A line for each person and batch, people by pseudonym."""

    results = WorkedShape(many=True)


def counted(progress: Counted) -> dict[str, Any]:
    return {**CountedShape(progress).data}


def days_of(project: Project) -> list[dict[str, Any]]:
    """Return what came on each day with work, the first one first. Two queries."""
    submitted, adjudicated = came_by_day(project)
    return [
        {"day": day, "submitted": submitted.get(day, 0), "adjudicated": adjudicated.get(day, 0)}
        for day in sorted({*submitted, *adjudicated})
    ]


class Progress(APIView):
    @operation("read_progress", ProgressShape)
    def get(self, request: Call, slug: str) -> Response:
        """Read how far the project and its batches are, and when it will be done at the pace of late. For managers."""
        project = manager_of(request, slug).project
        batches = progress_by_batch(project)
        total = whole(progress for _batch, progress in batches)
        ahead = ahead_of(project, total, timezone.localdate())
        foreseen: dict[str, Any] = {name: getattr(ahead, name) for name in ("end", "per_day", "why", "last")}
        told = {
            "total": counted(total),
            "batches": [counted(progress) | {"batch": batch.name} for batch, progress in batches],
            "ahead": foreseen | {"planned": planned_end(batches)},
            "days": days_of(project),
        }
        return Response(ProgressShape(told).data)


class Hours(APIView):
    @operation("list_hours", HoursShape)
    def get(self, request: Call, slug: str) -> Response:
        """List who worked how long on which batch, as the table of hours has it. For managers."""
        found = [
            {
                "member": member.pk,
                "pseudonym": member.pseudonym,
                "batch": batch,
                **{name: getattr(worked, name) for name in ("seconds", "submitted", "adjudicated")},
                "first_day": worked.first,
                "last_day": worked.last,
            }
            for member, batch, worked in lines_of(manager_of(request, slug).project)
        ]
        return Response(HoursShape({"results": found}).data)
