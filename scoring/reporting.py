"""The agreement of a project as a report: over all, by batch, pair of people, guideline version and question."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from annotator.jobs import start_alone
from annotator.models import Job, Member, Project, User
from retrieval.progress import Progress, silent
from scoring.agreement import DRAWS, Figure, agreement, agreement_of_pairs, personal
from scoring.comparing import Comparison, Told, by_person, compare, compare_by_chance, compare_confirmed
from scoring.sight import hide_few
from scoring.submitted import Item, items, not_blind, questions_of
from scoring.undefined import FEW

Part = tuple[str, ...]
"""A kind of part and what names it: ("batches", "pilot"), ("pairs", "one", "other")."""
ALL: Part = ("all",)
AT_ONCE = 20  # questions that several people wrote on; more are compared by a job, for that takes seconds
Found = dict[str, list[Comparison]]
"""Comparisons by how conditions were paired: ``computed``, by ``chance``, as ``confirmed``, and those as computed."""


@dataclass(slots=True)
class Overall:
    """All comparisons of some texts, and those of each person, as computed."""

    whole: list[Comparison] = field(default_factory=list)
    own: dict[str, list[Comparison]] = field(default_factory=lambda: defaultdict(list))

    def add(self, told: Told) -> None:
        whole, pairs = told
        self.whole.append(whole)
        for person, comparison in by_person(pairs).items():
            self.own[person].append(comparison)

    def in_json(self) -> dict[str, Any]:
        figures = in_json(agreement(self.whole))
        return {"questions": len(self.whole), "few": few(self.whole), "figures": figures, "people": self.people()}

    def people(self) -> dict[str, Any]:
        """Return each person's agreement with the others, by pseudonym."""
        return {name: asdict(personal(own)) | {"few": few(own)} for name, own in sorted(self.own.items())}


def agreement_report(project: Project, progress: Progress = silent) -> dict[str, Any]:
    """Return all figures in JSON's types, on each person's first submission and, by its name, on the current texts.

    Beside the figures that hang on which conditions are paired stand those by chance, and those over the alignments
    that adjudicators confirmed, with the computed ones on the same questions. People are named by their pseudonyms; an
    undefined value is null, with its ``reason``. A part of ``few`` questions names their keys there, one of more names
    none. ``not_blind`` counts the first submissions among them that were not independent. ``by_question`` is worked out
    as one goes through it, once.
    """
    found: dict[Part, Found] = defaultdict(lambda: defaultdict(list))
    first, current = Overall(), Overall()
    for done, item in enumerate(items(questions_of(project)), 1):
        add(item, found, first, current)
        progress("comparing", done, 0)
    return {
        "project": project.slug,
        **scope(found.get(ALL, {})),
        "not_blind": not_blind(project),
        "people": first.people(),
        "batches": {name: scope(part) for (name,), part in of_kind(found, "batches")},
        "guidelines": {name: scope(part) for (name,), part in of_kind(found, "guidelines")},
        "pairs": [{"people": list(two), **scope(part)} for two, part in of_kind(found, "pairs")],
        "by_question": (
            {"batch": batch, "id": name, **scope(part, draws=0)}
            for (batch, name), part in of_kind(found, "by_question")
        ),
        "current": current.in_json(),
    }


def add(item: Item, found: Mapping[Part, Found], first: Overall, current: Overall) -> None:
    """Add what people have in common on a question to every part that it belongs to."""
    for how, told in comparisons_of(item):
        for part, comparison in parts_of(item, *told):
            found[part][how].append(comparison)
        if how == "computed":
            first.add(told)
            if item.current:
                current.add(told if item.current == item.work else compare(item.current, item.asked))


def of_kind(found: Mapping[Part, Found], kind: str) -> Iterator[tuple[Part, Found]]:
    """Yield the parts of a kind with what names them."""
    return ((part[1:], comparisons) for part, comparisons in found.items() if part[0] == kind)


def overview(project: Project, progress: Progress = silent) -> dict[str, Any]:
    """Return the figures over all questions, and of each person, alone."""
    found = Overall()
    for done, item in enumerate(items(questions_of(project)), 1):
        found.add(compare(item.work, item.asked))
        progress("comparing", done, 0)
    return found.in_json()


def by_job(number: int) -> bool:
    """Return whether so many questions, on which several people wrote, are compared by a job, not within a request."""
    return number > AT_ONCE


def report_of(
    project: Project, user: User, number: int, making: Callable[[Project], dict[str, Any]]
) -> tuple[dict[str, Any] | None, Job | None]:
    """Return what the user is shown: computed now where a small ``number`` is shared, else the last job's, and that.

    Figures of few questions are hidden from who may not see all of these.
    """
    job = last_job(project) if by_job(number) else None
    if by_job(number) and job is None:
        return None, None
    report: dict[str, Any] = job.result if job else making(project)
    hide_few(report, user)
    return report, job


def last_job(project: Project) -> Job | None:
    # What was computed before a report said which few questions it is of is computed anew.
    done = project.jobs.filter(verb="agreement", state=Job.State.DONE, result__has_key="few")
    return done.order_by("-pk").first()


def compare_by_job(by: Member) -> Job:
    """Let a job compare what people wrote in the member's project, unless one is at that already; return it."""
    alone = f"agreement {by.project_id}"
    return start_alone(alone, "agreement", by.project, by) or by.project.jobs.filter(alone=alone).latest("pk")


def report_agreement(job: Job, progress: Progress) -> dict[str, Any]:
    """Return the report of a job's project, less the figures of each question, which the command writes."""
    report = agreement_report(job.own_project, progress)
    report.pop("by_question", None)
    return report


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
        yield ("pairs", *sorted(pair.people)), pair
    if len(item.guidelines) == 1:
        yield ("guidelines", str(*item.guidelines)), whole
    yield ("by_question", item.question.batch.name, item.question.external_id), whole


def scope(found: Mapping[str, list[Comparison]], draws: int = DRAWS) -> dict[str, Any]:
    """Return the figures of one part; ``confirmed`` is null where no adjudicator has confirmed an alignment."""
    computed, confirmed = found.get("computed", []), found.get("confirmed", [])
    same = found.get("confirmed_computed", [])
    return {
        "questions": len(computed),
        "few": few(computed),
        "figures": in_json(agreement(computed, draws)),
        "chance": in_json(agreement_of_pairs(found.get("chance", []), draws)),
        "confirmed": {
            "questions": len(confirmed),
            "few": few(confirmed),
            "figures": in_json(agreement_of_pairs(confirmed, draws)),
            "computed": in_json(agreement_of_pairs(same, draws)),
        }
        if confirmed
        else None,
    }


def few(found: Iterable[Comparison]) -> list[int]:
    """Return the keys of the questions that are compared, where these are so few that figures tell of each."""
    keys = sorted({one.question for one in found})
    return keys if len(keys) < FEW else []


def figures_on(item: Item) -> dict[str, Any]:
    """Return the figures of one question, without intervals."""
    whole, _pairs = compare(item.work, item.asked)
    return in_json(agreement([whole], draws=0))


def in_json(figures: Mapping[str, Figure]) -> dict[str, Any]:
    return {name: asdict(figure) for name, figure in figures.items()}
