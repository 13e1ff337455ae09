"""Consent before a page hands out a question: the verb refuses, and the person is led to where it is asked."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
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
            found = redirect("consent", slug)
            return HttpResponseClientRedirect(found.url) if request.headers.get("HX-Request") else found

    return asked
