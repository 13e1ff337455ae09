"""The demo's gold, made by the verbs of adjudication, step by step as a line of its file has them."""

from dataclasses import replace
from functools import partial
from typing import Any

from django.db import transaction

from annotator import record
from annotator.actions import adjudicating, taking_up
from annotator.actions.saving import Save
from annotator.aligned import Row
from annotator.decisions import Union
from annotator.desk import Desk, desk_of
from annotator.models import Annotation, Member, Question
from config.demo.times import When, count_time, said_to_be


@transaction.atomic
def adjudicate(question: Question, member: Member, work: dict[str, Any]) -> None:
    """Take a question in hand and go through its steps, unless somebody did so before or it is not ready any more."""
    gold = Annotation.objects.filter(question=question, source=record.Source.GOLD)
    ready = Question.objects.filter(pk=question.pk).staged().ready().adjudicable_by(member).free_for(member)
    if gold.exists() or not ready.exists():
        return
    when = When.of(work)
    with said_to_be(when):
        taking_up.open_question(member, question)
        for step in work["steps"]:
            take(step, desk_of(question), member)
        if work["finish"]:
            desk = desk_of(question)
            adjudicating.finish(desk, save_on(desk, member))
    count_time(gold.get(), member, when)


def take(step: dict[str, Any], desk: Desk, member: Member) -> None:
    """Take one step: a verb, and where it is about a row, whose condition shows which."""
    save = save_on(desk, member)
    match step:
        case {"row": [author, place]}:
            on_row(step, desk, save, row_of(desk, author, place).key, written_by(desk, author).pk)
        case {"do": "accept agreed"}:
            adjudicating.accept_agreed(desk, save, [row.key for row in desk.rows if row.state == "agreed"])
        case {"do": "say", "verdict": verdict, "note": note}:
            adjudicating.say(desk, save, record.Verdict(verdict), "", note)
        case {"do": "promote"}:
            adjudicating.promote(desk, save)
        case _:
            raise ValueError(f"no step of adjudication: {step}")


def on_row(step: dict[str, Any], desk: Desk, save: Save, key: str, annotation: int) -> None:
    """Take a step about a row, shown by one annotation's condition in it."""
    match step:
        case {"do": "adopt"}:
            adjudicating.adopt(desk, save, key, annotation)
        case {"do": "merge"}:
            adjudicating.merge(desk, save, key, Union.ALL)
        case {"do": "rewrite", "text": text}:
            adjudicating.rewrite(desk, save, key, partial(replace, text=text))
        case {"do": "split"}:
            row = adjudicating.found(desk, key)
            part = next(part for part in row.parts if part.annotation == annotation)
            adjudicating.split(desk, save, key, part.node)
        case {"do": "join", "with": [author, place]}:
            adjudicating.join(desk, save, key, row_of(desk, author, place).key)
        case {"do": "reject", "reason": reason}:
            adjudicating.reject(desk, save, key, reason)
        case {"do": "accept"}:
            adjudicating.accept(desk, save, key)
        case _:
            raise ValueError(f"no step on a row: {step}")


def save_on(desk: Desk, member: Member) -> Save:
    assert desk.gold is not None  # noqa: S101 - a question in hand has its gold
    return Save(member, None, desk.gold.revisions_made)


def written_by(desk: Desk, author: str) -> Annotation:
    """Return the annotation of a person on the desk, by their username."""
    people = [desk.authors[work.annotation] for work in desk.people]
    return next(one for one in people if one.writer.user and one.writer.user.username == author)


def row_of(desk: Desk, author: str, place: int) -> Row:
    """Return the row that holds somebody's condition, by its place from 1."""
    annotation = written_by(desk, author).pk
    work = next(work for work in desk.people if work.annotation == annotation)
    node = annotation, work.record.conditions[place - 1].uid
    return next(row for row in desk.rows if node in {part.node for part in row.parts})
