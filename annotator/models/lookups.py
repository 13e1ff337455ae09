"""Searching while annotating: what was looked up, and which fragments were added to a question's own list."""

from django.db import models

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

    The order of an annotation's supplements is that of its own numbers S1, S2 …
    """

    annotation = models.ForeignKey(Annotation, on_delete=models.CASCADE, related_name="supplements")
    listed = models.ForeignKey(ListedFragment, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["annotation", "pk"]
        constraints = [models.UniqueConstraint(fields=["annotation", "listed"], name="supplemented_once")]

    def __str__(self) -> str:
        return f"{self.annotation_id}: {self.listed_id}"
