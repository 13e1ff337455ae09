"""An evaluation's judge: how far it says what people say, what it cost, its limits; and drawing a sample of pairs."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from annotator.actions.queued import Refused
from annotator.models import Member
from annotator.views.request import Request, number_in
from scoring.correlating import Point
from scoring.judges import Kind
from scoring.judges.llm.judge import NAME
from scoring.judges.llm.replies import Flaw
from scoring.judging import prices, spent_on
from scoring.models import Evaluation, Sample
from scoring.sample_form import SampleForm
from scoring.sampling import check, draw_sample, standing
from scoring.views.evaluation import evaluation_of

FIGURES = [("pearson", _("Pearson r")), ("spearman", _("Spearman ρ"))]
AGREEMENT = [("ordinal", _("Krippendorff α, ordinal")), ("interval", _("Krippendorff α, interval"))]
FLAWS = {
    Flaw.REFUSED: _("refused"),
    Flaw.UNCLEAR: _("not one number from 0 to 10"),
    Flaw.TRUNCATED: _("cut short"),
    Flaw.MALFORMED: _("not readable"),
}
# The plot's left and lower edge, and the size of a point of the scale on it.
LEFT, BOTTOM, UNIT = 34, 272, 26


@require_safe
def judge(request: Request, slug: str, number: int) -> HttpResponse:
    """Show the judge beside the people who rated a sample: the one that is asked for, else the last."""
    member, evaluation = evaluation_of(request, slug, number)
    return judge_page(request, member, evaluation, SampleForm())


@require_POST
def sample_new(request: Request, slug: str, number: int) -> HttpResponse:
    """Draw a sample for people to rate."""
    get_object_or_404(Member.objects.managing(request.user), project__slug=slug)
    member, evaluation = evaluation_of(request, slug, number)
    form = SampleForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            sample = draw_sample(evaluation, Kind(said["kind"]), said["size"], said["seed"], member)
        except Refused as refused:
            form.add_error("kind", str(refused))
        else:
            if (found := sample.pairs.count()) < said["size"]:
                messages.info(request, too_few(found))
            return redirect(f"{reverse('judge', args=[slug, number])}?sample={sample.pk}")
    return judge_page(request, member, evaluation, form, 422)


def too_few(found: int) -> str:
    return ngettext(
        "%(found)s pair is all that can be rated: the others are the same text, or hold several answers.",
        "%(found)s pairs are all that can be rated: the others are the same text, or hold several answers.",
        found,
    ) % {"found": found}


def judge_page(
    request: Request, member: Member, evaluation: Evaluation, form: SampleForm, status: int = 200
) -> HttpResponse:
    samples = list(evaluation.samples.select_related("by").with_counts())
    chosen = next((one for one in samples if one.pk == number_in(request.GET, "sample")), None)
    sample = chosen or (samples[-1] if samples else None)
    page = {
        "member": member,
        "project": member.project,
        "evaluation": evaluation,
        "form": form,
        "samples": samples,
        "sample": sample,
        "asked": cost_of(evaluation) if evaluation.judge == NAME else None,
    }
    return render(request, "scoring/judge.html", page | (shown(sample, member) if sample else {}), status=status)


def cost_of(evaluation: Evaluation) -> dict[str, Any]:
    """Return what the stored verdicts of the LLM judge on the evaluation's questions sum up to, as the page says it."""
    sums = spent_on(evaluation)
    flaws = [(FLAWS[flaw], number) for flaw, number in sums.flaws.most_common()]
    return {"sums": sums, "flaws": flaws, "cost": prices().of(sums.tokens_in, sums.tokens_out)}


def shown(sample: Sample, member: Member) -> dict[str, Any]:
    """Return a sample as the page shows it."""
    found = check(sample)
    return {
        "found": found,
        "standing": standing(sample, member),
        "figures": [(label, found.figures[name]) for name, label in FIGURES],
        "agreement": [(label, found.agreement[name]) for name, label in AGREEMENT],
        "dots": dots(found.points),
        "ticks": [(value, LEFT + UNIT * value, BOTTOM - UNIT * value) for value in (0, 5, 10)],
    }


def dots(points: Sequence[Point]) -> list[tuple[float, float]]:
    """Return where the points stand on the plot: the judge to the right, people upwards."""
    return [(LEFT + UNIT * point.judge, BOTTOM - UNIT * point.mean) for point in points]
