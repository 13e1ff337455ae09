"""One evaluation: how far it is while it runs, and its leaderboard once it is finished."""

import shlex
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import HttpResponseStopPolling

from annotator import jobs
from annotator.actions import looking
from annotator.actions.looking import StillOpen
from annotator.actions.queued import Refused
from annotator.models import Annotation, Member
from annotator.querysets import AnnotationQuerySet
from annotator.views.request import Request
from scoring.board_file import board_csv, board_report
from scoring.discarding import discard_unfinished
from scoring.estimating import counted_by, counting_of
from scoring.judging import is_on, prices, spent_on
from scoring.launching import Stage, asks_a_service, count_left, go_on, stage_of, stop
from scoring.measures import Over, figures, in_order
from scoring.models import Evaluation
from scoring.resampling import ALPHA
from scoring.running import how_far
from scoring.scores_file import csv_of, report_of
from scoring.sight import shows_board
from scoring.views.board_table import Line, among_people, table_of
from scoring.written import dumped, json_of

TABS = [
    (Over.ANSWERABLE, gettext_lazy("Answerable")),
    (Over.UNANSWERABLE, gettext_lazy("Unanswerable")),
    (Over.ALL, gettext_lazy("All")),
]
GOING = (Stage.WAITING, Stage.RUNNING)
COUNTED = [
    *(gettext_lazy("One"), gettext_lazy("Two"), gettext_lazy("Three"), gettext_lazy("Four"), gettext_lazy("Five")),
    *(gettext_lazy("Six"), gettext_lazy("Seven"), gettext_lazy("Eight"), gettext_lazy("Nine")),
]


def evaluation_of(request: Request, slug: str, number: int) -> tuple[Member, Evaluation]:
    """Return an evaluation, and the member who looks on at its project."""
    member = get_object_or_404(Member.objects.looking_on(request.user), project__slug=slug)
    found = member.project.evaluations.select_related("release", "job", "by", "project")
    return member, get_object_or_404(found, number=number)


def managed(request: Request, slug: str, number: int) -> tuple[Member, Evaluation]:
    """Return an evaluation, and the member who manages its project."""
    member, found = evaluation_of(request, slug, number)
    if member.role != Member.Role.MANAGER:
        raise Http404
    return member, found


@require_safe
@vary_on_headers("HX-Request")
def evaluation(request: Request, slug: str, number: int) -> HttpResponse:
    """Show the leaderboard; before it is there, how far it is: a poll gets that alone, and 286 once that has ended."""
    member, found = evaluation_of(request, slug, number)
    page: dict[str, Any] = {"member": member, "project": member.project, "evaluation": found}
    if request.htmx and not request.htmx.history_restore_request:
        return polled(request, page, found)
    if not found.finished:
        return render(request, "scoring/evaluation_state.html", page | state_of(found) | costs_of(found))
    if not shows_board(found, request.user):
        return render(request, "scoring/evaluation_few.html", page)
    over = Over(request.GET["over"]) if request.GET.get("over") in list(Over) else Over.ANSWERABLE
    board = board_of(member, found, over, figure_asked(request, found))
    return render(request, "scoring/evaluation.html", page | board)


def figure_asked(request: Request, found: Evaluation) -> str:
    """Return the figure that the address names, if it may rank; else the primary one."""
    by = request.GET.get("by", "")
    return by if by in figures() and figures()[by].ranked else found.primary


def polled(request: Request, page: dict[str, Any], found: Evaluation) -> HttpResponse:
    state = state_of(found)
    response = render(request, "scoring/evaluation_state.html#state", page | state)
    if state["stage"] not in GOING and not state["counting"]:
        response.status_code = HttpResponseStopPolling.status_code
        response["HX-Refresh"] = "true"
    return response


def state_of(found: Evaluation) -> dict[str, Any]:
    """Return how far an evaluation is."""
    done, total = how_far(found)
    # Between two hundreds of questions a service is asked, and its calls are what a job counts.
    service = asks_a_service(found)
    asking = found.job if service and found.job and found.job.total not in (None, total) else None
    count = counting_of(found) if service and stage_of(found) not in GOING else None
    return {
        "stage": stage_of(found),
        "asking": asking,
        "asks": service and not found.job,
        "count": count,
        "counting": bool(count and count.state in jobs.GOING),
        "done": done,
        "total": total,
        "unattended": bool(found.job and jobs.unattended(found.job)),
        "uncounted": bool(count and jobs.unattended(count)),
    }


def costs_of(found: Evaluation) -> dict[str, Any]:
    """Return what a service would still take, if it is counted, and what it took so far: of a judge that is one."""
    if not asks_a_service(found):
        return {"is_service": False, "takes": None, "spent": None}
    sums = spent_on(found)
    spent = {"sums": sums, "cost": prices().of(sums.tokens_in, sums.tokens_out)} if found.job and sums.calls else None
    return {"is_service": True, "takes": counted_by(counting_of(found)), "spent": spent, "is_on": is_on()}


def board_of(member: Member, found: Evaluation, over: Over, by: str) -> dict[str, Any]:
    """Return the board as its page shows it. Three queries, whatever it holds."""
    board, written = found.board, written_in(found)
    table = table_of(found, over, by)
    systems = [line.system for line in table.lines]
    number = len(systems)
    return {
        "table": table,
        "by": by,
        "by_label": figures()[by].label,
        "primary": figures()[found.primary],
        "tabs": [(name, label, board["questions"][name.value]) for name, label in TABS],
        "number": COUNTED[number - 1] if 0 < number <= len(COUNTED) else number,
        "pairs": list(pairs_of(found, by)),
        "among": among_people(found, table),
        "every": list(every_figure(board, over, table.lines)),
        "cited": sum(one["cited"] for one in systems),
        "left_out": sum(one["left_out"] for one in systems),
        "of_gold": board.get("gold_citations"),
        "leaving_out": sum(bool(one["left_out"]) for one in systems),
        "command": command_for(found),
        "english": member.project.language.lower().split("-")[0] == "en",
        "told_of": looking.told_of(member, written).count(),
        "open": looking.own_in(member, written).in_hand().count(),
    }


def command_for(found: Evaluation) -> str:
    """Return the command that scores the same systems in the same way again, against gold as it is then."""
    systems = [one["name"] for one in found.board["systems"]]
    said = {"project": [found.project.slug], "system": systems, "judge": [found.judge], "primary": [found.primary]}
    said |= {"alignment": [found.alignment], "release": [found.release.tag] if found.release else []}
    said |= {"batch": found.only.get("batches", []), "split": found.only.get("splits", []), "seed": [str(found.seed)]}
    options = (f"--{name} {shlex.join(values)}" for name, values in said.items() if values)
    return " ".join(["python manage.py evaluate", *options])


def pairs_of(found: Evaluation, by: str) -> Iterator[dict[str, Any]]:
    """Yield what tells every two systems apart, or does not, with their keys."""
    keys = {one["name"]: one["pk"] for one in found.board["systems"]}
    for pair in found.column(by)["pairs"]:
        yield pair | {"a": keys[pair["first"]], "b": keys[pair["second"]], "apart": pair["p"] < ALPHA}


def every_figure(
    board: Mapping[str, Any], over: Over, lines: tuple[Line, ...]
) -> Iterator[tuple[Any, list[tuple[str, Mapping[str, Any]]]]]:
    """Yield each figure over one kind of question with every system's mean."""
    names = [line.system["name"] for line in lines]
    for name, column in in_order(board["figures"].get(over.value, {})):
        yield figures()[name], [(one, column["means"][one]) for one in names]


# What is done with it


@require_POST
def evaluation_go_on(request: Request, slug: str, number: int) -> HttpResponse:
    """Let a job score what is left of an evaluation that broke off."""
    member, found = managed(request, slug, number)
    go_on(found, member)
    return redirect("evaluation", slug, number)


@require_POST
def evaluation_stop(request: Request, slug: str, number: int) -> HttpResponse:
    """Ask the job of an evaluation to stop; what is scored stays."""
    member, found = managed(request, slug, number)
    stop(found, member)
    return redirect("evaluation", slug, number)


@require_POST
def evaluation_count(request: Request, slug: str, number: int) -> HttpResponse:
    """Count what asking the judge for the rest would take."""
    member, found = managed(request, slug, number)
    if not found.finished and asks_a_service(found):
        count_left(found, member)
    return redirect("evaluation", slug, number)


@require_POST
def evaluation_discard(request: Request, slug: str, number: int) -> HttpResponse:
    """Discard an evaluation that is not finished."""
    _member, found = managed(request, slug, number)
    try:
        discard_unfinished(found)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("evaluation", slug, number)
    messages.success(request, _("Evaluation %(number)d is discarded.") % {"number": number})
    return redirect("evaluations", slug)


@require_POST
def evaluation_file(request: Request, slug: str, number: int) -> HttpResponseBase:
    """Send every question's figures as CSV or JSON: the same as the command’s. Taking them is a look at gold."""
    member, found = evaluation_of(request, slug, number)
    if not found.finished:
        raise Http404
    try:
        looking.take_out(member, written_in(found))
    except StillOpen:
        messages.error(request, _("Submit or skip your own open questions first: the scores tell of their gold."))
        return redirect("evaluation", slug, number)
    form = "csv" if request.POST.get("format") == "csv" else "json"
    return sent(csv_of(found) if form == "csv" else json_of(report_of(found)), f"{name_of(found)}.{form}")


@require_safe
def evaluation_board(request: Request, slug: str, number: int) -> HttpResponseBase:
    """Send the board alone, as CSV or with ``?format=json``, to whom its page shows it."""
    _member, found = evaluation_of(request, slug, number)
    if not found.finished:
        raise Http404
    if not shows_board(found, request.user):
        return redirect("evaluation", slug, number)
    form = "json" if request.GET.get("format") == "json" else "csv"
    lines = board_csv(found) if form == "csv" else [f"{dumped(board_report(found), indent=1)}\n"]
    return sent(lines, f"{name_of(found)}-board.{form}")


def written_in(found: Evaluation) -> AnnotationQuerySet:
    """Return what people wrote on the questions of an evaluation, which its figures tell of.

    What was taken back since is among it: the figures are of what had been handed in when it was begun.
    """
    own = found.questions.order_by().values("question")
    return Annotation.objects.filter(question__in=own, source__in=["gold", "human"])


def name_of(found: Evaluation) -> str:
    return f"{found.project.slug}-evaluation-{found.number}"


def sent(lines: Iterable[str], name: str) -> StreamingHttpResponse:
    """Return a file as a download; the end of its name says what it is."""
    kind = "text/csv" if name.endswith(".csv") else "application/json"
    response = StreamingHttpResponse(lines, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
