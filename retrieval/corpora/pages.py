"""Pages of a wiki as fragments."""

from collections.abc import Iterable
from typing import NamedTuple

from retrieval.corpora.passages import passages
from retrieval.fragments import NewFragment


class Page(NamedTuple):
    """A page of a wiki as it stood at a revision. ``site`` is where it stands: ``https://en.wikipedia.org``, or “”."""

    title: str
    page_id: int | None
    revision_id: int | None
    site: str

    @property
    def url(self) -> str | None:
        """The address of the very revision, None where either is unknown."""
        return f"{self.site}/w/index.php?oldid={self.revision_id}" if self.site and self.revision_id else None

    def fragments(self, sections: Iterable[tuple[str | None, str]]) -> list[NewFragment]:
        """Return the passages of the page's sections, each given as heading and text.

        Offsets count from the beginning of the first section, with a line's end between two sections.
        """
        found, before = list[NewFragment](), 0
        for heading, text in sections:
            for start, end in passages(text):
                found.append(self.fragment(text[start:end], heading, before + start))
            before += len(text) + 1
        return found

    def fragment(self, text: str, section: str | None, offset: int) -> NewFragment:
        return NewFragment(
            title=self.title,
            text=text,
            page_id=self.page_id,
            revision_id=self.revision_id,
            url=self.url,
            section=section,
            offset=offset,
        )
