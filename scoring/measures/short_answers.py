"""What is usual for data with short answers: whether they stand in the prediction, and whether they are the same.

STR-EM is that of ASQA (Stelmakh et al. 2022), F1-answer that of AmbigNQ (Min et al. 2020, without the questions), both
over all conditions of a question and after our own ``norm``.
"""

from collections.abc import Iterator

from annotator.similarity import norm
from scoring.measures import Figure, Values
from scoring.scored import Scored, Whole

FIGURES = {
    "str_em": Figure("STR-EM", "share of gold’s answers of which a wording stands in what the system answers (ASQA)"),
    "f1_answer": Figure("F1-answer", "F1 of the answers that are the same, over all conditions (AmbigNQ)"),
}


def measured(scored: Scored) -> Values:
    """Return the figures; None where gold has no answer."""
    gold = list(dict.fromkeys(answers(scored.gold)))
    if not gold:
        return dict.fromkeys(FIGURES)
    predicted = list(dict.fromkeys(answers(scored.predicted)))
    text = "\n".join(wording for wordings in predicted for wording in wordings)
    standing = sum(any(wording in text for wording in wordings) for wordings in gold)
    return {"str_em": standing / len(gold), "f1_answer": f1_answer(gold, predicted)}


def answers(whole: Whole) -> Iterator[tuple[str, ...]]:
    """Yield the wordings of each answer, normalised."""
    for part in whole.parts:
        for wordings in part.said.answers:
            yield tuple(" ".join(norm(wording).split()) for wording in wordings)


def f1_answer(gold: list[tuple[str, ...]], predicted: list[tuple[str, ...]]) -> float:
    """Return the F1 over answers, one right if a wording of it is one of gold's; several right ones count once."""
    known = {wording for wordings in gold for wording in wordings}
    right = sum(any(wording in known for wording in wordings) for wordings in predicted)
    found = {wording for wordings in predicted for wording in wordings}
    met = sum(any(wording in found for wording in wordings) for wordings in gold)
    precision, recall = right / len(predicted) if predicted else 0.0, met / len(gold)
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0
