"""The human check of a judge: pairs of an evaluation are drawn, and people rate them without knowing what it said.

``draw_sample`` draws from all of the judge's scale, only pairs that it was really asked about: two texts, neither blank
nor the same, and of answers those where both sides have one. Whoever rates sees gold, so ``begin`` stores that they
look, and a pair is offered only to who may see its question (docs/decisions/0007). ``check`` is what comes of it.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, product, zip_longest
from random import Random
from statistics import fmean

from django.db import transaction
from django.utils import timezone

from annotator import record
from annotator.actions import looking
from annotator.actions.queued import NotNow, Refused
from annotator.codec import annotation_from_json
from annotator.models import Assignment, Member, Question
from annotator.querysets import QuestionQuerySet
from annotator.similarity import answer_similarity
from retrieval.fragments import batched
from scoring.agreement import Figure
from scoring.correlating import Point, agreement_of, correlations
from scoring.judges import Couple, Kind
from scoring.models import Evaluation, Rating, Sample, SampledPair, Score
from scoring.scored import known

HIGHEST = 10
STRATA = 10  # equal parts of the judge's scale
READ = 200  # scores whose records are read at once


class Nothing(Refused):
    """There is no pair of the kind to be rated."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a pair stands: a score, the places of the conditions in gold and prediction, and what the judge said."""

    score: int
    gold: int
    predicted: int
    judged: float


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a member is with a sample: of its ``pairs`` they may see ``offered`` and have rated ``rated``.

    ``unseen`` questions they would look at by beginning; ``in_hand`` ones they have to hand in before.
    """

    pairs: int
    offered: int
    rated: int
    unseen: int
    in_hand: int


@dataclass(frozen=True, slots=True)
class Check:
    """What a sample says of the judge: the points, correlations, and how far the people who rated agree."""

    points: list[Point]
    figures: dict[str, Figure]
    agreement: dict[str, Figure]
    pairs: int
    people: int


def draw_sample(evaluation: Evaluation, kind: Kind, size: int, seed: int, by: Member | None) -> Sample:
    """Draw pairs to be rated, the same ones for the same seed. Raises NotNow, and Nothing where there is none."""
    if not evaluation.finished:
        raise NotNow("The evaluation is not finished yet.")
    random = Random(seed)  # noqa: S311 - a sample is to come out the same again
    found = drawn(spread(spots(evaluation, kind), random), kind, size)
    if not found:
        raise Nothing("The judge was asked about no pair of this kind, so there is nothing to rate.")
    random.shuffle(found)  # or a pair's place would tell its part of the scale
    with transaction.atomic():
        sample = Sample.objects.create(evaluation=evaluation, kind=kind, seed=seed, by=by, created=timezone.now())
        for place, pair in enumerate(found, 1):
            pair.sample, pair.place = sample, place
        SampledPair.objects.bulk_create(found)
    return sample


def spots(evaluation: Evaluation, kind: Kind) -> Iterator[Spot]:
    """Yield where systems' pairs with a verdict stand, of the questions that have gold. One query."""
    scores = Score.objects.filter(question__evaluation=evaluation, question__gold__isnull=False, system__isnull=False)
    for pk, pairs in scores.order_by("pk").values_list("pk", "pairs").iterator():
        for pair in pairs:
            if pair[kind] is not None:
                yield Spot(pk, pair["gold"], pair["predicted"], pair[kind])


def spread(found: Iterator[Spot], random: Random) -> Iterator[Spot]:
    """Yield them in an order that takes one of each part of the judge's scale in turn, at random within each."""
    strata: list[list[Spot]] = [[] for _part in range(STRATA)]
    for spot in found:
        strata[min(int(spot.judged * STRATA), STRATA - 1)].append(spot)
    for stratum in strata:
        random.shuffle(stratum)
    return (spot for spot in chain.from_iterable(zip_longest(*strata)) if spot)


def drawn(found: Iterator[Spot], kind: Kind, size: int) -> list[SampledPair]:
    """Return the first pairs that can be rated, each couple of texts once. A query for some at a time."""
    pairs: dict[Couple, SampledPair] = {}
    for some in batched(found, READ):
        with_texts = Score.objects.select_related("question__gold", "revision")
        scores = with_texts.in_bulk({spot.score for spot in some})
        for spot in some:
            couple = couple_at(scores[spot.score], spot, kind)
            if couple and known(couple) is None:
                pairs.setdefault(couple, sampled(couple, spot))
            if len(pairs) == size:
                return list(pairs.values())
    return list(pairs.values())


def couple_at(score: Score, spot: Spot, kind: Kind) -> Couple | None:
    """Return the two texts of a pair; None where a side has none, or several answers: A is of them all then."""
    if score.question.gold is None or score.revision is None:
        return None
    gold = annotation_from_json(score.question.gold.record).conditions[spot.gold]
    predicted = annotation_from_json(score.revision.record).conditions[spot.predicted]
    question = score.question.text
    if kind is Kind.CONDITION:
        return Couple(kind, question, (gold.text,), (predicted.text,))
    if len(gold.answers) != 1 or len(predicted.answers) != 1:
        return None
    said = written(gold), written(predicted)
    return Couple(kind, question, *said) if all(said) else None


def written(condition: record.Condition) -> tuple[str, ...]:
    """Return the wordings of the only answer that are not blank."""
    return tuple(text for text in condition.answers[0].wordings if text.strip())


def sampled(couple: Couple, spot: Spot) -> SampledPair:
    """Return a pair with the most alike of its wordings: gold alone has several, and would be known by them."""
    gold, predicted = max(
        product(couple.gold, couple.predicted), key=lambda texts: answer_similarity(*texts, couple.question)
    )
    texts = {"question": couple.question, "gold": gold, "predicted": predicted}
    return SampledPair(score_id=spot.score, judged=spot.judged, **texts)


def sides(pair: SampledPair) -> tuple[str, str]:
    """Return the two texts as they are shown to everybody: which of them is gold's hangs on a digest."""
    swapped = hashlib.sha256(f"{pair.sample_id}.{pair.place}".encode()).digest()[0] % 2
    return (pair.predicted, pair.gold) if swapped else (pair.gold, pair.predicted)


def begin(sample: Sample, member: Member) -> None:
    """Let the member see the pairs: they look at the questions that they have not in hand.

    Raises StillOpen where they took one of these meanwhile.
    """
    unseen = list(unseen_by(member, sample).values_list("pk", flat=True))
    looking.record(member, Question.objects.filter(pk__in=unseen), member.assignments.filter(question__in=unseen))


def asked_of(sample: Sample) -> QuestionQuerySet:
    return Question.objects.filter(pk__in=sample.pairs.values("score__question__question"))


def unseen_by(member: Member, sample: Sample) -> QuestionQuerySet:
    """Return the sample's questions that the member may look at, and has not yet."""
    seen = Question.objects.not_blind_for(member.user) if member.user else Question.objects.none()
    in_hand = Assignment.objects.filter(member=member).in_hand()
    return asked_of(sample).exclude(pk__in=seen.values("pk")).exclude(pk__in=in_hand.values("question"))


def standing(sample: Sample, member: Member) -> Standing:
    """Return how far a member is with a sample. Five queries."""
    offered = sample.pairs.offered_to(member)
    in_hand = Assignment.objects.filter(member=member, question__in=asked_of(sample)).in_hand()
    return Standing(
        pairs=sample.pairs.count(),
        offered=offered.count(),
        rated=offered.filter(ratings__member=member).count(),
        unseen=unseen_by(member, sample).count(),
        in_hand=in_hand.count(),
    )


def rate(pair: SampledPair, member: Member, value: int) -> None:
    """Keep how alike a member finds a pair, 0 to 10; they may change their mind, and a repeat changes nothing.

    Raises Refused where it is no such number.
    """
    if not 0 <= value <= HIGHEST:
        raise Refused(f"rating: {value} is none of 0 to {HIGHEST}")
    if not pair.ratings.filter(member=member, value=value).exists():
        given = {"value": value, "at": timezone.now()}
        Rating.objects.update_or_create(pair=pair, member=member, defaults=given)


def check(sample: Sample) -> Check:
    """Return how far the judge says what people say. Two queries."""
    pairs = list(sample.pairs.prefetch_related("ratings"))
    given = {pair.pk: {one.member_id: one.value for one in pair.ratings.all()} for pair in pairs}
    points = [
        Point(HIGHEST * pair.judged, fmean(given[pair.pk].values()), len(given[pair.pk]))
        for pair in pairs
        if given[pair.pk]
    ]
    points.sort(key=lambda point: (point.judge, point.mean))
    people = {member for one in given.values() for member in one}
    return Check(points, correlations(points), agreement_of(given), len(pairs), len(people))


def rate_all(sample: Sample, member: Member, values: Sequence[int]) -> None:
    """Let a member look at a sample and rate its pairs in order, as a demo does."""
    begin(sample, member)
    for pair, value in zip(sample.pairs.offered_to(member), values, strict=False):
        rate(pair, member, value)
