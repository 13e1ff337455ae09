"""Adjudication: taking a question in hand, deciding its rows, and finishing it as gold."""

from typing import Any

from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator import record
from annotator.actions import taking_up
from annotator.actions.deciding import NEEDS, VERBS, decide, finished
from annotator.actions.history import Conflict, NotOpen
from annotator.actions.saving import Save
from annotator.aligned import Row
from annotator.api.access import Call, adjudicator_of
from annotator.api.bodies import MOST_KEY, Body, ConditionField, RecordField
from annotator.api.problems import Stale
from annotator.api.questions import QuestionShape
from annotator.api.schema import operation
from annotator.decisions import Union, What
from annotator.desk import Desk, desk_of
from annotator.models import Member, Question, User
from annotator.supplement_numbers import numbers_in

# The key of a row names a condition of each person by annotation, revision and uid.
LONGEST_ROW = 200 * len(f"{MOST_KEY}.{2**31}.{32 * 'x'}~")
LONGEST_WORK = 200 * len(f"{MOST_KEY}.{2**31}~")


class PartShape(serializers.Serializer[Any]):
    """A condition of somebody’s in a row."""

    annotation = serializers.IntegerField(source="part.annotation")
    condition = serializers.CharField(source="part.uid")


class RowShape(serializers.Serializer[Row]):
    """Conditions of several people that say the same, and what was made of them."""

    key = serializers.CharField()
    state = serializers.CharField()
    decided = serializers.BooleanField()
    settled = serializers.BooleanField(help_text="Decided, and of work that stands as it did then; else `confirm` it.")
    cards = PartShape(many=True)
    gold = serializers.CharField(source="gold.uid", allow_null=True, default=None)


class WrittenShape(serializers.Serializer[Any]):
    """What one person submitted, by the id of the annotation."""

    annotation = serializers.IntegerField()
    record = RecordField()


class DeskShape(serializers.Serializer[Desk]):
    """A question in hand: what people wrote, in an order that tells nothing of them, the rows, and gold so far."""

    question = serializers.IntegerField(source="question.pk")
    step = serializers.IntegerField(source="gold.revisions_made")
    work = serializers.CharField(help_text="Names what people submitted, as you read it here.")
    finished = serializers.DateTimeField(source="gold.submitted", allow_null=True)
    gold = RecordField(source="said.record")
    people = WrittenShape(many=True)
    rows = RowShape(many=True)


class DecisionBody(Body):
    """What is decided: `do`, and the fields that it takes; `step`, and `work` to make it gold, are those you read.

    `save_id` is one of your making, by which a repeat is known.
    """

    do = serializers.ChoiceField(list(VERBS))
    step = serializers.IntegerField(min_value=0, max_value=2**31 - 1)
    row = serializers.CharField(max_length=LONGEST_ROW, default="", allow_blank=True)
    rows = serializers.ListField(
        child=serializers.CharField(max_length=LONGEST_ROW), default=None, allow_null=True, max_length=500
    )
    other = serializers.CharField(max_length=LONGEST_ROW, default="", allow_blank=True)
    annotation = serializers.IntegerField(min_value=0, max_value=MOST_KEY, default=0)
    condition = serializers.CharField(max_length=32, default="", allow_blank=True)
    what = serializers.ChoiceField([one.value for one in What], default=What.ALL.value)
    union = serializers.ChoiceField([one.value for one in Union], default=Union.ALL.value)
    gold = ConditionField(default=None, allow_null=True, help_text="For `rewrite`: the row’s gold condition, whole.")
    verdict = serializers.ChoiceField([one.value for one in record.Verdict], default=None, allow_null=True)
    reason = serializers.CharField(max_length=10_000, default="", allow_blank=True)
    note = serializers.CharField(max_length=100_000, default="", allow_blank=True, trim_whitespace=False)
    work = serializers.CharField(max_length=LONGEST_WORK, default=None, allow_null=True, allow_blank=True)
    save_id = serializers.CharField(max_length=36, required=False)

    def validate(self, attrs: Any) -> Any:
        do, fields = attrs["do"], self.fields
        if missing := [name for name in NEEDS.get(do, ()) if attrs[name] == fields[name].default]:
            raise serializers.ValidationError({name: [f"is needed to {do}"] for name in missing})
        return attrs


def question_of(member: Member, pk: int) -> Question:
    """Return a question of the member’s project, with their sight and all that a desk is laid out from."""
    found = Question.objects.with_sight(User(pk=member.user_id)).filter(batch__project=member.project_id)
    return get_object_or_404(found.select_related("batch__project", "batch__guideline_version", "retrieval"), pk=pk)


def in_hand(request: Call, slug: str, pk: int) -> tuple[Member, Question]:
    """Return a question that the caller has in hand, and sees. Raises Taken, or NotInHand."""
    member = adjudicator_of(request, slug)
    question = question_of(member, pk)
    require_in_hand(member, question)
    return member, question


def require_in_hand(member: Member, question: Question) -> None:
    """Raise Taken, or NotInHand, where the member has the question not in hand."""
    if not taking_up.holds(member, question):
        raise taking_up.Taken if question.adjudicator_id not in (None, member.pk) else taking_up.NotInHand


def decided(member: Member, question: Question, said: dict[str, Any]) -> None:
    """Decide what a body says on a question in hand, or acknowledge that it made it gold, which left their hands then.

    Raises Taken, NotInHand, and what the decision does.
    """
    save, do = Save(member, said.get("save_id"), said["step"]), said["do"]
    try:
        require_in_hand(member, question)
        decide(desk_of(question), save, do, said)
    except (taking_up.Taken, taking_up.NotInHand):
        if not (question.sees and finished(desk_of(question), save, do, said)):
            raise


def laid_out(question: Question) -> Response:
    return Response(DeskShape(desk_of(question), context={"numbers": numbers_in(question.supplementary_id)}).data)


class Next(APIView):
    @operation("adjudicate_next", QuestionShape, status=[200, 204])
    def post(self, request: Call, slug: str) -> Response:
        """Take in hand the ready question that people agree on least. For adjudicators and managers.

        It is a look at the question. 204: nothing is ready for you.
        """
        question = taking_up.open_next(adjudicator_of(request, slug))
        if question is None:
            return Response(status=204)
        found = Question.objects.staged().with_sight(request.user).select_related("batch")
        return Response(QuestionShape(found.get(pk=question.pk)).data)


class InHand(APIView):
    @operation("read_desk", DeskShape, refuses=[409])
    def get(self, request: Call, slug: str, pk: int) -> Response:
        """Read what people wrote on the question that you have in hand, row by row, and gold so far."""
        _member, question = in_hand(request, slug, pk)
        return laid_out(question)

    @operation("decide", DeskShape, takes=DecisionBody)
    def post(self, request: Call, slug: str, pk: int) -> Response:
        """Decide something on the question that you have in hand, or finish it as gold.

        Every decision is a step of gold’s history, and `undo` takes back your last. Sent again while you have the
        question in hand it is acknowledged, by its `save_id`; what made it gold also later, and without one. 409:
        somebody stepped since the step you name, or submitted anew, or another decision came under the `save_id`; the
        answer holds the desk as it is.
        """
        member = adjudicator_of(request, slug)
        question = question_of(member, pk)
        said = DecisionBody.of(request)
        try:
            decided(member, question, said)
        except (Conflict, NotOpen) as late:
            raise Stale(stands=laid_out(question_of(member, pk)).data) from late
        return laid_out(question_of(member, pk))


class Open(APIView):
    @operation("adjudicate", DeskShape)
    def post(self, request: Call, slug: str, pk: int) -> Response:
        """Take a question in hand, which is a look at it. For adjudicators and managers."""
        member = adjudicator_of(request, slug)
        taking_up.open_question(member, question_of(member, pk))
        return laid_out(question_of(member, pk))


class Leave(APIView):
    @operation("leave_question", None, status=204)
    def post(self, request: Call, slug: str, pk: int) -> Response:
        """Give a question out of hand; what was decided so far stays."""
        member = adjudicator_of(request, slug)
        taking_up.leave(member, question_of(member, pk))
        return Response(status=204)
