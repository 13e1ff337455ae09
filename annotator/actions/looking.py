"""Looking at what others wrote: an act of its own, after which the question is no longer claimed."""

from collections.abc import Generator

from django.db import transaction
from django.utils import timezone

from annotator.actions.claiming import pass_over
from annotator.actions.exporting import Plan, export
from annotator.models import Annotation, Batch, Look, Member, Question
from annotator.querysets import AnnotationQuerySet, AssignmentQuerySet, QuestionQuerySet
from retrieval.counting import how_many
from retrieval.progress import Progress, silent


class StillOpen(Exception):
    """The member has not handed in their own work yet, on ``number`` questions."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(f"still open: {how_many(number, 'question')}")


def look(member: Member, question: Question) -> None:
    """Let the member see what others wrote on a question. Raises StillOpen where they have it in hand."""
    questions = Question.objects.filter(pk=question.pk)
    record(member, questions, member.assignments.filter(question=question))


def keep_seen(author: Member, question: int) -> None:
    """Keep that the author, who had handed in, could see what others wrote: they are about to change their own."""
    others = Annotation.objects.filter(question=question).exclude(author=author)
    if Member.Role(author.role).looks_on:
        record(author, Question.objects.filter(pk__in=others.values("question")), author.assignments.none())


def take_out(member: Member, written: AnnotationQuerySet) -> None:
    """Let the member have a file: they look at every question on which it holds another's work. Raises StillOpen."""
    if told_of(member, written).exists():
        record(member, told_of(member, written), own_in(member, written))


def taken_out(member: Member, plan: Plan, progress: Progress = silent) -> Generator[bytes, None, None]:
    """Yield the bytes of an export, and then look at what others began while it was sent, also if it was broken off."""
    try:
        yield from export(plan, progress)
    finally:
        keep_taken(member, plan.written())


def keep_taken(member: Member, written: AnnotationQuerySet) -> None:
    """Keep that a file which the member has taken out holds these annotations, some begun since they asked for it."""
    # It is written by now, so a question that the member took meanwhile is no hindrance: the look tells.
    since = told_of(member, written).exclude(looks__member=member)
    record(member, since, member.assignments.none())


def open_though_seen(member: Member) -> int:
    """Return how many questions the member has in hand of which a file that they took out may tell."""
    return member.assignments.in_hand().filter(question__looks__member=member).count()


def told_of(member: Member, written: AnnotationQuerySet) -> QuestionQuerySet:
    """Return the questions on which a file with these annotations holds what others than the member wrote."""
    return Question.objects.filter(pk__in=written.exclude(author=member).values("question"))


def own_in(member: Member, written: AnnotationQuerySet) -> AssignmentQuerySet:
    """Return the member's own slots on those questions; one in hand keeps the file from them."""
    return member.assignments.filter(question__in=told_of(member, written))


@transaction.atomic
def record(member: Member, questions: QuestionQuerySet, own: AssignmentQuerySet) -> None:
    """Keep that the member sees the questions, unless one of their ``own`` is open."""
    # The rows are locked: who claims one of them waits, and then finds the look.
    seen = list(questions.order_by("pk").select_for_update().values_list("pk", "batch"))
    if number := own.in_hand().count():
        raise StillOpen(number)
    now = timezone.now()
    looks = (Look(member=member, question_id=pk, at=now) for pk, _batch in seen)
    Look.objects.bulk_create(looks, ignore_conflicts=True)
    for batch in Batch.objects.filter(pk__in={batch for _pk, batch in seen}).order_by("pk"):
        pass_over(member, batch)
