"""A file as questions: the stream, the shape, the digest and the anchors, with every problem named by its place."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from annotator.exchange.anchoring import anchored
from annotator.exchange.reports import Report
from annotator.exchange.shapes import Shape, read, recognise
from annotator.exchange.streaming import Raw, Unreadable, records
from annotator.reading import Node, Problem, kind
from annotator.record import Question

ID_DIGITS = 16


@dataclass(frozen=True, slots=True)
class Item:
    """A question of a file: where it stands, the record as it was, and how its citations were anchored."""

    place: str
    value: Any
    question: Question
    anchors: Counter[str]

    @property
    def digest(self) -> str:
        """The SHA-256, in hexadecimal, of the record's canonical JSON: what a second import compares."""
        text = json.dumps(self.value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def items(path: Path, report: Report) -> Iterator[Item]:
    """Yield the sound questions of a file; what is wrong goes into ``report``, and the stream goes on while it can."""
    shape: Shape | None = None
    places: dict[str, str] = {}
    try:
        for raw in records(path, report.file, report.mapping):
            shape = shape or shape_of(raw, report)
            if shape is None:
                return
            item = item_of(raw, shape, report)
            if item and first_of_its_id(item, places, report):
                yield item
    except Unreadable as error:
        report.refuse(error.place, Problem("", error.message))
    if shape is None and not report.problems:
        report.refuse("", Problem("", "holds no record"))


def shape_of(raw: Raw, report: Report) -> Shape | None:
    """Return the shape that the first record shows, None where the file is refused for it."""
    found = recognise(raw.value)
    if isinstance(found, str):
        report.refuse(raw.place, Problem("", found))
        return None
    report.shape, report.label = found.NAME, found.LABEL
    if found.REFUSED:
        report.refuse("", Problem("", found.REFUSED))
        return None
    return found


def item_of(raw: Raw, shape: Shape, report: Report) -> Item | None:
    """Return the record as a question, None where it has a problem."""
    problems = raw.problems
    if not problems and not isinstance(raw.value, dict):
        problems = [Problem("", f"is {kind(raw.value)}; an object is expected")]
    if not problems:
        node = Node(raw.value)
        question = read(shape, node)
        problems = node.problems
    for problem in problems:
        report.refuse(raw.place, problem)
    if problems:
        return None
    question, anchors = anchored(question if question.external_id else with_id(question))
    return Item(raw.place, raw.value, question, anchors)


def with_id(question: Question) -> Question:
    """Return the question with the id that its text gives it."""
    return replace(question, external_id=hashlib.sha256(question.text.encode()).hexdigest()[:ID_DIGITS])


def first_of_its_id(item: Item, places: dict[str, str], report: Report) -> bool:
    """Return whether the id is new in the file; a repeat is a problem that names both places."""
    external_id = item.question.external_id
    first = places.setdefault(external_id, item.place)
    if first != item.place:
        where = "id" if "shape" not in item.question.extra else "question"
        report.refuse(item.place, Problem(where, f"the id “{external_id}” stands at {first} already"))
        return False
    return True
