"""The door of a program’s saves: what a record says must fit the annotation that it is to become."""

from collections.abc import Iterator

from annotator import record
from annotator.models import Annotation
from annotator.reading import BadInput, Problem
from annotator.rows import Lines
from annotator.standing import standing
from retrieval.models import ListedFragment


def check_fit(annotation: Annotation, said: record.Annotation, lines: Lines) -> None:
    """Raise BadInput where ``said`` does not fit the annotation, which may cite ``lines``.

    Every part has an id, by which a repeat is known; every rank is in the lists, every quote stands where it says; what
    no rule reads stays as it came in.
    """
    problems = [*without_uid(said), *miscited(said, lines), *otherwise(said, standing(annotation).record)]
    if problems:
        raise BadInput(problems)


def without_uid(said: record.Annotation) -> Iterator[Problem]:
    for path, part in parts(said):
        if not part.uid:
            yield Problem(f"{path}.uid", "is missing: give each part an id of your own, and keep it")


def parts(said: record.Annotation) -> Iterator[tuple[str, record.Condition | record.Answer | record.Citation]]:
    """Yield every part with its path."""
    for place, condition in enumerate(said.conditions):
        path = f"conditions[{place}]"
        yield path, condition
        for name in ("answers", "citations"):
            yield from ((f"{path}.{name}[{at}]", part) for at, part in enumerate(getattr(condition, name)))


def miscited(said: record.Annotation, lines: Lines) -> Iterator[Problem]:
    """Yield the citations of what is in no list, and the quotes that do not stand there. One query at most."""
    cited = [(path, part) for path, part in parts(said) if isinstance(part, record.Citation) and part.rank]
    texts = texts_of(lines.get((part.supplementary, part.rank or 0)) for _path, part in cited if part.start is not None)
    for path, part in cited:
        listed = lines.get((part.supplementary, part.rank or 0))
        if listed is None:
            added = " (one that was added is cited with “supplementary”: true)" if (True, part.rank) in lines else ""
            yield Problem(f"{path}.rank", f"is {part.rank}, and the list has no such fragment{added}")
        elif part.start is not None and texts[listed][part.start : part.end] != part.quote:
            yield Problem(f"{path}.quote", "does not stand from start to end in the fragment")


def texts_of(listed: Iterator[int | None]) -> dict[int, str]:
    """Return the texts of listed fragments, by key."""
    wanted = {pk for pk in listed if pk}
    return dict(ListedFragment.objects.filter(pk__in=wanted).values_list("pk", "fragment__text")) if wanted else {}


def otherwise(said: record.Annotation, stored: record.Annotation) -> Iterator[Problem]:
    """Yield where ``extra`` of the whole or of a condition is another than what is stored."""
    if said.extra != stored.extra:
        yield Problem("extra", "is kept as it came in and cannot be changed")
    for place, condition in enumerate(said.conditions):
        before = stored.condition(condition.uid)
        if condition.extra != (before.extra if before else {}):
            yield Problem(f"conditions[{place}].extra", "is kept as it came in and cannot be changed")
