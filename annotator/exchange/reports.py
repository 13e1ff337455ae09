"""What an import found in a file and did with it: one value for the page, the command and the stored row."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import chain
from typing import Any

from annotator.reading import Problem
from annotator.record import Annotation, Answer, Citation, Condition, ListedFragment, Prediction, Question
from retrieval.counting import how_many

MOST_SHOWN = 100
MOST_ASTRAY = 10
MOST_KEPT = 20
LONGEST_KEY = 40
UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
COUNTED = ("questions", "annotations", "conditions", "answers", "citations", "fragments")


def printable(text: str) -> str:
    """Return text of a file as one line that any terminal or page can show."""
    return UNPRINTABLE.sub(" ", text).encode(errors="replace").decode()


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with a file: the place (``line 7``), the field there, and the matter; either may be empty."""

    place: str
    path: str
    message: str

    def __str__(self) -> str:
        return ": ".join(part for part in (self.place, self.path, self.message) if part)


def flaw_of(place: str, problem: Problem) -> Flaw:
    return Flaw(printable(place), printable(problem.path), printable(problem.message))


class Remark(StrEnum):
    """What a file of a system says that is taken as it is, and yet should be known."""

    OTHER_TEXT = "other_text"
    VERDICT = "verdict"
    SAMPLE = "sample"

    @property
    def label(self) -> str:
        return {
            Remark.OTHER_TEXT: "another text of the question here than in the file; joined by its id",
            Remark.VERDICT: "a verdict of no answer beside conditions; the conditions are what is scored",
            Remark.SAMPLE: "a further sample of a question; of several samples of a question the first is scored",
        }[self]


@dataclass(slots=True)
class Report:
    """Counts of what a file holds, and what is new to the batch, unchanged or changed there.

    ``anchors`` says how its citations were found in their lists, ``checks`` how many findings each check has.
    ``group`` is the list of the file that was read, where it holds several (``groups``). ``astray`` are the first
    citations that count for nothing, ``twin`` is the system that the same file came in as before.
    ``remarks`` count what is taken and should be known, ``kept`` the fields of systems' files that nobody reads.
    ``mapping`` says which fields the columns of a table are, where somebody said so.
    ``problems`` shows the first hundred, ``problems_in_all`` how many there are; a file with one is refused whole.
    """

    file: str
    mapping: Mapping[str, str] = field(default_factory=dict)
    shape: str = ""
    group: str = ""
    groups: tuple[str, ...] = ()
    astray: list[Flaw] = field(default_factory=list)
    twin: str = ""
    label: str = ""
    counts: Counter[str] = field(default_factory=Counter)
    anchors: Counter[str] = field(default_factory=Counter)
    checks: Counter[str] = field(default_factory=Counter)
    remarks: Counter[str] = field(default_factory=Counter)
    kept: Counter[str] = field(default_factory=Counter)
    new: int = 0
    unchanged: int = 0
    changed: list[str] = field(default_factory=list)
    changed_in_all: int = 0
    problems: list[Flaw] = field(default_factory=list)
    problems_in_all: int = 0
    sha256: str = ""
    size: int = 0
    written: bool = False

    def refuse(self, place: str, problem: Problem) -> None:
        self.problems_in_all += 1
        if len(self.problems) < MOST_SHOWN:
            self.problems.append(flaw_of(place, problem))

    def name_astray(self, place: str, problem: Problem) -> None:
        """Keep where a citation stands that counts for nothing, if it is one of the first."""
        if len(self.astray) < MOST_ASTRAY:
            self.astray.append(flaw_of(place, problem))

    def count(self, question: Question) -> None:
        self.counts["questions"] += 1
        self.counts["fragments"] += len(question.retrieval.listed) if question.retrieval else 0
        for authored in question.annotations:
            self.count_annotation(authored.annotation)

    def count_prediction(self, prediction: Prediction, *, first: bool) -> None:
        """Count what a system says of a question; of several samples of it the first one counts the question."""
        self.counts["questions"] += first
        self.remarks[Remark.SAMPLE] += not first
        self.kept.update(unread(prediction))
        self.counts["fragments"] += len(prediction.retrieval.listed) if prediction.retrieval else 0
        self.count_annotation(prediction.annotation)

    def count_annotation(self, annotation: Annotation) -> None:
        self.counts["annotations"] += 1
        for condition in annotation.conditions:
            self.counts["conditions"] += 1
            self.counts["answers"] += len(condition.answers)
            self.counts["citations"] += len(condition.citations)

    def sort(self, external_id: str, stored: str | None, digest: str) -> None:
        """Count a record as new (``stored`` is None), unchanged or changed against the batch."""
        if stored is None:
            self.new += 1
        elif stored == digest:
            self.unchanged += 1
        else:
            self.changed_in_all += 1
            if len(self.changed) < MOST_SHOWN:
                self.changed.append(printable(external_id))

    def take_up(self, stored: int) -> None:
        """Count as new what an earlier run of the same import, which was broken off, has stored already."""
        self.new, self.unchanged = self.new + stored, self.unchanged - stored

    def lines(self) -> list[str]:
        """Return the report in words, as a command prints it."""
        counts = ", ".join(how_many(self.counts[name], name.removesuffix("s")) for name in COUNTED)
        found = [f"{self.file}: {self.label}: {counts}"]
        if self.anchors:
            found.append("citations: " + ", ".join(f"{number:,} {way}" for way, number in ways(self.anchors)))
        found += [f"counts for nothing: {flaw}" for flaw in self.astray]
        if self.twin:
            found.append(f"the same file came in as “{self.twin}” already: the two will be scored alike")
        if self.checks:
            found.append("checks: " + ", ".join(f"{n:,} × {code}" for code, n in self.checks.most_common()))
        found += [f"{number:,} × {Remark(code).label}" for code, number in (+self.remarks).most_common()]
        if self.kept:
            found.append(f"kept but not read: {', '.join(f'{name} × {n:,}' for name, n in self.most_kept())}")
        verb = "written" if self.written else "would be written"
        found.append(f"{self.new:,} {verb}, {self.unchanged:,} unchanged, {self.changed_in_all:,} changed")
        if self.changed:
            found.append(f"changed and left as they were: {', '.join(self.changed)}")
        return found

    def most_kept(self) -> list[tuple[str, int]]:
        return self.kept.most_common(MOST_KEPT)

    def refusal(self) -> list[str]:
        """Return one line per problem, each with the file's name."""
        more = self.problems_in_all - len(self.problems)
        found = [f"{self.file}: {problem}" for problem in self.problems]
        return [*found, f"{self.file}: and {more:,} more"] if more else found

    def to_json(self) -> dict[str, Any]:
        """Return what the row of an import keeps."""
        return {
            "mapping": dict(self.mapping),
            "label": self.label,
            "counts": {name: self.counts[name] for name in COUNTED},
            "anchors": dict(self.anchors),
            "checks": dict(self.checks),
            "remarks": dict(+self.remarks),
            "kept": dict(self.most_kept()),
            "new": self.new,
            "unchanged": self.unchanged,
            "changed": self.changed,
            "changed_in_all": self.changed_in_all,
            "astray": [str(flaw) for flaw in self.astray],
            "twin": self.twin,
            "problems": [[problem.place, problem.path, problem.message] for problem in self.problems],
            "problems_in_all": self.problems_in_all,
        }


def unread(prediction: Prediction) -> Iterator[str]:
    """Yield the names of the fields of a record that are kept and that nobody reads, each with where it stands."""
    said = prediction.annotation
    places: list[tuple[str, Iterable[Annotation | Condition | Answer | Citation | ListedFragment]]] = [
        ("", [said]),
        ("conditions.", said.conditions),
        ("answers.", chain.from_iterable(one.answers for one in said.conditions)),
        ("citations.", chain.from_iterable(one.citations for one in said.conditions)),
        ("retrieval.", prediction.retrieval.listed if prediction.retrieval else ()),
    ]
    for where, parts in places:
        for one in parts:
            yield from (f"{where}{printable(name)[:LONGEST_KEY]}" for name in one.extra.get("kept", ()))


def ways(anchors: Mapping[str, int]) -> list[tuple[str, int]]:
    """Return how citations were anchored, in words, with counts."""
    names = {
        "by_number": "anchored by number",
        "by_text": "anchored by text",
        "unanchored": "unanchored",
        "whole": "of a whole fragment",
        "with_span": "with a span",
        "edited": "edited",
    }
    of_systems = {
        "in_list": "by the number of a fragment",
        "out_of_range": "out of the list’s range",
        "unparsable": "without a number that could be read",
    }
    of_people = {"supplementary": "of supplementary fragments, kept as cited"}
    shown = [kind for kind in (names, of_systems, of_people) if any(anchors.get(key) for key in kind)]
    return [(words, anchors.get(key, 0)) for kind in shown for key, words in kind.items()]


class Refused(ValueError):
    """A file that is not taken; nothing of it was written."""

    def __init__(self, report: Report) -> None:
        self.report = report
        super().__init__("\n".join(report.refusal()))


class BrokenOff(Exception):
    """An import that ended with ``stored`` of its questions, or ``of`` its annotations, written.

    The same import again goes on from there.
    """

    def __init__(self, report: Report, stored: int, why: object, of: str = "question") -> None:
        self.why = printable(str(why))
        super().__init__(
            f"{report.file}: broken off: {self.why}\n"
            f"{stored:,} of {how_many(report.counts[f'{of}s'], of)} stored so far; "
            "running the same import again goes on from there"
        )
