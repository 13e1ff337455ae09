"""Citations as they are told in short."""

from collections.abc import Iterable

from django import template

from annotator.record import Citation

register = template.Library()


@register.filter
def once(citations: Iterable[Citation]) -> list[Citation]:
    """Return the citations without those that name the same fragment for the same again, by another of its spans."""
    found: dict[object, Citation] = {}
    for one in citations:
        found.setdefault((one.role, one.supplementary, one.rank or (one.title, one.text)), one)
    return list(found.values())
