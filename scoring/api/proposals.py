"""Conditions that systems found and gold has not: proposed for gold, taken up or declined."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.api.access import Call, adjudicator_of, onlooker_of
from annotator.api.adjudication import DeskShape, laid_out, question_of
from annotator.api.bodies import Body, ConditionField
from annotator.api.paging import paged
from annotator.api.questions import see_question
from annotator.api.schema import PAGE, operation, page_of
from annotator.codec import annotation_from_json
from annotator.models import Member, User
from annotator.reading import LONGEST_TEXT, BadInput, Problem
from scoring import proposing
from scoring.models import Evaluation, Proposal, Score
from scoring.querysets import ProposalQuerySet
from scoring.sight import seen_among

WHICH = OpenApiParameter("state", {"type": "string", "enum": Proposal.State.values}, description="Only those so.")
HIDDEN = dict.fromkeys(("system", "condition", "note", "by", "decided_by", "reason"))


class ProposalShape(serializers.ModelSerializer[Proposal]):
    """A condition that is proposed: what it is, who says so, and why it was declined.

    These tell of gold: they are null where others’ work on the question is hidden from you.
    """

    question = serializers.IntegerField(source="question_id")
    batch = serializers.CharField(source="question.batch.name")
    external_id = serializers.CharField(source="question.external_id")
    system = serializers.CharField(source="revision.annotation.system.name", allow_null=True)
    condition = serializers.SerializerMethodField()
    note = serializers.CharField(allow_null=True)
    reason = serializers.CharField(allow_null=True)
    by = serializers.CharField(source="by.pseudonym", allow_null=True)
    decided_by = serializers.CharField(source="decided_by.pseudonym", allow_null=True, default=None)

    class Meta:
        model = Proposal
        fields = ["id", "state", "question", "batch", "external_id", "system", "condition", "note", "by", "at"]
        fields += ["decided_by", "reason"]

    def get_condition(self, proposal: Proposal) -> dict[str, Any] | None:
        said = annotation_from_json(proposal.revision.record).condition(proposal.condition)
        return None if said is None else ConditionField().to_representation(said)

    def to_representation(self, instance: Proposal) -> dict[str, Any]:
        found = super().to_representation(instance)
        return found if instance.question_id in self.context["seen"] else found | HIDDEN


class ProposeBody(Body):
    """A condition that a system says and gold has not, by its uid in the prediction."""

    system = serializers.CharField(max_length=200)
    condition = serializers.CharField(max_length=32)
    note = serializers.CharField(max_length=LONGEST_TEXT, default="", allow_blank=True)


class DeclineBody(Body):
    """Why it does not belong into gold."""

    reason = serializers.CharField(max_length=LONGEST_TEXT)


def proposals_of(member: Member) -> ProposalQuerySet:
    related = ("question__batch", "by", "decided_by", "revision__annotation__system")
    return Proposal.objects.in_project(member.project).select_related(*related)


def told(rows: list[Proposal], user: User) -> Any:
    """Return proposals as a user may know them. One query."""
    seen = seen_among([one.question_id for one in rows], user)
    return ProposalShape(rows, many=True, context={"seen": seen}).data


def state_asked(request: Call) -> str:
    """Return the state that the address asks for, empty for any. Raises BadInput."""
    state: str = request.query_params.get("state", "")
    if state and state not in Proposal.State.values:
        raise BadInput([Problem("state", f"is none of {', '.join(Proposal.State.values)}")])
    return state


def score_named(request: Call, member: Member, number: int, place: int, system: str) -> Score:
    """Return what a system said on a question of a finished evaluation. Raises Http404, Blind and BadInput."""
    evaluation = get_object_or_404(Evaluation.objects.finished(), project=member.project, number=number)
    asked = get_object_or_404(evaluation.questions, place=place)
    see_question(request, asked.question_id)
    score = asked.scores.select_related("question__question", "revision").filter(system__name=system).first()
    if score is None:
        raise BadInput([Problem("system", "is none of the evaluation")])
    return score


class Proposals(APIView):
    @operation("list_proposals", page_of(ProposalShape), asks=[*PAGE, WHICH])
    def get(self, request: Call, slug: str) -> Response:
        """List what is proposed for gold. For those who look on."""
        found, state = proposals_of(onlooker_of(request, slug)), state_asked(request)
        found = found.filter(state=state) if state else found
        return paged(request, found, ["pk"], lambda rows: told(rows, request.user))


class Propose(APIView):
    @operation("propose", ProposalShape, status=[200, 201], takes=ProposeBody)
    def post(self, request: Call, slug: str, number: int, place: int) -> Response:
        """Propose a system’s condition for gold, on a question of an evaluation by its place. For who adjudicates.

        200: it was proposed before, and stays as it was. 409: it was declined.
        """
        member = adjudicator_of(request, slug)
        said = ProposeBody.of(request)
        score = score_named(request, member, number, place, said["system"])
        made, new = proposing.propose(score, said["condition"], said["note"], member)
        return Response(told([proposals_of(member).get(pk=made.pk)], request.user)[0], 201 if new else 200)


class Take(APIView):
    @operation("take_up_proposal", DeskShape)
    def post(self, request: Call, slug: str, pk: int) -> Response:
        """Take up a proposal: its question comes into your hands, as by `adjudicate/`. For who adjudicates.

        To add it, `reopen` gold there; taken up again by yourself, it is in your hands as before. 409: it was declined,
        somebody else took it up, or the question cannot be taken in hand.
        """
        member = adjudicator_of(request, slug)
        proposal = get_object_or_404(proposals_of(member).select_related("question__batch__project"), pk=pk)
        proposing.take_up(proposal, member)
        return laid_out(question_of(member, proposal.question_id))


class Decline(APIView):
    @operation("decline_proposal", ProposalShape, takes=DeclineBody)
    def post(self, request: Call, slug: str, pk: int) -> Response:
        """Decline a proposal, with a reason. For who adjudicates. 409: it was decided before."""
        member = adjudicator_of(request, slug)
        proposal = get_object_or_404(proposals_of(member), pk=pk)
        proposing.decline(proposal, member, DeclineBody.of(request)["reason"])
        return Response(told([proposals_of(member).get(pk=pk)], request.user)[0])
