"""What is told of systems, as queryset methods."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Count, Q

if TYPE_CHECKING:
    from annotator.models import System


class SystemQuerySet(models.QuerySet["System"]):
    def with_counts(self) -> Self:
        """Annotate each system with its ``drafts``, its ``predictions`` and the questions ``asked`` for the latter."""
        predicted = Q(annotations__source="prediction")
        return self.annotate(
            drafts=Count("annotations", filter=Q(annotations__source="draft")),
            predictions=Count("annotations", filter=predicted),
            asked=Count("annotations__question", filter=predicted, distinct=True),
        )
