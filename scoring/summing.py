"""The board of an evaluation from all of its scores, worked out once and kept."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import Count, Sum
from django.utils import timezone

from annotator.actions.announcing import announce
from annotator.models import Event, System
from scoring.board import Table, board, people_line
from scoring.measures import Values
from scoring.measures.texts import mean
from scoring.models import Evaluation, Score
from scoring.resampling import still
from scoring.scored import left_out_of

ROWS = 1000


def sum_up(evaluation: Evaluation, beat: Callable[[], None] = still) -> None:
    """Work the board out and write it; an evaluation that has one keeps it. ``beat`` is called every now and then."""
    against_gold, among = filled_in(evaluation)
    found = board(against_gold.systems, evaluation.draws, evaluation.seed, beat)
    found["systems"] = said_of(evaluation)
    found["gold_citations"] = gold_citations(evaluation)
    for name, own in (("people", against_gold), ("among_people", among)):
        found[name] = people_line(own.people, own.systems, evaluation.draws, evaluation.seed) if own.wrote else None
    finish(evaluation, found)
    evaluation.refresh_from_db()


@transaction.atomic
def finish(evaluation: Evaluation, found: Mapping[str, Any]) -> None:
    """Write the board, and tell the project’s hooks that it is there; only the first to come does."""
    assert evaluation.number is not None  # noqa: S101 - it has one as soon as it is begun
    unfinished = Evaluation.objects.filter(pk=evaluation.pk, finished=None)
    if unfinished.update(board=found, finished=timezone.now()):
        announce(Event.EVALUATED, evaluation.project_id, "evaluation", evaluation.number)


@dataclass(slots=True)
class Tables:
    """The figures of systems, and of people as one, where several ``wrote`` on a question: the mean over them."""

    systems: Table
    people: Table
    wrote: bool = False

    def put(self, question: int, column: Mapping[int, int], said: Sequence[tuple[int | None, Values]]) -> None:
        """Note what was scored on a question, by whom: a system by its key, or a person."""
        for system, values in said:
            if system:
                self.systems.put(question, column[system], values)
        if people := [values for system, values in said if not system and values]:
            self.people.put(question, 0, means_of(people))
            self.wrote = True


def filled_in(evaluation: Evaluation) -> tuple[Tables, Tables]:
    """Return the figures against gold, and those among people. Each score is read once."""
    answerable = np.array(evaluation.questions.order_by("place").values_list("answerable", flat=True), dtype=bool)
    own = list(evaluation.systems.values_list("system", "system__name"))
    names, column = [name for _pk, name in own], {pk: place for place, (pk, _name) in enumerate(own)}
    gold, among = (Tables(Table(names, answerable), Table(["people"], answerable)) for _which in range(2))
    scores = Score.objects.filter(question__evaluation=evaluation).order_by("question__place", "pk")
    rows = scores.values_list("question__place", "system", "figures", "among_people").iterator(chunk_size=ROWS)
    for place, found in groupby(rows, key=itemgetter(0)):
        said = list(found)
        gold.put(place - 1, column, [(system, values) for _place, system, values, _among in said])
        among.put(place - 1, column, [(system, values) for _place, system, _values, values in said])
    return gold, among


def means_of(several: Sequence[Values]) -> dict[str, float | None]:
    """Return the mean of each figure over those that have a value; nothing of none."""
    return {name: mean(one[name] for one in several) for name in (several[0] if several else ())}


def said_of(evaluation: Evaluation) -> list[dict[str, Any]]:
    """Return what stands beside each system: how often it replied, what became of its citations, its part in gold."""
    drafted = drafted_by_family(evaluation)
    return [
        {
            "name": one.system.name,
            "pk": one.system_id,
            "description": one.system.description or one.system.model,
            "family": one.system.family,
            "cites": one.cites,
            "conditional": one.conditional,
            "drafted": drafted.get(one.system.family or one.system.name, 0.0),
            **counted(evaluation, one.system_id),
        }
        for one in evaluation.systems.select_related("system")
    ]


def gold_citations(evaluation: Evaluation) -> dict[str, int]:
    """Return how many citations gold has, and how many of them no figure counts."""
    records = evaluation.questions.order_by().exclude(gold=None).values_list("gold__record", flat=True)
    return left_out_of(
        (citation.get("supplementary", False), "rank" in citation)
        for record in records.iterator(chunk_size=ROWS)
        for condition in record.get("conditions", ())
        for citation in condition.get("citations", ())
    )


def drafted_by_family(evaluation: Evaluation) -> dict[str, float]:
    """Return which share of gold's conditions was made of drafts, by the family of the systems that made them.

    A run of a model is suspect where another run of it drafted gold: both err alike.
    """
    families = dict(System.objects.filter(project=evaluation.project).values_list("name", "family"))
    conditions, drafted = 0, Counter[str]()
    for number, made in evaluation.questions.order_by().values_list("conditions", "drafted").iterator():
        conditions += number
        for names in made.values():
            drafted.update({families.get(name) or name for name in names})
    return {family: number / conditions for family, number in drafted.items()}


def counted(evaluation: Evaluation, system: int) -> dict[str, int]:
    own = Score.objects.filter(question__evaluation=evaluation, system=system)
    found = own.aggregate(replied=Count("revision"), cited=Sum("cited"), left_out=Sum("left_out"))
    return {name: number or 0 for name, number in found.items()}
