"""Evaluations whose pairs people rate, made without scoring anything."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from annotator.codec import to_json
from annotator.models import Import, Project, Question, Revision
from annotator.record import Annotation, Answer, Condition
from scoring.models import Evaluation, Sample, Score

Said = tuple[str, str]
"""A condition's text, and its answer."""


def make_evaluation(project: Project, judge: str = "overlap", version: str = "1", **more: Any) -> Evaluation:
    """Return a finished evaluation with one system and no questions yet."""
    now, number = timezone.now(), project.evaluations.count() + 1
    values = {"draws": 100, "seed": 1, "code": "1", "alignment": "optimal", "primary": "answer_f1", "judge": judge}
    values |= {"judge_version": version, "created": now, "finished": now} | more
    made = Evaluation.objects.create(project=project, number=number, **values)
    made.systems.create(system=project.systems.get_or_create(name="evaluated run")[0], place=1)
    return made


def add_scored(
    evaluation: Evaluation, question: Question, gold: Sequence[Said], said: Sequence[Said], *s: float
) -> Score:
    """Add a question on which the i-th condition of gold is paired with the i-th prediction; the judge says ``s``."""
    system = evaluation.systems.get().system
    brought_by = Import.objects.get_or_create(project=evaluation.project, defaults=imported())[0]
    steps = [
        step_of(question, gold, source="gold", brought_by=brought_by),
        step_of(question, said, source="prediction", system=system),
    ]
    counts = {"answerable": bool(gold), "conditions": len(gold), "place": evaluation.questions.count() + 1}
    row = evaluation.questions.create(question=question, text=question.text, gold=steps[0], **counts)
    pairs = [
        {"gold": place, "predicted": place, "s": one, "condition": one, "answer": one} for place, one in enumerate(s)
    ]
    return row.scores.create(system=system, revision=steps[1], pairs=pairs)


def imported() -> dict[str, Any]:
    return {"name": "gold.json", "size": 1, "created": timezone.now()}


def step_of(question: Question, said: Sequence[Said], **maker: Any) -> Revision:
    """Return the step of a gold annotation or a prediction that says this."""
    now = timezone.now()
    row = question.annotations.get_or_create(**maker, defaults={"created": now, "saved": now})[0]
    conditions = tuple(
        Condition(f"c{place}", text, (Answer("a", answer),)) for place, (text, answer) in enumerate(said)
    )
    number = row.revisions.count() + 20
    return row.revisions.create(number=number, at=now, verb="import", record=to_json(Annotation(conditions=conditions)))


def make_sample(
    evaluation: Evaluation, score: Score, *judged: float, texts: Said = ("gold", "said"), **more: Any
) -> Sample:
    """Return a sample of pairs of these texts, all of one question, of which the judge says ``judged``."""
    sample = evaluation.samples.create(kind="condition", seed=1, created=timezone.now(), **more)
    for place, one in enumerate(judged, 1):
        sample.pairs.create(
            place=place, score=score, question="Who?", gold=texts[0], predicted=f"{texts[1]} {place}", judged=one
        )
    return sample
