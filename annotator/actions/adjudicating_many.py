"""Adjudicating many questions, one after another: each is taken in hand, acted on by its verb, and given back."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from annotator.actions import adjudicating, taking_up
from annotator.actions.returning import NotReturnable, return_to_author
from annotator.actions.saving import Save
from annotator.desk import desk_of
from annotator.models import Annotation, Member, Question
from annotator.querysets import QuestionQuerySet


class Differ(Exception):
    """People do not agree on all of a question, or only one person annotated it."""


class Several(Exception):
    """More than one person annotated a question."""


@contextmanager
def in_hand(member: Member, question: Question) -> Iterator[None]:
    """Hold a ready question for one act, which is a look at it; who had it before keeps it.

    Raises ConsentOwed, NotReady, Taken, StillOpen.
    """
    if not Question.objects.filter(pk=question.pk).staged().ready().exists():
        raise taking_up.NotReady
    had = question.adjudicator_id == member.pk
    taking_up.open_question(member, question)
    try:
        yield
    finally:
        if not had:
            taking_up.leave(member, question)


def adopt_agreed(member: Member, question: Question) -> None:
    """Make gold of what several people agree on, row for row.

    Raises Differ, also where an adjudicator's step left another verdict, Blocked where a check refuses it, Conflict,
    and what ``in_hand`` does.
    """
    with in_hand(member, question), transaction.atomic():
        desk = desk_of(question)
        assert desk.gold is not None  # noqa: S101 - a question in hand has its gold
        decided = {desk.said.record.verdict} - {None} if desk.gold.revisions_made else set()
        if len(desk.people) < 2 or desk.verdict is None or decided - {desk.verdict}:
            raise Differ
        if not all(row.agreed or row.decided for row in desk.rows):
            raise Differ
        adjudicating.take_over(desk, Save(member, None, desk.gold.revisions_made))


def return_to_authors(member: Member, question: Question, comment: str) -> None:
    """Return all that others submitted on a question, with one comment.

    Raises NotReturnable where nobody is there to take it, and what ``in_hand`` does.
    """
    with in_hand(member, question):
        works = Annotation.objects.filter(question=question, source="human").submitted().exclude(author=member)
        if not sum(returned(work, member, comment) for work in works.select_related("author").order_by("pk")):
            raise NotReturnable


def returned(work: Annotation, by: Member, comment: str) -> bool:
    try:
        return_to_author(work, by, comment)
    except NotReturnable:
        return False
    return True


def set_discussion(questions: QuestionQuerySet, wanted: bool) -> int:
    """Mark questions as to be discussed, or take the mark off; return how many changed."""
    return questions.filter(to_discuss=not wanted).update(to_discuss=wanted)


def promote_single(member: Member, question: Question) -> None:
    """Make gold of what the only person who annotated a question wrote, as it is.

    Raises Several, Blocked where a check refuses it, Conflict, and what ``in_hand`` does.
    """
    with in_hand(member, question), transaction.atomic():
        desk = desk_of(question)
        assert desk.gold is not None  # noqa: S101 - a question in hand has its gold
        if len(desk.people) > 1:
            raise Several
        adjudicating.promote(desk, Save(member, None, desk.gold.revisions_made))
