"""The chart of the manager's page: what was handed in by day, beside the plan and the pace, as SVG's attributes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from math import ceil

from annotator.pace import Outlook

LEFT, RIGHT, TOP, BOTTOM = 34, 586, 10, 166
APART = 14  # between two labels
MOST_TICKS = 4
By = Mapping[date, int]
Line = list[tuple[date, float]]


@dataclass(frozen=True, slots=True)
class Scale:
    """From days and numbers to places."""

    first: date
    last: date
    most: int

    def x(self, day: date) -> float:
        return round(LEFT + (RIGHT - LEFT) * (day - self.first).days / (self.last - self.first).days, 1)

    def y(self, number: float) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * number / self.most, 1)

    def points(self, line: Line) -> str:
        return " ".join(f"{self.x(day)},{self.y(number)}" for day, number in line)


@dataclass(frozen=True, slots=True)
class Label:
    x: float
    y: float
    text_y: float
    number: int


@dataclass(frozen=True, slots=True)
class Chart:
    """Lines are the points of polylines, empty where there is no such line; ``days`` are the rows of the table."""

    first: date
    last: date
    now_x: float
    ticks: list[tuple[float, int]]
    submitted: str
    adjudicated: str
    plan: str
    pace: str
    plan_y: float
    pace_y: float
    submitted_now: Label
    adjudicated_now: Label
    days: list[tuple[date, int, int]]


def chart_of(submitted: By, adjudicated: By, left: int, planned: date | None, ahead: Outlook, today: date) -> Chart:
    """Draw what came by day; with what is ``left`` the plan ends on the day ``planned``, the pace where it leads."""
    days = sorted({*submitted, *adjudicated})
    first = min([today - timedelta(days=1), *days])
    until = last_day(first, today, planned, ahead)
    done, gold = line_of(submitted, first, today), line_of(adjudicated, first, today)
    total = sum(submitted.values()) + left
    plan = plan_line(first, until, planned, total)
    pace = pace_line(done[-1], until, ahead, total)
    highest = max(line[-1][1] for line in (done, gold, plan, pace) if line)
    scale = Scale(first, until, max(ceil(highest), 1))
    y, gold_y, plan_y, pace_y = (scale.y(line[-1][1]) if line else 0.0 for line in (done, gold, plan, pace))
    return Chart(
        first=first,
        last=until,
        now_x=scale.x(today),
        ticks=[(scale.y(number), number) for number in ticks(scale.most)],
        submitted=scale.points(done),
        adjudicated=scale.points(gold),
        plan=scale.points(plan),
        pace=scale.points(pace),
        plan_y=plan_y,
        pace_y=pace_y if abs(pace_y - plan_y) >= APART else plan_y + APART,
        submitted_now=Label(scale.x(today), y, beside(y, gold_y), sum(submitted.values())),
        adjudicated_now=Label(scale.x(today), gold_y, gold_y + 4, sum(adjudicated.values())),
        days=table_of(submitted, adjudicated, days),
    )


def plan_line(first: date, until: date, planned: date | None, total: int) -> Line:
    """Return the way from nothing to the total on the planned day, as far as it is shown; empty without a plan."""
    if planned is None or planned <= first:
        return []
    ends = min(planned, until)
    return [(first, 0), (ends, total * (ends - first).days / (planned - first).days)]


def pace_line(now: tuple[date, float], until: date, ahead: Outlook, total: int) -> Line:
    """Return where the pace leads from now on, level once all is in; empty where there is none."""
    if ahead.end is None:
        return []
    today, number = now
    if ahead.end <= until:
        return [now, (ahead.end, total), *([(until, total)] if ahead.end < until else [])]
    return [now, (until, min(number + ahead.per_day * (until - today).days, total))]


def beside(y: float, other: float) -> float:
    """Return where the words of a point stand: under it, where neither the axis nor the other point's words are."""
    below = y + 16
    return below if below < BOTTOM - APART and abs(below - other - 4) >= APART else min(y, other) - 6


def last_day(first: date, today: date, planned: date | None, ahead: Outlook) -> date:
    """Return where the chart ends: at the plan, else at the pace's end if that is near, with room behind today."""
    span = (today - first).days
    room = today + timedelta(days=max(span // 3, 1))
    if planned and planned > room:
        return planned
    return max(room, min(ahead.end, today + timedelta(days=2 * span))) if ahead.end else room


def line_of(by_day: By, first: date, today: date) -> Line:
    """Return how many there were by the end of each day on which that changed, and of the day before it."""
    line: Line = [(first, 0)]
    for day, number in sorted(by_day.items()):
        before, so_far = line[-1]
        if (day - before).days > 1:
            line.append((day - timedelta(days=1), so_far))
        line.append((day, so_far + number))
    return [*line, (today, line[-1][1])]


def table_of(submitted: By, adjudicated: By, days: list[date]) -> list[tuple[date, int, int]]:
    sums = [accumulate([by_day.get(day, 0) for day in days]) for by_day in (submitted, adjudicated)]
    return list(zip(days, *sums, strict=True))


def ticks(most: int) -> Iterator[int]:
    """Yield round numbers from 0 up to ``most``, at most four of them above 0."""
    step = 1
    while most / step > MOST_TICKS:
        step = following(step)
    return iter(range(0, most + 1, step))


def following(step: int) -> int:
    """Return the next of 1, 2, 5, 10, 20, 50 …"""
    return step * 5 // 2 if str(step).startswith("2") else step * 2
