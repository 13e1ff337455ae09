"""What an export will write, counted by the database beforehand."""

from dataclasses import dataclass

from django.db.models import QuerySet

from annotator.models import Annotation, Answer, Batch, Citation, Condition, Project, Question, Release
from annotator.querysets import QuestionQuerySet
from retrieval.models import ListedFragment

Counts = dict[str, int]


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose questions an export is about: a project's, ``only`` those with these keys, a batch's, or a release's."""

    project: Project
    only: tuple[int, ...] | None = None
    release: Release | None = None
    batch: Batch | None = None

    @property
    def whole(self) -> bool:
        """Return whether it is about all questions of the project."""
        return self.only is None and self.batch is None

    @property
    def questions(self) -> QuestionQuerySet:
        found = Question.objects.filter(batch__project=self.project)
        if self.batch:
            found = found.filter(batch=self.batch)
        return found if self.only is None else found.filter(pk__in=self.only)

    def of(self, batch: Batch) -> QuestionQuerySet:
        """Return those of one batch, in order."""
        return self.questions.filter(batch=batch).order_by("order")


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
