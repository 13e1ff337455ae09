"""Hours per person and batch, as a table to take along."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from annotator.exchange.hours import hours_table
from annotator.models import Member
from annotator.views.request import Request


@require_safe
def hours(request: Request, slug: str) -> HttpResponse:
    """Send the table; people are named by their pseudonyms alone, unless ``?names=1`` asks for both."""
    member = get_object_or_404(Member.objects.managing(request.user), project__slug=slug)
    table = hours_table(member.project, names=request.GET.get("names") == "1")
    response = HttpResponse(table, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{slug}-hours.csv"'
    return response
