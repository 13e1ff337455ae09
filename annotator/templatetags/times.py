"""Times as people say them."""

from datetime import datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def when(moment: datetime) -> str:
    """Return the time alone for today, "yesterday", the day of this year, or the day with its year."""
    then, today = timezone.localtime(moment), timezone.localdate()
    if then.date() == today:
        return date_format(then, "H:i")
    if then.date() == today - timedelta(days=1):
        return _("yesterday, %(time)s") % {"time": date_format(then, "H:i")}
    return date_format(then, "j F" if then.year == today.year else "j F Y")
