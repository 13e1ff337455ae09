"""Beginning an evaluation: what is to be scored, and how, is written down before anything is."""

import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, QuerySet
from django.utils import timezone

from annotator.actions.queued import Refused
from annotator.cut import CannotRelease, batches_named
from annotator.models import Annotation, Member, Project, Release, Revision, System
from annotator.reading import LARGEST_NUMBER
from annotator.record import Source
from annotator.released import CHUNK, Frozen, frozen_in, frozen_now, records_of
from retrieval.fragments import LOOKUP_SIZE, batched
from scoring import judges, measures, pairing, resampling
from scoring.beside import predictions_on
from scoring.idf import IdfTable
from scoring.judging import about, judge_named
from scoring.measures import figures
from scoring.models import EvaluatedQuestion, EvaluatedSystem, EvaluatedWork, Evaluation
from scoring.pairing import PAIRINGS
from scoring.references import imported_references
from scoring.scored import names_conditions

ROWS = 500  # that are written, or removed, at once
MOST_DRAWS = 1_000_000
ABANDONED = timedelta(hours=1)  # no evaluation takes that long to be written down


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

    All is read before the first row is written, and some is written at a time, so that nobody waits for it. Until it is
    whole it has no number: a killed one is nowhere to be seen, and goes when the next is begun (decision 16).
    """
    sweep(project)
    evaluation = written_down(project, wanted, by)
    count_in(evaluation)
    return evaluation


@contextmanager
def considered(project: Project, wanted: Wanted) -> Iterator[Evaluation]:
    """Yield an evaluation that is only written down, and leave nothing of it behind. Raises Refused."""
    sweep(project)
    evaluation = written_down(project, wanted, None)
    try:
        yield evaluation
    finally:
        discard(evaluation)


def version() -> str:
    """Return the version of Proviso."""
    about_us = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text("utf-8"))
    return str(about_us["project"]["version"])


def check(wanted: Wanted) -> None:
    """Raise Refused where a name or a number means nothing."""
    known = {"alignment": PAIRINGS, "primary": [name for name, one in figures().items() if one.ranked]}
    for field_name, names in known.items():
        if (value := getattr(wanted, field_name)) not in names:
            raise Refused(f"{field_name}: “{value}” is none of {', '.join(names)}")
    for field_name, least, most in (("draws", 1, MOST_DRAWS), ("seed", 0, LARGEST_NUMBER)):
        if not least <= (number := getattr(wanted, field_name)) <= most:
            raise Refused(f"{field_name}: {number} is no whole number from {least} to {most}")
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


@dataclass(frozen=True, slots=True)
class Described:
    """A question as it will be written, and the steps and the names of people's work that goes with it."""

    question: int
    text: str
    gold: int | None
    conditions: int
    answerable: bool
    drafted: Mapping[str, Any]
    work: tuple[tuple[int, str], ...]

    def row(self, evaluation: Evaluation, place: int) -> EvaluatedQuestion:
        return EvaluatedQuestion(
            evaluation=evaluation,
            place=place,
            question_id=self.question,
            text=self.text,
            gold_id=self.gold,
            conditions=self.conditions,
            answerable=self.answerable,
            drafted=self.drafted,
        )


def described(frozen: Iterator[Frozen]) -> Iterator[Described]:
    """Yield the questions in their order. A query per ``CHUNK``."""
    for some in batched((one for one in frozen if one.gold or one.work), CHUNK):
        sizes = sizes_of([step for one in some for step in references_of(one)])
        for one in some:
            own = [sizes[step] for step in references_of(one)]
            work = tuple((part.revision, str(part.about["annotator"])) for part in one.work)
            drafted = one.about.get("drafted", {})
            yield Described(one.question, one.text, one.gold or None, own[0], any(own), drafted, work)


def sizes_of(steps: Sequence[int]) -> dict[int, int]:
    """Return how many conditions were handed in by each step. A query per 900 steps."""
    found: dict[int, int] = {}
    for some in batched(steps, LOOKUP_SIZE):
        records = Revision.objects.filter(pk__in=some).values_list("pk", "record")
        found |= {pk: len(said.get("conditions", ())) for pk, said in records}
    return found


def references_of(one: Frozen) -> list[int]:
    """Return the steps that a system is scored by: gold's, or those of all people's work where nobody made gold."""
    return [one.gold] if one.gold else [part.revision for part in one.work]


def written_down(project: Project, wanted: Wanted, by: Member | None) -> Evaluation:
    """Return an evaluation with all that it is about, which has no number yet. Raises Refused."""
    check(wanted)
    systems = systems_named(project, wanted.systems)
    release = release_named(project, wanted.release)
    questions = list(described(chosen(project, release, wanted)))
    if not questions:
        raise Refused("There is no gold here to score against.")
    judge = judge_named(wanted.judge, IdfTable(), project)
    asked = {one.question for one in questions}
    now = timezone.now()
    said = [(system, is_conditional(system, asked, now)) for system in systems]
    evaluation = Evaluation.objects.create(
        project=project,
        by=by,
        created=now,
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
    EvaluatedSystem.objects.bulk_create(
        EvaluatedSystem(evaluation=evaluation, system=system, place=place, cites=system.cites, conditional=conditional)
        for place, (system, conditional) in enumerate(said)
    )
    for some in batched(enumerate(questions, 1), ROWS):
        write(evaluation, some)
    return evaluation


def is_conditional(system: System, asked: Collection[int], until: datetime) -> bool:
    """Return whether a system names conditions in what is scored of it on these questions. Two queries per 900."""
    found = (predictions_on(some, [system.pk], until) for some in batched(sorted(asked), LOOKUP_SIZE))
    steps = (step.revision for said in found for step in said.values())
    return names_conditions(whole for some in batched(steps, LOOKUP_SIZE) for _pk, whole in records_of(some))


@transaction.atomic
def write(evaluation: Evaluation, questions: Sequence[tuple[int, Described]]) -> None:
    """Write some questions in their places, with the work of people on them."""
    rows = EvaluatedQuestion.objects.bulk_create([one.row(evaluation, place) for place, one in questions])
    EvaluatedWork.objects.bulk_create(
        EvaluatedWork(question=row, revision_id=revision, annotator=annotator)
        for row, (_place, one) in zip(rows, questions, strict=True)
        for revision, annotator in one.work
    )


@transaction.atomic
def count_in(evaluation: Evaluation) -> None:
    """Give an evaluation the next number of its project: from here on it is begun."""
    project = Project.objects.select_for_update().get(pk=evaluation.project_id)
    evaluation.number = (project.evaluations.aggregate(last=Max("number"))["last"] or 0) + 1
    if not Evaluation.objects.filter(pk=evaluation.pk, number=None).update(number=evaluation.number):
        raise Refused("Writing it down took so long that it passed for one that was killed. Begin it again.")


def sweep(project: Project) -> None:
    """Remove what is left of evaluations that were killed before they were begun."""
    for one in project.evaluations.filter(number=None, created__lt=timezone.now() - ABANDONED):
        discard(one)


def discard(evaluation: Evaluation) -> None:
    """Remove an evaluation that is not begun, some rows at a time; one that is by now is left alone."""
    unbegun = EvaluatedQuestion.objects.filter(evaluation=evaluation.pk, evaluation__number=None).order_by()
    while some := list(unbegun.values_list("pk", flat=True)[:ROWS]):
        unbegun.filter(pk__in=some).delete()
    Evaluation.objects.filter(pk=evaluation.pk, number=None).delete()
