"""Which submissions came very fast: a hint for managers, never a verdict.

A submission is very fast where its active time is under a quarter of the median of its batch. Work whose time nobody
counted is left out, and a batch with fewer than five counted submissions has no median to speak of.
"""

from django.db.models import Count, F, Q, Window
from django.db.models.functions import RowNumber

from annotator.querysets import AnnotationQuerySet

LEAST = 5
PART = 4


def medians(annotations: AnnotationQuerySet) -> dict[int, int]:
    """Return the median active seconds of the submitted work of each batch, by its key. One query."""
    timed = annotations.filter(source="human", active_seconds__gt=0).submitted().order_by()
    ranked = timed.annotate(
        place=Window(RowNumber(), partition_by="question__batch", order_by="active_seconds"),
        number=Window(Count("pk"), partition_by="question__batch"),
    )
    middle = ranked.filter(place=(F("number") + 1) / 2, number__gte=LEAST)
    return dict(middle.values_list("question__batch", "active_seconds"))


def very_fast(by_batch: dict[int, int]) -> Q:
    """Return what holds of a very fast submission, given the medians."""
    fast = Q(pk__in=[])
    for batch, median in by_batch.items():
        fast |= Q(question__batch=batch, active_seconds__lt=median / PART)
    return fast & Q(source="human", submitted__isnull=False, active_seconds__gt=0)
