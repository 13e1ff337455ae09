"""What happened in a project, the last first: who submitted, skipped, returned or adjudicated what.

Of a question that the manager may still annotate it says who did something, and not on which question: how far a
question is stands on its page, and who was at it is hidden there.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from annotator.models import Annotation, Member, Project, Question, Revision, User
from annotator.models.annotations import TOLD
from annotator.views.request import Request, number_in

PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """A step that is told; ``what`` names the sentence. Blind ones have no question, author or reason to show."""

    step: Revision
    what: str
    who: str
    author: str = ""
    reason: str = ""
    blind: bool = True

    @property
    def question(self) -> Question:
        return self.step.annotation.question


# In words, not as parameters: SQLite takes a partial index only where it can read that all rows wanted are in it.
IS_TOLD = Func(
    F("verb"),
    template=f"%(expressions)s IN ({', '.join(map(repr, TOLD))})",
    output_field=BooleanField(),
)


def told_of(project: Project) -> QuerySet[Revision]:
    """Return the steps that are told of, the last first: along their index, which ends as soon as a page is full."""
    own = Annotation.objects.filter(question__batch__project=project, pk=OuterRef("annotation"))
    told = Revision.objects.filter(IS_TOLD, Exists(own))
    related = ("by__user", "annotation__question__batch", "annotation__author__user")
    return told.select_related(*related).defer("record").order_by("-at", "-pk").annotate(reason=KT("record__reason"))


def lines_of(steps: Iterable[Revision], user: User, *, hidden: bool) -> list[Line]:
    """Return the steps as sentences for one person; ``hidden`` names people by their pseudonyms. Two queries."""
    told = list(steps)
    own = Question.objects.filter(pk__in={step.annotation.question_id for step in told})
    seen = set(own.not_blind_for(user).values_list("pk", flat=True))
    return [line_of(step, step.annotation.question_id in seen, hidden=hidden) for step in told]


def line_of(step: Revision, sees: bool, *, hidden: bool) -> Line:
    work = step.annotation
    what = "finish" if work.source == "gold" else str(step.verb)
    author = called(work.author, hidden=hidden)
    who = author if step.verb == Revision.Verb.EXPIRE else called(step.by, hidden=hidden)
    if not sees:
        return Line(step, what, who)
    return Line(step, what, who, author, getattr(step, "reason", None) or "", blind=False)


def called(member: Member | None, *, hidden: bool) -> str:
    return "" if member is None else member.pseudonym if hidden else member.name


@require_safe
def activity(request: Request, slug: str) -> HttpResponse:
    """List what happened, a page at a time, of everybody or of one person."""
    manager = get_object_or_404(Member.objects.managing(request.user), project__slug=slug)
    by, before = number_in(request.GET, "by"), number_in(request.GET, "before")
    hidden = request.GET.get("names") == "hidden"
    found = told_of(manager.project)
    found = found.alias(who=Coalesce("by", "annotation__author")).filter(who=by) if by else found
    last = Revision.objects.filter(pk=before, annotation__question__batch__project=manager.project_id).first()
    found = found.filter(Q(at__lt=last.at) | Q(at=last.at, pk__lt=last.pk)) if last else found
    shown = list(found[: PAGE + 1])
    asked = ({"by": by} if by else {}) | ({"names": "hidden"} if hidden else {})
    page = {
        "member": manager,
        "project": manager.project,
        "hidden": hidden,
        "by": by,
        "people": manager.project.members.select_related("user").order_by("pseudonym"),
        "lines": lines_of(shown[:PAGE], request.user, hidden=hidden),
        "more": urlencode({**asked, "before": shown[PAGE - 1].pk}) if len(shown) > PAGE else "",
    }
    return render(request, "annotator/activity.html", page)
