"""When the demo's work is said to have been done: on the weekdays of the three weeks before it is brought in.

The verbs write the time at which they run. What they wrote is moved to the time that its line in the files gives, so
that the demo looks lived in. Leases are no times of work and stay, so nothing lapses by it.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Model, Q
from django.utils import timezone

from annotator import models
from annotator.actions import timing

SLUG = "everyday-ambiguity"
SATURDAY = 5
# Of the minutes from the first save of a piece of work to the last, how many somebody was at it.
ACTIVE = 0.85
Timed = list[tuple[type[Model], str, tuple[str, ...]]]
"""Tables whose columns tell when something was done, each with the way from it to the project."""
WORK: Timed = [
    (models.Look, "question__batch__project__slug", ("at",)),
    (models.Assignment, "question__batch__project__slug", ("created",)),
    (models.Annotation, "question__batch__project__slug", ("created", "opened", "saved", "submitted")),
    (models.Revision, "annotation__question__batch__project__slug", ("at",)),
    (models.Note, "annotation__question__batch__project__slug", ("at",)),
]
BEGINNINGS: Timed = [
    (models.Project, "slug", ("created",)),
    (models.Member, "project__slug", ("joined",)),
    (models.GuidelineVersion, "project__slug", ("created",)),
    (models.Batch, "project__slug", ("created",)),
    (models.Import, "project__slug", ("created", "finished")),
    (models.Question, "batch__project__slug", ("created",)),
    *WORK,
]
RELEASES: Timed = [(models.Release, "project__slug", ("created",))]


@dataclass(frozen=True, slots=True)
class When:
    """So many working days ago, from a time of day on, for some minutes."""

    ago: int
    at: str
    minutes: float = 1

    @classmethod
    def of(cls, line: Mapping[str, Any]) -> "When":
        return cls(line["ago"], line["at"], line.get("minutes", 1))

    @property
    def began(self) -> datetime:
        day = working_day(timezone.localdate(), self.ago)
        return datetime.combine(day, time.fromisoformat(self.at), timezone.get_current_timezone())

    @property
    def lasted(self) -> timedelta:
        return timedelta(minutes=self.minutes)

    @property
    def active_seconds(self) -> int:
        return round(self.minutes * 60 * ACTIVE)


def count_time(annotation: models.Annotation, member: models.Member, when: When) -> None:
    """Say that the member was at the annotation for the active part of ``when``."""
    models.Annotation.objects.filter(pk=annotation.pk).update(active_seconds=when.active_seconds)
    timing.count(member, annotation.question.batch_id, when.began, when.active_seconds)
    ended = when.began + when.lasted
    models.Member.objects.filter(Q(seen__isnull=True) | Q(seen__lt=ended), pk=member.pk).update(seen=ended)


def working_day(today: date, ago: int) -> date:
    """Return the day that lies so many weekdays before today."""
    day = today
    while ago:
        day -= timedelta(days=1)
        ago -= day.weekday() < SATURDAY
    return day


@contextmanager
def said_to_be(when: When, tables: Timed = WORK) -> Iterator[None]:
    """Move what the block writes in the demo's project to when it is said to have been done."""
    since = timezone.now()
    yield
    spread(since, when, tables)


def spread(since: datetime, when: When, tables: Timed) -> None:
    """Move all times in these tables from ``since`` until now into the stretch of ``when``, in their order."""
    took = timezone.now() - since
    for model, way, names in tables:
        later = Q(*(Q((f"{name}__gte", since)) for name in names), _connector=Q.OR)
        rows = list(model._default_manager.filter(later, **{way: SLUG}))
        for row in rows:
            for name in names:
                at = getattr(row, name)
                if at and at >= since:
                    setattr(row, name, when.began + (at - since) / took * when.lasted)
        model._default_manager.bulk_update(rows, names)
