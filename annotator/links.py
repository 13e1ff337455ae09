"""Full addresses of pages, for whoever reads them elsewhere."""

from django.conf import settings
from django.urls import reverse


def full_url(name: str, *arguments: object) -> str:
    """Return the full address of a page, such as the one to which a token leads."""
    prefix = settings.FORCE_SCRIPT_NAME or ""
    return str(settings.SITE_URL) + reverse(name, args=arguments).removeprefix(prefix)


def link_url(token: str) -> str:
    """Return the full address of a one-time link."""
    return full_url("sign_in_link", token)
