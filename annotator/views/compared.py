"""Yours beside gold: what an annotator wrote on a question, aligned with what became gold."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from annotator.aligned import Work, accord
from annotator.alignment import Compared, align
from annotator.decisions import Kind
from annotator.desk import Desk, desk_of, fragments_of, works_of
from annotator.fragment_lists import fragment_list
from annotator.models import Annotation, Assignment, Member, Question
from annotator.record import Condition

NEWEST = 3


@dataclass(frozen=True, slots=True)
class Pair:
    """A condition of the annotator's and that of gold, one of them missing where nothing is aligned with the other.

    ``reason`` is why the adjudicator left the annotator's out.
    """

    own: Condition | None
    gold: Condition | None
    score: float | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Near:
    """A question of the annotator's that is gold: how many conditions each has, and how alike they are, 0 to 1."""

    question: Question
    own: int
    gold: int
    likeness: float | None


def newest_beside_gold(member: Member) -> list[Near]:
    """Return the member's submitted questions that became gold last. A few queries, one where there is none."""
    gold = Annotation.objects.gold().order_by("-submitted", "-pk").select_related("question__retrieval")
    handed_in = member.assignments.filter(state=Assignment.State.SUBMITTED, annotation__submitted__isnull=False)
    found = list(gold.filter(question__in=handed_in.order_by().values("question"))[:NEWEST])
    own = {one.question_id: one for one in member.annotations.filter(source="human", question__annotations__in=found)}
    return [near_of(one.question, own[one.question_id], one) for one in found if one.question_id in own]


def near_of(question: Question, own: Annotation, gold: Annotation) -> Near:
    mine, theirs = works_of([own, gold], fragments_of(question))
    likeness = accord([mine.compared, theirs.compared], question.text)
    return Near(question, len(mine.compared), len(theirs.compared), likeness)


@never_cache
@require_safe
def beside_gold(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Show a person's submitted work beside the finished gold of its question."""
    own = Assignment.objects.of(request.user).filter(state=Assignment.State.SUBMITTED, annotation__isnull=False)
    slot = get_object_or_404(own, question=pk, question__batch__project__slug=slug)
    finished = Question.objects.staged().at_stage("gold").select_related("batch__project", "retrieval")
    question = get_object_or_404(finished, pk=pk)
    desk = desk_of(question)
    work = next(one for one in desk.people if one.annotation == slot.annotation_id)
    page = {
        "member": slot.member,
        "project": question.batch.project,
        "question": question,
        "pairs": pairs_of(desk, work),
        "own": work.record,
        "gold": desk.said.record,
        "fragments": fragment_list(question),
    }
    return render(request, "annotator/beside_gold.html", page)


def pairs_of(desk: Desk, work: Work) -> list[Pair]:
    """Return gold's conditions in order, each beside the annotator's, and then what the annotator alone has."""
    gold, own = desk.said.record.conditions, work.record.conditions
    found = {pair.first: pair for pair in align(compared(desk), work.compared, desk.question.text)}
    taken = {pair.second for pair in found.values()}
    beside = [
        Pair(own[found[place].second], condition, found[place].score) if place in found else Pair(None, condition)
        for place, condition in enumerate(gold)
    ]
    alone = [condition for place, condition in enumerate(own) if place not in taken]
    return beside + [Pair(one, None, reason=reason_for(desk, (work.annotation, one.uid))) for one in alone]


def compared(desk: Desk) -> list[Compared]:
    return [Compared.of(condition, desk.fragments) for condition in desk.said.record.conditions]


def reason_for(desk: Desk, node: tuple[int, str]) -> str:
    """Return why the adjudicator left a condition out, empty where nothing is said."""
    left_out = (one for one in desk.said.decisions if one.kind is Kind.NONE and node in one.nodes)
    return next((one.reason for one in left_out), "")
