"""The adjudication screen: several people's work on one question, row by row, into gold.

The page is one form. Without script each button posts it and the whole page comes back; with script the part named
``judge`` does. What is written for the active row is saved before whatever the button says is done.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import BigIntegerField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from annotator import record
from annotator.actions import taking_up
from annotator.actions.deciding import OF_WORK, VERBS, decide
from annotator.actions.history import Conflict, NotOpen
from annotator.actions.looking import StillOpen
from annotator.actions.submitting import Blocked
from annotator.actions.taking_up import NotReady, Taken
from annotator.checks import Finding
from annotator.decisions import Unfit, What
from annotator.desk import desk_of
from annotator.models import Member, Question, User
from annotator.prepared import Prepared
from annotator.reading import BadInput
from annotator.views.adjudicating_form import made_gold_before, said_in, save_of, unsaved, write
from annotator.views.adjudicating_screen import Screen
from annotator.views.cards import sentence
from annotator.views.consented import consented, consented_first
from annotator.views.request import Request, number_in
from annotator.views.timing import count_without_script

ADOPTABLE = [
    (What.TEXT.value, gettext_lazy("Text")),
    (What.ANSWERS.value, gettext_lazy("Answers")),
    (What.CITATIONS.value, gettext_lazy("Citations")),
]
SHORTCUTS = [
    ("J K", gettext_lazy("next and previous row")),
    ("1 … 9", gettext_lazy("adopt the card of that annotator")),
    ("↵", gettext_lazy("accept the row")),
    ("N", gettext_lazy("none of these")),
    ("M S", gettext_lazy("merge the row with another, split the second condition off")),
    ("U I", gettext_lazy("all citations, shared ones")),
    ("O", gettext_lazy("reopen the row")),
    ("A", gettext_lazy("accept all agreed")),
    ("V", gettext_lazy("next verdict")),
    ("Ctrl Z", gettext_lazy("undo")),
    ("Ctrl S", gettext_lazy("save what you wrote")),
    ("Ctrl ↵", gettext_lazy("finish as gold")),
]
MOVES_ON = {"accept", "reject", "confirm"}
Row = TypeVar("Row", Member, Question)
adjudicating_member = Prepared(
    lambda user, slug: Member.objects.adjudicating(User(pk=user)).filter(project__slug=slug), -1, "?"
)
project_question = Prepared(
    lambda user, project, pk: (
        Question.objects.with_sight(User(pk=user))
        .filter(pk=pk, batch__project=project)
        .select_related("batch__project", "batch__guideline_version", "retrieval")
    ),
    *(-1, -2, -3),
)


def adjudicator_of(request: HttpRequest, slug: str) -> Member:
    """Return the signed-in person's membership by which they adjudicate in the project, or raise Http404."""
    return found(adjudicating_member.first(request.user.pk, slug))


def question_of(member: Member, pk: int) -> Question:
    """Return a question of the member's project, and whether they see what others wrote on it, or raise Http404."""
    known = pk <= BigIntegerField.MAX_BIGINT
    return found(project_question.first(member.user_id, member.project_id, pk) if known else None)


def found(row: Row | None) -> Row:
    if row is None:
        raise Http404
    return row


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@consented
def adjudicate(request: Request, slug: str, pk: int) -> HttpResponse:
    """Show the question that the member has in hand, or do what a button of its form says."""
    member = adjudicator_of(request, slug)
    question = question_of(member, pk)
    if not taking_up.holds(member, question):
        return not_in_hand(
            request,
            member,
            question,
            _("You do not have that question in hand; take it up from the list of what is ready."),
        )
    if request.method == "POST":
        return act(request, member, question)
    return shown(request, member, question, request.GET.get("row", ""))


def away(request: Request, url: str) -> HttpResponse:
    """Leave the page, by a header where a script asked."""
    return HttpResponseClientRedirect(url) if request.htmx else redirect(url)


def shown(
    request: Request,
    member: Member,
    question: Question,
    wanted: str,
    status: int = 200,
    findings: Sequence[Finding] = (),
    **more: Any,
) -> HttpResponse:
    """Answer with the page, or with its part where a script asked."""
    names = member.role == Member.Role.MANAGER and "names" in request.GET
    screen = Screen(desk_of(question), wanted, names)
    assert screen.desk.gold is not None  # noqa: S101 - a question in hand has its gold
    page = {
        "member": member,
        "project": member.project,
        "question": question,
        "screen": screen,
        "fragments": screen.fragments,
        "gold": screen.desk.gold,
        "locked": screen.desk.gold.submitted is not None,
        "made": screen.desk.gold.revisions_made,
        "trail": "&names=1" if names else "",
        "verdicts": list(record.Verdict),
        "oob": False,
        "problems": [],
        "at_fault": screen.at_fault(findings),
        "kept_text": "",
        "adoptable": ADOPTABLE,
        "shortcuts": SHORTCUTS,
        "part": "judge",
    } | more
    part = "" if not request.htmx or request.htmx.history_restore_request else f"#{page['part']}"
    return render(request, f"annotator/adjudicate.html{part}", page, status=status)


def act(request: Request, member: Member, question: Question) -> HttpResponse:
    """Save what is written for the active row and said of the whole, then do what the button says."""
    verb, _colon, rest = request.POST.get("do", "save").partition(":")
    wanted = request.POST.get("active", "")
    count_without_script(request, member, question.annotations.filter(source=record.Source.GOLD))
    try:
        desk = desk_of(question)
        made = write(request, member, desk)
        if verb in VERBS:
            desk = desk if made == number_in(request.POST, "made") else desk_of(question)
            decide(desk, save_of(request, member, verb, made), verb, said_in(request, verb, rest))
    except (Unfit, BadInput, Blocked) as bad:
        left = bad.findings if isinstance(bad, Blocked) else []
        return shown(request, member, question, wanted, 422, problems=problems_of(bad), findings=left)
    except (Conflict, NotOpen, NotReady, Taken, ValueError, KeyError) as conflict:
        return conflicting(request, member, question, wanted, conflict)
    return gold_made(request, member, question) if verb in OF_WORK else stood(request, member, question, verb)


def gold_made(request: Request, member: Member, question: Question) -> HttpResponse:
    """Say that the question is gold, and go on to the next."""
    messages.success(request, _("Gold: “%(question)s”") % {"question": question.text})
    return next_of(request, member, question)


def problems_of(bad: Unfit | BadInput | Blocked) -> list[str]:
    if isinstance(bad, Blocked):
        return [f"{finding.headline} {finding.advice}".strip() for finding in bad.findings]
    return [sentence(problem) for problem in bad.problems] if isinstance(bad, BadInput) else [str(bad)]


def conflicting(request: Request, member: Member, question: Question, wanted: str, conflict: Exception) -> HttpResponse:
    """Answer what came too late: 409, with what stands now, and the text that was not saved."""
    if isinstance(conflict, Taken):
        taken = _("Another adjudicator has the question in hand now. What you decided is kept.")
        return not_in_hand(request, member, question, taken)
    text = unsaved(request)
    problem = _("Something was changed meanwhile, in another window or by somebody’s new submission. Look again.")
    return shown(request, member, question, wanted, 409, problems=[problem], kept_text=text)


def not_in_hand(request: Request, member: Member, question: Question, problem: str) -> HttpResponse:
    """Answer who has the question no longer: 409 with the text they sent, or where they sent none the list.

    Who made it gold themselves, and presses once more, is answered as before.
    """
    if request.method == "POST" and question.sees and made_gold_before(request, member, desk_of(question)):
        list(messages.get_messages(request))  # what the first answer left to be shown, and this one says again
        return gold_made(request, member, question)
    text = unsaved(request)
    if text and question.sees and question.annotations.filter(source=record.Source.GOLD).exists():
        wanted = request.POST.get("active", "")
        return shown(request, member, question, wanted, 409, problems=[problem], kept_text=text)
    messages.error(request, problem)
    return away(request, reverse("adjudication", args=[member.project.slug]))


def stood(request: Request, member: Member, question: Question, verb: str) -> HttpResponse:
    """Answer with what stands after a step; a row that was decided gives way to the next, unless a draft is shown."""
    wanted = request.POST.get("active", "")
    drafts = question.annotations.filter(source=record.Source.DRAFT, system__complete=True)
    if verb in MOVES_ON and not (drafts.exists() and draft_beside(question, wanted)):
        wanted = ""
    if request.htmx:
        return shown(request, member, question, wanted, part="autosaved" if verb == "autosave" else "judge")
    query = urlencode({"row": wanted} | ({"names": 1} if "names" in request.GET else {}))
    return redirect(f"{reverse('adjudicate', args=[member.project.slug, question.pk])}?{query}")


def draft_beside(question: Question, wanted: str) -> bool:
    """Return whether a machine's draft opens beside a row once it is decided."""
    screen = Screen(desk_of(question), wanted)
    row = screen.active
    return bool(row and row.gold and screen.desk.drafted.get(row.gold.uid))


@require_POST
@consented_first
def adjudicate_open(request: Request, slug: str, pk: int) -> HttpResponse:
    """Take a question in hand: the member then sees what people wrote, and no longer annotates it."""
    member = adjudicator_of(request, slug)
    question = question_of(member, pk)
    if taken(request, partial(taking_up.open_question, member, question)):
        return redirect("adjudicate", slug, pk)
    return redirect("adjudication", slug)


def taken(request: HttpRequest, take: Callable[[], None]) -> bool:
    """Take a question in hand by a verb, and return whether it is; if not, a message says why."""
    try:
        take()
    except NotReady:
        messages.error(request, _("That question does not wait for you: it is not ready, or you annotated it."))
    except Taken:
        messages.error(request, _("Another adjudicator has just taken that question."))
    except StillOpen:
        messages.error(request, _("You have this question yourself: submit or skip it first."))
    else:
        return True
    return False


@require_POST
@consented_first
def adjudicate_next(request: Request, slug: str) -> HttpResponse:
    """Give the member the ready question that people agree on least."""
    return next_of(request, adjudicator_of(request, slug), None)


@require_POST
@consented
def adjudicate_leave(request: Request, slug: str, pk: int) -> HttpResponse:
    """Give the question out of hand, and go on to the next."""
    member = adjudicator_of(request, slug)
    question = question_of(member, pk)
    taking_up.leave(member, question)
    return next_of(request, member, question)


def next_of(request: Request, member: Member, last: Question | None) -> HttpResponse:
    """Go on to the member's next question, or to the queue where nothing is ready."""
    following = taking_up.open_next(member, last.pk if last else 0)
    slug = member.project.slug
    if following is None:
        messages.info(request, _("Nothing more is ready for you."))
        return away(request, reverse("adjudication", args=[slug]))
    return away(request, reverse("adjudicate", args=[slug, following.pk]))
