"""The request as views see it: the middleware has put htmx's details and the signed-in account on it."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, QueryDict
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django_htmx.middleware import HtmxDetails

from annotator.models import User
from annotator.reading import whole_number


class Request(HttpRequest):
    """A request of somebody signed in; where nobody has to be, ask ``user.is_authenticated`` first."""

    htmx: HtmxDetails
    user: User


def only_for_who_runs_the_site(request: Request) -> None:
    """Refuse everybody but superusers, and say so. Staff who are none have the administration alone."""
    if not request.user.is_superuser:
        raise PermissionDenied(_("This is for whoever runs the site: a superuser, as create_manager makes one."))


def wanted_page(request: HttpRequest, otherwise: str) -> str:
    """Return where to go on: the ``next`` that was asked for if it is one of our pages, else the other one."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if ours else otherwise


def text_in(values: QueryDict, name: str) -> str:
    """Return the text under ``name``, empty where there is none, without NUL, which no database column holds."""
    return values.get(name, "").replace("\0", "")


def number_in(values: QueryDict, name: str) -> int:
    """Return the whole number under ``name``, 0 where there is none."""
    return whole_number(values.get(name, ""), digits=18) or 0
