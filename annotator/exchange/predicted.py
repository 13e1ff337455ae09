"""A file of a system's predictions or drafts as records, with every problem named by its place."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from annotator.exchange.reports import Report, printable
from annotator.exchange.shapes import machine_made, predictions
from annotator.exchange.shapes.predictions import only_one
from annotator.exchange.streaming import Raw, Unreadable, grouped
from annotator.reading import TOO_LARGE, Node, Problem, kind
from annotator.record import Prediction

SAID = ("conditions", "generated_answers", "properties")
LONGEST_QUOTED = 120
CITED = re.compile(r"citations(\[\d+\])?\Z")
EXPECTED = "a record has “id” and “conditions”, “generated_answers” or “properties”"


Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Item:
    """What a system said of one question, and where it stands in the file."""

    place: str
    prediction: Prediction

    @property
    def key(self) -> Key:
        """The field by which a question is meant, and what it says: the id, or else the text to the letter."""
        said = self.prediction
        return ("id", said.external_id) if said.external_id else ("question", said.question)

    @property
    def named(self) -> str:
        """The question that is meant, as a message quotes it."""
        return f"“{self.key[1][:LONGEST_QUOTED]}”"


def group_of(path: Path, system: str, report: Report) -> str | None:
    """Return which list of the file is the system's: the one of its name, or the only one; None where it has none."""
    names = list(dict.fromkeys(group for group, _raw in grouped(path, report.file)))
    report.groups = tuple(names)
    if system in names or len(names) == 1:
        return system if system in names else names[0]
    message = "holds no record"
    if names:
        known = ", ".join(f"“{name}”" for name in names)
        message = f"is “{system}”, but the file holds what {known} answered; say which"
    report.refuse("", Problem("system" if names else "", message))
    return None


def predictions_in(path: Path, system: str, report: Report) -> Iterator[Item]:
    """Yield the sound records of a system; what is wrong goes into ``report``, and the stream goes on while it can."""
    try:
        wanted = group_of(path, system, report)
        report.group = wanted or ""
        for group, raw in grouped(path, report.file) if wanted is not None else ():
            if group == wanted and (item := item_of(raw, report)):
                yield item
    except Unreadable as error:
        report.refuse(error.place, Problem("", error.message))


def item_of(raw: Raw, report: Report) -> Item | None:
    """Return the record, None where it has a problem."""
    # A number that is too large to be kept is, as a citation, one more that is out of the list's range.
    problems = [one for one in raw.problems if one.message != TOO_LARGE or not CITED.search(one.path)]
    found = None
    if not problems:
        found, problems = read(raw.value, report)
    for problem in problems:
        report.refuse(raw.place, problem)
    return Item(raw.place, found) if found and not problems else None


def read(value: Any, report: Report) -> tuple[Prediction | None, list[Problem]]:
    """Return what a record says, and what is wrong with it; the first one names the file's shape."""
    if not isinstance(value, dict):
        return None, [Problem("", f"is {kind(value)}; an object is expected")]
    shape = machine_made if "properties" in value else predictions
    if shape is predictions and not predictions.KEYS & value.keys():
        seen = ", ".join(f"“{printable(key)[:40]}”" for key in list(value)[:12]) or "no key"
        return None, [Problem("", f"is no answer of a system: {EXPECTED}. Seen: {seen}")]
    if not report.shape:
        report.shape, report.label = shape.NAME, shape.LABEL
    node = Node(value)
    only_one(node, SAID)
    return shape.predicted(node), node.problems
