"""The agreement of a project as a report: over all, by batch, pair of people, guideline version and question."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from annotator.models import Job, Project
from retrieval.progress import Progress, silent
from scoring.agreement import DRAWS, Figure, agreement, agreement_of_pairs, personal
from scoring.comparing import Comparison, Told, by_person, compare, compare_by_chance, compare_confirmed
from scoring.submitted import Item, Which, items, questions_of

ALL = ("all", "")
PEOPLE = "people"
Part = tuple[str, str]
"""A kind of part and its name: ("batches", "pilot")."""
Found = dict[str, list[Comparison]]
"""Comparisons by how conditions were paired: ``computed``, by ``chance``, as ``confirmed``, and those as computed."""


def agreement_report(project: Project, progress: Progress = silent) -> dict[str, Any]:
    """Return all figures in JSON's types, on each person's first submission and, by its name, on the current texts.

    Beside the figures that hang on which conditions are paired stand those by chance, and those over the alignments
    that adjudicators confirmed, with the computed ones on the same questions. People are named by their pseudonyms; an
    undefined value is null, with its ``reason``.
    """
    first = gathered(project, progress)
    report: dict[str, Any] = {"project": project.slug, **scope(first.pop(ALL, {}))}
    report["people"] = people({name: first.pop((kind, name))["computed"] for kind, name in [*first] if kind == PEOPLE})
    for (kind, name), found in first.items():
        report.setdefault(kind, {})[name] = scope(found, draws=0 if kind == "by_question" else DRAWS)
    report["current"] = overview(project, Which.CURRENT, progress)
    return report


def overview(project: Project, which: Which = Which.FIRST, progress: Progress = silent) -> dict[str, Any]:
    """Return the figures over all questions, and of each person, alone."""
    found, own = [], defaultdict(list)
    for done, item in enumerate(items(questions_of(project), which), 1):
        whole, pairs = compare(item.work, item.asked)
        found.append(whole)
        for person, comparison in by_person(pairs).items():
            own[person].append(comparison)
        progress("comparing", done, 0)
    return {"questions": len(found), "figures": in_json(agreement(found)), "people": people(own)}


def people(own: Mapping[str, Sequence[Comparison]]) -> dict[str, Any]:
    """Return each person's agreement with the others, by pseudonym."""
    return in_json({name: personal(comparisons) for name, comparisons in sorted(own.items())})


def report_agreement(job: Job, progress: Progress) -> dict[str, Any]:
    """Return the report of a job's project, less the figures of each question, which the command writes."""
    assert job.project is not None  # noqa: S101 - started with one
    report = agreement_report(job.project, progress)
    report.pop("by_question", None)
    return report


def gathered(project: Project, progress: Progress) -> dict[Part, Found]:
    """Return the comparisons of all first submissions, and of each part of them."""
    found: dict[Part, Found] = defaultdict(lambda: defaultdict(list))
    for done, item in enumerate(items(questions_of(project)), 1):
        for how, told in comparisons_of(item):
            for part, comparison in parts_of(item, *told):
                found[part][how].append(comparison)
        progress("comparing", done, 0)
    return found


def comparisons_of(item: Item) -> Iterator[tuple[str, Told]]:
    """Yield how conditions are paired, and what people have in common then."""
    computed = compare(item.work, item.asked)
    yield "computed", computed
    yield "chance", compare_by_chance(item.work, item.asked)
    if item.confirmed:
        yield "confirmed", compare_confirmed(item.confirmed, item.asked)
        same = item.confirmed == item.work
        yield "confirmed_computed", computed if same else compare(item.confirmed, item.asked)


def parts_of(item: Item, whole: Comparison, pairs: Sequence[Comparison]) -> Iterator[tuple[Part, Comparison]]:
    """Yield the parts that a question's comparisons belong to; written by two guidelines it belongs to neither."""
    yield ALL, whole
    yield ("batches", item.question.batch.name), whole
    for pair in pairs:
        yield ("pairs", " and ".join(sorted(pair.people))), pair
    for person, comparison in by_person(pairs).items():
        yield (PEOPLE, person), comparison
    if len(item.guidelines) == 1:
        yield ("guidelines", str(*item.guidelines)), whole
    yield ("by_question", f"{item.question.batch.name}/{item.question.external_id}"), whole


def scope(found: Mapping[str, list[Comparison]], draws: int = DRAWS) -> dict[str, Any]:
    """Return the figures of one part; ``confirmed`` is null where no adjudicator has confirmed an alignment."""
    computed, confirmed = found.get("computed", []), found.get("confirmed", [])
    same = found.get("confirmed_computed", [])
    return {
        "questions": len(computed),
        "figures": in_json(agreement(computed, draws)),
        "chance": in_json(agreement_of_pairs(found.get("chance", []), draws)),
        "confirmed": {
            "questions": len(confirmed),
            "figures": in_json(agreement_of_pairs(confirmed, draws)),
            "computed": in_json(agreement_of_pairs(same, draws)),
        }
        if confirmed
        else None,
    }


def in_json(figures: Mapping[str, Figure]) -> dict[str, Any]:
    return {name: asdict(figure) for name, figure in figures.items()}
