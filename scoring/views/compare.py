"""Two systems beside each other, question by question: who wins where, and by how much."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from annotator.models import Question
from annotator.views.request import Request
from scoring.measures import Over, figures
from scoring.models import EvaluatedQuestion, Evaluation
from scoring.ordering import Only, differences, values_of
from scoring.views.drill import finished
from scoring.views.evaluation import pairs_of

EDGES = [round(-1 + 0.2 * step, 1) for step in range(11)]
WIDTH, HEIGHT, FOOT = 60, 90, 100  # of the plot, in its own units
SHOWN = 15  # questions that differ most
TIE = 1e-9


@dataclass(frozen=True, slots=True)
class Bin:
    """How many questions differ by so much, and the bar of it on the plot. Ties stand in a bin of their own."""

    low: float
    high: float
    number: int
    x: float
    height: float

    @property
    def side(self) -> str:
        return "tie" if self.low == self.high else "win" if self.low >= 0 else "loss"

    @property
    def y(self) -> float:
        return FOOT - self.height


@require_safe
def evaluation_compare(request: Request, slug: str, number: int, a: int, b: int) -> HttpResponse:
    """Show how two systems compare by a figure that ranks, on the questions that have an answer. Twelve queries."""
    member, found = finished(request, slug, number)
    systems = {one.system_id: one.system for one in found.systems.select_related("system")}
    if a == b or a not in systems or b not in systems:
        raise Http404
    by = request.GET.get("by", "")
    by = by if by in figures() and figures()[by].ranked else found.primary
    differing = differences(*(values_of(found, pk, by, Only.ANSWERABLE) for pk in (a, b)))
    page = {
        "member": member,
        "project": member.project,
        "evaluation": found,
        "first": systems[a],
        "second": systems[b],
        "by": by,
        "label": figures()[by].label,
        "choices": [(name, one.label) for name, one in figures().items() if one.ranked],
        "pair": pair_of(found, a, b, by),
        "means": [mean_of(found, systems[pk].name, by) for pk in (a, b)],
        "bins": bins_of(differing.values()),
        "most": most_differing(request, found, differing),
        "query": urlencode({"system": a, "order": "differ", "than": b}),
    }
    return render(request, "scoring/compare.html", page)


def mean_of(found: Evaluation, name: str, by: str) -> Any:
    return found.board["figures"].get(Over.ANSWERABLE.value, {}).get(by, {}).get("means", {}).get(name)


def pair_of(found: Evaluation, a: int, b: int, by: str) -> dict[str, Any] | None:
    """Return what the board says of the two, seen from the first; None where they cannot be compared."""
    for pair in pairs_of(found.board, by):
        if (pair["a"], pair["b"]) == (a, b):
            return pair
        if (pair["a"], pair["b"]) == (b, a):
            turned = {"wins": pair["losses"], "losses": pair["wins"]}
            return pair | turned | {"difference": None if pair["difference"] is None else -pair["difference"]}
    return None


def bins_of(found: Iterable[float]) -> list[Bin]:
    """Return the differences counted by fifths, losses, ties and wins, as bars of a plot."""
    values = list(found)
    ranges = [(low, high) for low, high in pairwise(EDGES) if high <= 0]
    ranges += [(0.0, 0.0), *((-high, -low) for low, high in reversed(ranges))]
    counts = [sum(within(value, low, high) for value in values) for low, high in ranges]
    most = max(counts, default=0) or 1
    return [
        Bin(low, high, count, place * WIDTH, HEIGHT * count / most)
        for place, ((low, high), count) in enumerate(zip(ranges, counts, strict=True))
    ]


def within(value: float, low: float, high: float) -> bool:
    """Return whether a difference is in a bin; the one farther from 0 takes its edge."""
    if low == high:
        return abs(value) <= TIE
    if low >= 0:
        return (value > TIE and low <= value < high) or value == high == 1.0
    return (value < -TIE and low < value <= high) or value == low == -1.0


def most_differing(
    request: Request, found: Evaluation, differing: dict[int, float]
) -> list[tuple[EvaluatedQuestion, float | None]]:
    """Return the questions that differ most; the difference is None where gold is hidden from who asks. Two queries."""
    places = sorted(differing, key=lambda place: -abs(differing[place]))[:SHOWN]
    asked = {one.place: one for one in found.questions.filter(place__in=places)}
    sees = Question.objects.not_blind_for(request.user).filter(pk__in=[one.question_id for one in asked.values()])
    seen = set(sees.values_list("pk", flat=True))
    return [(asked[place], differing[place] if asked[place].question_id in seen else None) for place in places]
