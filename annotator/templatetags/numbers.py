"""Numbers as people read them."""

from django import template

register = template.Library()


@register.filter
def grouped(number: int) -> str:
    """Return a whole number with its digits in threes."""
    return f"{number:,}"


@register.filter
def unit(figure: float, digits: int = 2) -> str:
    """Return a figure as tables print it: two digits, nothing before the point where that is 0, and a true minus."""
    shown = f"{abs(figure):.{digits}f}"
    return f"{'−' if figure < 0 and float(shown) else ''}{shown.removeprefix('0')}"


@register.filter
def p_value(p: float) -> str:
    """Return a p to three digits, or that it is below the least of them; 1 is no ".000"."""
    if p < 0.001:
        return "< .001"
    digits = f"{p:.3f}"
    return "1" if digits == "1.000" else digits.removeprefix("0")
