"""Searching while annotating: what was looked up, and which fragments were added to a question's own list."""

from django.db import models
from django.db.models import Q

from annotator.models.annotations import Annotation
from retrieval.models import ListedFragment


class Lookup(models.Model):
    """That the author of an annotation searched the corpus beside it: the query, the engine and how many it found."""

    annotation = models.ForeignKey(Annotation, on_delete=models.CASCADE, related_name="lookups")
    query = models.CharField(max_length=400)
    at = models.DateTimeField()
    hits = models.PositiveIntegerField()
    engine = models.CharField(max_length=50)

    class Meta:
        ordering = ["annotation", "pk"]

    def __str__(self) -> str:
        return f"{self.annotation_id}: {self.query}"


class Supplement(models.Model):
    """That the author of an annotation added a fragment to the question's supplementary list, or found it there.

    ``number`` is what every page calls the fragment by, S471. Those below 100 are of earlier versions, which counted.
    """

    annotation = models.ForeignKey(Annotation, on_delete=models.CASCADE, related_name="supplements")
    listed = models.ForeignKey(ListedFragment, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["annotation", "number"]
        constraints = [
            models.UniqueConstraint(fields=["annotation", "listed"], name="supplemented_once"),
            models.UniqueConstraint(fields=["annotation", "number"], name="one_supplement_per_number"),
            models.CheckConstraint(condition=Q(number__gte=1), name="supplements_begin_at_1"),
        ]

    def __str__(self) -> str:
        return f"{self.annotation_id}: {self.listed_id}"
