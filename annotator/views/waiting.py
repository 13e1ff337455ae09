"""What waits for somebody: work that was returned, that lies about, or that was skipped with a reason."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from annotator.models import Assignment, Member, Project, Question
from annotator.querysets import AssignmentQuerySet
from annotator.views.request import Request, number_in

PAGE = 50
OLD = timedelta(days=2)
KINDS = {
    "returned": _("Returned to authors"),
    "old": _("In progress, untouched for two days"),
    "skipped": _("Skipped, with a reason"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A person's slot; without ``name`` nothing but the question is shown, since the manager may still annotate it."""

    assignment: Assignment
    name: str = ""
    reason: str = ""


def of_kind() -> dict[str, Q]:
    return {
        "returned": Q(state=Assignment.State.RETURNED),
        "old": Q(state=Assignment.State.IN_PROGRESS, annotation__saved__lt=timezone.now() - OLD),
        "skipped": Q(state=Assignment.State.SKIPPED),
    }


def of_project(project: Project) -> AssignmentQuerySet:
    return Assignment.objects.filter(question__batch__project=project).order_by()


def counts_of(project: Project) -> dict[str, int]:
    """Return how much there is of each kind. One query."""
    return of_project(project).aggregate(**{name: Count("pk", filter=kind) for name, kind in of_kind().items()})


@require_safe
def waiting(request: Request, slug: str) -> HttpResponse:
    """List what waits, the newest slot first; whose it is and why is shown as the question's own page would."""
    member = get_object_or_404(Member.objects.managing(request.user), project__slug=slug)
    kind, before = request.GET.get("what", ""), number_in(request.GET, "before")
    kind = kind if kind in KINDS else "returned"
    hidden = request.GET.get("names") == "hidden"
    found = of_project(member.project).filter(of_kind()[kind]).order_by("-pk")
    found = found.filter(pk__lt=before) if before else found
    shown = list(found.select_related("question__batch", "member__user", "annotation")[: PAGE + 1])
    asked = {"what": kind} | ({"names": "hidden"} if hidden else {})
    counts = counts_of(member.project)
    page = {
        "member": member,
        "project": member.project,
        "tabs": [(name, label, counts[name]) for name, label in KINDS.items()],
        "kind": kind,
        "hidden": hidden,
        "lines": list(lines_of(shown[:PAGE], request, hidden=hidden)),
        "more": urlencode({**asked, "before": shown[PAGE - 1].pk}) if len(shown) > PAGE else "",
    }
    return render(request, "annotator/waiting.html", page)


def lines_of(assignments: list[Assignment], request: Request, *, hidden: bool) -> Iterator[Line]:
    """Yield each slot, with whose it is where the person may know. One query."""
    own = Question.objects.filter(pk__in=[one.question_id for one in assignments])
    seen = set(own.not_blind_for(request.user).values_list("pk", flat=True))
    for one in assignments:
        name = one.member.pseudonym if hidden else one.member.name
        yield Line(one, name, one.reason) if one.question_id in seen else Line(one)
