"""Looking something up beside one’s own work, and adding what was found to what may be cited."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.actions.looking_up import LONGEST_QUERY, look_up, searched
from annotator.actions.supplementing import supplement, take_back
from annotator.api.access import Call, onlooker_of
from annotator.api.bodies import MOST_KEY, Body
from annotator.api.problems import Blind
from annotator.api.schema import operation
from annotator.api.work import annotation_of
from annotator.fragment_lists import Added, FragmentList, fragment_list, own_list
from annotator.models import Question
from annotator.reading import BadInput, Problem
from retrieval.engines import EngineUnavailableError
from retrieval.models import Fragment

WORDS = OpenApiParameter("q", {"type": "string", "maxLength": LONGEST_QUERY}, required=True, description="The words.")


class FoundShape(serializers.Serializer[Fragment]):
    """A fragment of the corpus; where your work can cite it already, by what a citation says: `rank` is null else."""

    id = serializers.IntegerField()
    rank = serializers.SerializerMethodField()
    supplementary = serializers.SerializerMethodField()
    title = serializers.CharField()
    text = serializers.CharField()
    source_id = serializers.CharField(allow_null=True)
    url = serializers.CharField(allow_null=True)

    def get_rank(self, fragment: Fragment) -> int | None:
        place: tuple[bool, int] | None = self.context["list"].place_of(fragment)
        return place[1] if place else None

    def get_supplementary(self, fragment: Fragment) -> bool:
        place: tuple[bool, int] | None = self.context["list"].place_of(fragment)
        return bool(place and place[0])


class LookupShape(serializers.Serializer[Any]):
    """What was found, best first; `corpus` is null where none is named to be searched."""

    query = serializers.CharField()
    corpus = serializers.CharField(allow_null=True)
    results = FoundShape(many=True)


class SupplementShape(serializers.Serializer[Added]):
    """A fragment that was added: a citation has it by `rank`, and says `supplementary`."""

    rank = serializers.IntegerField(source="number")
    fragment = serializers.IntegerField(source="fragment.pk")
    title = serializers.CharField(source="fragment.title")
    text = serializers.CharField(source="fragment.text")
    url = serializers.CharField(source="fragment.url", allow_null=True)


class AddedByShape(SupplementShape):
    """A fragment that was added, and the annotations whose authors did."""

    by = serializers.ListField(child=serializers.IntegerField())


class SupplementsShape(serializers.Serializer[Any]):
    """All that was added, in order."""

    results = SupplementShape(many=True)


class AddedByAllShape(serializers.Serializer[Any]):
    """All that was added, in order."""

    results = AddedByShape(many=True)


class SupplementBody(Body):
    """A fragment that a look-up found, by its id."""

    fragment = serializers.IntegerField(min_value=1, max_value=MOST_KEY)


def added_in(shown: FragmentList, shape: type[SupplementShape], status: int = 200) -> Response:
    """Answer with what was added to a list, as far as it is shown."""
    found: Any = shown.added
    return Response({"results": shape(found, many=True).data}, status)


class Lookup(APIView):
    @operation("look_up", LookupShape, asks=[WORDS])
    def get(self, request: Call, slug: str, pk: int) -> Response:
        """Search the corpus beside your own work on a question, as in the panel of the workbench.

        The frozen list stays as it is. Managers are told what was looked up, with whatever token. 503: the search does
        not answer.
        """
        annotation = annotation_of(request, slug, pk)
        words = request.query_params.get("q", "").replace("\0", "").strip()
        if not words or len(words) > LONGEST_QUERY:
            raise BadInput([Problem("q", f"is empty, or longer than {LONGEST_QUERY} characters")])
        found = look_up(annotation, words)
        if found.trouble:
            raise EngineUnavailableError("the search does not answer")
        corpus = found.corpus.slug if found.corpus else None
        fragments: Any = found.fragments
        results = FoundShape(fragments, many=True, context={"list": own_list(annotation)}).data
        return Response({"query": found.query, "corpus": corpus, "results": results})


class Supplements(APIView):
    @operation("list_supplements", SupplementsShape)
    def get(self, request: Call, slug: str, pk: int) -> Response:
        """List the fragments that you looked up and added to a question."""
        return added_in(own_list(annotation_of(request, slug, pk)), SupplementShape)

    @operation("supplement", SupplementsShape, status=[200, 201], takes=SupplementBody)
    def post(self, request: Call, slug: str, pk: int) -> Response:
        """Add a fragment that you looked up to what you may cite.

        200: you added it before, and it stays. 422: it is none of the corpus that is searched, or the frozen list has
        it: cite it there.
        """
        annotation = annotation_of(request, slug, pk)
        key = SupplementBody.of(request)["fragment"]
        fragment = searched(annotation.question).filter(pk=key).first()
        if fragment is None:
            raise BadInput([Problem("fragment", "is none of the corpus that is searched here")])
        new = supplement(annotation, fragment)
        return added_in(own_list(annotation_of(request, slug, pk)), SupplementShape, 201 if new else 200)


class OneSupplement(APIView):
    @operation("take_out_supplement", None, status=204)
    def delete(self, request: Call, slug: str, pk: int, rank: int) -> Response:
        """Take a fragment out again that you added, by its rank.

        409: your work is closed, or you have cited it, be it in an earlier step.
        """
        if take_back(annotation_of(request, slug, pk), rank) is None:
            raise Http404
        return Response(status=204)


class OfQuestion(APIView):
    @operation("list_supplements_of_question", AddedByAllShape, refuses=[403])
    def get(self, request: Call, slug: str, pk: int) -> Response:
        """List the fragments that were added to a question, once you see others’ work on it. For those who look on."""
        member = onlooker_of(request, slug)
        found = Question.objects.with_sight(request.user).select_related("retrieval")
        question = get_object_or_404(found, pk=pk, batch__project=member.project_id)
        if not question.sees:
            raise Blind
        return added_in(fragment_list(question), AddedByShape)
