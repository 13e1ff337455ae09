"""The request as views see it: the middleware has put htmx's details and the signed-in account on it."""

from django.http import HttpRequest, QueryDict
from django_htmx.middleware import HtmxDetails

from annotator.models import User
from annotator.reading import whole_number


class Request(HttpRequest):
    """A request of somebody signed in; where nobody has to be, ask ``user.is_authenticated`` first."""

    htmx: HtmxDetails
    user: User


def text_in(values: QueryDict, name: str) -> str:
    """Return the text under ``name``, empty where there is none, without NUL, which no database column holds."""
    return values.get(name, "").replace("\0", "")


def number_in(values: QueryDict, name: str) -> int:
    """Return the whole number under ``name``, 0 where there is none."""
    return whole_number(values.get(name, ""), digits=18) or 0
