"""Releases: their list, one of them with its card and files, and what changed from one to another."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST, require_safe

from annotator import jobs
from annotator.actions import looking
from annotator.actions.looking import StillOpen
from annotator.markdown import render_markdown
from annotator.models import Member, Release, User
from annotator.models.releases import CARD
from annotator.release_diff import Diff, between
from annotator.released import edition_of, written_in
from annotator.views.request import Request
from scoring.downloads import sent
from scoring.releasing import is_small
from scoring.sight import NAMED, named_seen


def release_of(request: Request, slug: str, tag: str) -> tuple[Member, Release]:
    """Return a release, and the member who looks on at its project."""
    member = get_object_or_404(Member.objects.looking_on(request.user), project__slug=slug)
    return member, get_object_or_404(member.project.releases.select_related("by", "previous", "project"), tag=tag)


@require_safe
def releases(request: Request, slug: str) -> HttpResponse:
    """List the releases of a project, the last one first."""
    member = get_object_or_404(Member.objects.looking_on(request.user), project__slug=slug)
    found = member.project.releases.select_related("by", "previous").with_counts().order_by("-pk")
    return render(request, "scoring/releases.html", {"member": member, "project": member.project, "releases": found})


@require_safe
def release(request: Request, slug: str, tag: str) -> HttpResponse:
    """Show a release: its card, and what taking its files would mean for the member."""
    return release_page(request, *release_of(request, slug, tag))


def release_page(request: Request, member: Member, found: Release, status: int = 200) -> HttpResponse:
    written = written_in(found)
    page = {
        "member": member,
        "project": member.project,
        "release": found,
        "splits": found.split_counts(),
        "card": card_of(found),
        "told_of": looking.told_of(member, written).count(),
        "small": is_small(found),
        "open": looking.own_in(member, written).in_hand().count(),
    }
    return render(request, "scoring/release.html", page, status=status)


def card_of(found: Release) -> SafeString:
    """Return the card without its metadata, which stands between two lines of dashes."""
    return render_markdown(found.texts[CARD].split("\n---\n", 1)[-1])


@require_POST
def release_file(request: Request, slug: str, tag: str) -> HttpResponseBase:
    """Send the files as a zip: the same bytes as the command's. Taking it counts as looking at its work."""
    member, found = release_of(request, slug, tag)
    try:
        looking.take_out(member, written_in(found))
    except StillOpen:
        return release_page(request, member, found, status=409)
    if is_small(found):
        return sent(edition_of(found))
    return redirect(jobs.start("release_file", member.project, member, tag=found.tag))


@require_safe
def release_diff(request: Request, slug: str, tag: str, old: str) -> HttpResponse:
    """Show what changed since an earlier release; words of gold only where the member may see them."""
    member, found = release_of(request, slug, tag)
    before = get_object_or_404(member.project.releases, tag=old)
    if before.pk > found.pk:
        return redirect("release_diff", slug, old, tag)
    page = {
        "member": member,
        "project": member.project,
        "release": found,
        "before": before,
        "earlier": member.project.releases.filter(pk__lt=found.pk),
    } | shown_to(request.user, between(before, found))
    return render(request, "scoring/release_diff.html", page)


def shown_to(user: User, diff: Diff) -> dict[str, Any]:
    """Return a diff as its pages show it; ``seen`` are the questions on which the user may see what others wrote."""
    return {"diff": diff, "seen": named_seen(diff, user), "shown": NAMED, "limit": f":{NAMED}"}
