"""Counts in words, as commands and reports print them."""


def how_many(number: int, one: str, many: str = "") -> str:
    """Return ``1 question`` or ``1,200 questions``; the plural has an s unless it is given."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
