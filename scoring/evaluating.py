"""Beginning an evaluation: what is to be scored, and how, is written down before anything is."""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, QuerySet
from django.utils import timezone

from annotator.actions.queued import Refused
from annotator.cut import CannotRelease, batches_named
from annotator.models import Annotation, Member, Project, Release, System
from annotator.record import Source
from annotator.released import CHUNK, Frozen, Work, frozen_in, frozen_now, records_of
from retrieval.fragments import batched
from scoring import judges, measures, pairing, resampling
from scoring.idf import IdfTable
from scoring.judging import about, judge_named
from scoring.measures import figures
from scoring.models import EvaluatedQuestion, EvaluatedSystem, EvaluatedWork, Evaluation
from scoring.pairing import PAIRINGS
from scoring.references import imported_references

ROWS = 1000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be evaluated, and how. Without ``systems`` all that predict something; without batches all of them."""

    systems: Sequence[str] = ()
    judge: str = judges.USUAL
    alignment: str = pairing.USUAL
    primary: str = measures.PRIMARY
    release: str = ""
    batches: Sequence[str] = ()
    splits: Sequence[str] = ()
    draws: int = resampling.DRAWS
    seed: int = resampling.SEED


def begin(project: Project, wanted: Wanted, by: Member | None = None) -> Evaluation:
    """Write down what is to be scored: systems, gold as it stands, people's work. Raises Refused, naming a field.

    All is read before the first row is written, so that nobody waits for it.
    """
    check(wanted)
    systems = systems_named(project, wanted.systems)
    release = release_named(project, wanted.release)
    questions = list(described(chosen(project, release, wanted)))
    if not questions:
        raise Refused("There is no gold here to score against.")
    judge = judge_named(wanted.judge, IdfTable())
    evaluation = Evaluation(
        project=project,
        by=by,
        created=timezone.now(),
        release=release,
        only={"batches": list(wanted.batches), "splits": list(wanted.splits)},
        judge=judge.name,
        judge_version=judge.version,
        settings=about(judge.name),
        alignment=wanted.alignment,
        primary=wanted.primary,
        draws=wanted.draws,
        seed=wanted.seed,
        code=version(),
    )
    write_down(evaluation, systems, questions)
    return evaluation


def version() -> str:
    """Return the version of Proviso."""
    about_us = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text("utf-8"))
    return str(about_us["project"]["version"])


def check(wanted: Wanted) -> None:
    """Raise Refused where a name means nothing."""
    known = {"alignment": PAIRINGS, "primary": [name for name, one in figures().items() if one.ranked]}
    for field_name, names in known.items():
        if (value := getattr(wanted, field_name)) not in names:
            raise Refused(f"{field_name}: “{value}” is none of {', '.join(names)}")
    if wanted.splits and not wanted.release:
        raise Refused("splits: only a release has splits; name the release")


def predicting(project: Project) -> QuerySet[System]:
    """Return the systems that can be scored: those whose predictions are all there."""
    own = Annotation.objects.filter(system=OuterRef("pk"), source=Source.PREDICTION).order_by()
    return project.systems.filter(Exists(own), complete=True).order_by("name")


def systems_named(project: Project, names: Sequence[str]) -> list[System]:
    """Return the project's systems that predict something, those of these names if any are given. Raises Refused."""
    found = list(predicting(project).filter(name__in=names) if names else predicting(project))
    if missing := set(names) - {system.name for system in found}:
        raise Refused(f"system: “{min(missing)}” has no predictions here")
    if not found:
        raise Refused("system: no system has predictions here; bring some in with import_predictions")
    return found


def release_named(project: Project, tag: str) -> Release | None:
    release = project.releases.filter(tag=tag).first() if tag else None
    if tag and release is None:
        raise Refused(f"release: there is no release “{tag}”")
    return release


def chosen(project: Project, release: Release | None, wanted: Wanted) -> Iterator[Frozen]:
    """Yield the questions that are scored, with gold's step, or 0 where imported work counts. Raises Refused."""
    try:
        batches = batches_named(project, wanted.batches)
    except CannotRelease as error:
        raise Refused(str(error)) from error
    names = {batch.name for batch in batches}
    if release is None:
        yield from frozen_now(project, batches)
        yield from imported_references(batches)
        return
    splits = set(wanted.splits)
    for one in frozen_in(release):
        if (not wanted.batches or one.about["batch"] in names) and (not splits or one.split in splits):
            yield one


Described = tuple[EvaluatedQuestion, Sequence[Work]]
"""A question as it will be written, and the work of people that goes with it."""


def described(frozen: Iterator[Frozen]) -> Iterator[Described]:
    """Yield the questions in their places. A query per ``CHUNK``."""
    for some in batched((one for one in frozen if one.gold or one.work), CHUNK):
        said = dict(records_of([step for one in some for step in references_of(one)]))
        for one in some:
            sizes = [len(said[step].conditions) for step in references_of(one)]
            row = EvaluatedQuestion(
                question_id=one.question,
                text=one.text,
                gold_id=one.gold or None,
                conditions=sizes[0],
                answerable=any(sizes),
                drafted=one.about.get("drafted", {}),
            )
            yield row, one.work


def references_of(one: Frozen) -> list[int]:
    """Return the steps that a system is scored by: gold's, or those of all people's work where nobody made gold."""
    return [one.gold] if one.gold else [part.revision for part in one.work]


@transaction.atomic
def write_down(evaluation: Evaluation, systems: Sequence[System], questions: Sequence[Described]) -> None:
    """Write an evaluation under the next number of its project, with all that it is about."""
    project = Project.objects.select_for_update().get(pk=evaluation.project_id)
    evaluation.number = (project.evaluations.aggregate(last=Max("number"))["last"] or 0) + 1
    evaluation.save(force_insert=True)
    EvaluatedSystem.objects.bulk_create(
        EvaluatedSystem(evaluation=evaluation, system=system, place=place, cites=system.cites)
        for place, system in enumerate(systems)
    )
    for place, (row, _work) in enumerate(questions, 1):
        row.evaluation, row.place = evaluation, place
    EvaluatedQuestion.objects.bulk_create([row for row, _work in questions], batch_size=ROWS)
    EvaluatedWork.objects.bulk_create(
        (
            EvaluatedWork(question=row, revision_id=part.revision, annotator=part.about["annotator"])
            for row, work in questions
            for part in work
        ),
        batch_size=ROWS,
    )
