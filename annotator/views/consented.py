"""Consent before a page hands out a question: the verb refuses, and the person is led to where it is asked."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from annotator.actions.consenting import ConsentOwed

View = Callable[..., HttpResponse]


def consented(view: View) -> View:
    """Lead to the project's consent where a verb refuses for want of it; what the view did before is done."""

    @wraps(view)
    def asked(request: HttpRequest, slug: str, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, slug, **kwargs)
        except ConsentOwed:
            asks = reverse("consent", args=[slug]) + came_from(request)
            return HttpResponseClientRedirect(asks) if request.headers.get("HX-Request") else redirect(asks)

    return asked


def came_from(request: HttpRequest) -> str:
    """Return, as a query, the page whose button was pressed, which agreeing leads back to."""
    parts = urlsplit(request.headers.get("Referer", ""))
    ours = parts.netloc == request.get_host()
    return f"?{urlencode({'next': urlunsplit(('', '', parts.path, parts.query, ''))})}" if ours else ""
