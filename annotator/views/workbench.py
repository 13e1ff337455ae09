"""The workbench: the page where a person reads the fragments and writes the conditions."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from annotator import record
from annotator.actions import saving, submitting
from annotator.actions.history import Conflict, NotOpen
from annotator.actions.submitting import Blocked
from annotator.cards import read_change
from annotator.checks import Code, Finding
from annotator.models import Annotation, Assignment
from annotator.reading import BadInput
from annotator.views.bench import Bench
from annotator.views.cards import annotation_of, read_overall, save_of, sentence
from annotator.views.handing_in import go_on

SKIP_REASONS = [
    gettext_lazy("The fragments are about something else"),
    gettext_lazy("I would need to know the field"),
    gettext_lazy("I know the asker, or wrote the text"),
    gettext_lazy("The content is distressing"),
    gettext_lazy("Another reason"),
]
BLANK = {
    "card": SimpleNamespace(uid="CARD", letter="LETTER"),
    "row": SimpleNamespace(answer=record.Answer(uid="ANSWER"), number=0, own=[]),
}


@never_cache  # the back button must not show what has changed since
@require_http_methods(["GET", "HEAD", "POST"])
def workbench(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Show the person's annotation of a question; without script, its one form is saved here as a whole."""
    annotation = annotation_of(request, slug, pk)
    if request.method == "POST":
        return save_page(request, annotation)
    opened = request.GET.get("open", "")
    return render(request, "annotator/workbench.html", page(annotation, opened))


def page(annotation: Annotation, opened: str = "", **more: Any) -> dict[str, Any]:
    """Return what the page shows."""
    question = annotation.question
    project = question.batch.project
    state = annotation.assignment.state
    return {
        "annotation": annotation,
        "bench": Bench.of(annotation, opened),
        "question": question,
        "project": project,
        "member": annotation.author,
        "state": state,
        "locked": state not in Assignment.OPEN,
        "returned": annotation.assignment.reason if state == Assignment.State.RETURNED else "",
        "url": reverse("workbench", args=[project.slug, question.pk]),
        "verdicts": list(record.Verdict),
        "skip_reasons": SKIP_REASONS,
        "blank": BLANK,
        "problems": [],
        "oob": False,
        "mine": None,
    } | more


def save_page(request: HttpRequest, annotation: Annotation) -> HttpResponse:
    """Save every card and what is said of the whole, then do what the pressed button says."""
    slug, pk = annotation.question.batch.project.slug, annotation.question_id
    try:
        complaints = save_all(request, annotation)
    except NotOpen:
        messages.error(request, _("This question was handed in, or skipped, in another window."))
        return redirect("workbench", slug, pk)
    fresh = annotation_of(request, slug, pk)
    if complaints:
        return render(request, "annotator/workbench.html", page(fresh, problems=complaints), status=422)
    verb, _colon, target = request.POST.get("do", "save").partition(":")
    if verb == "submit":
        return submit_page(request, fresh)
    return redirect(f"{reverse('workbench', args=[slug, pk])}{do(request, fresh, verb, target)}")


def save_all(request: HttpRequest, annotation: Annotation) -> list[Finding]:
    """Save what the form holds, card by card; return what could not be saved, and why."""
    bench = Bench.of(annotation)
    complaints = [problem for uid in request.POST.getlist("card") for problem in save_one(request, bench, uid)]
    try:
        saving.save_overall(annotation, read_overall(request), save_of(request, annotation, "version"))
    except BadInput as bad:
        complaints += [Finding(Code.EMPTY_TEXT, sentence(problem)) for problem in bad.problems]
    except Conflict:
        complaints.append(Finding(Code.VERDICT_RULE, _("Verdict or note was changed in another window.")))
    return complaints


def save_one(request: HttpRequest, bench: Bench, uid: str) -> list[Finding]:
    """Save one card of the form; return what is wrong with it."""
    card = bench.card_of(uid)
    if card is None:
        return [Finding(Code.EMPTY_TEXT, _("A condition was removed in another window."))]
    try:
        wanted = read_change(request.POST, uid, bench.fragments.texts).applied_to(card.condition)
        save = replace(save_of(request, bench.annotation, f"version.{uid}"), id=None)
        saving.save_condition(bench.annotation, wanted, save, bench.fragments.lines)
    except BadInput as bad:
        return [Finding(Code.EMPTY_TEXT, sentence(problem), condition=uid) for problem in bad.problems]
    except Conflict:
        text = request.POST.get(f"text.{uid}", "")
        advice = _("Your text was: “%(text)s”") % {"text": text}
        return [Finding(Code.EMPTY_TEXT, _("This condition was changed in another window."), advice, uid)]
    return []


def do(request: HttpRequest, annotation: Annotation, verb: str, target: str) -> str:
    """Do what a button of the scriptless page says, and return the rest of the URL to go to."""
    save = save_of(request, annotation, "version")
    if verb == "add":
        uid = saving.add_condition(annotation, record.new_uid(), replace(save, id=None)).uid
        return f"?open={uid}#condition-{uid}"
    if verb in ("up", "down"):
        move(annotation, target, -1 if verb == "up" else 1, save)
    if verb == "dismiss":
        saving.dismiss(annotation, target, "")
    if verb == "remove" and (card := Bench.of(annotation).card_of(target)):
        saving.remove_condition(annotation, target, replace(save, id=None, version=card.version))
        return ""
    parts = (name.partition(".") for name in request.POST)
    opened = target or next((uid for act, _dot, uid in parts if act in ("more", "drop", "uncite")), "")
    return f"?open={opened}#condition-{opened}" if opened else ""


def move(annotation: Annotation, uid: str, by: int, save: saving.Save) -> None:
    """Move a card up or down by one place."""
    said = saving.overall_of(annotation)
    order = list(said.order)
    if uid in order:
        place = order.index(uid)
        order.insert(max(0, place + by), order.pop(place))
        saving.save_overall(annotation, replace(said, order=tuple(order)), replace(save, version=annotation.version))


def submit_page(request: HttpRequest, annotation: Annotation) -> HttpResponse:
    """Hand the work in and go on to the next question; what blocks it is shown at the top, each linked to its place."""
    project = annotation.question.batch.project
    member = annotation.author
    assert member is not None  # noqa: S101
    try:
        submitting.submit(annotation, member)
    except (Conflict, NotOpen):
        messages.error(request, _("Something was changed in another window. Look again, then submit."))
        return redirect("workbench", project.slug, annotation.question_id)
    except Blocked as blocked:
        return render(request, "annotator/workbench.html", page(annotation, problems=blocked.findings), status=422)
    messages.success(request, _("Submitted: “%(question)s”") % {"question": annotation.question.text})
    return go_on(member, project.slug)
