"""The questions of an evaluation in an order that shows something: a system's worst first, or where two differ most."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Q

from annotator.models import Question, User
from scoring.models import Evaluation, Score
from scoring.sight import places_seen


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


@dataclass(frozen=True, slots=True)
class Sorting:
    """In which order the questions are wanted: by a ``figure`` of a ``system``, which may differ from that of another.

    Figures tell of gold, so they order only what the ``user`` has looked at; all else comes after, as it is listed.
    """

    user: User
    system: int
    figure: str
    order: Order
    only: Only = Only.ALL
    than: int | None = None

    def places(self, evaluation: Evaluation) -> list[int]:
        """Return the places of the questions. Three queries at most."""
        values = values_of(evaluation, self.system, self.figure, chosen(self.only, self.user))
        keys = self.keys(evaluation, values)
        seen = places_seen(evaluation, self.user) if keys else set()
        return sorted(values, key=lambda place: (0, keys[place], place) if place in seen else (1, (), place))

    def keys(self, evaluation: Evaluation, values: Mapping[int, float | None]) -> dict[int, tuple[bool, float]]:
        """Return by what each place is ordered, nothing where they stay as they are listed."""
        if self.order is Order.WORST:
            return {place: (value is None, value or 0.0) for place, value in values.items()}
        if self.order is Order.DIFFER and self.than is not None:
            differing = differences(values, values_of(evaluation, self.than, self.figure))
            return {place: (False, -abs(differing.get(place, 0.0))) for place in values}
        return {}


def differences(first: Mapping[int, float | None], second: Mapping[int, float | None]) -> dict[int, float]:
    """Return first − second by place, where both have a value."""
    found = {}
    for place, value in first.items():
        other = second.get(place)
        if value is not None and other is not None:
            found[place] = value - other
    return found
