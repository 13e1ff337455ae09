"""The question list, and one question as a manager sees it."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from annotator import rows
from annotator.checks import letter_of
from annotator.models import Annotation, Assignment, Member, Question
from annotator.record import Condition
from annotator.views.progress import STAGES
from annotator.views.request import Request, number_in

PAGE = 50


@require_safe
@vary_on_headers("HX-Request")
def questions(request: Request, slug: str) -> HttpResponse:
    """List the questions, found by words, stage and batch; a search as one types asks for the list alone."""
    member = get_object_or_404(Member.objects.managing(request.user), project__slug=slug)
    batches = list(member.project.batches.all())
    words, stage = request.GET.get("q", "").replace("\0", "").strip(), request.GET.get("stage", "")
    batch, after = number_in(request.GET, "batch"), number_in(request.GET, "after")
    found = Question.objects.filter(batch__in=batches).found_by(words).staged()
    found = found.at_stage(stage) if stage in STAGES else found
    found = found.filter(batch=batch) if batch else found
    count = found.count()
    shown = list(found.behind(after).in_order().select_related("batch", "retrieval")[: PAGE + 1])
    more = {"q": words, "stage": stage, "batch": batch or "", "after": shown[PAGE - 1].pk} if len(shown) > PAGE else {}
    page = {
        "member": member,
        "project": member.project,
        "questions": shown[:PAGE],
        "count": count,
        "more": urlencode(more),
        "batches": batches,
        "stages": STAGES.items(),
        "words": words,
        "stage": stage,
        "batch": batch,
        "after": after,
        "filtered": bool(words or stage or batch),
    }
    part = "#list" if request.htmx and not request.htmx.history_restore_request else ""
    return render(request, f"annotator/questions.html{part}", page)


@require_safe
def question(request: Request, slug: str, pk: int) -> HttpResponse:
    """Show a question, its frozen list, who has it, and gold, the last two only to whom they are not hidden."""
    member = get_object_or_404(Member.objects.managing(request.user), project__slug=slug)
    rows_of_it = Question.objects.managed_by(request.user).staged().select_related("batch", "retrieval", "brought_by")
    question = get_object_or_404(rows_of_it, pk=pk, batch__project=member.project_id)
    sees = Question.objects.not_blind_for(request.user).filter(pk=pk).exists()
    retrieval = question.retrieval
    page = {
        "member": member,
        "project": member.project,
        "question": question,
        "stage": STAGES[question.stage],
        "listed": retrieval.listed.select_related("fragment").order_by("rank") if retrieval else [],
        "sees": sees,
        "own": Assignment.objects.of(request.user).filter(question=question).first(),
        "assignments": question.assignments.select_related("member__user", "annotation") if sees else [],
        "gold": gold_of(question) if sees else None,
    }
    return render(request, "annotator/question.html", page)


def gold_of(question: Question) -> list[tuple[str, Condition]] | None:
    """Return gold's conditions with their letters, None where there is no gold."""
    gold = Annotation.objects.gold().filter(question=question).with_conditions().first()
    if gold is None:
        return None
    conditions = rows.annotation_record(gold).conditions
    return [(letter_of(place), condition) for place, condition in enumerate(conditions)]
