"""Consent before a page hands out a question: the verb refuses, and the person is led to where it is asked."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django_htmx.http import HttpResponseClientRedirect

from annotator.actions.consenting import ConsentOwed

Asked = TypeVar("Asked", bound=HttpRequest)
Rest = ParamSpec("Rest")
View = Callable[Concatenate[Asked, str, Rest], HttpResponse]


def consented(view: View[Asked, Rest]) -> View[Asked, Rest]:
    """Lead to the project's consent where a verb refuses for want of it; what the view did before is done."""

    @wraps(view)
    def asked(request: Asked, slug: str, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        try:
            return view(request, slug, *args, **kwargs)
        except ConsentOwed:
            found = redirect("consent", slug)
            return HttpResponseClientRedirect(found.url) if request.headers.get("HX-Request") else found

    return asked
