"""Taking a question in hand for adjudication, for a while and alone: a conditional update, and a look."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from annotator import record
from annotator.actions import looking
from annotator.actions.consenting import require_consent
from annotator.desk import desk_of
from annotator.models import Annotation, Member, Question

LEASE = timedelta(minutes=30)


class NotReady(Exception):
    """The question does not wait for adjudication, or not for this member's: they annotated it."""


class Taken(Exception):
    """Another adjudicator has the question in hand."""


class NotInHand(Exception):
    """The question has to be taken in hand first."""


def open_question(member: Member, question: Question) -> None:
    """Take a question in hand, which is a look at it. Raises ConsentOwed, NotReady, Taken, StillOpen.

    What is gold is only opened again, so that needs no consent to anything new.
    """
    fits = Question.objects.staged().adjudicable_by(member).filter(pk=question.pk)
    if not fits.at_stage("gold").exists():
        require_consent(member)
        if not fits.ready().exists():
            raise NotReady
    with transaction.atomic():
        lease = {"adjudicator": member, "lease_until": timezone.now() + LEASE}
        if not Question.objects.free_for(member).filter(pk=question.pk).update(**lease):
            raise Taken
        looking.look(member, question)
        if not Annotation.objects.filter(question=question, source=record.Source.GOLD).exists():
            begin(member, question)


def begin(member: Member, question: Question) -> None:
    """Make the empty gold annotation, with the verdict where everybody gave the same."""
    verdict, reason = desk_of(question).verdict_said
    now = timezone.now()
    Annotation.objects.create(
        question=question,
        source=record.Source.GOLD.value,
        author=member,
        verdict=verdict.value if verdict else None,
        reason=reason,
        guideline_version=question.batch.guideline_version,
        created=now,
        opened=now,
        saved=now,
    )


def open_next(member: Member, besides: int = 0) -> Question | None:
    """Take the ready question that people agree on least; ``besides`` is one that is passed over.

    Raises ConsentOwed.
    """
    ready = Question.objects.filter(batch__project=member.project_id).exclude(pk=besides).staged().ready()
    for question in ready.adjudicable_by(member).free_for(member).least_agreed_first().select_related("batch")[:10]:
        try:
            open_question(member, question)
        except (NotReady, Taken, looking.StillOpen):
            continue
        return question
    return None


@transaction.atomic
def leave(member: Member, question: Question) -> None:
    """Give a question out of hand; what was decided so far stays. Gold without a step is none: nothing was begun."""
    in_hand = Question.objects.filter(pk=question.pk, adjudicator=member)
    if in_hand.update(adjudicator=None, lease_until=None):
        gold = Annotation.objects.filter(question=question, source=record.Source.GOLD, submitted__isnull=True)
        gold.filter(revisions_made=0).delete()


def holds(member: Member, question: Question) -> bool:
    """Return whether the member has a question, fetched with their sight, in hand, and sees it."""
    return question.adjudicator_id == member.pk and question.sees


def hold(question: Question, member: Member) -> None:
    """Prolong the member's lease. Raises Taken where they have it no longer."""
    if not Question.objects.filter(pk=question.pk, adjudicator=member).update(lease_until=timezone.now() + LEASE):
        raise Taken
