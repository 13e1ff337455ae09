"""The people of a project as its manager sees them: what they did, how fast, and when they were last at work."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Q, Sum
from django.utils import timezone

from annotator.haste import medians, very_fast
from annotator.models import Annotation, Assignment, Member, Project, WorkDay

MOST = 50
WEEK = 7
HIGH = 18  # of the bars
STANDS_OUT = 0.1  # so large a share of very fast submissions is worth a look


@dataclass(frozen=True, slots=True)
class Person:
    """One member. ``given`` are their questions, ``gold`` what they adjudicated, ``timed`` what they finished in
    ``time`` seconds that were counted, ``seconds`` all of their working time, ``week`` that of the last seven days.
    """

    member: Member
    name: str
    given: int = 0
    gold: int = 0
    timed: int = 0
    time: int = 0
    fast: int = 0
    seconds: int = 0
    week: tuple[int, ...] = (0,) * WEEK

    @property
    def per_hour(self) -> float | None:
        return 3600 * self.timed / self.time if self.time else None

    @property
    def stands_out(self) -> bool:
        return self.fast > max(1, STANDS_OUT * self.member.submitted)

    @property
    def active(self) -> str:
        """Return the working time as hours and minutes."""
        return f"{self.seconds // 3600} h {self.seconds % 3600 // 60:02}"

    @property
    def bars(self) -> list[tuple[str, str, str]]:
        """Return a bar for each day, as x, y and height in a picture of 72 × 18."""
        most = max(*self.week, 1)
        heights = [max(HIGH * seconds / most, 1) for seconds in self.week]
        return [(f"{10.3 * place:.1f}", f"{HIGH - high:.1f}", f"{high:.1f}") for place, high in enumerate(heights)]

    @property
    def minutes(self) -> list[int]:
        return [seconds // 60 for seconds in self.week]


def people_of(project: Project, *, hidden: bool) -> list[Person]:
    """Return the members who have not left, at most ``MOST``, who handed in most first. Seven queries."""
    members = project.members.lasting().select_related("user").order_by("-submitted", "pseudonym")[:MOST]
    given = Assignment.objects.filter(member__project=project).exclude(state__in=Assignment.GIVEN_BACK).order_by()
    asked = dict(given.values_list("member").annotate(number=Count("pk")))
    finished, (totals, weeks) = finished_by(project), worked_by(project)
    return [
        Person(
            member,
            member.pseudonym if hidden else member.name,
            asked.get(member.pk, 0),
            *finished.get(member.pk, (0, 0, 0, 0)),
            seconds=totals.get(member.pk, 0),
            week=tuple(weeks[member.pk]),
        )
        for member in members
    ]


def finished_by(project: Project) -> dict[int, tuple[int, int, int, int]]:
    """Return for each author: gold, what has a time, its seconds, and how much of it was very fast. Two queries."""
    work = Annotation.objects.filter(question__batch__project=project)
    timed = Q(active_seconds__gt=0)
    counted = work.filter(author__isnull=False).submitted().order_by().values_list("author")
    rows = counted.annotate(
        gold=Count("pk", filter=Q(source="gold")),
        timed=Count("pk", filter=timed),
        time=Sum("active_seconds"),
        fast=Count("pk", filter=very_fast(medians(work))),
    )
    return {author: (gold, timed, time, fast) for author, gold, timed, time, fast in rows}


def worked_by(project: Project) -> tuple[dict[int, int], dict[int, list[int]]]:
    """Return each member's seconds in all, and on each of the last seven days. Two queries."""
    days = WorkDay.objects.filter(batch__project=project).order_by()
    totals = dict(days.values_list("member").annotate(total=Sum("seconds")))
    first = timezone.localdate() - timedelta(days=WEEK - 1)
    weeks: dict[int, list[int]] = defaultdict(lambda: [0] * WEEK)
    of_late = days.filter(day__gte=first, day__lt=first + timedelta(days=WEEK))
    for member, day, seconds in of_late.values_list("member", "day").annotate(total=Sum("seconds")):
        weeks[member][(day - first).days] = seconds
    return totals, weeks
