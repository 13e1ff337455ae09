"""One question of an evaluation: gold beside what a system said, and the fragments at hand."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from annotator import record
from annotator.actions import looking
from annotator.actions.looking import StillOpen
from annotator.checks import letter_of
from annotator.codec import annotation_from_json
from annotator.models import Assignment, Member, Question, System, User
from annotator.supplement_numbers import numbered, numbers_in
from annotator.views.questions import gives_up
from annotator.views.request import Request, number_in, text_in
from retrieval.models import ListedFragment
from scoring.measures import Figure, figures
from scoring.models import EvaluatedQuestion, EvaluatedSystem, Evaluation, Proposal, Score
from scoring.ordering import Only, Order, Sorting
from scoring.views.board_table import labelled
from scoring.views.drill_rows import Listed, Side, cited_in, rows_of
from scoring.views.evaluation import evaluation_of, figure_asked, written_in

ORDERS = {
    Order.WORST: gettext_lazy("furthest below the system’s mean first"),
    Order.DIFFER: gettext_lazy("where two systems differ most first"),
    Order.LISTED: gettext_lazy("as they come"),
}
ONLY = {
    Only.ALL: gettext_lazy("all questions"),
    Only.ANSWERABLE: gettext_lazy("with an answer, where you see gold"),
    Only.UNANSWERABLE: gettext_lazy("without an answer, where you see gold"),
    Only.SILENT: gettext_lazy("without a reply"),
    Only.OUTSIDE: gettext_lazy("with a citation that counts for nothing"),
}
SHOWN = ("answer_f1", "citation_f1", "condition_f1")


@dataclass(frozen=True, slots=True)
class Walk:
    """How the questions of an evaluation are gone through: by whom, by which system, in which order, which of them.

    ``by`` is the figure that the order is of; ``evaluated`` is the system as it was said to be when it was evaluated.
    """

    user: User
    evaluation: Evaluation
    systems: list[System]
    evaluated: EvaluatedSystem
    by: str
    order: Order
    than: System | None
    only: Only

    @classmethod
    def of(cls, request: Request, evaluation: Evaluation) -> "Walk":
        """Return what the address asks for; without, the worst questions of the best system. One query."""
        own = {one.system_id: one for one in evaluation.systems.select_related("system")}
        systems = [one.system for one in own.values()]
        best = evaluation.ordered(evaluation.primary)[0]["pk"]
        evaluated = own.get(number_in(request.GET, "system") or 0) or own[best]
        by = figure_asked(request, evaluation)
        others = {one.pk: one for one in systems if one != evaluated.system}
        rival = evaluation.rival(evaluated.system_id, by)
        than = others.get(number_in(request.GET, "than") or 0) or others.get(rival or 0)
        order, only = request.GET.get("order", ""), request.GET.get("only", "")
        return cls(
            request.user,
            evaluation,
            systems,
            evaluated,
            by,
            Order(order) if order in list(Order) else Order.WORST,
            than,
            Only(only) if only in list(Only) else Only.ALL,
        )

    @property
    def system(self) -> System:
        return self.evaluated.system

    @property
    def query(self) -> str:
        asked: dict[str, Any] = {"system": self.system.pk, "order": self.order.value}
        if self.order is Order.DIFFER and self.than:
            asked["than"] = self.than.pk
        if self.by != self.evaluation.primary:
            asked["by"] = self.by
        if self.only is not Only.ALL:
            asked["only"] = self.only.value
        return urlencode(asked)

    @property
    def figure(self) -> Figure:
        return figures()[self.by]

    def places(self) -> list[int]:
        """Return the places in order. Three queries at most."""
        than = self.than.pk if self.than else None
        return Sorting(self.user, self.system.pk, self.by, self.order, self.only, than).places(self.evaluation)

    def url(self, slug: str, place: int) -> str:
        return f"{reverse('evaluation_question', args=[slug, self.evaluation.number, place])}?{self.query}"


def finished(request: Request, slug: str, number: int) -> tuple[Member, Evaluation]:
    """Return an evaluation that has its scores, and the member who looks on; none is shown before."""
    member, found = evaluation_of(request, slug, number)
    if not found.finished:
        raise Http404
    return member, found


@require_safe
def evaluation_questions(request: Request, slug: str, number: int) -> HttpResponse:
    """Lead to the first question of an order."""
    _member, found = finished(request, slug, number)
    walk = Walk.of(request, found)
    return redirect(walk.url(slug, next(iter(walk.places()), 1)))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
def evaluation_question(request: Request, slug: str, number: int, place: int) -> HttpResponse:
    """Show a question; a POST shows what others wrote on it, or on all questions, which is a look."""
    member, found = finished(request, slug, number)
    rows = found.questions.select_related("question__batch", "question__retrieval", "gold")
    asked = get_object_or_404(rows, place=place)
    walk = Walk.of(request, found)
    if request.method == "POST":
        look(request, member, found, asked)
        return redirect(walk.url(slug, place))
    page = {"member": member, "project": member.project, "evaluation": found, "asked": asked, "walk": walk}
    page |= around(walk, slug, place) | sight(request.user, member, asked)
    if page["sees"]:
        page |= beside(walk, asked)
    part = "#drill" if request.htmx and not request.htmx.history_restore_request else ""
    return render(request, f"scoring/drill.html{part}", page)


def look(request: Request, member: Member, found: Evaluation, asked: EvaluatedQuestion) -> None:
    """Let the member see gold of the question, or of all questions of the evaluation."""
    try:
        if text_in(request.POST, "all"):
            looking.take_out(member, written_in(found))
        else:
            looking.look(member, asked.question)
    except StillOpen:
        messages.error(request, _("You have a question of these yourself: submit or skip it first."))


def around(walk: Walk, slug: str, place: int) -> dict[str, Any]:
    """Return where the question stands in its order, what is before and behind it, and what may be chosen."""
    places = walk.places()
    at = places.index(place) if place in places else None
    before, behind = (None, None) if at is None else (at - 1 if at else None, at + 1 if at + 1 < len(places) else None)
    return {
        "at": at + 1 if at is not None else None,
        "of": len(places),
        "previous": walk.url(slug, places[before]) if before is not None else "",
        "next": walk.url(slug, places[behind]) if behind is not None else "",
        "orders": ORDERS.items() if walk.than else [one for one in ORDERS.items() if one[0] is not Order.DIFFER],
        "order_label": ORDERS[walk.order],
        "only": ONLY.items(),
    }


def sight(user: User, member: Member, asked: EvaluatedQuestion) -> dict[str, Any]:
    """Return whether the member sees what others wrote, and what seeing it would cost them."""
    own = member.assignments.filter(question=asked.question_id).first()
    return {
        "sees": Question.objects.not_blind_for(user).filter(pk=asked.question_id).exists(),
        "has_it": own is not None and own.state in Assignment.IN_HAND,
        "gives_up": gives_up(member, own),
    }


def beside(walk: Walk, asked: EvaluatedQuestion) -> dict[str, Any]:
    """Return gold beside what the system said, its figures, and the lists that both cite from. Five queries at most."""
    scores = Score.objects.select_related("revision__annotation")
    score = get_object_or_404(scores, question=asked, system=walk.system)
    usual = asked.question.retrieval_id
    own = (score.revision.annotation.retrieval_id if score.revision else None) or usual
    lists = listed_in(usual, own)
    numbers = numbers_in(asked.question.supplementary_id)
    gold = Side(numbered(gold_of(asked, score), numbers), places_of(lists, usual), "g")
    said = annotation_from_json(score.revision.record) if score.revision else record.Annotation()
    predicted = Side(said, places_of(lists, own), "g" if own == usual else "s")
    cited = marks_in(gold, predicted)
    proposals = {one.condition: one for one in Proposal.objects.filter(revision=score.revision)}
    rows = list(rows_of(gold, predicted, score.pairs, proposals, walk.evaluated))
    return {
        "score": score,
        "figures": [(labelled(name, walk.evaluation).label, score.figures.get(name)) for name in SHOWN],
        "rows": rows,
        "counts": {state: sum(row.state == state for row in rows) for state in ("matched", "missed", "extra")},
        "gold": gold.said,
        "said": said,
        "lists": [
            (name, title, [listed(line, cited) for line in lists[pk]])
            for pk, (name, title) in titles(walk, usual, own).items()
        ],
    }


def gold_of(asked: EvaluatedQuestion, score: Score) -> record.Annotation:
    """Return gold, or the one of several references that the prediction suits best."""
    step = asked.gold or asked.work.select_related("revision").order_by("pk")[score.reference].revision
    return annotation_from_json(step.record)


Lists = Mapping[int, list[ListedFragment]]


def listed_in(*retrievals: int | None) -> Lists:
    """Return the lines of some lists, by the list. One query."""
    found: dict[int, list[ListedFragment]] = {pk: [] for pk in retrievals if pk}
    for line in ListedFragment.objects.filter(retrieval__in=found).select_related("fragment").order_by("rank"):
        found[line.retrieval_id].append(line)
    return found


def places_of(lists: Lists, retrieval: int | None) -> dict[tuple[bool, int], Hashable]:
    return {(False, line.rank): line.fragment.sha256 for line in lists.get(retrieval or 0, ())}


def titles(walk: Walk, usual: int | None, own: int | None) -> dict[int, tuple[str, str]]:
    """Return the name and title of each list at hand: the question's, and the system's where it had its own."""
    found = {usual: ("g", _("Frozen list"))} if usual else {}
    if own and own != usual:
        found[own] = ("s", _("What %(system)s was given") % {"system": walk.system.name})
    return found


def marks_in(gold: Side, predicted: Side) -> tuple[Mapping[Hashable, str], Mapping[Hashable, str]]:
    """Return by which conditions of gold, and of the system, each fragment is cited."""
    return (
        cited_in(gold, {place: letter_of(place) for place in range(len(gold.said.conditions))}),
        cited_in(predicted, {place: str(place + 1) for place in range(len(predicted.said.conditions))}),
    )


def listed(line: ListedFragment, marks: Iterable[Mapping[Hashable, str]]) -> Listed:
    fragment = line.fragment
    return Listed(line.rank, fragment.title, fragment.text, *(marked.get(fragment.sha256, "") for marked in marks))
