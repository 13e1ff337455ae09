"""Numbers as people read them."""

from django import template

register = template.Library()


@register.filter
def grouped(number: int) -> str:
    """Return a whole number with its digits in threes."""
    return f"{number:,}"


@register.filter
def unit(figure: float) -> str:
    """Return a figure as tables print it: two digits, nothing before the point where that is 0, and a true minus."""
    digits = f"{abs(figure):.2f}"
    return f"{'−' if figure < 0 and float(digits) else ''}{digits.removeprefix('0')}"
