"""Two systems beside each other, question by question: who wins where, and by how much."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from annotator.views.request import Request
from scoring.measures import figures
from scoring.models import EvaluatedQuestion, Evaluation
from scoring.ordering import differences, values_of
from scoring.sight import places_seen, shows_board
from scoring.views.drill import finished
from scoring.views.evaluation import figure_asked, pairs_of

TOPS = (0.2, 0.4, 0.6, 0.8, 1.0)  # ends of the plot
A_SIDE = 5  # bins
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
    """Show how two systems compare by a figure that ranks, on the questions that have an answer.

    Those that differ most are of all questions: a list of those with an answer would tell what gold says. 13 queries.
    """
    member, found = finished(request, slug, number)
    if not shows_board(found, request.user):
        return redirect("evaluation", slug, number)
    systems = {one.system_id: one.system for one in found.systems.select_related("system")}
    if a == b or a not in systems or b not in systems:
        raise Http404
    by = figure_asked(request, found)
    differing = differences(*(values_of(found, pk, by) for pk in (a, b)))
    answerable = found.questions.filter(answerable=True).values_list("place", flat=True)
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
        "means": [found.column(by)["means"].get(systems[pk].name) for pk in (a, b)],
        "bins": bins_of(differing[place] for place in answerable if place in differing),
        "most": most_differing(request, found, differing),
        "query": urlencode({"system": a, "order": "differ", "than": b, "by": by}),
    }
    return render(request, "scoring/compare.html", page)


def pair_of(found: Evaluation, a: int, b: int, by: str) -> dict[str, Any] | None:
    """Return what the board says of the two, seen from the first; None where they cannot be compared."""
    for pair in pairs_of(found, by):
        if (pair["a"], pair["b"]) == (a, b):
            return pair
        if (pair["a"], pair["b"]) == (b, a):
            turned = {"wins": pair["losses"], "losses": pair["wins"]}
            return pair | turned | {"difference": None if pair["difference"] is None else -pair["difference"]}
    return None


def bins_of(found: Iterable[float]) -> list[Bin]:
    """Return the differences as bars of a plot: five bins of losses, the ties, five of wins, up to the largest."""
    values = list(found)
    end = next(top for top in TOPS if top >= max(map(abs, values), default=0.0) - TIE)
    counts = Counter(place_of(value, end) for value in values)
    return [bar_of(side, end, counts) for side in range(-A_SIDE, A_SIDE + 1)]


def bar_of(side: int, end: float, counts: Mapping[int, int]) -> Bin:
    low, high = sorted((end * inner(side) / A_SIDE, end * side / A_SIDE))
    number = counts.get(side, 0)
    return Bin(low, high, number, (side + A_SIDE) * WIDTH, HEIGHT * number / max(counts.values(), default=1))


def inner(side: int) -> int:
    """Return the edge of a bin that is nearer to 0."""
    return side - (side > 0) + (side < 0)


def place_of(value: float, end: float) -> int:
    """Return the bin of a difference, −5 to 5, 0 being ties; on an edge it is in the one nearer to 0."""
    if abs(value) <= TIE:
        return 0
    side = min(A_SIDE, max(1, ceil(A_SIDE * abs(value) / end - TIE)))
    return side if value > 0 else -side


def most_differing(
    request: Request, found: Evaluation, differing: dict[int, float]
) -> list[tuple[EvaluatedQuestion, float | None]]:
    """Return the questions that differ most of those that the reader has looked at, then others. Two queries.

    The difference is None where gold is hidden: in what order those would stand tells of it, too.
    """
    told = {place: differing[place] for place in places_seen(found, request.user) if place in differing}
    places = [*sorted(told, key=lambda place: -abs(told[place])), *(place for place in differing if place not in told)]
    asked = {one.place: one for one in found.questions.filter(place__in=places[:SHOWN])}
    return [(asked[place], told.get(place)) for place in places[:SHOWN]]
