"""The search through a project, with what the page finds and nothing more."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.actions.searching import Asked, brought_up, search
from annotator.api.access import Call, onlooker_of
from annotator.api.paging import paged
from annotator.api.questions import SOURCE, represented
from annotator.api.schema import PAGE, operation
from annotator.hits import KINDS, Hit, hit_of, plainly, shown
from annotator.models import Member, SearchText
from annotator.reading import BadInput, Problem
from annotator.record import Source
from annotator.stages import FILTERS
from annotator.words import LONGEST_QUERY

WORDS = "Words that must all be there; “side by side”, a beginning*, -without."
FILTER = (
    OpenApiParameter("q", {"type": "string", "maxLength": LONGEST_QUERY}, required=True, description=WORDS),
    OpenApiParameter("kind", str, enum=list(KINDS)),
    OpenApiParameter("batch", str, description="The name of a batch."),
    OpenApiParameter("stage", str, enum=list(FILTERS), description="Of the question."),
    OpenApiParameter("author", str, description="The pseudonym of who wrote it."),
    SOURCE,
)

CHOICES: dict[str, list[str]] = {"kind": list(KINDS), "stage": list(FILTERS), "source": list(Source)}


class HitShape(serializers.Serializer[Hit]):
    """A text that was found, where it stands, and the part of it around the first place that fits."""

    id = serializers.IntegerField(source="row.pk")
    kind = serializers.ChoiceField(SearchText.Kind.choices, source="row.kind")
    question = serializers.IntegerField(source="row.question_id")
    batch = serializers.CharField(source="row.question.batch.name")
    external_id = serializers.CharField(source="row.question.external_id")
    annotation = serializers.IntegerField(source="row.annotation_id", allow_null=True)
    source = serializers.ChoiceField(list(Source), source="row.annotation.source", allow_null=True, default=None)  # type: ignore[assignment]
    author = serializers.CharField(source="row.annotation.author.pseudonym", allow_null=True, default=None)
    system = serializers.CharField(source="row.annotation.system.name", allow_null=True, default=None)
    condition = serializers.CharField(source="row.condition.uid", allow_null=True, default=None)
    rank = serializers.IntegerField(source="row.listed.rank", allow_null=True, default=None)
    title = serializers.SerializerMethodField(help_text="Of a fragment.")
    text = serializers.SerializerMethodField()
    answers = serializers.SerializerMethodField(help_text="Of a condition.")

    def to_representation(self, instance: Hit) -> Any:
        return {name: represented(field, instance) for name, field in self.fields.items()}

    def get_title(self, hit: Hit) -> str:
        return plainly(hit.title)

    def get_text(self, hit: Hit) -> str:
        return plainly(hit.text)

    def get_answers(self, hit: Hit) -> list[str]:
        return [plainly(answer) for answer in hit.answers]


class HitPage(serializers.Serializer[Any]):
    """A page of what was found; not `complete` while a job still reads what is new."""

    results = HitShape(many=True)
    next = serializers.URLField(allow_null=True)
    complete = serializers.BooleanField()


def asked_by(member: Member, request: Call) -> tuple[Asked, str]:
    """Return what the address asks for, and the kind. Raises BadInput."""
    names = ("q", "kind", "batch", "stage", "author", "source")
    said = {name: request.query_params.get(name, "").replace("\0", "") for name in names}
    for name, allowed in CHOICES.items():
        if said[name] and said[name] not in allowed:
            raise BadInput([Problem(name, f"is none of {', '.join(allowed)}")])
    batch = member.project.batches.filter(name=said["batch"]).first() if said["batch"] else None
    person = member.project.members.filter(pseudonym=said["author"]).first() if said["author"] else None
    for name, row in {"batch": batch, "author": person}.items():
        if said[name] and row is None:
            raise BadInput([Problem(name, "is none of this project")])
    asked = Asked(
        said["q"].strip(), batch.pk if batch else 0, person.pk if person else 0, said["stage"], said["source"]
    )
    if not asked.query.wanted:
        raise BadInput([Problem("q", "holds no word that a text must have")])
    return asked, said["kind"]


class Search(APIView):
    @operation("search", HitPage, asks=[*PAGE, *FILTER])
    def get(self, request: Call, slug: str) -> Response:
        """Search questions, their frozen lists, and what was written on those that you see. For those who look on."""
        member = onlooker_of(request, slug)
        asked, kind = asked_by(member, request)
        complete = brought_up(member)
        query = asked.query

        def shape(rows: list[SearchText]) -> Any:
            return [HitShape(hit_of(row, query)).data for row in shown([row.pk for row in rows])]

        response = paged(request, search(member, asked, kind).only("pk"), ["key"], shape)
        response.data |= {"complete": complete}
        return response
