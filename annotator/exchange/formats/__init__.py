"""The formats that an export writes, one module each. To add one, write its module and list it here."""

from collections.abc import Iterator
from typing import Protocol

from annotator.exchange.formats import condambigqa, full
from annotator.exchange.formats.counting import Scope
from annotator.querysets import AnnotationQuerySet


class Format(Protocol):
    """A format: its name, which annotations it can be asked for (its default first), and what it leaves out.

    ``OF_RELEASE`` are the annotations that it can be asked for of a release: none where it has no place for one.
    """

    @property
    def NAME(self) -> str: ...  # noqa: N802
    @property
    def LABEL(self) -> str: ...  # noqa: N802
    @property
    def SUFFIX(self) -> str: ...  # noqa: N802
    @property
    def ANNOTATIONS(self) -> tuple[str, ...]: ...  # noqa: N802
    @property
    def OF_RELEASE(self) -> tuple[str, ...]: ...  # noqa: N802
    @property
    def LOSES(self) -> str: ...  # noqa: N802

    def written(self, scope: Scope, annotations: str) -> AnnotationQuerySet:
        """Return the annotations that the file will hold."""
        ...

    def counts(self, scope: Scope, annotations: str) -> dict[str, int]:
        """Return what will be written, by name."""
        ...

    def left_out(self, scope: Scope, annotations: str) -> dict[str, int]:
        """Return what the questions have and the file will not, by name; what there is none of is not named."""
        ...

    def pieces(self, scope: Scope, annotations: str) -> Iterator[str]:
        """Yield the text of the file, never all of it at once."""
        ...


FORMATS: tuple[Format, ...] = (condambigqa, full)


def format_named(name: str) -> Format | None:
    return next((found for found in FORMATS if name == found.NAME), None)
