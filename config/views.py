"""Pages about the installation itself: whether the process and its database answer, and how every part is."""

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from annotator.views.request import Request, only_for_who_runs_the_site
from config.status import State, parts, unapplied

ICONS = {State.OK: "check", State.OFF: "minus", State.WARNING: "warn", State.DOWN: "stop"}


@login_not_required
@never_cache
@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """Answer, which is all that is asked: the process is alive."""
    return HttpResponse("alive\n", content_type="text/plain")


@login_not_required
@never_cache
@require_safe
def readyz(_request: HttpRequest) -> HttpResponse:
    """Say whether requests can be served: the database answers, and its tables are those of this version."""
    try:
        missing = unapplied()
    except DatabaseError:
        return HttpResponse("the database does not answer\n", content_type="text/plain", status=503)
    if missing:
        return HttpResponse("the database waits for migrations\n", content_type="text/plain", status=503)
    return HttpResponse("ready\n", content_type="text/plain")


@never_cache
@require_safe
def status(request: Request) -> HttpResponse:
    """Show how every part is, to whoever runs the site."""
    only_for_who_runs_the_site(request)
    found = list(parts())
    page = {"parts": [(part, ICONS[part.state]) for part in found], "down": sum(p.state is State.DOWN for p in found)}
    return render(request, "config/status.html", page)
