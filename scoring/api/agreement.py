"""How far people agree: the figures of the page, over all and by question."""

from typing import Any

from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.api.access import Call, manager_of
from annotator.api.jobs import JobShape, accepted
from annotator.api.paging import paged
from annotator.api.schema import asks_for_page, operation, page_of
from annotator.models import Question
from scoring.reporting import AT_ONCE, agreement_report, by_job, compare_by_job, figures_on, report_of
from scoring.submitted import Item, items, questions_of, shared


class AgreementShape(serializers.Serializer[Any]):
    """The figures over the questions that several people wrote on (`shared`); null until a job has computed them.

    `report` is what the command `agreement` writes, less its questions: each figure has its value, interval and number.
    Those of fewer than five questions, which `few` names there, are null until you see others’ work on all of them.
    """

    shared = serializers.IntegerField()
    by_job = serializers.BooleanField(help_text="They are many: POST lets a job compute them anew.")
    job = serializers.IntegerField(allow_null=True, help_text="The job that computed these.")
    report = serializers.DictField(allow_null=True)


class OnQuestionShape(serializers.Serializer[Item]):
    """A question that several people wrote on, and how far they agree there."""

    question = serializers.IntegerField(source="question.pk")
    batch = serializers.CharField(source="question.batch.name")
    external_id = serializers.CharField(source="question.external_id")
    text = serializers.CharField(source="question.text")
    accord = serializers.FloatField(source="question.accord", allow_null=True)
    figures = serializers.SerializerMethodField()

    def get_figures(self, item: Item) -> dict[str, dict[str, Any]]:
        return figures_on(item)


class Agreement(APIView):
    @operation("read_agreement", AgreementShape)
    def get(self, request: Call, slug: str) -> Response:
        """Read how far people agree. For managers."""
        member = manager_of(request, slug)
        number = shared(questions_of(member.project)).count()
        found, job = report_of(member.project, request.user, number, agreement_report)
        report = {name: value for name, value in (found or {}).items() if name != "by_question"} or None
        told = {"shared": number, "by_job": by_job(number), "job": job.pk if job else None, "report": report}
        return Response(AgreementShape(told).data)

    @operation("compute_agreement", JobShape, status=202)
    def post(self, request: Call, slug: str) -> Response:
        """Let a job compute the figures of agreement anew. For managers. One that is at that already is the answer."""
        return accepted(request, compare_by_job(manager_of(request, slug)))


class ByQuestion(APIView):
    @operation("list_agreement_questions", page_of(OnQuestionShape), asks=asks_for_page(AT_ONCE))
    def get(self, request: Call, slug: str) -> Response:
        """List the questions on which several people wrote, and you see it, with their figures. For managers."""
        seen = questions_of(manager_of(request, slug).project).not_blind_for(request.user)

        def shape(rows: list[Question]) -> Any:
            found = items(Question.objects.filter(pk__in=[row.pk for row in rows]))
            in_order: Any = sorted(found, key=lambda item: item.question.pk)
            return OnQuestionShape(in_order, many=True).data

        return paged(request, shared(seen).prefetch_related(None), ["pk"], shape, most=AT_ONCE)
