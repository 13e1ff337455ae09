"""Cutting a release: what it would hold is counted as it is asked for; what is released is what was seen."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from annotator import jobs
from annotator.actions.looking import StillOpen
from annotator.actions.releasing import check_tag
from annotator.cut import CannotRelease, Cut, usual_splitting
from annotator.models import Batch, Job, Member
from annotator.release_diff import since
from annotator.views.request import Request, number_in, text_in
from scoring.downloads import sent
from scoring.releasing import Wish, cut_release, cut_wished, is_large, preview, release_later, try_release
from scoring.sight import seen_among
from scoring.views.releases import shown_to

SPLITS = ("train", "dev", "test")
NOTHING: dict[str, Any] = {"found": None, "diff": None, "nothing": "", "by_job": False, "job": None}
SHARES = {"train": 80, "dev": 10, "test": 10}


def asked_of(request: Request, slug: str) -> tuple[Member, QueryDict]:
    """Return the manager who asks, and what is asked for."""
    member = get_object_or_404(Member.objects.managing(request.user), project__slug=slug)
    return member, request.POST if request.method == "POST" else request.GET


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
def release_cut(request: Request, slug: str) -> HttpResponse:
    """Show what a release would hold; a POST releases it, or lets a job do so where it holds much."""
    member, values = asked_of(request, slug)
    if request.method != "POST":
        return cut_page(request, member, wish_of(values, batches_of(member)) if values else first_wish(member))
    wish = wish_of(values, batches_of(member))
    if not values.get("read"):
        return cut_page(request, member, wish, _("Say that you have read the checks."))
    seen = text_in(values, "seen")
    try:
        if is_large(member.project):
            return redirect("job", slug, release_later(wish, member, seen).pk)
        made = cut_release(member.project, wish, member, seen=seen)
    except CannotRelease as refusal:
        return cut_page(request, member, wish, str(refusal))
    messages.success(request, _("%(tag)s is released.") % {"tag": made.tag})
    return redirect("release", slug, made.tag)


@require_POST
def release_look(request: Request, slug: str) -> HttpResponse:
    """Let a job count what a large release would hold."""
    member, values = asked_of(request, slug)
    wish = wish_of(values, batches_of(member))
    return redirect("job", slug, jobs.start("release_look", member.project, member, **wish.as_json()).pk)


@require_POST
def release_trial(request: Request, slug: str) -> HttpResponseBase:
    """Send the files of a release that is none. Taking them counts as looking at their work."""
    member, values = asked_of(request, slug)
    wish = wish_of(values, batches_of(member))
    try:
        found = try_release(wish, member)
    except CannotRelease as refusal:
        return cut_page(request, member, wish, str(refusal))
    except StillOpen:
        return cut_page(request, member, wish, _("Submit or skip your own open questions first: the files hold gold."))
    return redirect(found) if isinstance(found, Job) else sent(found)


# What is asked for


def batches_of(member: Member) -> list[Batch]:
    return list(member.project.batches.order_by("position", "pk"))


def wish_of(values: QueryDict, batches: Sequence[Batch]) -> Wish:
    """Return what the fields say; without them, all batches and the usual splits."""
    chosen = [batch for batch in batches if str(batch.pk) in values.getlist("batch")] or list(batches)
    names = () if len(chosen) == len(batches) else tuple(batch.name for batch in chosen)
    splits = splits_in(values, chosen)
    return Wish(text_in(values, "tag").strip(), names, splits, number_in(values, "seed") or 1)


def first_wish(member: Member) -> Wish:
    """Return what the page shows before anything is asked for: what a job counted last, else all by its batches."""
    job = looks_of(member).first() if is_large(member.project) else None
    return Wish.of(job.arguments) if job else wish_of(QueryDict(), batches_of(member))


def splits_in(values: QueryDict, chosen: Sequence[Batch]) -> tuple[str, ...]:
    """Return the splits as the command takes them."""
    if values.get("how") == "one":
        return ("test=100",)
    if values.get("how") == "drawn":
        shares = {name: number_in(values, name) if name in values else SHARES[name] for name in SPLITS}
        return tuple(f"{name}={share}" for name, share in shares.items() if share) or ("test=0",)
    usual = usual_splitting(chosen).by_batch
    return tuple(f"{batch.name}={text_in(values, f'split-{batch.pk}') or usual[batch.name]}" for batch in chosen)


# The page


def cut_page(request: Request, member: Member, wish: Wish, refusal: str = "") -> HttpResponse:
    """Show what a wish would release, and why it was refused."""
    page: dict[str, Any] = {"member": member, "project": member.project, "wish": wish, "refusal": refusal, **NOTHING}
    page |= fields_of(member, wish) | found_for(request, member, wish)
    page["named"] = named_to(request, page["found"])
    states = Counter(check["state"] for check in (page["found"] or {}).get("checks", ()))
    page["tag_refusal"] = tag_refusal(member, wish.tag)
    page |= {"stops": states["error"], "notices": states["warning"], "passed": states["passed"]}
    page["last"] = member.project.releases.first()
    part = "#cut" if request.htmx and not request.htmx.history_restore_request else ""
    return render(request, f"scoring/release_cut.html{part}", page, status=422 if refusal else 200)


def tag_refusal(member: Member, tag: str) -> str:
    """Return why a release cannot have this tag; none is asked for where it is empty."""
    try:
        check_tag(member.project, tag or "next")
    except CannotRelease as refusal:
        return str(refusal)
    return ""


def fields_of(member: Member, wish: Wish) -> dict[str, Any]:
    """Return how the fields stand: which batches, how they are split, and into which shares."""
    pairs = {word.rpartition("=")[0]: word.rpartition("=")[2] for word in wish.splits}
    batches = batches_of(member)
    by_batch = not pairs or not all(value.replace(".", "").isdigit() for value in pairs.values())
    usual = usual_splitting(batches).by_batch
    rows = [
        (batch, not wish.batches or batch.name in wish.batches, pairs.get(batch.name) or usual[batch.name])
        for batch in batches
    ]
    return {
        "rows": rows,
        "how": "batch" if by_batch else "one" if list(pairs) == ["test"] else "drawn",
        "shares": [(name, 0 if by_batch else pairs.get(name, 0)) for name in SPLITS],
        "choices": SPLITS,
    }


def found_for(request: Request, member: Member, wish: Wish) -> dict[str, Any]:
    """Return what the wish would release: counted now where that is little, else by the last job that did."""
    if is_large(member.project):
        job = last_look(member, wish)
        return {"by_job": True, "job": job, "found": job.result if job else None}
    try:
        cut = cut_wished(member.project, wish)
    except CannotRelease as refusal:
        return {"nothing": str(refusal)}
    return {"found": preview(cut, wish.tag)} | changes_in(request, cut)


def named_to(request: Request, found: dict[str, Any] | None) -> set[int]:
    """Return the keys of the questions that the checks may name: those of which they tell nothing, or the reader may
    see what others wrote."""
    of = [(pk, check["tells"]) for check in (found or {}).get("checks", ()) for pk, _text in check["of"]]
    return {pk for pk, tells in of if not tells} | seen_among([pk for pk, tells in of if tells], request.user)


def changes_in(request: Request, cut: Cut) -> dict[str, Any]:
    return shown_to(request.user, since(cut))


def last_look(member: Member, wish: Wish) -> Job | None:
    """Return the last job that counted this wish, whatever its tag."""
    same = (job for job in looks_of(member)[:20] if {**job.arguments, "tag": wish.tag} == wish.as_json())
    return next(same, None)


def looks_of(member: Member) -> QuerySet[Job]:
    """Return the jobs that counted a release of the project, the last one first."""
    return member.project.jobs.filter(verb="release_look", state=Job.State.DONE).order_by("-pk")
