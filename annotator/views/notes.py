"""Notes on somebody's work, in threads, and returning the work: for its author, and for whoever may look at it."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from annotator.actions.returning import NotReturnable, add_note, may_return, return_to_author
from annotator.checks import letter_of
from annotator.desk import drawn
from annotator.forms import NoteForm
from annotator.models import Annotation, Member, Note, User
from annotator.record import Condition
from annotator.standing import standing
from annotator.views.request import Request, number_in

Role = Member.Role
Subject = tuple[str, Condition | None, list[tuple[Note, list[Note]]]]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def notes(request: Request, slug: str, pk: int) -> HttpResponse:
    """Show what was said of an annotation, and add to it."""
    writes = request.method == "POST"
    member, annotation = discussed(request.user, slug, pk, writes=writes)
    if not writes:
        return notes_page(request, member, annotation, NoteForm(standing(annotation).record.conditions))
    form = NoteForm(standing(annotation).record.conditions, request.POST)
    if not form.is_valid():
        return notes_page(request, member, annotation, form)
    said = form.cleaned_data
    replied = number_in(request.POST, "reply_to")
    reply_to = get_object_or_404(annotation.notes, pk=replied) if replied else None
    add_note(annotation, member, said["text"], said["condition"], reply_to)
    return redirect("notes", slug, pk)


@require_POST
def return_work(request: Request, slug: str, pk: int) -> HttpResponse:
    """Return submitted work to its author with a comment."""
    member, annotation = discussed(request.user, slug, pk, writes=True)
    if not may_return(member, annotation):
        raise Http404
    form = NoteForm(standing(annotation).record.conditions, request.POST)
    if not form.is_valid():
        return notes_page(request, member, annotation, form)
    try:
        return_to_author(annotation, member, form.cleaned_data["text"], form.cleaned_data["condition"])
    except NotReturnable:
        messages.info(request, _("It is not submitted any more, or its author is gone; nothing was changed."))
    else:
        messages.success(request, _("Returned. It stands first in its author’s queue, with your comment."))
    return redirect("notes", slug, pk)


def discussed(user: User, slug: str, pk: int, *, writes: bool) -> tuple[Member, Annotation]:
    """Return the person's membership and an annotation that they may read, or write, notes on, or raise Http404."""
    members = Member.objects.of(user).select_related("project")
    member = get_object_or_404(members.annotating() if writes else members, project__slug=slug)
    seen = Annotation.objects.discussed_by(user).filter(question__batch__project=member.project_id)
    return member, get_object_or_404(seen.select_related("question__batch", "author__user", "assignment"), pk=pk)


def notes_page(request: Request, member: Member, annotation: Annotation, form: NoteForm) -> HttpResponse:
    own = annotation.author_id == member.pk
    in_hand = not own and annotation.question.adjudicator_id == member.pk
    page = {
        "member": member,
        "project": member.project,
        "question": annotation.question,
        "annotation": annotation,
        "own": own,
        "in_hand": in_hand,
        "called": number_of(annotation) if in_hand else annotation.writer.name,
        "subjects": subjects(annotation),
        "form": form,
        "may_write": Role(member.role).annotates,
        "may_return": may_return(member, annotation) and annotation.submitted,
    }
    return render(request, "annotator/notes.html", page, status=422 if form.is_bound else 200)


def number_of(annotation: Annotation) -> str:
    """Return the author as the screen of adjudication calls them, so that whoever adjudicates learns no name here."""
    handed_in = Annotation.objects.filter(question=annotation.question_id, source="human").submitted().order_by("pk")
    numbers = {one.pk: number for number, one in enumerate(drawn(list(handed_in), annotation.question), 1)}
    number = numbers.get(annotation.pk)
    return _("Annotator %(number)s") % {"number": number} if number else _("this annotator")


def subjects(annotation: Annotation) -> list[Subject]:
    """Return the whole and each condition, with letter and threads; of what is gone is spoken under the whole."""
    cards = standing(annotation).record.conditions
    by_uid: dict[str, Subject] = {"": ("", None, [])}
    by_uid |= {card.uid: (letter_of(place), card, []) for place, card in enumerate(cards)}
    for thread in annotation.notes.all().threads():
        by_uid.get(thread[0].condition, by_uid[""])[2].append(thread)
    return list(by_uid.values())
