"""Consent before a page hands out a question: the verb refuses, and the person is led to where it is asked."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from annotator.actions.consenting import ConsentOwed

View = Callable[..., HttpResponse]
SALT = "what consent held up"
LONGEST = 24 * 60 * 60  # seconds


def consented(view: View) -> View:
    """Lead to the project's consent where a verb refuses for want of it; what the view did before is done."""
    return asking(view, lambda _request: {})


def consented_first(view: View) -> View:
    """Do the same for a view that does nothing before it is refused: agreeing then goes on with the very button."""
    return asking(view, lambda request: {"again": signing.dumps(pressed(request), salt=SALT)})


def asking(view: View, more: Callable[[HttpRequest], dict[str, str]]) -> View:
    @wraps(view)
    def asked(request: HttpRequest, slug: str, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, slug, **kwargs)
        except ConsentOwed:
            query = urlencode(came_from(request) | more(request))
            asks = reverse("consent", args=[slug]) + (f"?{query}" if query else "")
            return HttpResponseClientRedirect(asks) if request.headers.get("HX-Request") else redirect(asks)

    return asked


def came_from(request: HttpRequest) -> dict[str, str]:
    """Return, for a query, the page whose button was pressed, which agreeing leads back to."""
    parts = urlsplit(request.headers.get("Referer", ""))
    ours = parts.netloc == request.get_host()
    return {"next": urlunsplit(("", "", parts.path, parts.query, ""))} if ours else {}


def pressed(request: HttpRequest) -> list[Any]:
    """Return whose button was pressed, where it leads, and the question that it named."""
    return [request.user.pk, request.path, request.POST.get("question", "")]


def held_up(request: HttpRequest) -> dict[str, str]:
    """Return what the person's consent held up: ``path``, ``question`` and, signed, both; empty where nothing was.

    It is signed, so that no link from elsewhere lets somebody press a button that they never saw.
    """
    signed = request.POST.get("again") or request.GET.get("again", "")
    try:
        by, path, question = signing.loads(signed, salt=SALT, max_age=LONGEST)
    except signing.BadSignature:
        return {}
    return {"again": signed, "path": path, "question": question} if by == request.user.pk else {}
