"""Claiming, skipping, reopening, and stepping from one question to the next: every change is a POST."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from annotator.actions import claiming, submitting
from annotator.actions.claiming import Looked, NoSlot
from annotator.actions.submitting import Closed
from annotator.models import Assignment, Member, Question
from annotator.views.cards import annotation_of
from annotator.views.consented import consented, consented_first
from annotator.views.request import number_in, text_in

LOOKED = gettext_lazy("You have looked at what others wrote on that question, so you can no longer annotate it.")


def queue_url(slug: str) -> str:
    """Return where the person's queue in a project is."""
    return f"{reverse('home')}?project={slug}"


def queue_of(slug: str) -> HttpResponse:
    """Go to the person's queue in a project."""
    return redirect(queue_url(slug))


@require_POST
@consented_first
def claim(request: HttpRequest, slug: str) -> HttpResponse:
    """Give the person their next question, or the one they ask for, and open it."""
    own = Member.objects.of(request.user).annotating().select_related("project")
    member = get_object_or_404(own, project__slug=slug)
    if request.POST.get("question"):
        return take(request, member, slug)
    assignment = claiming.claim(member)
    if assignment is None:
        messages.info(request, _("Nothing is left for you here."))
        return queue_of(slug)
    return redirect("workbench", slug, assignment.question_id)


def go_on(member: Member, slug: str) -> HttpResponse:
    """Open the member's next question, or their queue at the end. Raises ConsentOwed."""
    following = claiming.claim(member)
    return redirect("workbench", slug, following.question_id) if following else queue_of(slug)


def take(request: HttpRequest, member: Member, slug: str) -> HttpResponse:
    """Give the person the question they chose, if a slot is free."""
    asked = number_in(request.POST, "question")
    question = get_object_or_404(Question.objects.filter(batch__project=member.project_id), pk=asked)
    try:
        claiming.take(member, question)
    except Looked:
        messages.info(request, LOOKED)
        return queue_of(slug)
    except NoSlot:
        messages.info(request, _("Somebody else has taken the last place on that question."))
        return queue_of(slug)
    return redirect("workbench", slug, question.pk)


def assignment_of(request: HttpRequest, slug: str, pk: int) -> Assignment:
    own = Assignment.objects.of(request.user).filter(question__batch__project__slug=slug)
    return get_object_or_404(own.select_related("question__batch", "member__project"), question=pk)


@require_POST
@consented
def skip(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Put the question aside with a reason, and go on to the next."""
    assignment = assignment_of(request, slug, pk)
    reason = ": ".join(filter(None, (text_in(request.POST, "reason"), text_in(request.POST, "words"))))
    if not claiming.skip(assignment, reason[:2000] or _("No reason given")):
        messages.info(request, _("This question was handed in, or put aside, before."))
        return redirect("workbench", slug, pk)
    messages.info(request, _("Skipped: “%(question)s”") % {"question": assignment.question.text})
    return go_on(assignment.member, slug)


@require_POST
@consented_first
def resume(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take up again a question that was skipped, or whose lease ended."""
    assignment = assignment_of(request, slug, pk)
    try:
        claiming.resume(assignment)
    except Looked:
        messages.info(request, LOOKED)
    except NoSlot:
        messages.info(request, _("Others have taken every place on that question meanwhile."))
    return redirect("workbench", slug, pk)


@require_POST
def reopen(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take submitted work back to go on with it."""
    annotation = annotation_of(request, slug, pk)
    try:
        submitting.reopen(annotation, annotation.writer)
    except Closed:
        messages.info(request, _("It can no longer be reopened; somebody may return it to you."))
    return redirect("workbench", slug, pk)


@require_GET
def previous_question(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Go to the question that the person took before this one; home before the first."""
    current = assignment_of(request, slug, pk)
    found = current.member.assignments.filter(pk__lt=current.pk).order_by("pk").last()
    return redirect("workbench", slug, found.question_id) if found else queue_of(slug)


@require_GET
def next_question(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Go to the question that the person took after this one; home behind the last."""
    current = assignment_of(request, slug, pk)
    found = current.member.assignments.filter(pk__gt=current.pk).order_by("pk").first()
    return redirect("workbench", slug, found.question_id) if found else queue_of(slug)
