"""Citations as they are told in short, under the numbers that the page has."""

from collections.abc import Iterable

from django import template

from annotator.fragment_lists import FragmentList
from annotator.record import Citation

register = template.Library()


@register.filter
def once(citations: Iterable[Citation]) -> list[Citation]:
    """Return the citations without those that name the same fragment for the same again, by another of its spans."""
    found: dict[object, Citation] = {}
    for one in citations:
        found.setdefault((one.role, one.supplementary, one.rank or (one.title, one.text)), one)
    return list(found.values())


@register.filter
def numbered(citations: Iterable[Citation], fragments: FragmentList) -> list[Citation]:
    """Return the citations under the numbers that a list gives their fragments."""
    return [fragments.as_shown(one) for one in citations]
