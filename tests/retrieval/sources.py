"""Passages in memory as what an index is built from."""

from collections.abc import Callable, Iterator, Sequence

from retrieval.engines import Passage


class Passages:
    """A source of passages in pages of ten; ``at_page`` is called before each, and may raise."""

    def __init__(self, passages: Sequence[Passage], at_page: Callable[[int], None] = lambda _number: None) -> None:
        self.passages, self.at_page = list(passages), at_page

    def pages(self) -> Iterator[Sequence[Passage]]:
        for number, start in enumerate(range(0, len(self.passages), 10)):
            self.at_page(number)
            yield self.passages[start : start + 10]

    def count(self, last_id: int) -> int:
        return sum(passage.fragment_id <= last_id for passage in self.passages)


def passages(number: int, first: int = 1) -> list[Passage]:
    """Return so many passages that differ in a word."""
    return [Passage(at, "Title", f"word{at} common") for at in range(first, first + number)]
