"""What is proposed for gold on one question, as its adjudication shows it."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from annotator.codec import annotation_from_json
from annotator.models import Question, User
from annotator.record import Condition
from scoring.models import Proposal, Score
from scoring.views.drill import Lists, listed_in
from scoring.views.drill_rows import outside

State = Proposal.State


@dataclass(frozen=True, slots=True)
class Proposed:
    """A proposal with all that the system said of the condition.

    ``cites`` are the fragments, each with its number in the question's list, if it has one. ``seen_at`` is the page of
    the question in the last evaluation that scored these words; empty where there is none.
    """

    proposal: Proposal
    condition: Condition
    cites: tuple[tuple[str, int | None], ...]
    seen_at: str


def proposed_on(question: int, user: User) -> list[Proposed]:
    """Return what waits, or was taken up, on a question; nothing where others' work is hidden from the user.

    Three queries and one more for each proposal.
    """
    if not Question.objects.not_blind_for(user).filter(pk=question).exists():
        return []
    waiting = Proposal.objects.filter(question=question, state__in=[State.OPEN, State.TAKEN]).select_related(
        "question__batch__project", "by", "decided_by", "revision__annotation__system"
    )
    found = list(waiting)
    own = {one.question.retrieval_id for one in found} | {one.revision.annotation.retrieval_id for one in found}
    lists = listed_in(*own)
    return [proposed for one in found for proposed in told(one, lists)]


def told(proposal: Proposal, lists: Lists) -> Iterator[Proposed]:
    condition = annotation_from_json(proposal.revision.record).condition(proposal.condition)
    if condition:
        yield Proposed(proposal, condition, tuple(cited(proposal, condition, lists)), seen_at(proposal))


def cited(proposal: Proposal, condition: Condition, lists: Lists) -> Iterator[tuple[str, int | None]]:
    """Yield the fragments that a condition cites, each once; a system may have had a list of its own."""
    usual = proposal.question.retrieval_id or 0
    own = proposal.revision.annotation.retrieval_id or usual
    lines = {line.rank: line for line in lists.get(own, ())}
    numbers = {line.fragment_id: line.rank for line in lists.get(usual, ())}
    found: dict[tuple[str, int | None], None] = {}
    for one in condition.citations:
        line = lines.get(one.rank or 0)
        said = (line.fragment.title, numbers.get(line.fragment_id)) if line else (outside(one), None)
        found[said] = None
    yield from found


def seen_at(proposal: Proposal) -> str:
    """Return the address of the question in the last finished evaluation that scored the proposed words. One query."""
    scores = Score.objects.filter(revision=proposal.revision, question__evaluation__finished__isnull=False)
    places = scores.values_list("question__evaluation__number", "question__place", "system")
    last = places.order_by("-question__evaluation__number").first()
    if last is None:
        return ""
    number, place, system = last
    slug = proposal.question.batch.project.slug
    return f"{reverse('evaluation_question', args=[slug, number, place])}?{urlencode({'system': system})}"
