"""The questions of an evaluation in an order that shows something: a system's worst first, or where two differ most."""

from collections.abc import Mapping
from enum import StrEnum

from django.db.models import Q

from annotator.models import Question, User
from scoring.models import Evaluation, Score


class Order(StrEnum):
    """In which order questions are gone through."""

    WORST = "worst"
    DIFFER = "differ"
    LISTED = "listed"


class Only(StrEnum):
    """Which questions are gone through."""

    ALL = "all"
    ANSWERABLE = "answerable"
    UNANSWERABLE = "unanswerable"
    SILENT = "silent"
    OUTSIDE = "outside"


CHOSEN = {
    Only.ALL: Q(),
    Only.ANSWERABLE: Q(question__answerable=True),
    Only.UNANSWERABLE: Q(question__answerable=False),
    Only.SILENT: Q(revision__isnull=True),
    Only.OUTSIDE: Q(left_out__gt=0),
}


TELLING = (Only.ANSWERABLE, Only.UNANSWERABLE)  # of gold


def chosen(only: Only, user: User) -> Q:
    """Return which scores are gone through: by what gold says, only of questions on which the user sees gold."""
    if only not in TELLING:
        return CHOSEN[only]
    return CHOSEN[only] & Q(question__question__in=Question.objects.not_blind_for(user).values("pk"))


def values_of(evaluation: Evaluation, system: int, figure: str, among: Q | None = None) -> dict[int, float | None]:
    """Return a system's figure by the place of the question, in their order. One query."""
    scores = Score.objects.filter(among or Q(), question__evaluation=evaluation, system=system)
    return dict(scores.order_by("question__place").values_list("question__place", f"figures__{figure}"))


def places_in(
    evaluation: Evaluation, system: int, figure: str, order: Order, among: Q | None = None, than: int | None = None
) -> list[int]:
    """Return the places of the questions in an order; ``than`` is the system from which to differ. Two queries."""
    values = values_of(evaluation, system, figure, among)
    if order is Order.WORST:
        return sorted(values, key=lambda place: (values[place] is None, values[place] or 0.0))
    if order is Order.DIFFER and than is not None:
        differing = differences(values, values_of(evaluation, than, figure))
        return sorted(values, key=lambda place: -abs(differing.get(place, 0.0)))
    return list(values)


def differences(first: Mapping[int, float | None], second: Mapping[int, float | None]) -> dict[int, float]:
    """Return first − second by place, where both have a value."""
    found = {}
    for place, value in first.items():
        other = second.get(place)
        if value is not None and other is not None:
            found[place] = value - other
    return found
