"""Hours as a table: what each person worked on each batch, as a project pays or thanks by it."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, Min, Q, Sum
from django.db.models.functions import TruncDate

from annotator.models import Annotation, Member, Project, WorkDay

COLUMNS = ("pseudonym", "batch", "active_hours", "submitted", "adjudicated", "first_day", "last_day")
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(slots=True)
class Worked:
    """One person's work on one batch."""

    seconds: int = 0
    submitted: int = 0
    adjudicated: int = 0
    first: date | None = None
    last: date | None = None

    def within(self, first: date, last: date) -> None:
        self.first, self.last = min(self.first or first, first), max(self.last or last, last)


def hours_table(project: Project, *, names: bool) -> str:
    """Return the CSV, one line for each person and batch; ``names`` adds who stands behind each pseudonym."""
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(["pseudonym", "name", *COLUMNS[1:]] if names else COLUMNS)
    for member, batch, worked in lines_of(project):
        who = [member.pseudonym, member.name] if names else [member.pseudonym]
        numbers = [f"{worked.seconds / 3600:.2f}", worked.submitted, worked.adjudicated, worked.first, worked.last]
        table.writerow([*map(harmless, (*who, batch)), *numbers])
    return out.getvalue()


def harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def lines_of(project: Project) -> Iterator[tuple[Member, str, Worked]]:
    """Yield who worked on which batch, people by pseudonym, batches in order. Four queries."""
    found: dict[tuple[int, int], Worked] = {}
    days = WorkDay.objects.filter(batch__project=project).order_by().values_list("batch", "member")
    for batch, member, seconds, first, last in days.annotate(Sum("seconds"), Min("day"), Max("day")):
        found[batch, member] = Worked(seconds, first=first, last=last)
    for batch, member, submitted, adjudicated, first, last in finished(project):
        worked = found.setdefault((batch, member), Worked())
        worked.submitted, worked.adjudicated = submitted, adjudicated
        worked.within(first, last)
    batches = list(project.batches.all())
    for one in project.members.select_related("user").order_by("pseudonym"):
        yield from ((one, batch.name, found[batch.pk, one.pk]) for batch in batches if (batch.pk, one.pk) in found)


def finished(project: Project) -> Iterator[tuple[int, int, int, int, date, date]]:
    """Yield batch, author, how much they submitted and adjudicated, and its first and last day."""
    work = Annotation.objects.filter(question__batch__project=project, author__isnull=False).submitted().order_by()
    day = TruncDate("submitted")
    counts = {source: Count("pk", filter=Q(source=source)) for source in ("human", "gold")}
    rows = work.values_list("question__batch", "author").annotate(**counts, first=Min(day), last=Max(day))
    yield from rows.iterator()
