"""A whole export as a header and questions, with every problem named by its line."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from annotator.exchange.release_reader import is_release
from annotator.exchange.reports import Report
from annotator.exchange.streaming import Raw, Unreadable, records
from annotator.exchange.whole.clashes import Clashes
from annotator.exchange.whole.entries import Header, read_header
from annotator.exchange.whole.questions import QuestionEntry, read_question
from annotator.reading import Node, Problem, kind
from retrieval.fragments import batched

Read = TypeVar("Read")


def is_whole(path: Path, name: str = "") -> bool:
    """Return whether the file is one of our ``full`` exports, by its first record. A release is none."""
    if is_release(path):
        return False
    try:
        first = next(records(path, name), None)
    except Unreadable:
        return False
    return first is not None and isinstance(first.value, dict) and "proviso" in first.value


def chunks(path: Path, size: int, report: Report) -> Iterator[tuple[Header, list[QuestionEntry]]]:
    """Yield the header with no question, then with sound ones by the chunk; problems go into ``report``."""
    try:
        stream = records(path, report.file)
        first = next(stream)
        header = sound(first, read_header, report)
        if header is None:
            return
        clashes = Clashes(header)
        for problem in clashes.of_corpora():
            report.refuse(first.place, problem)
        yield header, []
        for chunk in batched(entries(stream, header, clashes, report), size):
            yield header, chunk
    except Unreadable as error:
        report.refuse(error.place, Problem("", error.message))


def entries(stream: Iterator[Raw], header: Header, clashes: Clashes, report: Report) -> Iterator[QuestionEntry]:
    """Yield the questions that have no problem in themselves or beside the others."""
    keys: dict[tuple[str, str, object], str] = {}
    for raw in stream:
        entry = sound(raw, lambda node: read_question(node, header), report)
        if entry is None:
            continue
        problems = [*repeated(entry, keys, raw.place), *clashes.of_question(entry)]
        for problem in problems:
            report.refuse(raw.place, problem)
        if not problems:
            yield entry


def sound(raw: Raw, read: Callable[[Node], Read], report: Report) -> Read | None:
    """Return what is read of a record, None where it has a problem."""
    problems = list(raw.problems)
    if not problems and not isinstance(raw.value, dict):
        problems = [Problem("", f"is {kind(raw.value)}; an object is expected")]
    if not problems:
        node = Node(raw.value)
        found = read(node)
        problems = node.problems
        if not problems:
            return found
    for problem in problems:
        report.refuse(raw.place, problem)
    return None


def repeated(entry: QuestionEntry, keys: dict[tuple[str, str, object], str], place: str) -> Iterator[Problem]:
    """Yield a problem where the batch has this id, or it or a release this place in its order, already."""
    for name in ("external_id", "order"):
        first = keys.setdefault((entry.batch, name, entry.values[name]), place)
        if first != place:
            yield Problem(name, f"“{entry.values[name]}” stands at {first} already")
    for index, one in enumerate(entry.releases):
        first = keys.setdefault((one.release, "release", one.values["place"]), place)
        if first != place:
            yield Problem(f"releases[{index}].place", f"“{one.values['place']}” stands at {first} already")
