"""Samples of an evaluation’s pairs, which people rate without knowing what the judge said of them."""

from typing import Any

from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.api.access import Call, manager_of, onlooker_of
from annotator.api.bodies import Body
from annotator.api.forms import body_of, filled
from annotator.api.paging import paged
from annotator.api.schema import PAGE, operation, page_of
from annotator.models import Member
from annotator.reading import BadInput, Problem
from scoring.api.evaluations import told_of
from scoring.judges import Kind
from scoring.models import Sample, SampledPair
from scoring.querysets import SampledPairQuerySet, SampleQuerySet
from scoring.reporting import in_json
from scoring.sample_form import SampleForm
from scoring.sampling import HIGHEST, Nothing, begin, check, draw_sample, rate, sides, standing


class SampleShape(serializers.ModelSerializer[Sample]):
    """A sample: of how many pairs, and how many people rated some."""

    by = serializers.CharField(source="by.pseudonym", allow_null=True, default=None)
    pairs = serializers.IntegerField(source="number")
    people = serializers.IntegerField()

    class Meta:
        model = Sample
        fields = ["id", "kind", "seed", "by", "created", "pairs", "people"]


class StandingShape(serializers.Serializer[Any]):
    """How far you are: of the pairs you are `offered` those whose questions you see; `begin/` looks at the `unseen`."""

    offered = serializers.IntegerField()
    rated = serializers.IntegerField()
    unseen = serializers.IntegerField()
    in_hand = serializers.IntegerField(help_text="Questions that you have to hand in before.")


class FigureShape(serializers.Serializer[Any]):
    """A figure with its interval; null is undefined, and `reason` says why."""

    value = serializers.FloatField(allow_null=True)
    n = serializers.IntegerField()
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    reason = serializers.CharField(allow_blank=True)


class FiguresField(serializers.DictField):
    child = FigureShape()


class CheckedShape(SampleShape):
    """A sample, how far you are with it, and how far the judge says what people say.

    `judge` correlates the judge with people’s mean, `agreement` is that of people among each other.
    """

    standing = StandingShape()
    judge = FiguresField()
    agreement = FiguresField()

    class Meta(SampleShape.Meta):
        fields = [*SampleShape.Meta.fields, "standing", "judge", "agreement"]


class PairShape(serializers.Serializer[SampledPair]):
    """Two texts of which neither is said to be gold’s, and how alike you found them."""

    place = serializers.IntegerField()
    question = serializers.CharField()
    texts = serializers.SerializerMethodField()
    rating = serializers.SerializerMethodField()

    def get_texts(self, pair: SampledPair) -> list[str]:
        return list(sides(pair))

    def get_rating(self, pair: SampledPair) -> int | None:
        found: int | None = self.context["own"].get(pair.pk)
        return found


class RatingBody(Body):
    """How alike the two texts are: 0, something else; 10, the same."""

    value = serializers.IntegerField(min_value=0, max_value=HIGHEST)


NewSample = body_of(SampleForm, "What is drawn; the same seed draws the same.")


def samples_of(member: Member, number: int) -> SampleQuerySet:
    found: SampleQuerySet = told_of(member, number).samples.select_related("by").with_counts()
    return found


def sample_of(request: Call, slug: str, number: int, pk: int) -> tuple[Member, Sample]:
    member = onlooker_of(request, slug)
    return member, get_object_or_404(samples_of(member, number), pk=pk)


def checked(sample: Sample, member: Member) -> dict[str, Any]:
    """Return a sample with its figures, as a member may know it."""
    found = check(sample)
    figures = {"judge": in_json(found.figures), "agreement": in_json(found.agreement)}
    return {**SampleShape(sample).data, "standing": StandingShape(standing(sample, member)).data, **figures}


def pairs_told(pairs: Any, member: Member) -> Any:
    """Return pairs with the member’s own ratings. One query."""
    given = member.ratings.filter(pair__in=[pair.pk for pair in pairs]).values_list("pair", "value")
    return PairShape(pairs, many=True, context={"own": dict(given)}).data


def offered(sample: Sample, member: Member) -> SampledPairQuerySet:
    found: SampledPairQuerySet = sample.pairs.offered_to(member)
    return found


class Samples(APIView):
    @operation("list_samples", page_of(SampleShape), asks=PAGE)
    def get(self, request: Call, slug: str, number: int) -> Response:
        """List the samples of an evaluation that people rate. For those who look on."""
        found = samples_of(onlooker_of(request, slug), number)
        return paged(request, found, ["pk"], lambda rows: SampleShape(rows, many=True).data)

    @operation("draw_sample", SampleShape, status=201, takes=NewSample)
    def post(self, request: Call, slug: str, number: int) -> Response:
        """Draw pairs of a finished evaluation, fewer where there are no more that can be rated. For managers."""
        member = manager_of(request, slug)
        evaluation = told_of(member, number)
        said = filled(SampleForm, NewSample.of(request)).cleaned_data
        try:
            made = draw_sample(evaluation, Kind(said["kind"]), said["size"], said["seed"], member)
        except Nothing as refused:
            raise BadInput([Problem("kind", str(refused))]) from refused
        return Response(SampleShape(samples_of(member, number).get(pk=made.pk)).data, 201)


class OneSample(APIView):
    @operation("read_sample", CheckedShape)
    def get(self, request: Call, slug: str, number: int, pk: int) -> Response:
        """Read how far a sample is rated, and how far its judge says what people say. For those who look on."""
        member, sample = sample_of(request, slug, number, pk)
        return Response(checked(sample, member))


class Begin(APIView):
    @operation("begin_rating", CheckedShape)
    def post(self, request: Call, slug: str, number: int, pk: int) -> Response:
        """Look at the questions of a sample, so that you are offered its pairs: you no longer annotate these."""
        member, sample = sample_of(request, slug, number, pk)
        begin(sample, member)
        return Response(checked(sample, member))


class Pairs(APIView):
    @operation("list_pairs", page_of(PairShape), asks=PAGE)
    def get(self, request: Call, slug: str, number: int, pk: int) -> Response:
        """List the pairs of a sample that you may rate, without what the judge said. For those who look on."""
        member, sample = sample_of(request, slug, number, pk)
        return paged(request, offered(sample, member), ["place"], lambda rows: pairs_told(rows, member))


class OnePair(APIView):
    @operation("rate_pair", PairShape, takes=RatingBody)
    def put(self, request: Call, slug: str, number: int, pk: int, place: int) -> Response:
        """Rate a pair of a sample, or rate it anew. For those who look on."""
        member, sample = sample_of(request, slug, number, pk)
        pair = get_object_or_404(offered(sample, member), place=place)
        rate(pair, member, RatingBody.of(request)["value"])
        return Response(pairs_told([pair], member)[0])
