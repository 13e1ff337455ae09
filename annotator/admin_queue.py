"""The queue of adjudication in the administration, where many questions are acted on at once.

Membership alone decides: whoever is staff sees the questions of the projects in which they adjudicate, as on the
projects' own pages, and acts on them by the same verbs.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from annotator.actions import adjudicating_many, looking
from annotator.actions.adjudicating_many import Differ, Several
from annotator.actions.consenting import ConsentOwed
from annotator.actions.exporting import export_plan
from annotator.actions.history import Conflict, NotOpen
from annotator.actions.looking import StillOpen
from annotator.actions.returning import NotReturnable
from annotator.actions.submitting import Blocked
from annotator.actions.taking_up import NotReady, Taken
from annotator.models import Batch, Member, Question
from annotator.reading import LONGEST_TEXT
from annotator.views.adjudication import STATES, at
from annotator.web.downloads import sent
from retrieval.admin import Admin, ReadOnly

Act = Callable[[Member, Question], None]
AT_ONCE = 100
WHY: dict[type[Exception], Any] = {
    Differ: gettext_lazy("people differ, or only one annotated it"),
    Several: gettext_lazy("several people annotated it"),
    Blocked: gettext_lazy("a check refuses it"),
    ConsentOwed: gettext_lazy("you have yet to agree to what the project asks of its members"),
    NotReady: gettext_lazy("not ready, or annotated by you"),
    Taken: gettext_lazy("in another adjudicator’s hands"),
    StillOpen: gettext_lazy("not ready, or annotated by you"),
    NotReturnable: gettext_lazy("nobody is there to take it back"),
    Conflict: gettext_lazy("changed meanwhile"),
    NotOpen: gettext_lazy("changed meanwhile"),
}


def judges(request: HttpRequest) -> list[Member]:
    """Return the memberships by which the person adjudicates; the page asks for them often, so they stay with it."""
    kept = vars(request)
    if "judges" not in kept:
        kept["judges"] = list(Member.objects.adjudicating(request.user))
    found: list[Member] = kept["judges"]
    return found


class StateFilter(admin.SimpleListFilter):
    """The states of the project's own queue; one is always chosen, at first what is ready."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, _request: HttpRequest, _admin: Any) -> list[tuple[str, Any]]:
        return list(STATES.items())

    def value(self) -> str:
        given = super().value()
        return given if given in STATES else "ready"

    def choices(self, changelist: Any) -> Iterator[Any]:
        return islice(super().choices(changelist), 1, None)

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        wanted = Q(pk__in=[])
        for member in judges(request):
            questions = Question.objects.filter(batch__project=member.project_id)
            wanted |= Q(pk__in=at(self.value(), questions, member).values("pk"))
        return queryset.filter(wanted)


class BatchFilter(admin.SimpleListFilter):
    title = gettext_lazy("batch")
    parameter_name = "batch"

    def lookups(self, request: HttpRequest, _admin: Any) -> list[tuple[str, str]]:
        projects = [member.project_id for member in judges(request)]
        batches = Batch.objects.filter(project__in=projects).select_related("project")
        return [(str(batch.pk), f"{batch.project.slug}: {batch.name}") for batch in batches]

    def queryset(self, _request: HttpRequest, queryset: Any) -> Any:
        batch = self.value() or ""
        return queryset.filter(batch=batch) if batch.isdecimal() else queryset


class CommentForm(ActionForm):
    """Which action is wanted; returning asks for a comment."""

    comment = forms.CharField(
        label=gettext_lazy("Comment, for returning:"), required=False, max_length=LONGEST_TEXT, strip=False
    )


class QueueAdmin(ReadOnly, Admin):
    """The questions to adjudicate: adopt where all agree, return, mark for discussion, export."""

    list_display = ["question", "batch_of", "submitted", "agreement", "marked", "in_hands_of", "screen"]
    list_display_links = None
    list_filter = [StateFilter, BatchFilter, "to_discuss"]
    list_select_related = ["batch__project", "adjudicator__user"]
    list_per_page = AT_ONCE
    search_fields = ["text", "=external_id", "batch__project__slug"]
    search_help_text = gettext_lazy("Words of the question, its id or its project")
    show_full_result_count = False
    sortable_by = ()
    fields = ["text", "external_id", "batch", "overlap", "to_discuss"]
    action_form = CommentForm
    actions = ["adopt", "promote", "give_back", "mark", "unmark", "export_gold", "export_submitted"]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_view_permission(request, obj) or bool(judges(request))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_export_permission(self, request: HttpRequest) -> bool:
        """Say whether to offer exports: as on a project's pages, to those who manage one."""
        return any(member.role == Member.Role.MANAGER for member in judges(request))

    def get_queryset(self, request: HttpRequest) -> Any:
        projects = [member.project_id for member in judges(request)]
        seen = Question.objects.not_blind_for(request.user).filter(pk=OuterRef("pk"))
        found: Any = super().get_queryset(request).filter(batch__project__in=projects)
        return found.staged().annotate(seen=Exists(seen))

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return super().changelist_view(request, {"title": _("Adjudication"), **(extra_context or {})})

    def get_ordering(self, _request: HttpRequest) -> Any:
        return Question.objects.least_agreed_first().query.order_by

    # Columns

    @admin.display(description=gettext_lazy("Question"))
    def question(self, question: Question) -> str:
        url = reverse("question", args=[question.batch.project.slug, question.pk])
        return format_html('<a href="{}">{}</a>', url, question.text)

    @admin.display(description=gettext_lazy("Batch"))
    def batch_of(self, question: Question) -> str:
        return f"{question.batch.project.slug}: {question.batch.name}"

    @admin.display(description=gettext_lazy("Submitted"))
    def submitted(self, question: Question) -> str:
        of = _("%(number)s of %(of)s") if question.overlap else "%(number)s"
        return of % {"number": question.handed_in, "of": question.overlap}

    @admin.display(description=gettext_lazy("Agreement"), empty_value="")
    def agreement(self, question: Any) -> str | None:
        """Return the accord, to those alone who have looked: it is derived from what others wrote."""
        if question.accord is None:
            return None
        return f"{question.accord:.2f}" if question.seen else _("shown once you open it")

    @admin.display(description=gettext_lazy("Mark"), empty_value="")
    def marked(self, question: Question) -> str | None:
        return _("To discuss") if question.to_discuss else None

    @admin.display(description=gettext_lazy("In the hands of"), empty_value="")
    def in_hands_of(self, question: Question) -> str | None:
        return question.adjudicator.name if question.adjudicator else None

    @admin.display(description=gettext_lazy("Screen"))
    def screen(self, question: Question) -> str:
        """Return a button, since opening a question takes it in hand; the list's own form carries its token."""
        url = reverse("adjudicate_open", args=[question.batch.project.slug, question.pk])
        title = format_lazy("{}: {}", _("Adjudicate"), question.text)
        button = '<button type="submit" class="button" formaction="{}" aria-label="{}">{}</button>'
        return format_html(button, url, title, _("Adjudicate"))

    # Actions

    @admin.action(description=gettext_lazy("Adopt where all agree"))
    def adopt(self, request: HttpRequest, queryset: Any) -> None:
        act_on(request, queryset, adjudicating_many.adopt_agreed, _("Gold: %d."))

    @admin.action(description=gettext_lazy("Make it gold as it is, where one person annotated it"))
    def promote(self, request: HttpRequest, queryset: Any) -> None:
        act_on(request, queryset, adjudicating_many.promote_single, _("Gold: %d."))

    @admin.action(description=gettext_lazy("Return to the authors with the comment"))
    def give_back(self, request: HttpRequest, queryset: Any) -> None:
        comment = request.POST.get("comment", "")
        if not comment.strip():
            messages.error(request, _("Nothing was returned: write a comment to the authors first."))
            return
        act_on(request, queryset, partial(adjudicating_many.return_to_authors, comment=comment), _("Returned: %d."))

    @admin.action(description=gettext_lazy("Mark for discussion"))
    def mark(self, request: HttpRequest, queryset: Any) -> None:
        marked = adjudicating_many.set_discussion(plain(queryset), True)
        messages.success(request, _("Marked for discussion: %d.") % marked)

    @admin.action(description=gettext_lazy("Take the mark for discussion off"))
    def unmark(self, request: HttpRequest, queryset: Any) -> None:
        unmarked = adjudicating_many.set_discussion(plain(queryset), False)
        messages.success(request, _("No longer marked: %d.") % unmarked)

    @admin.action(description=gettext_lazy("Export the gold of the selected"), permissions=["export"])
    def export_gold(self, request: HttpRequest, queryset: Any) -> HttpResponseBase | None:
        return exported(request, queryset, "gold")

    @admin.action(description=gettext_lazy("Export the submitted work of the selected"), permissions=["export"])
    def export_submitted(self, request: HttpRequest, queryset: Any) -> HttpResponseBase | None:
        return exported(request, queryset, "submitted")


def plain(queryset: Any) -> Any:
    """Return the selected questions as the verbs take them."""
    return Question.objects.filter(pk__in=list(queryset.values_list("pk", flat=True)))


def act_on(request: HttpRequest, queryset: Any, act: Act, done: str) -> None:
    """Do the same to each question, and say on how many it was done, on how many not, and why."""
    questions = plain(queryset).select_related("batch__project", "batch__guideline_version", "retrieval")
    if len(questions) > AT_ONCE:
        messages.error(request, _("Nothing was done: select at most %d questions.") % AT_ONCE)
        return
    of = {member.project_id: member for member in judges(request)}
    left = Counter(refused(act, of[question.batch.project_id], question) for question in questions.in_order())
    if number := left.pop(None, 0):
        messages.success(request, done % number)
    for why, number in left.items():
        messages.warning(request, _("Left as they are: %(number)d (%(why)s).") % {"number": number, "why": why})


def refused(act: Act, member: Member, question: Question) -> str | None:
    """Act, and return in words why that was refused, None where it was not."""
    try:
        act(member, question)
    except tuple(WHY) as error:
        return str(WHY[type(error)])
    return None


def exported(request: HttpRequest, queryset: Any, annotations: str) -> HttpResponseBase | None:
    """Send the selected questions of one project that the person manages; taking the file is a look at them."""
    questions = plain(queryset)
    projects = questions.order_by().values("batch__project").distinct()
    members = list(Member.objects.managing(request.user).filter(project__in=projects))
    if len(members) != 1 or len(projects) != 1:
        messages.error(request, _("Nothing was exported: select questions of one project, which you manage."))
        return None
    plan = export_plan(members[0].project, "condambigqa", annotations, questions.values_list("pk", flat=True))
    try:
        looking.take_out(members[0], plan.written())
    except StillOpen:
        messages.error(request, _("Nothing was exported: submit or skip your own open work on them first."))
        return None
    return sent(members[0], plan)
