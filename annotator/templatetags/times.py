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


@register.filter
def stamp(moment: datetime) -> str:
    """Return a time of today, or a day, as short as a list has room for."""
    then, today = timezone.localtime(moment), timezone.localdate()
    if then.date() == today:
        return date_format(then, "H:i")
    return date_format(then, "j M" if then.year == today.year else "j M Y")


@register.filter
def ago(moment: datetime) -> str:
    """Return how long ago it was: now, minutes, hours, and then the day."""
    minutes = int((timezone.now() - moment).total_seconds()) // 60
    if minutes < 2:
        return _("now")
    if minutes < 60:
        return _("%(number)s min ago") % {"number": minutes}
    if minutes < 12 * 60:
        return _("%(number)s h ago") % {"number": minutes // 60}
    return _("yesterday") if timezone.localdate() - timezone.localdate(moment) == timedelta(days=1) else stamp(moment)
