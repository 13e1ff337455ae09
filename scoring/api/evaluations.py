"""Evaluations: beginning one, its leaderboard, and its figures by question where one may see them."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.actions.queued import NotNow, Refused
from annotator.api.access import Call, manager_of, onlooker_of
from annotator.api.bodies import Body
from annotator.api.jobs import JobShape, accepted
from annotator.api.paging import paged
from annotator.api.schema import PAGE, operation, page_of
from annotator.models import Member, Question, User
from scoring import judges as all_judges
from scoring import measures, pairing
from scoring.api.refusals import refused
from scoring.board_file import board_report
from scoring.discarding import discard_unfinished
from scoring.evaluating import Wanted
from scoring.launching import Stage, go_on, launch, stage_of, stop
from scoring.models import EvaluatedQuestion, Evaluation
from scoring.running import how_far
from scoring.sight import shows_board


class EvaluationShape(serializers.Serializer[Evaluation]):
    """An evaluation: which systems, against which gold, and how far it is."""

    number = serializers.IntegerField()
    created = serializers.DateTimeField()
    finished = serializers.DateTimeField(allow_null=True)
    stage = serializers.SerializerMethodField()
    systems = serializers.SerializerMethodField()
    release = serializers.CharField(source="release.tag", allow_null=True, default=None)
    judge = serializers.CharField()
    judge_version = serializers.CharField()
    alignment = serializers.CharField()
    primary = serializers.CharField()
    questions = serializers.IntegerField(source="number_of_questions")
    job = serializers.IntegerField(source="job_id", allow_null=True)

    def get_stage(self, found: Evaluation) -> Stage:
        return stage_of(found)

    def get_systems(self, found: Evaluation) -> list[str]:
        return [one.system.name for one in found.systems.all()]


class RankShape(serializers.Serializer[Any]):
    """A line of the leaderboard: the primary figure, and the letters shared by systems that are not told apart."""

    system = serializers.CharField()
    value = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    n = serializers.IntegerField()
    letters = serializers.CharField(allow_blank=True)


class BoardShape(EvaluationShape):
    """An evaluation with its leaderboard, best system first, and its whole board: null until it is finished.

    They are null, too, where it is of fewer than five questions, on all of which you have not looked.
    """

    done = serializers.IntegerField()
    leaderboard = RankShape(many=True, allow_null=True)
    board = serializers.DictField(allow_null=True, help_text="As the command `evaluate` writes it, less its questions.")


class QuestionFiguresShape(serializers.Serializer[EvaluatedQuestion]):
    """A question of an evaluation with every system’s figures, which are null where you do not see others’ work."""

    place = serializers.IntegerField()
    question = serializers.IntegerField(source="question_id")
    batch = serializers.CharField(source="question.batch.name")
    external_id = serializers.CharField(source="question.external_id")
    text = serializers.CharField()
    figures = serializers.SerializerMethodField()

    def get_figures(self, asked: EvaluatedQuestion) -> dict[str, dict[str, float | None]] | None:
        if asked.question_id not in self.context["seen"]:
            return None
        return {score.system.name: score.figures for score in asked.scores.all() if score.system}


class EvaluationBody(Body):
    """What is scored, and how; without systems, all that have predictions."""

    systems = serializers.ListField(child=serializers.CharField(max_length=200), default=list, max_length=100)
    judge = serializers.CharField(max_length=200, default=all_judges.USUAL)
    alignment = serializers.CharField(max_length=20, default=pairing.USUAL)
    primary = serializers.CharField(max_length=50, default=measures.PRIMARY, help_text="The figure that ranks.")
    release = serializers.CharField(max_length=50, default="", allow_blank=True, help_text="A tag; without: gold now.")
    batches = serializers.ListField(child=serializers.CharField(max_length=100), default=list, max_length=100)
    splits = serializers.ListField(child=serializers.CharField(max_length=50), default=list, max_length=100)


def told_of(member: Member, number: int | None) -> Evaluation:
    found = member.project.evaluations.listed().defer(None).select_related("release", "job", "by", "project")
    return get_object_or_404(found, number=number)


def with_board(found: Evaluation, user: User) -> dict[str, Any]:
    """Return an evaluation with its board, where it is finished and shown to the user. Three queries more at most."""
    told = EvaluationShape(found).data
    shown = found.finished and shows_board(found, user)
    lines = found.ranking() if shown else None
    ranks = [{"system": one["name"], **mean, "letters": letters} for one, mean, letters in lines or []]
    return {
        **told,
        "done": how_far(found)[0],
        "leaderboard": None if lines is None else RankShape(ranks, many=True).data,
        "board": board_report(found) if shown else None,
    }


def begun(member: Member, said: dict[str, Any]) -> Evaluation:
    """Begin an evaluation. Raises BadInput, and NotNow."""
    try:
        return launch(member.project, Wanted(**said), member)
    except Refused as refusal:
        raise refused(refusal, EvaluationBody) from refusal


class Evaluations(APIView):
    @operation("list_evaluations", page_of(EvaluationShape), asks=PAGE)
    def get(self, request: Call, slug: str) -> Response:
        """List the evaluations of a project, the last one first. For those who look on."""
        member = onlooker_of(request, slug)
        found = member.project.evaluations.listed()
        return paged(request, found, ["-number"], lambda rows: EvaluationShape(rows, many=True).data)

    @operation("evaluate", {201: BoardShape, 202: JobShape}, takes=EvaluationBody)
    def post(self, request: Call, slug: str) -> Response:
        """Score systems against gold. For managers.

        201: it is finished, or its judge is a service, which is asked once you POST to its `go-on/`. 202: it is large,
        and a job scores; `about` is the address of the evaluation.
        """
        member = manager_of(request, slug)
        made = begun(member, EvaluationBody.of(request))
        found = told_of(member, made.number)
        if found.job and not found.finished:
            return accepted(request, found.job)
        return Response(with_board(found, request.user), 201)


class OneEvaluation(APIView):
    @operation("read_evaluation", BoardShape)
    def get(self, request: Call, slug: str, number: int) -> Response:
        """Read how far an evaluation is, and its leaderboard once it is finished. For those who look on."""
        return Response(with_board(told_of(onlooker_of(request, slug), number), request.user))


class ByQuestion(APIView):
    @operation("list_evaluation_questions", page_of(QuestionFiguresShape), asks=PAGE)
    def get(self, request: Call, slug: str, number: int) -> Response:
        """List the questions of a finished evaluation with every system’s figures. For those who look on.

        Figures tell of gold: they are null on a question on which others’ work is hidden from you.
        """
        found = told_of(onlooker_of(request, slug), number)
        if not found.finished:
            raise Http404
        asked = found.questions.select_related("question__batch").prefetch_related("scores__system")
        seen = Question.objects.not_blind_for(request.user)

        def shape(rows: Any) -> Any:
            of_page = seen.filter(pk__in=[row.question_id for row in rows]).values_list("pk", flat=True)
            return QuestionFiguresShape(rows, many=True, context={"seen": set(of_page)}).data

        return paged(request, asked, ["place"], shape)


class GoOn(APIView):
    @operation("evaluation_go_on", JobShape, status=202)
    def post(self, request: Call, slug: str, number: int) -> Response:
        """Let a job score what is left of an evaluation, if none does. For managers.

        409: it is finished, or has yet to stop.
        """
        member = manager_of(request, slug)
        job = go_on(told_of(member, number), member)
        if job is None:
            raise NotNow(_("It is finished, or has yet to stop."))
        return accepted(request, job)


class Stop(APIView):
    @operation("evaluation_stop", BoardShape)
    def post(self, request: Call, slug: str, number: int) -> Response:
        """Ask the job of an evaluation to stop; what is scored stays. For managers. 409: it is finished, or failed."""
        member = manager_of(request, slug)
        stop(told_of(member, number), member)
        found = told_of(member, number)
        if stage_of(found) in (Stage.FINISHED, Stage.FAILED):
            raise NotNow(_("It has ended already; there is nothing to stop."))
        return Response(with_board(found, request.user))


class Discard(APIView):
    @operation("discard_evaluation", None, status=204)
    def post(self, request: Call, slug: str, number: int) -> Response:
        """Discard an evaluation that is not finished, with what is scored of it. For managers.

        409: it is finished, and stays; or it is being scored, and has now been asked to stop.
        """
        discard_unfinished(told_of(manager_of(request, slug), number))
        return Response(status=204)
