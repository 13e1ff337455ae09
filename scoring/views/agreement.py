"""Agreement between people: a page, and the panel of the project page. Much to compare is a job's work."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from annotator.models import Member, Project, Question, User
from annotator.views.request import Request, number_in
from scoring.comparing import THRESHOLDS
from scoring.reporting import agreement_report, by_job, compare_by_job, figures_on, overview, report_of
from scoring.submitted import items, questions_of, shared

MEASURES = [
    ("verdict_alpha", _("Verdict"), _("Krippendorff α")),
    ("verdict_percent", _("Verdict"), _("share that agree")),
    ("verdict_kappa", _("Verdict"), _("Cohen κ")),
    ("count_alpha", _("Number of conditions"), _("Krippendorff α, ordinal")),
    ("count_exact", _("Number of conditions"), _("share that agree")),
    ("count_difference", _("Number of conditions"), _("mean difference")),
    ("conditions_micro_0.4", _("Conditions"), _("F1 at similarity .40, over all conditions")),
    ("conditions_macro_0.4", _("Conditions"), _("F1 at similarity .40, mean of questions")),
    ("conditions_soft", _("Conditions"), _("soft F1")),
    ("answers", _("Answers"), _("mean similarity of paired conditions’ answers")),
    ("answers_joint", _("Answers"), _("soft F1 over all conditions")),
    ("citations_alpha", _("Citations"), _("Krippendorff α over fragments")),
    ("citations_positive", _("Citations"), _("F1 of the cited fragments")),
    ("citations_masi", _("Citations"), _("MASI of paired conditions")),
]
ALL = tuple(name for name, _what, _said in MEASURES)
MAIN = ("verdict_alpha", "count_alpha", "conditions_macro_0.4", "answers", "citations_alpha")
BY_PAIR = (
    *("conditions_micro_0.4", "conditions_macro_0.4", "conditions_soft", "answers", "answers_joint", "citations_masi"),
)
OF_QUESTION = (
    *("verdict_percent", "count_difference", "conditions_macro_0.4", "conditions_soft"),
    *("answers", "citations_positive"),
)
PARTS = [("batches", _("By batch")), ("guidelines", _("By guideline version"))]
PAGE = 20


@dataclass(frozen=True, slots=True)
class Line:
    """A figure as a line of a table; the positions are percentages of a scale from 0 to 1, where it is on one.

    ``beside`` is the same figure for the same line, by another way of pairing conditions.
    """

    what: str
    measure: str
    figure: Mapping[str, Any]
    scaled: bool
    beside: Mapping[str, Any] | None = None

    @property
    def positions(self) -> dict[str, str]:
        return {name: percent(self.figure[name]) for name in ("value", "low", "high")}


def percent(value: float | None) -> str:
    return f"{100 * min(1.0, max(0.0, value or 0.0)):.1f}%"


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
def agreement(request: Request, slug: str) -> HttpResponse:
    """Show how far people agree; the project page asks for the panel alone. A POST lets a job compute it anew."""
    member = get_object_or_404(Member.objects.managing(request.user), project__slug=slug)
    if request.method == "POST":
        return redirect(compare_by_job(member))
    number = shared(questions_of(member.project)).count()
    page = {"member": member, "project": member.project, "shared": number, "by_job": by_job(number)}
    if request.htmx and not request.htmx.history_restore_request:
        report, _ignored = report_of(member.project, request.user, number, overview)
        main = lines_of(report["figures"], MAIN) if report else []
        page |= {"report": report, "main": main, "people": list(cells_of(member.project, report)) if report else []}
        return render(request, "scoring/agreement.html#panel", page)
    report, job = report_of(member.project, request.user, number, agreement_report)
    page |= {"report": report, "job": job, **(shown(report) if report else {})}
    page |= by_question(member, request.user, number_in(request.GET, "after"))
    return render(request, "scoring/agreement.html", page)


def cells_of(project: Project, report: Mapping[str, Any]) -> Iterator[tuple[int, Mapping[str, Any] | None]]:
    """Yield each member's key and figure, for the cells of the project page's table of people. One query."""
    figures = report.get("people", {})
    for pk, pseudonym in project.members.lasting().values_list("pk", "pseudonym"):
        yield pk, figures.get(pseudonym)


def shown(report: Mapping[str, Any]) -> dict[str, Any]:
    """Return the report as its page shows it."""
    figures, confirmed = report["figures"], report["confirmed"]
    return {
        "main": lines_of(figures, MAIN),
        "lines": lines_of(figures, beside=report["chance"]),
        "confirmed": lines_of(confirmed["figures"], BY_PAIR, confirmed["computed"]) if confirmed else [],
        "current": lines_of(report["current"]["figures"], MAIN),
        "curve": curve_of(figures),
        "not_blind": report.get("not_blind", {}),  # a job that is done knows it not yet
        "parts": [(title, rows_of(parts)) for title, parts in parts_of(report) if parts],
    }


def by_question(member: Member, user: User, after: int) -> dict[str, Any]:
    """Return a page of questions with their figures, those that people agree on least first.

    They are those on which the user may see what others wrote; ``more`` is where the next page begins.
    """
    seen = shared(questions_of(member.project).not_blind_for(user))
    in_order = seen.order_by(F("accord").asc(nulls_last=True), "pk").values_list("pk", flat=True)
    keys = list(in_order[after : after + PAGE + 1])
    found = {item.question.pk: item for item in items(Question.objects.filter(pk__in=keys[:PAGE]))}
    lines = [(found[pk].question, lines_of(figures_on(found[pk]), OF_QUESTION)) for pk in keys[:PAGE] if pk in found]
    return {"questions": lines, "after": after, "more": after + PAGE if len(keys) > PAGE else 0}


def lines_of(
    figures: Mapping[str, Any], names: Collection[str] = ALL, beside: Mapping[str, Any] | None = None
) -> list[Line]:
    return [
        Line(str(what), str(said), figures[name], name != "count_difference", (beside or {}).get(name))
        for name, what, said in MEASURES
        if name in names
    ]


def parts_of(report: Mapping[str, Any]) -> list[tuple[str, list[tuple[str, Mapping[str, Any]]]]]:
    """Return the kinds of parts with their parts by name."""
    pairs = [(" · ".join(part["people"]), part) for part in report["pairs"]]
    named = [(str(title), list(report[kind].items())) for kind, title in PARTS]
    return [*named[:1], (str(_("By pair of people")), pairs), *named[1:]]


def rows_of(parts: Iterable[tuple[str, Mapping[str, Any]]]) -> list[tuple[str, int, list[Line]]]:
    """Return each part's name, its number of questions and its main figures."""
    return [(name, part["questions"], lines_of(part["figures"], MAIN)) for name, part in parts]


def curve_of(figures: Mapping[str, Any]) -> list[tuple[float, float, float, float]]:
    """Return the defined F1s by similarity threshold: threshold, value, and the place of its point on the plot."""
    values = [(threshold, figures[f"conditions_macro_{threshold}"]["value"]) for threshold in THRESHOLDS]
    return [
        (threshold, value, 30 + 340 * place / (len(values) - 1), 98 - 90 * value)
        for place, (threshold, value) in enumerate(values)
        if value is not None
    ]
