"""What an export will write, counted by the database beforehand."""

from django.db.models import QuerySet

from annotator.models import Annotation, Answer, Citation, Condition, Question
from retrieval.models import ListedFragment

Counts = dict[str, int]


def counted(questions: QuerySet[Question], annotations: QuerySet[Annotation], *, removed: bool = False) -> Counts:
    """Return how many questions, annotations and their parts there are; six queries."""
    conditions = Condition.objects.filter(annotation__in=annotations)
    if not removed:
        conditions = conditions.filter(removed=False)
    return {
        "questions": questions.count(),
        "annotations": annotations.count(),
        "conditions": conditions.count(),
        "answers": Answer.objects.filter(condition__in=conditions).count(),
        "citations": Citation.objects.filter(condition__in=conditions).count(),
        "fragments": ListedFragment.objects.filter(retrieval__in=questions.values("retrieval")).count(),
    }
