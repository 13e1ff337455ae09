"""Conditions that systems found and gold has not: proposed on a question of an evaluation, decided here."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from annotator.actions.queued import Refused
from annotator.models import Member, Question
from annotator.reading import LONGEST_TEXT
from annotator.views.adjudicating import taken
from annotator.views.consented import consented_first
from annotator.views.request import Request, number_in, text_in
from scoring import proposing
from scoring.models import Evaluation, Proposal, Score
from scoring.sight import seen_among
from scoring.views.drill import Walk
from scoring.views.proposed import proposed_on

PAGE = 30
TABS = [
    (Proposal.State.OPEN, gettext_lazy("Open")),
    (Proposal.State.TAKEN, gettext_lazy("Taken up")),
    (Proposal.State.DECLINED, gettext_lazy("Declined")),
]


SAID = {
    Proposal.State.OPEN: gettext_lazy("It is proposed for gold, and waits for who adjudicates."),
    Proposal.State.TAKEN: gettext_lazy("It was proposed before, and has been taken up."),
}


def adjudicator(request: Request, slug: str) -> Member:
    """Return the membership by which somebody adjudicates."""
    return get_object_or_404(Member.objects.adjudicating(request.user), project__slug=slug)


@never_cache
@require_safe
@vary_on_headers("HX-Request")
def proposals(request: Request, slug: str) -> HttpResponse:
    """List what is proposed for gold; other pages ask for the number of open ones alone, or for those on a question."""
    member = get_object_or_404(Member.objects.looking_on(request.user), project__slug=slug)
    own = Proposal.objects.in_project(member.project)
    page: dict[str, Any] = {"member": member, "project": member.project}
    part = request.htmx and not request.htmx.history_restore_request
    if part and (question := number_in(request.GET, "question")):
        here = proposed_on(question, request.user) if own.filter(question=question).exists() else []
        return render(request, "scoring/proposals.html#of_question", page | {"proposed": here})
    if part:
        return render(request, "scoring/proposals.html#count", page | {"open": own.open().count()})
    state = request.GET.get("state", "")
    state = state if state in Proposal.State.values else Proposal.State.OPEN.value
    counts = dict(own.order_by().values_list("state").annotate(number=Count("pk")))
    found = own.filter(state=state).select_related(
        "question__batch", "by", "decided_by", "revision__annotation__system"
    )
    shown = Paginator(found.order_by("pk"), PAGE).get_page(request.GET.get("page"))
    page |= {
        "shown": shown,
        "state": state,
        "tabs": [(name.value, label, counts.get(name.value, 0)) for name, label in TABS],
        "seen": seen_among([one.question_id for one in shown], request.user),
    }
    return render(request, "scoring/proposals.html", page)


@require_POST
def propose(request: Request, slug: str, number: int, place: int) -> HttpResponse:
    """Propose an extra condition of a system for gold."""
    member = adjudicator(request, slug)
    found = get_object_or_404(Evaluation.objects.finished(), project=member.project, number=number)
    scores = Score.objects.select_related("question__question", "revision")
    sees = Question.objects.not_blind_for(request.user).values("pk")
    own = scores.filter(question__evaluation=found, question__place=place, question__question__in=sees)
    score = get_object_or_404(own, system=number_in(request.GET, "system"))
    condition, note = text_in(request.POST, "condition"), text_in(request.POST, "note")[:LONGEST_TEXT]
    try:
        proposal, _new = proposing.propose(score, condition, note, member)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, SAID[Proposal.State(proposal.state)])
    return redirect(Walk.of(request, found).url(slug, place))


@require_POST
@consented_first
def proposal_take(request: Request, slug: str, pk: int) -> HttpResponse:
    """Take up a proposal: its question comes into the member's hands, whose gold they can then reopen."""
    member = adjudicator(request, slug)
    proposal = proposal_of(member, pk)
    try:
        if taken(request, partial(proposing.take_up, proposal, member)):
            messages.info(request, _("Taken up. What is proposed stands above; to add it, reopen gold."))
            return redirect("adjudicate", slug, proposal.question_id)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("proposals", slug)


@require_POST
def proposal_decline(request: Request, slug: str, pk: int) -> HttpResponse:
    """Decline a proposal with a reason."""
    member = adjudicator(request, slug)
    try:
        proposing.decline(proposal_of(member, pk), member, text_in(request.POST, "reason")[:LONGEST_TEXT])
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Declined."))
    return redirect("proposals", slug)


def proposal_of(member: Member, pk: int) -> Proposal:
    own = Proposal.objects.in_project(member.project).select_related("question__batch__project", "revision")
    return get_object_or_404(own, pk=pk)
