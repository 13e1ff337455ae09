"""The published scores: every stored citation score comes out of the data, and the default judge correlates as said."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from annotator.exchange import predicted, reader
from annotator.exchange.reports import Report
from annotator.record import Annotation, Citation, Condition
from scoring.idf import IdfTable
from scoring.judges import Couple, Kind
from scoring.judges.overlap import overlap
from scoring.published import citation_places, citation_recall

MAIN = {"gemma2": "published_main_gemma2_dev.json", "qwen2.5": "published_main_qwen2.5_dev.json"}
PLAIN = "published_nocondition_gemma2_dev.json"


def gold_of(folder: Path) -> dict[str, Annotation]:
    report = Report("")
    found = {
        item.question.external_id: item.question.annotations[0].annotation
        for item in reader.items(folder / "data" / "condambigqa_dev.json", report)
    }
    assert len(found) == 100
    return found


def outputs(folder: Path, name: str, system: str) -> Iterator[tuple[Annotation, list[dict[str, Any]], str]]:
    """Yield what the system said of each question, the evaluations that are stored with it, and the question's id."""
    path = folder / "data" / name
    stored = {one["id"]: one["evaluations"] for one in json.loads(path.read_text("utf-8"))[system]}
    for item in predicted.predictions_in(path, system, Report("")):
        one = item.prediction
        yield one.annotation, stored[one.external_id], one.external_id


@pytest.mark.parametrize(("system", "mean", "by_question"), [("gemma2", 0.0663, 0.0715), ("qwen2.5", 0.0431, 0.0442)])
def test_every_published_citation_score_comes_out(shared, system, mean, by_question):
    gold = gold_of(shared)
    stored, ours, questions = [], [], []
    for said, evaluations, known in outputs(shared, MAIN[system], system):
        stored += [one["citation_evaluation"]["score"] for one in evaluations]
        found = citation_recall(gold[known], said)
        ours += found
        questions += [np.mean(found)] if found else []
    assert len(stored) == 219
    assert ours == pytest.approx(stored, abs=1e-9)
    assert (np.mean(ours), np.mean(questions)) == pytest.approx((mean, by_question), abs=1e-4)


def test_every_published_citation_score_without_conditions_comes_out(shared):
    gold = gold_of(shared)
    stored, ours = [], []
    for said, evaluations, known in outputs(shared, PLAIN, "gemma2"):
        stored += [one["citation_evaluation"]["score"] for one in evaluations]
        ours += citation_places(gold[known], said)
    assert len(stored) == 193
    assert ours == pytest.approx(stored, abs=1e-9)


def cited(*titles: str) -> Annotation:
    return Annotation(conditions=(Condition(citations=tuple(Citation(title=title) for title in titles)),))


def test_two_sides_that_cite_nothing_were_given_nothing():
    assert citation_recall(cited(), cited()) == [0.0]


def test_gold_that_nobody_answered_was_left_out_and_an_extra_answer_judged_against_nothing():
    two = Annotation(conditions=(*cited("1. A").conditions, *cited("2. B").conditions))
    assert citation_recall(two, cited("Fragment 1")) == [1.0]
    assert citation_recall(cited("1. A"), Annotation(conditions=two.conditions))[1:] == [0.0]


# The default judge beside the published G-Eval scores (SCORING.md, "The default judge")


def idf_of(folder: Path) -> IdfTable:
    idf = IdfTable()
    for one in json.loads((folder / "data" / "condambigqa_dev.json").read_text("utf-8")):
        idf.add(f"{part['title']} {part['text']}" for part in one["ctxs"])
    return idf


def correlation(folder: Path, files: list[tuple[str, str]], kind: Kind) -> tuple[int, float]:
    """Return n, and Pearson's r of judge and G-Eval over pairs by position that both have a text and a score."""
    judge = overlap(idf_of(folder))
    questions = {one["id"]: one for one in json.loads((folder / "data" / "condambigqa_dev.json").read_text("utf-8"))}
    ours, theirs = [], []
    for name, system in files:
        for one in json.loads((folder / "data" / name).read_text("utf-8"))[system]:
            told = told_by(one, questions[one["id"]], kind)
            for gold, said, evaluation in told:
                score = evaluation[f"{kind.value}_evaluation"]["score"]
                if gold.strip() and said.strip() and score is not None:
                    ours.append(judge.judge([Couple(kind, one["question"], (gold,), (said,))])[0])
                    theirs.append(score)
    return len(ours), float(np.corrcoef(ours, theirs)[0, 1])


def told_by(one: dict[str, Any], gold: dict[str, Any], kind: Kind) -> Iterator[tuple[str, str, dict[str, Any]]]:
    key, own = ("groundtruth", "answer") if kind is Kind.ANSWER else ("condition", "condition")
    expected = one.get("expected_answers") or [part[key] for part in gold["properties"]]
    said = one.get("conditions") or one["generated_answers"]
    for wanted, part, evaluation in zip(expected, said, one["evaluations"], strict=False):
        yield joined(wanted), joined(part[own]), evaluation


def joined(value: Any) -> str:
    return "; ".join(value) if isinstance(value, list) else str(value)


@pytest.mark.parametrize(
    ("systems", "kind", "n", "r"),
    [
        (["gemma2", "qwen2.5"], Kind.ANSWER, 353, 0.6406),
        (["gemma2"], Kind.ANSWER, 177, 0.614),
        (["qwen2.5"], Kind.ANSWER, 176, 0.673),
        (["gemma2", "qwen2.5"], Kind.CONDITION, 353, 0.4412),
        (["gemma2"], Kind.CONDITION, 177, 0.374),
        (["qwen2.5"], Kind.CONDITION, 176, 0.515),
    ],
)
def test_the_default_judge_correlates_with_the_published_scores_as_said(shared, systems, kind, n, r):
    assert correlation(shared, [(MAIN[name], name) for name in systems], kind) == pytest.approx((n, r), abs=0.005)


def test_it_correlates_with_those_of_answers_without_conditions(shared):
    assert correlation(shared, [(PLAIN, "gemma2")], Kind.ANSWER) == pytest.approx((164, 0.7723), abs=0.005)
