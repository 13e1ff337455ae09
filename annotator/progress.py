"""How far projects and batches are, and when they will be done: questions by stage, annotations handed in by day."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone
from django.utils.functional import Promise

from annotator.models import Annotation, Batch, Member, Project, Question
from annotator.pace import Outlook, outlook
from annotator.querysets import AnnotationQuerySet, QuestionQuerySet
from annotator.stages import STAGES

# The stages of what people annotated as often as asked.
ANNOTATED = ("gold", "adjudicating", "done")


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
    """How far some questions are.

    ``submitted`` are annotations, ``within`` those on questions that have a number of ``slots``. ``done`` are those
    that people annotated as often as asked, ``twice`` those of them that several did; ``free`` are the slots left,
    ``due`` the annotations that questions still lack, ``unlimited`` the questions that have no number of slots.
    """

    stages: Counter[str] = field(default_factory=Counter)
    submitted: int = 0
    within: int = 0
    slots: int = 0
    done: int = 0
    twice: int = 0
    free: int = 0
    due: int = 0
    unlimited: int = 0

    @property
    def questions(self) -> int:
        return self.stages.total()

    @property
    def gold(self) -> int:
        return self.stages["gold"]

    @property
    def share(self) -> float:
        """Return the percentage of what is done that several people annotated."""
        return 100 * self.twice / (self.done or 1)

    @property
    def left(self) -> int | None:
        """Return how many annotations are still to come, None where there is no limit."""
        return None if self.unlimited else self.due

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
    """Return the batches in order with how far each is. Five queries."""
    found = tally(Question.objects.filter(batch__project=project), "batch")
    return [(batch, found[batch.pk]) for batch in project.batches.all()]


def progress_by_project(managers: Iterable[Member]) -> list[tuple[Project, Progress]]:
    """Return the projects of these memberships with how far each is. Four queries, none for no project."""
    projects = [member.project for member in managers]
    if not projects:
        return []
    found = tally(Question.objects.filter(batch__project__in=projects), "batch__project")
    return [(project, found[project.pk]) for project in projects]


def tally(questions: QuestionQuerySet, by: str) -> dict[int, Progress]:
    """Return how far the questions are, by the key that ``by`` leads to. Four queries.

    A question that somebody is still at work on is not done, as in the queue of adjudication.
    """
    found: dict[int, Progress] = defaultdict(Progress)
    often = Case(When(handed_in__gt=1, then=Value(2)), default=F("handed_in"), output_field=IntegerField())
    lacking = Case(When(overlap__gt=F("handed_in"), then=F("overlap") - F("handed_in")), default=0)
    stages = questions.staged().order_by().annotate(often=often).values_list(by, "stage", "often")
    for key, stage, times, number, due in stages.annotate(number=Count("pk"), due=Sum(lacking)):
        found[key].stages[stage] += number
        found[key].due += due
        if times and stage in ANNOTATED:
            found[key].done += number
            found[key].twice += number * (times > 1)
    again = questions.staged().at_work_again().order_by().annotate(often=often).values_list(by, "often")
    for key, times, number in again.annotate(number=Count("pk")):
        found[key].stages["done"] -= number
        found[key].stages["partly"] += number
        found[key].done -= number
        found[key].twice -= number * (times > 1)
    slots = {
        "all": Coalesce(Sum("overlap"), 0),
        "free": Coalesce(Sum(F("overlap") - F("taken"), filter=Q(retrieval__isnull=False)), 0),
        "unlimited": Count("pk", filter=Q(overlap__isnull=True)),
    }
    for key, *numbers in questions.order_by().values_list(by).annotate(**slots):
        found[key].slots, found[key].free, found[key].unlimited = numbers
    work = Annotation.objects.filter(question__in=questions, source="human").submitted().order_by()
    within = Count("pk", filter=Q(question__overlap__isnull=False))
    for key, *numbers in work.values_list(f"question__{by}").annotate(number=Count("pk"), within=within):
        found[key].submitted, found[key].within = numbers
    return found


def whole(parts: Iterable[Progress]) -> Progress:
    """Return the sum."""
    total = Progress()
    for part in parts:
        total.stages += part.stages
        for number in ("submitted", "within", "slots", "done", "twice", "free", "due", "unlimited"):
            setattr(total, number, getattr(total, number) + getattr(part, number))
    return total


# When it will be done


def submitted_in(project: Project) -> AnnotationQuerySet:
    """Return all that was submitted and finished in a project, by now."""
    work = Annotation.objects.filter(question__batch__project=project, submitted__lte=timezone.now())
    return work.order_by()


def ahead_of(project: Project, total: Progress, today: date) -> Outlook:
    """Return when all will be handed in, at the pace of late. One query.

    What a file brought in is no sign of anybody's pace: it has no slot.
    """
    own = submitted_in(project).filter(source="human", assignment__isnull=False)
    return outlook(by_day(own), total.left, today)


def planned_end(batches: list[tuple[Batch, Progress]]) -> date | None:
    """Return the day on which the last batch closes, None where one with something left has no such day."""
    unfinished = [batch for batch, progress in batches if progress.left != 0]
    closes = [batch.closes for batch in unfinished or [batch for batch, _progress in batches if batch.closes]]
    return max(map(timezone.localdate, closes)) if closes and all(closes) else None


def by_day(work: QuerySet[Annotation]) -> Mapping[date, int]:
    """Return how many were submitted on each day."""
    return dict(work.values_list(TruncDate("submitted")).annotate(number=Count("pk")))


def came_by_day(project: Project) -> tuple[Mapping[date, int], Mapping[date, int]]:
    """Return how many annotations people submitted, and how many questions were adjudicated, by day. Two queries."""
    work = submitted_in(project)
    return by_day(work.filter(source="human")), by_day(work.gold())
