"""Proposing for gold what a system says and gold has not: an erratum that who adjudicates takes up or declines."""

from django.db import transaction
from django.utils import timezone

from annotator.actions.queued import NotNow, Refused
from annotator.actions.taking_up import open_question
from annotator.codec import annotation_from_json
from annotator.models import Member
from scoring.models import Proposal, Score

State = Proposal.State


def propose(score: Score, condition: str, note: str, by: Member) -> tuple[Proposal, bool]:
    """Propose a condition of what a system said, by its uid, and return whether it is new: else it stays as it was.

    Raises Refused, and NotNow where it was declined, with the reason.
    """
    said = annotation_from_json(score.revision.record).condition(condition) if score.revision else None
    if said is None:
        raise Refused("condition: the system says no such condition")
    proposed = {"question": score.question.question, "text": said.text, "note": note, "by": by, "at": timezone.now()}
    found, new = Proposal.objects.get_or_create(revision=score.revision, condition=condition, defaults=proposed)
    if found.state == State.DECLINED:
        raise NotNow(f"It was proposed before, and declined: {found.reason}")
    return found, new


@transaction.atomic
def take_up(proposal: Proposal, by: Member) -> None:
    """Take the question in hand, to look whether its gold should have the condition. A repeat decides nothing anew.

    Raises what ``open_question`` raises, and NotNow where it was declined before, or somebody else took it up.
    """
    open_question(by, proposal.question)
    if not Proposal.objects.filter(pk=proposal.pk, state=State.TAKEN, decided_by=by).exists():
        decide(proposal, by, State.TAKEN)


def decline(proposal: Proposal, by: Member, reason: str) -> None:
    """Decline a proposal with a reason. Raises Refused, and NotNow where it was decided before."""
    if not reason.strip():
        raise Refused("reason: say why it does not belong into gold")
    decide(proposal, by, State.DECLINED, reason)


def decide(proposal: Proposal, by: Member, state: State, reason: str = "") -> None:
    still_open = Proposal.objects.open().filter(pk=proposal.pk)
    decided = {"state": state, "reason": reason, "decided_by": by, "decided": timezone.now()}
    if not still_open.update(**decided):
        raise NotNow("The proposal was decided meanwhile.")
