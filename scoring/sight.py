"""What is shown to whom: figures of a few questions say of each what people wrote there, or nearly so."""

from collections.abc import Collection, Iterator
from itertools import chain
from typing import Any

from annotator.models import Question, User
from annotator.release_diff import Diff
from scoring import undefined
from scoring.models import Evaluation

FEW = undefined.FEW
"""On fewer questions the figures of all of them together say what is written on each, or nearly so."""
Report = dict[str, Any]
HIDDEN = dict.fromkeys(("value", "low", "high")) | {
    "n": 0,
    "reason": f"Fewer than {FEW} questions: who has looked at them all sees this.",
}
NAMED = 20
"""Questions of a kind that a change of a release names at once."""


def seen_among(keys: Collection[int], user: User) -> set[int]:
    """Return those questions of these keys on which the user sees what others wrote. One query."""
    return set(Question.objects.not_blind_for(user).filter(pk__in=keys).values_list("pk", flat=True))


def places_seen(evaluation: Evaluation, user: User) -> set[int]:
    """Return the places of the questions on which the user sees what others wrote. One query."""
    seen = Question.objects.not_blind_for(user).values("pk")
    return set(evaluation.questions.filter(question__in=seen).values_list("place", flat=True))


def shows_board(evaluation: Evaluation, user: User) -> bool:
    """Return whether the user may read the board of a finished evaluation. One query at most."""
    number: int = evaluation.board["questions"]["all"]
    return number >= FEW or len(places_seen(evaluation, user)) == number


def hide_few(report: Report, user: User) -> None:
    """Take from a report of agreement the figures of few questions, unless the user sees others’ work on all of them.

    One query.
    """
    parts = list(parts_in(report))
    few = {key for part in parts for key in part["few"]}
    seen = seen_among(few, user)
    for figure in (figure for part in parts if not seen.issuperset(part["few"]) for figure in figures_in(part)):
        figure.update(HIDDEN)


def parts_in(report: Report) -> Iterator[Report]:
    """Yield a report of agreement and all that it has figures of."""
    kinds = (report.get(kind, {}).values() for kind in ("batches", "guidelines"))
    scopes = [report, *report.get("pairs", ()), *chain(*kinds)]
    yield from scopes
    yield from filter(None, (scope.get("confirmed") for scope in scopes))
    yield from report["people"].values()
    if current := report.get("current"):
        yield from parts_in(current)


def figures_in(part: Report) -> Iterator[dict[str, Any]]:
    """Yield the figures of a part itself; that of a person is one."""
    if "value" in part:
        yield part
    for name in ("figures", "chance", "computed"):
        yield from part.get(name, {}).values()


def named_seen(diff: Diff, user: User) -> set[int]:
    """Return those of the named questions of a diff on which the user may see what others wrote. One query."""
    named = [one.question.question for one in diff.changed[:NAMED]]
    named += [gone.question.question for gone in diff.withdrawn[:NAMED]]
    return seen_among(named, user)
