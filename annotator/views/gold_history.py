"""The history of a question's gold: every step of its adjudication, what stood then, and going back to it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from annotator.actions import adjudicating
from annotator.actions.history import Conflict, NotOpen
from annotator.actions.saving import Save
from annotator.actions.taking_up import Taken
from annotator.checks import letter_of
from annotator.decisions import Kind
from annotator.desk import Desk, desk_of
from annotator.fragment_lists import fragment_list
from annotator.gold_steps import People, gold_changes, people_of
from annotator.models import Member, Question
from annotator.origins import origins_of
from annotator.record import Source
from annotator.views.adjudicating import adjudicator_of, question_of
from annotator.views.adjudicating_screen import Screen
from annotator.views.history import PAGE, Stood, asked_for, paged
from annotator.views.request import Request, number_in


@never_cache
@require_safe
def gold_history(request: Request, slug: str, pk: int) -> HttpResponse:
    """List the steps of gold, newest first, for those who may look at the question; people go by number."""
    member = get_object_or_404(Member.objects.looking_on(request.user), project__slug=slug)
    question = question_of(member, pk)
    seen = Question.objects.not_blind_for(request.user).filter(annotations__source=Source.GOLD.value)
    get_object_or_404(seen, pk=pk)
    desk = desk_of(question)
    gold = desk.gold
    assert gold is not None  # noqa: S101 - the question has its gold
    until, at = (asked_for(request, name, gold.revisions_made) for name in ("until", "at"))
    changes = gold_changes(gold, adjudicating.begun_as(desk), until, PAGE, seated(desk))
    held = question.adjudicator_id == member.pk
    page = (
        paged(gold, changes, until, at)
        | stood_at(desk, at)
        | {
            "question": question,
            "project": member.project,
            "member": member,
            "back": reverse("adjudicate" if held else "question", args=[slug, pk]),
            "restore": reverse("gold_restore", args=[slug, pk, at]) if held and at else "",
            "of_gold": True,
        }
    )
    return render(request, "annotator/history.html", page)


def seated(desk: Desk) -> People:
    """Return people as the screen of adjudication calls them: by number, whoever asks."""
    return people_of(desk, dict(Screen(desk).seats))


def stood_at(desk: Desk, number: int) -> dict[str, object]:
    """Return gold as it stood after a step, whose its parts were, and the rows that were left out by then."""
    assert desk.gold is not None  # noqa: S101
    people = seated(desk)
    then = adjudicating.said_at(desk.gold, number)
    works = {work.annotation: work.record for work in (*desk.people, *desk.drafts)}
    came = origins_of(then.record, then.decisions, people.names, works)
    said = fragment_list(desk.question).said(then.record)
    left_out = [one for one in then.decisions if one.kind is Kind.NONE]
    return {
        "then": said,
        "conditions": [Stood(letter_of(at), card, came.get(card.uid, [])) for at, card in enumerate(said.conditions)],
        "left_out": [([people.texts.get(part.node, "") for part in one.parts], one.reason) for one in left_out],
    }


@require_POST
def gold_restore(request: Request, slug: str, pk: int, number: int) -> HttpResponse:
    """Let what stood after a step stand again, unless there is one that the page did not show.

    Only whoever has the question in hand may.
    """
    member = adjudicator_of(request, slug)
    seen = Question.objects.not_blind_for(request.user).filter(adjudicator=member)
    question = question_of(member, get_object_or_404(seen, pk=pk).pk)
    desk = desk_of(question)
    assert desk.gold is not None  # noqa: S101 - a question in hand has its gold
    get_object_or_404(desk.gold.revisions, number=number)
    try:
        adjudicating.restore(desk, Save(member, None, number_in(request.POST, "step")), number)
    except NotOpen:
        messages.error(request, _("Finished gold must be reopened first."))
        return redirect("gold_history", slug, pk)
    except (Conflict, Taken):
        messages.error(request, _("Something was changed meanwhile. Look again."))
        return redirect("gold_history", slug, pk)
    messages.success(request, _("Restored to step %(number)s.") % {"number": number})
    return redirect("adjudicate", slug, pk)
