"""What the form of the adjudication screen says: what is written in it, and what a button’s verb takes."""

from typing import Any

from django.http import HttpRequest

from annotator.actions import adjudicating
from annotator.actions.deciding import decide, finished, once
from annotator.actions.saving import Save
from annotator.cards import Change, read_change
from annotator.codec import UID
from annotator.desk import Desk
from annotator.fragment_lists import fragment_list
from annotator.models import Member
from annotator.reading import BadInput, whole_number
from annotator.views.cards import read_overall
from annotator.views.request import number_in, text_in

# What stands behind the name of a button’s verb, where that is not the row alone.
PARTS = {
    "adopt": ("row", "annotation", "what"),
    "merge": ("row", "union"),
    "split": ("row", "annotation", "condition"),
    "join": ("row", "other"),
}


def said_in(request: HttpRequest, verb: str, behind: str) -> dict[str, Any]:
    """Return what a button’s verb takes: what stands behind it, and fields of the form."""
    parts = dict(zip(PARTS.get(verb, ("row",)), behind.split(":"), strict=True))
    post = request.POST
    fields = {"rows": post.getlist("agreed"), "reason": post.get("why", ""), "work": post.get("work", "")}
    return parts | fields | {"annotation": whole_number(parts.get("annotation", "")) or 0}


def save_of(request: HttpRequest, member: Member, verb: str, made: int) -> Save:
    """Return a save, with the id by which a repeat of the request is known; saving the text and the verb are two."""
    given = text_in(request.POST, "save")
    return Save(member, f"{given}:{verb}" if given else None, made)


def write(request: HttpRequest, member: Member, desk: Desk) -> int:
    """Save verdict, note and the active row's gold condition as the form has them; return the step to go on from."""
    made = number_in(request.POST, "made")
    if desk.gold is None or desk.gold.submitted:
        return made
    seen: int = decide(desk, save_of(request, member, "say", made), "say", overall_in(request))
    uid, key = request.POST.get("gold", ""), request.POST.get("active", "")
    if not UID.match(uid):
        return seen
    row, change = adjudicating.found(desk, key), change_in(request, desk, uid)
    if row.gold is None and blank(change):
        return seen

    def rewrite(own: Save) -> int:
        return adjudicating.rewrite(desk, own, key, change.applied_to, uid)

    return once(desk, save_of(request, member, "text", seen), "text", dict(request.POST.lists()), rewrite)


def overall_in(request: HttpRequest) -> dict[str, Any]:
    """Return what the form says of the whole, as the step `say` takes it. Raises BadInput."""
    said = read_overall(request.POST)
    return {"verdict": said.verdict, "reason": said.reason, "note": said.note}


def change_in(request: HttpRequest, desk: Desk, uid: str) -> Change:
    """Return what the form writes of a gold condition. Raises BadInput."""
    return read_change(request.POST, uid, fragment_list(desk.question).texts)


def blank(change: Change) -> bool:
    """Return whether a form writes nothing of a condition that gold does not have."""
    return not (change.text.strip() or change.cite or any(answer.text.strip() for answer in change.answers))


def stands(request: HttpRequest, desk: Desk) -> bool:
    """Return whether gold says all that the form does. Raises BadInput."""
    gold, uid = desk.said.record, request.POST.get("gold", "")
    if overall_in(request) != {"verdict": gold.verdict, "reason": gold.reason, "note": gold.note}:
        return False
    change, card = change_in(request, desk, uid), gold.condition(uid)
    return change.applied_to(card) == card if card else blank(change)


def unsaved(request: HttpRequest) -> str:
    """Return the text that a request brought for the active row's gold condition."""
    return request.POST.get(f"text.{request.POST.get('gold', '')}", "")


def made_gold_before(request: HttpRequest, member: Member, desk: Desk) -> bool:
    """Return whether the member made it gold by what they send again, and gold says all that the form does."""
    save, work = Save(member, None, number_in(request.POST, "made")), request.POST.get("work", "")
    known = finished(desk, save, request.POST.get("do", ""), {"work": work})
    try:
        return known and stands(request, desk)
    except BadInput:
        return False
