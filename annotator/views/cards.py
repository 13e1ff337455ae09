"""The saves of the workbench, one view per kind. Each answers with the elements that changed, never a text control."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from functools import wraps
from typing import Any

from django.db.models import BigIntegerField
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from annotator import record
from annotator.actions import saving, submitting
from annotator.actions.history import Conflict, NotOpen, acknowledged
from annotator.actions.saving import Overall, Save
from annotator.cards import read_change, read_text
from annotator.codec import UID
from annotator.models import Annotation, User
from annotator.prepared import Prepared
from annotator.reading import BadInput, Problem, whole_number
from annotator.steps import changes
from annotator.views.bench import Bench, Card
from annotator.views.request import number_in, text_in

CARD = "annotator/card.html"
LONGEST_COMPARED = 4000  # words and what stands between them, of both texts
FIELDS = {
    "text": gettext_lazy("The condition"),
    "answer": gettext_lazy("An answer"),
    "note": gettext_lazy("The note"),
    "reason": gettext_lazy("The reason"),
}
View = Callable[..., HttpResponse]
own_annotation = Prepared(
    lambda user, slug, pk: Annotation.objects.editable_by(User(pk=user)).of_question(slug, pk).order_by(), -1, "?", -2
)


def saves(view: View) -> View:
    """Make a view one of the saves: POST only, 409 where the work was handed in meanwhile, 422 for bad input."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except (NotOpen, Conflict):
            return render(request, f"{CARD}#not_open", status=409)
        except BadInput as bad:
            return refused(request, bad.problems)

    return require_POST(answer)


def annotation_of(request: HttpRequest, slug: str, pk: int) -> Annotation:
    """Return the signed-in person's own annotation of a question, or raise Http404."""
    found = own_annotation.first(request.user.pk, slug, pk) if pk <= BigIntegerField.MAX_BIGINT else None
    if found is None:
        raise Http404
    found.writer.project = found.question.batch.project
    return found


def save_of(request: HttpRequest, annotation: Annotation, name: str) -> Save:
    """Return the save that the browser posted, with the version under ``name``; version 0 fits nothing."""
    save_id = text_in(request.POST, "save")[:36] or None
    return Save(annotation.writer, save_id, number_in(request.POST, name))


@saves
def card(request: HttpRequest, slug: str, pk: int, uid: str) -> HttpResponse:
    """Save one card: 200 with the parts around its text, 409 with both texts, 422 with what is wrong."""
    bench = Bench.of(annotation_of(request, slug, pk))
    found = bench.card_of(uid)
    if found is None:
        return gone(request, bench, uid)
    stored, made = found.condition, bench.annotation.revisions_made
    try:
        wanted = read_change(request.POST, uid, bench.fragments.texts).applied_to(stored)
    except BadInput as bad:
        return refused(request, bad.problems, found)
    try:
        save = save_of(request, bench.annotation, f"version.{uid}")
        saving.save_condition(bench.annotation, wanted, save, bench.fragments.lines)
    except Conflict:
        return conflict(request, bench, uid, wanted)
    fewer = len(wanted.citations) < len(stored.citations)
    moved = wanted.citations != stored.citations
    step = step_made(bench.annotation, made, save)
    return stepped(saved(request, Bench.of(bench.annotation), uid, moved=moved, removed=step if fewer else None), step)


@saves
def card_add(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Add an empty card under the uid that the browser made, and answer with it."""
    annotation = annotation_of(request, slug, pk)
    uid, made, save = request.POST.get("uid", ""), annotation.revisions_made, save_of(request, annotation, "version")
    saving.add_condition(annotation, checked_uid(uid), save)
    return stepped(whole(request, slug, pk, opened=uid), step_made(annotation, made, save))


@saves
def card_remove(request: HttpRequest, slug: str, pk: int, uid: str) -> HttpResponse:
    """Take a card away, and offer to bring it back."""
    bench = Bench.of(annotation_of(request, slug, pk))
    removed = bench.card_of(uid)
    if removed is None:
        return whole(request, slug, pk)
    try:
        step = saving.remove_condition(bench.annotation, uid, save_of(request, bench.annotation, f"version.{uid}"))
    except Conflict:
        return whole(request, slug, pk, {"toast": {"changed": removed.letter}}, status=409)
    number = step.number if step else None
    return stepped(whole(request, slug, pk, {"toast": {"removed": removed.letter, "step": number}}), number)


@saves
def card_back(request: HttpRequest, slug: str, pk: int, uid: str) -> HttpResponse:
    """Bring back a card that was taken away, here or in another window."""
    annotation = annotation_of(request, slug, pk)
    step = saving.bring_back(annotation, uid, save_of(request, annotation, "version"))
    return stepped(whole(request, slug, pk, opened=uid), step.number if step else None)


@saves
def undo(request: HttpRequest, slug: str, pk: int, number: int) -> HttpResponse:
    """Undo one step, if what it left still stands, and say which."""
    annotation = annotation_of(request, slug, pk)
    undone = changes(annotation, number, 1)
    if not undone or undone[0].step.number != number:
        raise Http404
    try:
        saving.undo(annotation, number, save_of(request, annotation, "version"))
    except Conflict:
        return whole(request, slug, pk, {"toast": {"too_late": undone[0]}}, status=409)
    bench = Bench.of(annotation_of(request, slug, pk))
    more = {"toast": {"undone": undone[0]}, "verdicts": list(record.Verdict), "said": bench.record}
    return render(request, f"{CARD}#undone", context(bench, "", **more))


@saves
def overall(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Save verdict, reason, note and the order of the cards."""
    annotation = annotation_of(request, slug, pk)
    before, made = saving.overall_of(annotation), annotation.revisions_made
    save = save_of(request, annotation, "version")
    try:
        saving.save_overall(annotation, read_overall(request.POST), save)
    except Conflict:
        bench = Bench.of(annotation_of(request, slug, pk))
        return render(request, f"{CARD}#overall_conflict", context(bench, ""), status=409)
    step = step_made(annotation, made, save)
    bench = Bench.of(annotation_of(request, slug, pk))
    moved = before.order != saving.overall_of(bench.annotation).order  # other letters, other colours
    return stepped(render(request, f"{CARD}#{'whole' if moved else 'overall'}", context(bench, "")), step)


def read_overall(post: QueryDict) -> Overall:
    """Return what the form says of the whole. Raises BadInput."""
    problems: list[Problem] = []
    said = typed_overall(post, problems)
    if problems:
        raise BadInput(problems)
    return said


def typed_overall(post: QueryDict, problems: list[Problem]) -> Overall:
    """Return what was typed and chosen for the whole, be it storable or not."""
    verdict = post.get("verdict", "")
    known = next((choice for choice in record.Verdict if choice == verdict), None)
    if verdict and known is None:
        problems.append(Problem("verdict", f"“{verdict[:40]}” is no verdict"))
    reason, note = (read_text(post, name, problems) for name in ("reason", "note"))
    return Overall(known, reason, note, tuple(post.getlist("card")))


@saves
def mark(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Mark fragments by rank: ``read``, ``irrelevant`` and ``unread`` each list some."""
    bench = Bench.of(annotation_of(request, slug, pk))
    states = {"read": record.MarkState.READ, "irrelevant": record.MarkState.IRRELEVANT, "unread": None}
    posted = ((rank, state) for name, state in states.items() for rank in request.POST.getlist(name))
    found = ((bench.fragments.lines.get((False, whole_number(rank) or 0)), state) for rank, state in posted)
    saving.mark(bench.annotation, {listed: state for listed, state in found if listed})
    return render(request, f"{CARD}#marked", context(bench, ""))


@saves
def dismiss(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Put a warning aside, with a reason."""
    annotation, problems = annotation_of(request, slug, pk), list[Problem]()
    reason = read_text(request.POST, "reason", problems)[:1000]
    if problems:
        raise BadInput(problems)
    submitting.put_aside(annotation, request.POST.get("key", ""), reason)
    bench = Bench.of(annotation_of(request, slug, pk))
    return render(request, f"{CARD}#overall", context(bench, ""))


# Answers


def step_made(annotation: Annotation, made: int, save: Save) -> int | None:
    """Return the number of the step that a save made, now or when it first arrived, after ``made`` others."""
    if annotation.revisions_made != made:
        return annotation.revisions_made
    step = acknowledged(annotation, save.id)
    return step.number if step else None


def stepped(response: HttpResponse, step: int | None) -> HttpResponse:
    """Name the step that the person made last, which Ctrl Z takes back."""
    if step:
        response["X-Step"] = str(step)
    return response


def context(bench: Bench, uid: str, **more: Any) -> dict[str, Any]:
    card = bench.card_of(uid) if uid else None
    return {"bench": bench, "card": card, "annotation": bench.annotation, "oob": True, "mine": None, **more}


def saved(request: HttpRequest, bench: Bench, uid: str, *, moved: bool, removed: int | None) -> HttpResponse:
    """Answer a saved card; the coverage strip comes along where citations changed, and an Undo where one went."""
    toast = {"step": removed} if removed else None
    return render(request, f"{CARD}#saved", context(bench, uid, moved=moved, toast=toast))


def checked_uid(uid: str) -> str:
    """Return the uid that the browser made. Raises BadInput where it is none."""
    if not UID.match(uid):
        raise BadInput([Problem("uid", "is no id")])
    return uid


def refused(request: HttpRequest, problems: list[Problem], card: Card | None = None) -> HttpResponse:
    """Answer what could not be stored, of a card or of the whole: 422, the text stays as it is on screen."""
    answer = {"card": card, "problems": [sentence(problem) for problem in problems]}
    return render(request, f"{CARD}#refused", answer, status=422)


def sentence(problem: Problem) -> str:
    """Return a problem with a text as a sentence about its field; other problems are sentences by themselves."""
    field = FIELDS.get(problem.path.partition(".")[0])
    return f"{field} {problem.message}." if field else problem.message


def conflict(request: HttpRequest, bench: Bench, uid: str, mine: record.Condition) -> HttpResponse:
    """Answer a card that changed elsewhere: 409, both texts in the same element, or that it was removed."""
    slug, pk = bench.annotation.question.batch.project.slug, bench.annotation.question_id
    fresh = Bench.of(annotation_of(request, slug, pk))
    theirs = fresh.card_of(uid)
    if theirs is None:
        return gone(request, fresh, uid)
    shown = replace(theirs, condition=replace(theirs.condition, text=mine.text, answers=mine.answers))
    return render(
        request,
        f"{CARD}#conflict",
        context(fresh, "", card=shown, mine=mine, sides=sides_of(mine, theirs.condition)),
        status=409,
    )


def gone(request: HttpRequest, bench: Bench, uid: str) -> HttpResponse:
    """Answer the save of a card that was removed elsewhere: 409, with its text and the way to bring it back."""
    if not saving.stored_cards(bench.annotation).filter(uid=uid).exists():
        raise Http404
    more = {"gone": {"uid": uid, "text": request.POST.get(f"text.{uid}", "")}}
    return render(request, f"{CARD}#whole", context(bench, "", **more), status=409)


def sides_of(mine: record.Condition, theirs: record.Condition) -> dict[str, Any]:
    """Return two texts as runs of words, each with whether only that side has it, and the answers of both."""
    first, second = (re.findall(r"\w+|\W", part.text) for part in (mine, theirs))
    runs = runs_of(first, second)
    return {
        "mine": [("".join(first[a:b]), tag != "equal") for tag, a, b, _c, _d in runs if b > a],
        "theirs": [("".join(second[c:d]), tag != "equal") for tag, _a, _b, c, d in runs if d > c],
        "mine_answers": answers_of(mine),
        "their_answers": answers_of(theirs),
    }


def runs_of(first: list[str], second: list[str]) -> Sequence[tuple[str, int, int, int, int]]:
    """Return where two lists of words are equal and where not; long ones would take minutes and differ as a whole."""
    if len(first) + len(second) > LONGEST_COMPARED:
        return [("replace", 0, len(first), 0, len(second))]
    return SequenceMatcher(None, first, second, autojunk=False).get_opcodes()


def answers_of(condition: record.Condition) -> str:
    """Return the answers of a condition in a line, each with its other wordings."""
    return ", ".join(" / ".join(answer.wordings) for answer in condition.answers)


def whole(
    request: HttpRequest, slug: str, pk: int, more: dict[str, Any] | None = None, status: int = 200, opened: str = ""
) -> HttpResponse:
    """Answer with every card anew: cards came, went or moved."""
    bench = Bench.of(annotation_of(request, slug, pk), opened)
    return render(request, f"{CARD}#whole", context(bench, "", **(more or {})), status=status)
