"""Gold beside its desk: the steps of its adjudication, what stood then, going back, and drafts beside rows."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator import record
from annotator.actions import adjudicating
from annotator.actions.adjudicating import draft_shown
from annotator.actions.deciding import once
from annotator.actions.history import Conflict, NotOpen
from annotator.actions.saving import Save
from annotator.api.access import Call, onlooker_of
from annotator.api.adjudication import DeskShape, in_hand, laid_out, question_of
from annotator.api.bodies import ConditionField, RecordField
from annotator.api.history import RestoreBody, StepShape
from annotator.api.paging import paged
from annotator.api.problems import Stale
from annotator.api.questions import see_question
from annotator.api.schema import PAGE, operation, page_of
from annotator.decisions import Decision, Part, Said
from annotator.desk import Desk, desk_of
from annotator.fragment_lists import fragment_list
from annotator.gold_steps import gold_changes_of, people_of
from annotator.models import Annotation, Revision
from annotator.steps import Change


class TakenShape(serializers.Serializer[Part]):
    """A condition of somebody’s, that a decision was made of."""

    annotation = serializers.IntegerField()
    condition = serializers.CharField(source="uid")


class DecisionShape(serializers.Serializer[Decision]):
    """What was decided of some conditions, which of gold’s they became, and if none belongs into gold why."""

    kind = serializers.CharField()
    gold = serializers.CharField(source="condition")
    reason = serializers.CharField()
    parts = TakenShape(many=True)


class GoldStoodShape(serializers.Serializer[Said]):
    """Gold as it stood after a step, and what was decided by then."""

    record = RecordField()
    decisions = DecisionShape(many=True)


class BesideShape(serializers.Serializer[Any]):
    """A draft’s condition beside a row that is decided; `adopt` takes it by row and annotation."""

    row = serializers.CharField()
    annotation = serializers.IntegerField()
    similarity = serializers.FloatField(help_text="To the row’s gold condition, 0 to 1.")
    condition = ConditionField()


class BesideAllShape(serializers.Serializer[Any]):
    """All that stands beside rows."""

    results = BesideShape(many=True)


def gold_of(request: Call, slug: str, pk: int) -> tuple[Desk, Annotation]:
    """Return the desk of a question that has gold, begun or finished. Raises Blind, and Http404 without any."""
    question = question_of(onlooker_of(request, slug), pk)
    see_question(request, pk)
    desk = desk_of(question)
    if desk.gold is None:
        raise Http404
    return desk, desk.gold


def changes_on(desk: Desk, gold: Annotation, steps: Sequence[Revision]) -> list[Change]:
    """Return what steps of gold changed, in words that name people’s annotations by their ids."""
    works = [*desk.people, *desk.drafts]
    names = {work.annotation: _("annotation %(id)s") % {"id": work.annotation} for work in works}
    return gold_changes_of(gold, adjudicating.begun_as(desk), steps, people_of(desk, names))


def shown_beside(desk: Desk) -> Iterator[dict[str, Any]]:
    """Yield the drafts’ conditions beside the rows beside which the screen opens them."""
    shown = fragment_list(desk.question)
    for row in desk.rows:
        for card, similarity in desk.drafted.get(row.gold.uid, []) if row.gold and draft_shown(desk, row) else []:
            [condition] = shown.said(record.Annotation(conditions=(card.condition,))).conditions
            said = {"annotation": card.part.annotation, "similarity": similarity, "condition": condition}
            yield {"row": row.key, **said}


class Steps(APIView):
    @operation("list_gold_steps", page_of(StepShape), asks=PAGE, refuses=[403])
    def get(self, request: Call, slug: str, pk: int) -> Response:
        """List the steps of a question’s adjudication, the last one first. For those who look on, once they see it."""
        desk, gold = gold_of(request, slug, pk)

        def shape(steps: Sequence[Revision]) -> Any:
            told: Any = changes_on(desk, gold, steps)
            return StepShape(told, many=True).data

        return paged(request, gold.revisions.select_related("by"), ["-number"], shape)


class OneStep(APIView):
    @operation("read_gold_step", GoldStoodShape, refuses=[403])
    def get(self, request: Call, slug: str, pk: int, number: int) -> Response:
        """Read what gold was after a step, and what was decided by then. For those who look on, once they see it."""
        desk, gold = gold_of(request, slug, pk)
        get_object_or_404(gold.revisions, number=number)
        then = adjudicating.said_at(gold, number)
        shown = fragment_list(desk.question).said(then.record)
        return Response(GoldStoodShape(replace(then, record=shown)).data)


class Restore(APIView):
    @operation("restore_gold_step", DeskShape, takes=RestoreBody)
    def post(self, request: Call, slug: str, pk: int, number: int) -> Response:
        """Let what gold was after a step stand again, on the question that you have in hand; it is a step of its own.

        409: somebody stepped since the step you read, or gold is finished; the answer holds the desk as it is.
        """
        member, question = in_hand(request, slug, pk)
        said, desk = RestoreBody.of(request), desk_of(question)
        assert desk.gold is not None  # noqa: S101 - a question in hand has its gold
        get_object_or_404(desk.gold.revisions, number=number)
        save = Save(member, said.get("save_id"), said["step"])
        try:
            once(desk, save, "restore", {**said, "number": number}, lambda own: adjudicating.restore(desk, own, number))
        except (Conflict, NotOpen) as late:
            raise Stale(stands=laid_out(question_of(member, pk)).data) from late
        return laid_out(question_of(member, pk))


class Drafts(APIView):
    @operation("list_drafts_beside_rows", BesideAllShape, refuses=[409])
    def get(self, request: Call, slug: str, pk: int) -> Response:
        """List what machines propose beside the rows that you decided, on the question that you have in hand."""
        _member, question = in_hand(request, slug, pk)
        return Response({"results": BesideShape(list(shown_beside(desk_of(question))), many=True).data})
