"""Giving questions to named people, and saying which come first: those picked in the list, all found, or by a file."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from annotator.actions.assigning import MOST, assign_all, pairs_of, unassign, who_may_have
from annotator.actions.projects import HIGHEST_PRIORITY, prioritise
from annotator.batch_forms import AssignFileForm
from annotator.models import Assignment, Member, Question
from annotator.querysets import QuestionQuerySet
from annotator.reading import BadInput, whole_number
from annotator.stages import FILTERS
from annotator.views.batches import batch_page
from annotator.views.request import Request, number_in, text_in


@require_POST
def assign(request: Request, slug: str) -> HttpResponse:
    """Assign the picked questions to a member."""
    manager = get_object_or_404(Member.objects.managing(request.user), project__slug=slug)
    member = who_may_have(manager.project).filter(pk=number_in(request.POST, "member")).first()
    questions = picked(request, manager)
    if member is None or not questions.exists():
        messages.error(request, _("Pick questions, and say to whom they go."))
    elif questions.count() > MOST:
        messages.error(request, _("At most %(most)s questions are assigned at once.") % {"most": MOST})
    else:
        tell(request, assign_all((member, question) for question in questions.in_order().select_related("batch")))
    return back(request, slug)


@require_POST
def questions_prioritise(request: Request, slug: str) -> HttpResponse:
    """Give the picked questions a priority; a batch given out by priority begins with the highest."""
    manager = get_object_or_404(Member.objects.managing(request.user), project__slug=slug)
    questions, priority = picked(request, manager), whole_number(request.POST.get("priority", ""))
    if priority is None or priority > HIGHEST_PRIORITY or not questions.exists():
        messages.error(request, _("Pick questions, and give a number from 0 to %(most)s.") % {"most": HIGHEST_PRIORITY})
    else:
        changed = prioritise(questions, priority)
        words = ngettext("%(number)s question has this priority.", "%(number)s questions have this priority.", changed)
        messages.success(request, words % {"number": changed})
    return back(request, slug)


def picked(request: Request, manager: Member) -> QuestionQuerySet:
    """Return the questions that were ticked, or all that the list's filter finds."""
    own = Question.objects.filter(batch__project=manager.project_id)
    if not request.POST.get("all"):
        return own.filter(pk__in=[pk for pk in map(whole_number, request.POST.getlist("pick")) if pk])
    found = own.found_by(text_in(request.POST, "q").strip())
    batch, stage = number_in(request.POST, "batch"), request.POST.get("stage", "")
    found = found.filter(batch=batch) if batch else found
    return found.staged().at_stage(stage) if stage in FILTERS else found


def back(request: Request, slug: str) -> HttpResponse:
    """Go back to the list as it was found."""
    kept = request.POST.copy()
    for name in set(kept) - {"q", "stage", "batch"}:
        del kept[name]
    return redirect(f"{reverse('questions', args=[slug])}?{kept.urlencode()}")


@require_POST
def assign_file(request: Request, slug: str, pk: int) -> HttpResponse:
    """Assign the questions of a batch as a CSV of external id and username says; one bad line, and none is."""
    manager = get_object_or_404(Member.objects.managing(request.user), project__slug=slug)
    batch = get_object_or_404(manager.project.batches, pk=pk)
    form = AssignFileForm(request.POST, request.FILES, auto_id="assign_%s")
    if form.is_valid():
        try:
            tell(request, assign_all(pairs_of(batch, form.cleaned_data["file"])))
            return redirect("batch", slug, pk)
        except BadInput as bad:
            for problem in bad.problems[:20]:
                form.add_error("file", str(problem))
    return batch_page(request, manager, batch, file_form=form)


@require_POST
def assign_back(request: Request, slug: str, pk: int) -> HttpResponse:
    """Take a question back from a member who has not begun it."""
    manager = get_object_or_404(Member.objects.managing(request.user), project__slug=slug)
    own = Assignment.objects.filter(question__batch__project=manager.project_id).select_related("question__batch")
    assignment = get_object_or_404(own, pk=pk)
    if unassign(assignment):
        messages.success(request, _("Taken back; the place is free again."))
    else:
        messages.error(request, _("It has been begun meanwhile, so it stays."))
    return redirect("batch", slug, assignment.question.batch_id)


def tell(request: Request, counts: dict[str, int]) -> None:
    """Say how many questions were assigned, and why others were not."""
    words = {
        "assigned": _("%(number)s assigned."),
        "theirs": _("%(number)s they have already."),
        "full": _("%(number)s have no free place, or no list of fragments."),
        "looked": _("On %(number)s they have looked at what others wrote."),
        "left": _("%(number)s not: they have left, or only look on."),
    }
    told = " ".join(words[name] % {"number": counts[name]} for name in words if counts[name])
    messages.success(request, told) if counts["assigned"] else messages.error(request, told)
