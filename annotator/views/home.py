"""Home: a person's queue in one of their projects, and the projects they manage."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from annotator.actions.projects import may_make_projects
from annotator.actions.submitting import findings_of
from annotator.models import Annotation, Assignment, Member, Project, Question
from annotator.progress import progress_by_project
from annotator.querysets import QuestionQuerySet
from annotator.rows import annotation_record
from annotator.views.compared import newest_beside_gold
from annotator.views.request import Request, number_in, text_in

PAGE = 20
MOST_OPEN = 50
State = Assignment.State
# The first tabs are always there, these where they hold something.
SOMETIMES = ("assigned", "expired")
TABS = {
    "todo": _("To do"),
    "assigned": _("Assigned to you"),
    "in_progress": _("In progress"),
    "returned": _("Returned"),
    "submitted": _("Submitted"),
    "skipped": _("Skipped"),
    "expired": _("Lease ended"),
}
OPEN_STATES = (State.IN_PROGRESS, State.RETURNED)


@dataclass(frozen=True, slots=True)
class Line:
    """One question of the queue; ``checks`` is None where nothing is left to check."""

    question: Question
    state: str = "todo"
    reason: str = ""
    conditions: int = 0
    checks: int | None = None
    saved: datetime | None = None


# The lines, and what the next page begins after: the key of the last one shown, None where nothing is left.
Page = tuple[list[Line], int | None]


@require_safe
@vary_on_headers("HX-Request")
def home(request: Request) -> HttpResponse:
    """Show the queue; a click on a tab asks for the list alone."""
    memberships = list(Member.objects.of(request.user).select_related("project").order_by("project__name"))
    unfinished = unfinished_of(request)
    member = chosen(request, memberships, unfinished)
    page: dict[str, Any] = {
        "memberships": memberships,
        "member": member,
        "project": member.project if member else None,
        "may_make_projects": may_make_projects(request.user, memberships),
    }
    if member and member.role != Member.Role.VIEWER:
        page |= queue(request, member)
    if request.htmx and "lines" in page:
        return render(request, "annotator/home.html#list", page)
    if member:
        page |= where_left_off(member, unfinished)
    page["deleted"] = Project.objects.restorable_by(request.user)
    page["managed"] = progress_by_project([one for one in memberships if one.role == Member.Role.MANAGER])
    return render(request, "annotator/home.html", page)


def unfinished_of(request: Request) -> list[Assignment]:
    """Return the person's open work in all their projects: returned first, then as last touched."""
    return list(Assignment.objects.of(request.user).open().counted()[:MOST_OPEN])


def chosen(request: Request, memberships: list[Member], unfinished: list[Assignment]) -> Member | None:
    """Return the membership whose queue is shown: the one asked for, where the last work was, or any with a queue."""
    asked = text_in(request.GET, "project")
    if asked:
        return get_object_or_404(Member.objects.of(request.user).select_related("project"), project__slug=asked)
    last = unfinished[0].member_id if unfinished else None
    likely = sorted(memberships, key=lambda one: (one.pk != last, one.role == Member.Role.VIEWER))
    return likely[0] if likely else None


def where_left_off(member: Member, unfinished: list[Assignment]) -> dict[str, Any]:
    """Return the work to go on with, and how many checks are open on it."""
    work = next((one for one in unfinished if one.member_id == member.pk), None)
    return {"next": work, "next_checks": sum(checks_of([work]).values()) if work else 0}


def queue(request: Request, member: Member) -> dict[str, Any]:
    """Return the tab that was asked for, its lines, and the counts of all."""
    tab = request.GET.get("tab", "")
    tab = tab if tab in TABS else "todo"
    counts = dict.fromkeys(TABS, 0)
    for state, number in member.assignments.order_by().values_list("state").annotate(number=Count("pk")):
        counts[state] = number
    counts["todo"] = claimable(member).count()
    after = number_in(request.GET, "after")
    lines, more = LISTS[tab](member, tab, after)
    return {
        "tabs": [(name, label, counts[name]) for name, label in TABS.items() if counts[name] or name not in SOMETIMES],
        "tab": tab,
        "lines": lines,
        "more": more,
        "after": after,
        "counts": counts,
        "total": sum(counts.values()),
        "per_question": conditions_per_question(member),
        "beside": newest_beside_gold(member),
        "waiting": Question.objects.filter(batch__project=member.project_id, retrieval__isnull=True).count(),
        "asked": Question.objects.filter(batch__project=member.project_id).count(),
    }


def claimable(member: Member) -> QuestionQuerySet:
    """Return the questions of the project that the member may claim."""
    return Question.objects.on_offer_to(member)


def to_do(member: Member, _tab: str, after: int) -> Page:
    """Return a page of what may be claimed, as it stands in its batches; first comes what was returned."""
    found = list(claimable(member).behind(after).in_order().select_related("retrieval")[: PAGE + 1])
    back = [] if after else assigned(member, State.RETURNED, 0)[0]
    return [*back, *map(Line, found[:PAGE])], found[PAGE - 1].pk if len(found) > PAGE else None


def assigned(member: Member, tab: str, after: int) -> Page:
    """Return a page of the member's work in one state, newest first."""
    work = member.assignments.filter(state=tab).order_by("-pk")
    if after:
        work = work.filter(pk__lt=after)
    found = list(work.counted()[: PAGE + 1])
    shown = found[:PAGE]
    checks = checks_of(shown) if tab in OPEN_STATES else {}
    lines = [
        Line(
            question=one.question,
            state=one.state,
            reason=one.reason,
            conditions=one.conditions,
            checks=checks.get(one.annotation_id or 0),
            saved=one.annotation.submitted or one.annotation.saved if one.annotation else None,
        )
        for one in shown
    ]
    return lines, shown[-1].pk if len(found) > PAGE else None


LISTS: dict[str, Callable[[Member, str, int], Page]] = {tab: to_do if tab == "todo" else assigned for tab in TABS}


def checks_of(work: list[Assignment]) -> dict[int, int]:
    """Return how many findings each annotation has, by its key. A few queries, whatever their number."""
    pks = [one.annotation_id for one in work if one.annotation_id]
    rows = Annotation.objects.filter(pk__in=pks).select_related("question__batch__project").with_conditions()
    return {row.pk: len(findings_of(row, annotation_record(row))) for row in rows}


def conditions_per_question(member: Member) -> float | None:
    """Return the mean number of conditions over the member's submitted questions, also those without any."""
    done = Annotation.objects.filter(author=member, source="human", submitted__isnull=False)
    counted = done.aggregate(
        conditions=Count("conditions", filter=Q(conditions__removed=False)), questions=Count("pk", distinct=True)
    )
    return counted["conditions"] / counted["questions"] if counted["questions"] else None
