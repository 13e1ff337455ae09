"""What the search through a project finds: the texts of questions, frozen lists and annotations, as words."""

from django.db import models
from django.db.models import Q

from annotator.models.annotations import Annotation, Condition
from annotator.models.projects import Project
from annotator.models.questions import Question
from annotator.searching import SearchTextQuerySet
from annotator.word_index import WordIndex
from retrieval.models import ListedFragment


class SearchText(models.Model):
    """One place where a search finds something. A row is never changed: what was written anew gets a new one.

    It is made of what stands in the other tables, by ``actions.indexing``, and says nothing that they do not.
    A condition comes with its answers; remarks are an annotation's note and its reason.
    """

    class Kind(models.TextChoices):
        QUESTION = "question"
        CONDITION = "condition"
        REMARK = "remark"
        FRAGMENT = "fragment"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+", db_index=False)
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="search_texts")
    kind = models.CharField(max_length=9, choices=Kind)
    annotation = models.ForeignKey(
        Annotation, on_delete=models.CASCADE, null=True, blank=True, related_name="search_texts"
    )
    condition = models.ForeignKey(Condition, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    listed = models.ForeignKey(ListedFragment, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    words = models.TextField()

    objects = SearchTextQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="question", annotation=None, condition=None, listed=None)
                | Q(kind="condition", annotation__isnull=False, condition__isnull=False, listed=None)
                | Q(kind="remark", annotation__isnull=False, condition=None, listed=None)
                | Q(kind="fragment", annotation=None, condition=None, listed__isnull=False),
                name="search_text_stands_somewhere",
            )
        ]
        indexes = [
            WordIndex(fields=["words"], name="words_of_search_texts"),
            models.Index(fields=["project", "kind", "id"], name="search_texts_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.question_id}"
