"""How far projects and batches are: questions by stage, and annotations handed in."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Sum
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from annotator.models import Annotation, Batch, Member, Project, Question
from annotator.querysets import QuestionQuerySet

# In the order in which a bar shows them.
STAGES: dict[str, Promise] = {
    "gold": _("Gold"),
    "done": _("Annotated"),
    "in_progress": _("In progress"),
    "to_do": _("To do"),
    "no_list": _("No list"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """One stage's part of a bar, as the attributes of an SVG rectangle of a bar that is 100 wide."""

    stage: str
    number: int
    x: float
    width: float

    @property
    def label(self) -> Promise:
        return STAGES[self.stage]


@dataclass(slots=True)
class Progress:
    """How far some questions are."""

    stages: Counter[str] = field(default_factory=Counter)
    submitted: int = 0
    slots: int = 0

    @property
    def questions(self) -> int:
        return self.stages.total()

    @property
    def gold(self) -> int:
        return self.stages["gold"]

    @property
    def listed(self) -> int:
        return self.questions - self.stages["no_list"]

    @property
    def parts(self) -> list[Part]:
        """Return every stage with its share of the bar, empty ones too."""
        parts, x = [], 0.0
        for stage in STAGES:
            width = 100 * self.stages[stage] / (self.questions or 1)
            parts.append(Part(stage, self.stages[stage], round(x, 3), round(width, 3)))
            x += width
        return parts


def progress_by_batch(project: Project) -> list[tuple[Batch, Progress]]:
    """Return the batches in order with how far each is. Four queries."""
    found = tally(Question.objects.filter(batch__project=project), "batch")
    return [(batch, found[batch.pk]) for batch in project.batches.all()]


def progress_by_project(managers: Iterable[Member]) -> list[tuple[Project, Progress]]:
    """Return the projects of these memberships with how far each is. Three queries, none for no project."""
    projects = [member.project for member in managers]
    if not projects:
        return []
    found = tally(Question.objects.filter(batch__project__in=projects), "batch__project")
    return [(project, found[project.pk]) for project in projects]


def tally(questions: QuestionQuerySet, by: str) -> dict[int, Progress]:
    """Return how far the questions are, by the key that ``by`` leads to. Three queries."""
    found: dict[int, Progress] = defaultdict(Progress)
    for key, stage, number in questions.staged().order_by().values_list(by, "stage").annotate(number=Count("pk")):
        found[key].stages[stage] = number
    for key, slots in questions.order_by().values_list(by).annotate(slots=Coalesce(Sum("overlap"), 0)):
        found[key].slots = slots
    work = Annotation.objects.filter(question__in=questions, source="human").submitted().order_by()
    for key, number in work.values_list(f"question__{by}").annotate(number=Count("pk")):
        found[key].submitted = number
    return found


def whole(parts: Iterable[Progress]) -> Progress:
    """Return the sum."""
    total = Progress()
    for part in parts:
        total.stages += part.stages
        total.submitted += part.submitted
        total.slots += part.slots
    return total
