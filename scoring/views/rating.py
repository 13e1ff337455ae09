"""Rating pairs of a sample, blind: two texts side by side, eleven buttons. HTMX swaps the pair."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import HttpResponseClientRedirect, push_url

from annotator.actions.looking import StillOpen
from annotator.models import Member
from annotator.reading import whole_number
from annotator.views.request import Request, text_in
from scoring.models import Sample, SampledPair
from scoring.sampling import HIGHEST, begin, rate, sides, standing
from scoring.views.evaluation import evaluation_of


def sample_of(request: Request, slug: str, number: int, pk: int) -> tuple[Member, Sample]:
    """Return a sample of an evaluation, and the member who looks on at its project."""
    member, evaluation = evaluation_of(request, slug, number)
    return member, get_object_or_404(evaluation.samples.select_related("evaluation"), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def rating(request: Request, slug: str, number: int, pk: int) -> HttpResponse:
    """Lead to the pair that is to be rated next; say what beginning means, and that all is rated. A POST begins."""
    member, sample = sample_of(request, slug, number, pk)
    status = 200
    if request.method == "POST":
        try:
            begin(sample, member)
            return redirect("rating", slug, number, pk)
        except StillOpen:
            status = 409
    how, place = standing(sample, member), unrated(sample, member)
    if place and not how.unseen:
        return redirect("rate", slug, number, pk, place)
    page = about(member, sample) | {"standing": how, "place": place, "first": first_of(sample, member)}
    return render(request, "scoring/rating.html", page, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
def rate_pair(request: Request, slug: str, number: int, pk: int, place: int) -> HttpResponse:
    """Show a pair; take a rating of it, and go on to the next one."""
    member, sample = sample_of(request, slug, number, pk)
    pair = get_object_or_404(sample.pairs.offered_to(member), place=place)
    if request.method != "POST":
        return pair_page(request, member, pair)
    value = whole_number(text_in(request.POST, "value"), digits=2)
    if value is None or value > HIGHEST:
        return pair_page(request, member, pair, 422)
    rate(pair, member, value)
    return onwards(request, member, sample, place)


def onwards(request: Request, member: Member, sample: Sample, place: int) -> HttpResponse:
    """Show the next pair that the member has not rated, or that there is none."""
    named = [sample.evaluation.project.slug, sample.evaluation.number, sample.pk]
    following = unrated(sample, member, place)
    url = reverse("rate", args=[*named, following]) if following else reverse("rating", args=named)
    if not request.htmx:
        return redirect(url)
    if not following:
        return HttpResponseClientRedirect(url)
    return push_url(pair_page(request, member, sample.pairs.get(place=following)), url)


def first_of(sample: Sample, member: Member) -> int | None:
    return sample.pairs.offered_to(member).values_list("place", flat=True).first()


def unrated(sample: Sample, member: Member, after: int = 0) -> int | None:
    """Return the place of the next pair behind one that the member has not rated, else of the first. One query."""
    left = sample.pairs.offered_to(member).exclude(ratings__member=member)
    places = list(left.values_list("place", flat=True))
    return next((place for place in places if place > after), places[0] if places else None)


def pair_page(request: Request, member: Member, pair: SampledPair, status: int = 200) -> HttpResponse:
    """Show a pair, or the part of the page that has it, without what the judge said."""
    sample = pair.sample
    places = list(sample.pairs.offered_to(member).values_list("place", flat=True))
    at = places.index(pair.place)
    own = pair.ratings.filter(member=member).first()
    page = about(member, sample) | {
        "pair": pair,
        "texts": sides(pair),
        "own": own.value if own else None,
        "scale": range(HIGHEST + 1),
        "number": at + 1,
        "pairs": len(places),
        "rated": sample.pairs.offered_to(member).filter(ratings__member=member).count(),
        "previous": places[at - 1] if at else None,
        "next": places[at + 1] if places[at + 1 :] else None,
        "unclear": status == 422,
    }
    part = request.htmx and not request.htmx.history_restore_request
    return render(request, f"scoring/rate.html{'#pair' if part else ''}", page, status=status)


def about(member: Member, sample: Sample) -> dict[str, Any]:
    return {"member": member, "project": member.project, "evaluation": sample.evaluation, "sample": sample}
