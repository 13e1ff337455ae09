"""The agreement of a project as a report: over all, by batch, pair of people, guideline version and question."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

from annotator.models import Job, Project
from retrieval.progress import Progress, silent
from scoring.agreement import Comparison, agreement, compare, of_each_person
from scoring.submitted import Item, Which, items

ALL = ("all", "")
Part = tuple[str, str]
"""A kind of part and its name: ("batches", "pilot")."""


def agreement_report(project: Project, progress: Progress = silent) -> dict[str, Any]:
    """Return all figures in JSON's types, on each person's first submission and, by its name, on the current texts.

    People are named by their pseudonyms; an undefined value is null, with its ``reason``.
    """
    first = gathered(project, progress)
    report: dict[str, Any] = {"project": project.slug, **scope(first.pop(ALL, []))}
    report["people"] = people([pair for (kind, _name), found in first.items() if kind == "pairs" for pair in found])
    for (kind, name), found in first.items():
        report.setdefault(kind, {})[name] = scope(found, intervals=kind != "by_question")
    report["current"] = overview(project, Which.CURRENT, progress)
    return report


def overview(project: Project, which: Which = Which.FIRST, progress: Progress = silent) -> dict[str, Any]:
    """Return the figures over all questions, and of each person, alone."""
    found, pairs = [], []
    for done, item in enumerate(items(project, which), 1):
        whole, of_two = compare(item.work, item.asked)
        found.append(whole)
        pairs += of_two
        progress("comparing", done, 0)
    return {**scope(found), "people": people(pairs)}


def people(pairs: Iterable[Comparison]) -> dict[str, Any]:
    """Return each person's agreement with the others, by pseudonym."""
    return {name: asdict(figure) for name, figure in sorted(of_each_person(pairs).items())}


def report_agreement(job: Job, progress: Progress) -> dict[str, Any]:
    """Return the report of a job's project, less the figures of each question, which the command writes."""
    assert job.project is not None  # noqa: S101 - started with one
    report = agreement_report(job.project, progress)
    report.pop("by_question", None)
    return report


def gathered(project: Project, progress: Progress) -> dict[Part, list[Comparison]]:
    """Return the comparisons of all first submissions, and of each part of them."""
    found: dict[Part, list[Comparison]] = defaultdict(list)
    for done, item in enumerate(items(project), 1):
        whole, pairs = compare(item.work, item.asked)
        found[ALL].append(whole)
        for part, comparison in parts_of(item, whole, pairs):
            found[part].append(comparison)
        progress("comparing", done, 0)
    return found


def parts_of(item: Item, whole: Comparison, pairs: Sequence[Comparison]) -> Iterator[tuple[Part, Comparison]]:
    """Yield the parts that a question's comparisons belong to; written by two guidelines it belongs to neither."""
    yield ("batches", item.question.batch.name), whole
    for pair in pairs:
        yield ("pairs", " and ".join(sorted(pair.people))), pair
    if len(item.guidelines) == 1:
        yield ("guidelines", str(*item.guidelines)), whole
    yield ("by_question", f"{item.question.batch.name}/{item.question.external_id}"), whole


def scope(comparisons: list[Comparison], *, intervals: bool = True) -> dict[str, Any]:
    found = agreement(comparisons) if intervals else agreement(comparisons, draws=0)
    return {"questions": len(comparisons), "figures": {name: asdict(figure) for name, figure in found.items()}}
