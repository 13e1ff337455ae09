"""Work that people submitted."""

from typing import Any

from django.utils import timezone

from annotator import record, rows
from annotator.actions import claiming, submitting
from annotator.actions.history import Step, Verb, append
from annotator.models import Annotation, Member, Question
from annotator.record import Answer, Citation, Condition, Role, Verdict


def said(*conditions: tuple[str, str, int]) -> record.Annotation:
    """Return an annotation of (text, answer, rank cited) conditions, ambiguous where there are several."""
    return record.Annotation(
        Verdict.AMBIGUOUS if len(conditions) > 1 else Verdict.UNAMBIGUOUS,
        conditions=tuple(
            Condition(f"c{number}", text, (Answer("a", answer),), (Citation("k", Role.BOTH, rank=rank),))
            for number, (text, answer, rank) in enumerate(conditions)
        ),
    )


def submit(member: Member, question: Question, what: record.Annotation) -> Annotation:
    """Let a member take the question, write this and hand it in."""
    annotation = claiming.take(member, question).annotation
    assert annotation
    rows.create_conditions([(annotation, what, rows.lines_of(question))])
    Annotation.objects.filter(pk=annotation.pk).update(verdict=what.verdict, saved=timezone.now())
    fresh = Annotation.objects.select_related("question__batch__project", "assignment").get(pk=annotation.pk)
    append(fresh, Step(Verb.IMPORT, member, what))
    submitting.submit(fresh, member)
    return fresh


def figures(report: dict[str, Any]) -> dict[str, Any]:
    return {name: found["value"] for name, found in report["figures"].items()}
