"""The search through a project: questions, what was written on them, and their frozen lists."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from annotator.actions.searching import Asked, brought_up, search
from annotator.hits import KINDS, Hit, Kind, hit_of, shown
from annotator.models import Member
from annotator.record import Source
from annotator.stages import FILTERS
from annotator.views.request import Request, number_in, text_in
from annotator.words import LONGEST_QUERY

FEW, PAGE = 5, 25
COUNTED = 1_000
SOURCES = {
    Source.HUMAN: _("People’s work"),
    Source.GOLD: _("Gold"),
    Source.PREDICTION: _("Predictions"),
    Source.DRAFT: _("Drafts"),
}


@dataclass(frozen=True, slots=True)
class Group:
    """What was found of one kind: how many (``many`` where they were not all counted), the first of them, the rest."""

    kind: str
    label: Any
    number: int
    hits: list[Hit]
    more: str = ""

    @property
    def many(self) -> bool:
        return self.number > COUNTED

    @property
    def counted(self) -> int:
        return min(self.number, COUNTED)


@never_cache
@require_safe
@vary_on_headers("HX-Request")
def search_page(request: Request, slug: str) -> HttpResponse:
    """Search a project: a few of each kind, or one kind page by page. For those who look on."""
    member = get_object_or_404(Member.objects.looking_on(request.user), project__slug=slug)
    asked, kind = asked_in(request), request.GET.get("kind", "")
    kind = kind if kind in KINDS else ""
    read = brought_up(member) if asked.text else True
    groups = groups_of(member, asked, kind, number_in(request.GET, "after")) if asked.query.wanted else []
    page = {
        "member": member,
        "project": member.project,
        "hidden": request.GET.get("names") == "hidden",
        "asked": asked,
        "kind": kind,
        "read": read,
        "understood": bool(asked.query.wanted),
        "groups": groups,
        "found": sum(group.number for group in groups),
        "listed": any(group.hits for group in groups),
        "tabs": tabs_of(groups, asked, kind, request.GET.get("names", "")),
        "batches": list(member.project.batches.all()),
        "people": list(member.project.members.select_related("user")),
        "stages": FILTERS.items(),
        "sources": SOURCES.items(),
        "longest": LONGEST_QUERY,
    }
    part = "#found" if request.htmx and not request.htmx.history_restore_request else ""
    return render(request, f"annotator/search.html{part}", page)


def asked_in(request: Request) -> Asked:
    """Return what the address asks for; a filter that there is not is none."""
    stage, source = request.GET.get("stage", ""), request.GET.get("source", "")
    return Asked(
        text=text_in(request.GET, "q").strip()[:LONGEST_QUERY],
        batch=number_in(request.GET, "batch"),
        person=number_in(request.GET, "person"),
        stage=stage if stage in FILTERS else "",
        source=source if source in SOURCES else "",
    )


def groups_of(member: Member, asked: Asked, kind: str, after: int) -> list[Group]:
    """Return what was found of each kind: the first few, or a page of the one kind that is asked for."""
    return [group_of(member, asked, one, PAGE if one == kind else 0 if kind else FEW, after) for one in KINDS]


def group_of(member: Member, asked: Asked, kind: str, most: int, after: int) -> Group:
    found = search(member, asked, kind)
    keys = found.first_keys(COUNTED + 1)
    number = len(keys)
    if after and most:
        keys = found.first_keys(most + 1, after)
    more = str(keys[most - 1]) if 0 < most < len(keys) else ""
    hits = [hit_of(row, asked.query) for row in shown(keys[:most])]
    return Group(kind, KINDS[Kind(kind)], number, hits, more)


def tabs_of(groups: list[Group], asked: Asked, kind: str, names: str) -> list[tuple[str, str, Group | None, bool]]:
    """Return each tab: its address, its kind, what was found of it, and whether it is the one that is shown."""
    said = {
        "q": asked.text,
        "batch": asked.batch or "",
        "person": asked.person or "",
        "stage": asked.stage,
        "source": asked.source,
        "names": names,
    }
    kept = {name: value for name, value in said.items() if value}
    one_each = [(urlencode({**kept, "kind": group.kind}), group.kind, group, group.kind == kind) for group in groups]
    return [(urlencode(kept), "", None, not kind), *one_each] if groups else []
