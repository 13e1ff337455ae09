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
from annotator.actions.adopting import drafts_beside
from annotator.actions.history import Conflict, NotOpen
from annotator.actions.looking_up import has_corpus
from annotator.actions.submitting import Blocked
from annotator.cards import read_change
from annotator.checks import Code, Finding
from annotator.models import Annotation, Assignment
from annotator.reading import BadInput
from annotator.views.bench import Bench
from annotator.views.cards import annotation_of, read_overall, save_of, sentence, typed_overall
from annotator.views.consented import consented
from annotator.views.drafts import adopt_named
from annotator.views.handing_in import go_on
from annotator.views.posted import posted_cards, unsaved
from annotator.views.request import number_in
from annotator.views.timing import count_without_script

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
@consented
def workbench(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Show the person's annotation of a question; without script, its one form is saved here as a whole."""
    annotation = annotation_of(request, slug, pk)
    if request.method == "POST":
        return save_page(request, annotation)
    bench = Bench.of(annotation, request.GET.get("open", ""))
    refused = "refused" in request.GET and annotation.assignment.state in Assignment.OPEN
    blocking = [finding for finding in bench.findings if finding.blocks] if refused else []
    return shown(request, bench, problems=blocking, not_submitted=bool(blocking))


def shown(request: HttpRequest, bench: Bench, status: int = 200, **more: Any) -> HttpResponse:
    """Answer with the whole page."""
    return render(request, "annotator/workbench.html", page(bench) | more, status=status)


def page(bench: Bench) -> dict[str, Any]:
    """Return what the page shows."""
    annotation = bench.annotation
    question = annotation.question
    project = question.batch.project
    state = annotation.assignment.state
    return {
        "annotation": annotation,
        "bench": bench,
        "said": bench.record,
        "question": question,
        "project": project,
        "member": annotation.author,
        "state": state,
        "locked": state not in Assignment.OPEN,
        "may_reopen": state == Assignment.State.SUBMITTED and submitting.may_reopen(annotation),
        "returned": annotation.assignment.reason if state == Assignment.State.RETURNED else "",
        "url": reverse("workbench", args=[project.slug, question.pk]),
        "has_gold": annotation.submitted and Annotation.objects.gold().filter(question=question).exists(),
        "verdicts": list(record.Verdict),
        "drafts": [replace(one, record=bench.fragments.said(one.record)) for one in drafts_beside(annotation)],
        "skip_reasons": SKIP_REASONS,
        "blank": BLANK,
        "looks_up": has_corpus(question),
        "found": None,
        "problems": [],
        "not_submitted": False,
        "unsaved": [],
        "oob": False,
        "mine": None,
    }


def save_page(request: HttpRequest, annotation: Annotation) -> HttpResponse:
    """Save every card and what is said of the whole, then do what the pressed button says."""
    slug, pk = annotation.question.batch.project.slug, annotation.question_id
    verb, _colon, target = request.POST.get("do", "save").partition(":")
    count_without_script(request, annotation.writer, [annotation])
    try:
        if verb == "bring":
            saving.bring_back(annotation, target, save_of(request, annotation, "version"))
        complaints = save_all(request, annotation, target if verb == "reload" else None)
        fresh = annotation_of(request, slug, pk)
        if complaints:
            return again(request, Bench.of(fresh), complaints)
        if verb == "submit":
            return submit_page(request, fresh)
        return redirect(f"{reverse('workbench', args=[slug, pk])}{do(request, fresh, verb, target)}")
    except NotOpen:
        return late(request, Bench.of(annotation_of(request, slug, pk)))
    except Conflict:
        status, complaints = 409, [complaint(_("Something was changed in another window. Look again, then go on."))]
    except BadInput as bad:
        status, complaints = 422, [complaint(sentence(problem)) for problem in bad.problems]
    return shown(request, Bench.of(annotation_of(request, slug, pk)), status, problems=complaints)


def complaint(headline: str, advice: str = "", uid: str = "") -> Finding:
    """Return what the page says of something that could not be done; without a card's uid, of the whole."""
    return Finding(Code.EMPTY_TEXT, headline, advice, uid)


def again(request: HttpRequest, bench: Bench, complaints: list[Finding]) -> HttpResponse:
    """Answer what could not be saved: 422, the controls as posted, what changed elsewhere beside them."""
    if bench.annotation.assignment.state not in Assignment.OPEN:
        return late(request, bench)
    refused = {finding.condition for finding in complaints}
    bench.cards = posted_cards(request.POST, bench, refused)
    more: dict[str, Any] = {"problems": complaints, "refused": refused}
    if "" in refused:
        more["said"] = typed_overall(request.POST, [])
        more["changed"] = number_in(request.POST, "version") != bench.annotation.version
    return shown(request, bench, 422, **more)


def late(request: HttpRequest, bench: Bench) -> HttpResponse:
    """Answer work that was closed meanwhile: 409, what stands, and what was typed and is not saved, to be copied."""
    problem = complaint(_("This question was handed in, or skipped, in another window."))
    return shown(request, bench, 409, problems=[problem], unsaved=list(unsaved(request.POST, bench.record)))


def save_all(request: HttpRequest, annotation: Annotation, left: str | None) -> list[Finding]:
    """Save what the form holds, card by card; return what could not be saved, and why.

    One part is ``left`` as it stands: the card of that uid, or with "" what is said of the whole.
    """
    bench = Bench.of(annotation)
    uids = [uid for uid in dict.fromkeys(request.POST.getlist("card")) if uid != left]
    complaints = [problem for uid in uids for problem in save_one(request, bench, uid)]
    if left == "":
        return complaints
    try:
        saving.save_overall(annotation, read_overall(request.POST), save_of(request, annotation, "version"))
    except BadInput as bad:
        complaints += [complaint(sentence(problem)) for problem in bad.problems]
    except Conflict:
        complaints.append(complaint(_("Verdict or note was changed in another window.")))
    return complaints


def save_one(request: HttpRequest, bench: Bench, uid: str) -> list[Finding]:
    """Save one card of the form; return what is wrong with it."""
    card = bench.card_of(uid)
    if card is None:
        return [complaint(_("A condition was removed in another window."), uid=uid)]
    try:
        wanted = read_change(request.POST, uid, bench.fragments.texts).applied_to(card.condition)
        save = save_of(request, bench.annotation, f"version.{uid}")
        saving.save_condition(bench.annotation, wanted, save, bench.fragments.lines)
    except BadInput as bad:
        return [complaint(sentence(problem), uid=uid) for problem in bad.problems]
    except Conflict:
        return [complaint(_("This condition was changed in another window."), uid=uid)]
    return []


def do(request: HttpRequest, annotation: Annotation, verb: str, target: str) -> str:
    """Do what a button of the scriptless page says, and return the rest of the URL to go to.

    Raises Conflict, NotOpen or BadInput.
    """
    save = save_of(request, annotation, "version")
    if verb == "add":
        uid = saving.add_condition(annotation, record.new_uid(), save).uid
        return f"?open={uid}#condition-{uid}"
    if verb == "adopt":
        uid = record.new_uid()
        adopt_named(annotation, target, uid, save)
        return f"?open={uid}#condition-{uid}"
    if verb in ("up", "down"):
        move(annotation, target, -1 if verb == "up" else 1, save)
    if verb == "dismiss":
        submitting.put_aside(annotation, target, "")
    if verb == "remove" and (card := Bench.of(annotation).card_of(target)):
        saving.remove_condition(annotation, target, replace(save, version=card.version))
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
    """Hand the work in and go on to the next question, or back to what blocks it, each linked to its place.

    Raises Conflict and NotOpen.
    """
    project = annotation.question.batch.project
    member = annotation.writer
    try:
        submitting.submit(annotation, member)
    except Blocked:  # all is saved: the page is got anew, so that going back never asks to post again
        return redirect(f"{reverse('workbench', args=[project.slug, annotation.question_id])}?refused")
    messages.success(request, _("Submitted: “%(question)s”") % {"question": annotation.question.text})
    return go_on(member, project.slug)
