"""What is said of the demo's systems on their pages, and the evaluation that stands them beside gold."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from annotator.codec import annotation_from_json
from annotator.models import Member, Project
from scoring.evaluating import Wanted, begin
from scoring.judges import Kind
from scoring.models import Evaluation, Proposal, Score
from scoring.proposing import propose
from scoring.running import run
from scoring.sampling import draw_sample, rate_all

SAMPLED = 20
RATERS = ("cy", "mo")
EXTRA = ("cascade run 1", "The country ballad of 1975")
NOTE = "Fragment 4 tells of this recording, and none of us wrote it."

SYSTEMS: dict[str, dict[str, Any]] = {
    "cascade run 1": {
        "family": "cascade",
        "model": "cascade",
        "description": "Lists conditions, then answers each",
        "prompt": "List every reading of the question that the fragments support. Then answer each of them, and cite.",
        "retrieval": "The question’s own list, as annotators see it",
        "seed": 7,
        "made_on": date(2026, 11, 16),
    },
    "answering run 1": {
        "family": "one-prompt",
        "model": "one-prompt",
        "description": "One prompt for conditions and answers",
        "prompt": "Answer the question from the fragments, with a condition for each answer, and cite.",
        "retrieval": "The question’s own list, as annotators see it",
        "seed": 7,
        "made_on": date(2026, 11, 16),
    },
    "closed-book run 1": {
        "family": "one-prompt",
        "model": "one-prompt",
        "description": "No fragments given",
        "prompt": "Answer the question.",
        "retrieval": "None",
        "cites": False,
        "seed": 7,
        "made_on": date(2026, 11, 17),
    },
    "drafting run 1": {"family": "cascade", "model": "cascade", "description": "Drafts for annotators to look at"},
}


def describe_systems(project: Project) -> None:
    """Say of the systems what their pages show, where nobody has said it yet."""
    for name, said in SYSTEMS.items():
        project.systems.filter(name=name, description="").update(**said)


def evaluate_systems(project: Project, members: Mapping[str, Member], lines: Iterable[Mapping[str, Any]]) -> None:
    """Score the systems against gold, propose a condition that it lacks, and let two people rate as the judge does.

    Each is done once; what somebody has begun otherwise stays as it is.
    """
    evaluation = project.evaluations.begun().order_by("number").first() or begin(project, Wanted(), members["mo"])
    run(evaluation)
    if not Proposal.objects.in_project(project).exists():
        propose_extra(evaluation, members["cy"])
    if not evaluation.samples.exists():
        rate_pairs(evaluation, members, lines)


def propose_extra(evaluation: Evaluation, by: Member) -> None:
    """Propose for gold what a system found and no person wrote."""
    name, text = EXTRA
    scores = Score.objects.filter(question__evaluation=evaluation, system__name=name).exclude(revision=None)
    for score in scores.select_related("revision", "question__question"):
        said = annotation_from_json(score.revision.record).conditions if score.revision else ()
        for condition in said:
            if condition.text == text:
                propose(score, condition.uid, NOTE, by)


def rate_pairs(evaluation: Evaluation, members: Mapping[str, Member], lines: Iterable[Mapping[str, Any]]) -> None:
    """Let two people rate pairs of conditions as the judge does."""
    sample = draw_sample(evaluation, Kind.CONDITION, SAMPLED, 1, members["mo"])
    told = {(line["gold"], line["predicted"]): line for line in lines}
    known = [told.get((pair.gold, pair.predicted)) for pair in sample.pairs.all()]
    for name in RATERS if all(known) else ():
        rate_all(sample, members[name], [line[name] for line in known if line])
