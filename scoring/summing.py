"""The board of an evaluation from all of its scores, worked out once and kept."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np
from django.db.models import Count, Sum
from django.utils import timezone

from annotator.models import System
from scoring.board import Table, board, people_line
from scoring.measures import Values
from scoring.measures.texts import mean
from scoring.models import Evaluation, Score

ROWS = 1000


def sum_up(evaluation: Evaluation) -> None:
    """Work the board out and write it; an evaluation that has one keeps it."""
    table, people = filled_in(evaluation, "figures")
    found = board(table, evaluation.draws, evaluation.seed)
    found["systems"] = said_of(evaluation)
    found["gold_citations"] = gold_citations(evaluation)
    among = filled_in(evaluation, "among_people") if people else (table, None)
    for name, (own, line) in (("people", (table, people)), ("among_people", among)):
        found[name] = people_line(line, own, evaluation.draws, evaluation.seed) if line else None
    Evaluation.objects.filter(pk=evaluation.pk, finished=None).update(board=found, finished=timezone.now())
    evaluation.refresh_from_db()


def filled_in(evaluation: Evaluation, which: str) -> tuple[Table, Table | None]:
    """Return the figures of systems, and of people as one, where several wrote on a question: the mean over them.

    ``which`` are those against gold (``figures``), or those ``among_people``.
    """
    answerable = np.array(evaluation.questions.order_by("place").values_list("answerable", flat=True), dtype=bool)
    own = list(evaluation.systems.values_list("system", "system__name"))
    table, people = Table([name for _pk, name in own], answerable), Table(["people"], answerable)
    column = {pk: place for place, (pk, _name) in enumerate(own)}
    wrote = defaultdict[int, list[Values]](list)
    scores = Score.objects.filter(question__evaluation=evaluation).order_by("question__place", "pk")
    rows = scores.values_list("question__place", "system", which)
    for place, system, values in rows.iterator(chunk_size=ROWS):
        if system:
            table.put(place - 1, column[system], values)
        elif values:
            wrote[place - 1].append(values)
    for place, several in wrote.items():
        people.put(place, 0, means_of(several))
    return table, people if wrote else None


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
            "drafted": drafted.get(one.system.family or one.system.name, 0.0),
            **counted(evaluation, one.system_id),
        }
        for one in evaluation.systems.select_related("system")
    ]


def gold_citations(evaluation: Evaluation) -> dict[str, int]:
    """Return how many citations gold has, and how many of them are left out of every figure of citations.

    Those are of fragments that people added, which no system could see, and of what could not be anchored.
    """
    count = Counter(cited=0, supplementary=0, unanchored=0)
    records = evaluation.questions.order_by().exclude(gold=None).values_list("gold__record", flat=True)
    for record in records.iterator(chunk_size=ROWS):
        for condition in record.get("conditions", ()):
            for citation in condition.get("citations", ()):
                added = citation.get("supplementary", False)
                count.update(cited=1, supplementary=int(added), unanchored=int("rank" not in citation))
    return dict(count)


def drafted_by_family(evaluation: Evaluation) -> dict[str, float]:
    """Return which share of gold's conditions was made of drafts, by the family of the systems that made them.

    A run of a model is suspect where another run of it drafted gold: both err alike.
    """
    families = dict(System.objects.filter(project=evaluation.project).values_list("name", "family"))
    conditions, drafted = 0, Counter[str]()
    for number, made in evaluation.questions.order_by().values_list("conditions", "drafted"):
        conditions += number
        for names in made.values():
            drafted.update({families.get(name) or name for name in names})
    return {family: number / conditions for family, number in drafted.items()}


def counted(evaluation: Evaluation, system: int) -> dict[str, int]:
    own = Score.objects.filter(question__evaluation=evaluation, system=system)
    found = own.aggregate(replied=Count("revision"), cited=Sum("cited"), left_out=Sum("left_out"))
    return {name: number or 0 for name, number in found.items()}
