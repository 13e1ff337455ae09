"""Questions, their frozen lists, and what was written on them, for those from whom that is not hidden."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator import record, rows
from annotator.actions import looking, returning
from annotator.api.access import Call, adjudicator_of, member_of, onlooker_of
from annotator.api.bodies import Body, RecordField
from annotator.api.notes import discussed
from annotator.api.paging import paged
from annotator.api.problems import Blind
from annotator.api.schema import PAGE, operation, page_of
from annotator.models import Annotation, Member, Question
from annotator.models.annotations import choices
from annotator.querysets import AnnotationQuerySet, QuestionQuerySet
from annotator.reading import BadInput, Problem
from annotator.stages import FILTERS
from annotator.standing import standing
from annotator.supplement_numbers import numbered, numbers_of
from retrieval.models import ListedFragment

FILTER = (
    OpenApiParameter("q", str, description="Words of the text or the id."),
    OpenApiParameter("batch", str, description="The name of a batch."),
    OpenApiParameter("stage", str, enum=list(FILTERS)),
)

SOURCE = OpenApiParameter("source", str, enum=[source.value for source in record.Source])


class QuestionShape(serializers.ModelSerializer[Question]):
    """A question, how far it is, and whether you see what others wrote on it."""

    batch = serializers.CharField(source="batch.name")
    stage = serializers.CharField()
    sees = serializers.BooleanField()
    listed = serializers.SerializerMethodField(help_text="Whether it has its frozen list.")
    tags = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = Question
        fields = [
            *("id", "batch", "external_id", "text", "stage", "sees", "listed", "overlap", "taken", "priority", "tags"),
            *("split", "source_dataset", "source_id", "source_split", "licence"),
        ]

    def get_listed(self, question: Question) -> bool:
        return question.retrieval_id is not None


class FragmentShape(serializers.Serializer[ListedFragment]):
    """A line of a frozen list."""

    rank = serializers.IntegerField()
    score = serializers.FloatField(allow_null=True)
    title = serializers.CharField(source="fragment.title")
    text = serializers.CharField(source="fragment.text")
    source_id = serializers.CharField(source="fragment.source_id", allow_null=True)
    page_id = serializers.IntegerField(source="fragment.page_id", allow_null=True)
    revision_id = serializers.IntegerField(source="fragment.revision_id", allow_null=True)
    url = serializers.CharField(source="fragment.url", allow_null=True)
    section = serializers.CharField(source="fragment.section", allow_null=True)
    offset = serializers.IntegerField(source="fragment.offset", allow_null=True)


def see_question(request: Call, pk: int) -> None:
    """Raise Blind where what others wrote on a question is hidden from the caller."""
    if not Question.objects.not_blind_for(request.user).filter(pk=pk).exists():
        raise Blind


class AnnotationShape(serializers.Serializer[Annotation]):
    """An annotation, who or what made it, and what it says."""

    id = serializers.IntegerField()
    question = serializers.IntegerField(source="question_id")
    source = serializers.ChoiceField(choices(record.Source))  # type: ignore[assignment]  # as in ProblemShape
    author = serializers.CharField(source="author.pseudonym", allow_null=True, default=None)
    system = serializers.CharField(source="system.name", allow_null=True, default=None)
    sample = serializers.IntegerField()
    created = serializers.DateTimeField()
    submitted = serializers.DateTimeField(allow_null=True)
    guideline_version = serializers.IntegerField(source="guideline_version.number", allow_null=True, default=None)
    annotation = RecordField(source="*")

    def to_representation(self, instance: Annotation) -> Any:
        found = {name: field for name, field in self.fields.items() if name != "annotation"}
        told = {name: represented(field, instance) for name, field in found.items()}
        said = numbered(rows.annotation_record(instance), self.context["numbers"][instance.question.supplementary_id])
        return told | {"annotation": self.fields["annotation"].to_representation(said)}


def told_of(annotations: Any) -> Any:
    """Return what is told of some annotations. Two queries where a question of theirs has supplementary fragments."""
    numbers = numbers_of(one.question.supplementary_id for one in annotations)
    return AnnotationShape(annotations, many=True, context={"numbers": numbers}).data


def represented(field: Any, instance: Any) -> Any:
    value = field.get_attribute(instance)
    return None if value is None else field.to_representation(value)


class ReturnBody(Body):
    """Why work goes back to its author, and which of its conditions that is about."""

    comment = serializers.CharField(max_length=10_000)
    condition = serializers.CharField(max_length=32, required=False, default="")


def found_questions(member: Member, request: Call) -> QuestionQuerySet:
    """Return the questions of the project that the address asks for. Raises BadInput."""
    asked = {name: request.query_params.get(name, "").replace("\0", "") for name in ("q", "batch", "stage")}
    found = Question.objects.filter(batch__project=member.project_id).found_by(asked["q"].strip()).staged()
    if asked["stage"] and asked["stage"] not in FILTERS:
        raise BadInput([Problem("stage", f"is none of {', '.join(FILTERS)}")])
    found = found.at_stage(asked["stage"]) if asked["stage"] else found
    return found.filter(batch__name=asked["batch"]) if asked["batch"] else found


def shown_annotations(found: AnnotationQuerySet) -> AnnotationQuerySet:
    """Return annotations with all that their shape tells."""
    return found.select_related("question", "author", "system", "guideline_version").with_conditions()


class Questions(APIView):
    @operation("list_questions", page_of(QuestionShape), asks=[*PAGE, *FILTER])
    def get(self, request: Call, slug: str) -> Response:
        """List the questions of a project, found by words, batch and stage. For those who look on."""
        member = onlooker_of(request, slug)
        found = found_questions(member, request).with_sight(request.user).select_related("batch")
        return paged(request, found, ["batch_id", "order"], lambda rows: QuestionShape(rows, many=True).data)


class OneQuestion(APIView):
    @operation("read_question", QuestionShape)
    def get(self, request: Call, slug: str, pk: int) -> Response:
        """Read a question. For those who look on."""
        member = onlooker_of(request, slug)
        found = Question.objects.staged().with_sight(request.user).select_related("batch")
        return Response(QuestionShape(get_object_or_404(found, pk=pk, batch__project=member.project_id)).data)


class Retrieval(APIView):
    @operation("list_fragments", page_of(FragmentShape), asks=PAGE)
    def get(self, request: Call, slug: str, pk: int) -> Response:
        """List the fragments of a question’s frozen list, by rank. For those who look on, and who have the question."""
        member = member_of(request, slug)
        question = get_object_or_404(Question.objects.read_by(member), pk=pk)
        listed = ListedFragment.objects.filter(retrieval=question.retrieval_id).select_related("fragment")
        return paged(request, listed, ["rank"], lambda rows: FragmentShape(rows, many=True).data)


class Look(APIView):
    @operation("look", None, status=204)
    def post(self, request: Call, slug: str, pk: int) -> Response:
        """Look at what others wrote on a question, which you then no longer annotate."""
        member = onlooker_of(request, slug)
        looking.look(member, get_object_or_404(Question.objects.filter(batch__project=member.project_id), pk=pk))
        return Response(status=204)


class OnQuestion(APIView):
    @operation("list_annotations_of_question", page_of(AnnotationShape), asks=PAGE, refuses=[403])
    def get(self, request: Call, slug: str, pk: int) -> Response:
        """List what was written on a question, once you have looked or submitted your own. For those who look on."""
        member = onlooker_of(request, slug)
        found = Question.objects.with_sight(request.user).filter(batch__project=member.project_id)
        question = get_object_or_404(found, pk=pk)
        if not question.sees:
            raise Blind
        written = shown_annotations(Annotation.objects.filter(question=question))
        return paged(request, written, ["pk"], told_of)


class Annotations(APIView):
    @operation("list_annotations", page_of(AnnotationShape), asks=[*PAGE, SOURCE])
    def get(self, request: Call, slug: str) -> Response:
        """List what was written on all questions on which you see it. For those who look on."""
        member = onlooker_of(request, slug)
        seen = Question.objects.not_blind_for(request.user).filter(batch__project=member.project_id)
        found = Annotation.objects.filter(question__in=seen.values("pk"))
        source = request.query_params.get("source", "")
        if source and source not in list(record.Source):
            raise BadInput([Problem("source", f"is none of {', '.join(record.Source)}")])
        found = found.filter(source=source) if source else found
        return paged(request, shown_annotations(found), ["pk"], told_of)


class Return(APIView):
    @operation("return_to_author", None, status=204, takes=ReturnBody)
    def post(self, request: Call, slug: str, pk: int) -> Response:
        """Return submitted work to its author, with a comment. For adjudicators and managers."""
        member = adjudicator_of(request, slug)
        annotation = discussed(request, member, pk)
        if not returning.may_return(member, annotation):
            raise Http404
        said = ReturnBody.of(request)
        if said["condition"] and standing(annotation).record.condition(said["condition"]) is None:
            raise BadInput([Problem("condition", "is none of the annotation’s conditions")])
        returning.return_to_author(annotation, member, said["comment"], said["condition"])
        return Response(status=204)
