"""The question list, and one question with what was written on it, for those who may look."""

from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from annotator import record, rows
from annotator.actions import looking
from annotator.actions.assigning import who_may_have
from annotator.actions.looking import StillOpen
from annotator.checks import letter_of
from annotator.desk import decisions_at
from annotator.fragment_lists import Added, fragment_list
from annotator.haste import medians, very_fast
from annotator.models import Annotation, Assignment, Lookup, Member, Question
from annotator.origins import origins_of
from annotator.record import Condition, Source
from annotator.stages import FILTERS, STAGES
from annotator.supplement_numbers import numbered, numbers_in
from annotator.views.request import Request, number_in, text_in

PAGE = 50
Told = tuple[str, Condition, list[str]]
"""A condition with its letter, and where its parts came from, which is told of gold alone."""


@require_safe
@vary_on_headers("HX-Request")
def questions(request: Request, slug: str) -> HttpResponse:
    """List the questions, found by words, stage and batch; a search as one types asks for the list alone."""
    member = get_object_or_404(Member.objects.looking_on(request.user), project__slug=slug)
    batches = list(member.project.batches.all())
    words, stage = text_in(request.GET, "q").strip(), request.GET.get("stage", "")
    batch, after = number_in(request.GET, "batch"), number_in(request.GET, "after")
    found = Question.objects.filter(batch__in=batches).found_by(words).staged()
    found = found.at_stage(stage) if stage in FILTERS else found
    found = found.filter(batch=batch) if batch else found
    count = found.count()
    shown = list(found.behind(after).in_order().select_related("batch", "retrieval")[: PAGE + 1])
    more = {"q": words, "stage": stage, "batch": batch or "", "after": shown[PAGE - 1].pk} if len(shown) > PAGE else {}
    page = {
        "member": member,
        "project": member.project,
        "questions": shown[:PAGE],
        "count": count,
        "more": urlencode(more),
        "batches": batches,
        "stages": FILTERS.items(),
        "words": words,
        "stage": stage,
        "batch": batch,
        "after": after,
        "filtered": bool(words or stage or batch),
        "people": list(who_may_have(member.project)) if member.role == Member.Role.MANAGER else [],
    }
    part = "#list" if request.htmx and not request.htmx.history_restore_request else ""
    return render(request, f"annotator/questions.html{part}", page)


@require_safe
def question(request: Request, slug: str, pk: int) -> HttpResponse:
    """Show a question, its frozen list, and what people wrote on it to whom that is not hidden."""
    member = get_object_or_404(Member.objects.looking_on(request.user), project__slug=slug)
    rows_of_it = Question.objects.staged().select_related("batch", "retrieval", "brought_by")
    question = get_object_or_404(rows_of_it, pk=pk, batch__project=member.project_id)
    sees = Question.objects.not_blind_for(request.user).filter(pk=pk).exists()
    own = member.assignments.filter(question=question).first()
    retrieval = question.retrieval
    page = {
        "member": member,
        "project": member.project,
        "question": question,
        "stage": STAGES[question.stage],
        "listed": retrieval.listed.select_related("fragment").order_by("rank") if retrieval else [],
        "sees": sees,
        "begun": own is not None and own.state in Assignment.OPEN,
        "has_it": own is not None and own.state in Assignment.IN_HAND,
        "gives_up": gives_up(member, own),
        "added": added_to(question) if sees else [],
        "lookups": lookups_on(question) if sees and member.role == Member.Role.MANAGER else [],
        "assignments": question.assignments.select_related("member__user", "annotation") if sees else [],
        "works": works_on(question) if sees else [],
        "fast": fast_on(question) if sees and member.role == Member.Role.MANAGER else set(),
    }
    return render(request, "annotator/question.html", page)


def added_to(question: Question) -> list[tuple[Added, str]]:
    """Return the fragments that were added to the question, each with the names of who did. Four queries at most."""
    added = fragment_list(question).added
    people = Annotation.objects.filter(question=question, supplements__isnull=False).select_related("author__user")
    names = {one.pk: one.writer.name for one in people} if added else {}
    return [(one, ", ".join(names[annotation] for annotation in one.by)) for one in added]


def lookups_on(question: Question) -> QuerySet[Lookup]:
    """Return what people looked up beside the question, newest first. One query."""
    found = Lookup.objects.filter(annotation__question=question)
    return found.select_related("annotation__author__user").order_by("-at")


def gives_up(member: Member, own: Assignment | None) -> bool:
    """Return whether looking costs the member the question: they could annotate it, and have not done so yet."""
    handed_in = own is not None and own.state == Assignment.State.SUBMITTED
    return Member.Role(member.role).annotates and not member.project.lookers_may_annotate and not handed_in


def works_on(question: Question) -> list[tuple[Annotation, list[Told]]]:
    """Return what was written on the question, gold first, each with its conditions. Ten queries at most."""
    written = Annotation.objects.filter(question=question).select_related("question", "author__user", "system")
    found = sorted(written.order_by("pk").with_conditions(), key=lambda one: one.source != Source.GOLD)
    numbers = numbers_in(question.supplementary_id)
    works = {one.pk: numbered(rows.annotation_record(one), numbers) for one in found}
    came = provenance(found[0], found, works) if found and found[0].source == Source.GOLD else {}
    return [(one, list(told(works[one.pk], came if one is found[0] else {}))) for one in found]


def provenance(
    gold: Annotation, found: Iterable[Annotation], works: Mapping[int, record.Annotation]
) -> dict[str, list[str]]:
    """Return whose parts each gold condition has, by uid: people's and systems' by their names."""
    names = {one.pk: one.author.name if one.author else str(one.system) for one in found}
    return origins_of(works[gold.pk], decisions_at(gold.pk, gold.revisions_made), names, works)


def told(said: record.Annotation, came: Mapping[str, list[str]]) -> Iterator[Told]:
    cards = enumerate(said.conditions)
    return ((letter_of(place), condition, came.get(condition.uid, [])) for place, condition in cards)


def fast_on(question: Question) -> set[int]:
    """Return the keys of the annotations of the question that were submitted very fast. Two queries."""
    by_batch = medians(Annotation.objects.filter(question__batch=question.batch_id))
    return set(Annotation.objects.filter(very_fast(by_batch), question=question).values_list("pk", flat=True))


@require_POST
def look(request: Request, slug: str, pk: int) -> HttpResponse:
    """Let the person see what others wrote on a question, which they then no longer annotate."""
    member = get_object_or_404(Member.objects.looking_on(request.user), project__slug=slug)
    question = get_object_or_404(Question.objects.filter(batch__project=member.project_id), pk=pk)
    try:
        looking.look(member, question)
    except StillOpen:
        messages.error(request, _("You have this question yourself: submit or skip it first."))
    return redirect("question", slug, pk)
