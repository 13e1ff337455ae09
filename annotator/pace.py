"""When a project will be done at the pace of late; no framework, days and numbers in, a day or the reason out."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

RECENT = 14  # days with work by which the pace is measured
SILENCE = 14  # days without any, after which there is none
LONGEST = 3650  # days; further on nobody can see


class Why(StrEnum):
    """Why there is no day to name, or none is needed."""

    DONE = "done"
    UNLIMITED = "unlimited"
    NOTHING = "nothing"
    SILENT = "silent"
    FAR = "far"


@dataclass(frozen=True, slots=True)
class Outlook:
    """The day on which everything will be handed in, at ``per_day`` annotations a day of the calendar; or ``why`` not.

    ``last`` is the last day with work.
    """

    end: date | None = None
    per_day: float = 0.0
    why: Why | None = None
    last: date | None = None


def outlook(by_day: Mapping[date, int], left: int | None, today: date) -> Outlook:
    """Return when ``left`` more annotations are in, given how many came on each day; None means that there is no limit.

    The pace is what came on the last ``RECENT`` days with work, over all days since the first of them, so that days
    off count as they fell.
    """
    days = sorted(day for day, number in by_day.items() if number and day <= today)[-RECENT:]
    last = days[-1] if days else None
    if left is None or left <= 0:
        return Outlook(why=Why.UNLIMITED if left is None else Why.DONE, last=last)
    if last is None:
        return Outlook(why=Why.NOTHING)
    if (today - last).days > SILENCE:
        return Outlook(why=Why.SILENT, last=last)
    per_day = sum(by_day[day] for day in days) / ((today - days[0]).days + 1)
    needed = math.ceil(left / per_day)
    if needed > LONGEST:
        return Outlook(per_day=per_day, why=Why.FAR, last=last)
    return Outlook(today + timedelta(days=needed), per_day, last=last)
