"""Beginning an evaluation: what is to be scored, and how, is written down before anything is."""

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
from annotator.released import CHUNK, Frozen, frozen_in, frozen_now, records_of
from retrieval.fragments import batched
from scoring import judges, measures, pairing, resampling
from scoring.idf import IdfTable
from scoring.judging import about, judge_named
from scoring.measures import figures
from scoring.models import EvaluatedQuestion, EvaluatedSystem, EvaluatedWork, Evaluation
from scoring.pairing import PAIRINGS
from scoring.references import imported_references


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


@transaction.atomic
def begin(project: Project, wanted: Wanted, by: Member | None = None) -> Evaluation:
    """Write down what is to be scored: systems, gold as it stands, people's work. Raises Refused, naming a field."""
    check(wanted)
    systems = systems_named(project, wanted.systems)
    release = release_named(project, wanted.release)
    frozen = chosen(project, release, wanted)
    judge = judge_named(wanted.judge, IdfTable())
    Project.objects.select_for_update().get(pk=project.pk)  # one number each
    last = project.evaluations.aggregate(last=Max("number"))["last"] or 0
    evaluation = Evaluation.objects.create(
        project=project,
        number=last + 1,
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
        code=settings.VERSION,
    )
    EvaluatedSystem.objects.bulk_create(
        EvaluatedSystem(evaluation=evaluation, system=system, place=place) for place, system in enumerate(systems)
    )
    if not write_down(evaluation, frozen):
        raise Refused("There is no gold here to score against.")
    return evaluation


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


def write_down(evaluation: Evaluation, frozen: Iterator[Frozen]) -> int:
    """Write the questions in their order, with the people's work; return how many they are."""
    place = 0
    for some in batched((one for one in frozen if one.gold or one.work), CHUNK):
        counted = dict(records_of([first_reference(one) for one in some]))
        rows = [
            EvaluatedQuestion(
                evaluation=evaluation,
                question_id=one.question,
                place=number,
                text=one.text,
                gold_id=one.gold or None,
                conditions=len(counted[first_reference(one)].conditions),
                answerable=bool(counted[first_reference(one)].conditions),
                drafted=drafted(one),
            )
            for number, one in enumerate(some, place + 1)
        ]
        EvaluatedQuestion.objects.bulk_create(rows)
        EvaluatedWork.objects.bulk_create(
            EvaluatedWork(question=row, revision_id=part.revision, annotator=part.about["annotator"])
            for row, one in zip(rows, some, strict=True)
            for part in one.work
        )
        place += len(rows)
    return place


def first_reference(one: Frozen) -> int:
    return one.gold or one.work[0].revision


def drafted(one: Frozen) -> dict[str, int]:
    """Return of how many of gold's conditions each system made the draft."""
    found: dict[str, int] = {}
    for names in one.about.get("drafted", {}).values():
        for name in names:
            found[name] = found.get(name, 0) + 1
    return found
