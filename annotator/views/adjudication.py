"""The queue of adjudication: what is ready, what is in hand, what still waits and what is gold."""

from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from annotator.models import Member, Question
from annotator.querysets import QuestionQuerySet
from annotator.views.adjudicating import adjudicator_of
from annotator.views.request import Request, number_in

PAGE = 50
STATES = {
    "ready": _("Ready"),
    "mine": _("In your hands"),
    "others": _("In others’ hands"),
    "own": _("Annotated by you"),
    "waiting": _("Still being annotated"),
    "gold": _("Gold"),
}


@require_safe
def adjudication(request: Request, slug: str) -> HttpResponse:
    """List a project's questions by where their adjudication stands, lowest agreement first."""
    member = adjudicator_of(request, slug)
    batch, after = number_in(request.GET, "batch"), number_in(request.GET, "after")
    state = request.GET.get("state", "")
    state = state if state in STATES else "ready"
    asked = Question.objects.filter(batch__project=member.project_id)
    asked = asked.filter(batch=batch) if batch else asked
    counts = {name: at(name, asked, member).count() for name in STATES}
    listed = (
        at(state, asked, member)
        .with_sight(request.user)
        .least_agreed_first()
        .select_related("batch", "adjudicator__user")
    )
    shown = list(listed[after : after + PAGE + 1])
    page = {
        "member": member,
        "project": member.project,
        "questions": shown[:PAGE],
        "more": urlencode({"state": state, "batch": batch or "", "after": after + PAGE}) if shown[PAGE:] else "",
        "tabs": [(name, label, counts[name]) for name, label in STATES.items()],
        "counts": counts,
        "state": state,
        "batches": member.project.batches.all(),
        "batch": batch,
        "total": sum(counts.values()),
    }
    return render(request, "annotator/adjudication.html", page)


def at(state: str, questions: QuestionQuerySet, member: Member) -> QuestionQuerySet:
    """Return the questions of one state, each in one alone."""
    staged = questions.staged()
    if state == "gold":
        return staged.at_stage("gold")
    ready = staged.ready()
    if state == "waiting":
        return staged.filter(~Q(stage="gold") & ~Q(pk__in=ready.values("pk")))
    if state == "own":
        return ready.exclude(pk__in=questions.adjudicable_by(member).values("pk"))
    open_to = ready.adjudicable_by(member)
    if state == "mine":
        return open_to.filter(adjudicator=member)
    held = open_to.filter(lease_until__gte=timezone.now()).exclude(adjudicator=member)
    return held if state == "others" else open_to.exclude(adjudicator=member).free_for(member)
