"""Releases: gold frozen under a tag. Rows that are written once, point at steps of histories, and never change."""

import re
from collections import Counter

from django.db import models

from annotator.models.annotations import Revision
from annotator.models.people import Member
from annotator.models.projects import Project
from annotator.models.questions import Question
from annotator.querysets import ReleaseQuerySet

TAG = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,49}\Z")
SPLIT = re.compile(r"[A-Za-z0-9_]{1,50}\Z")
CARD, CORPORA = "README.md", "corpora.jsonl"
TEXTS = (CARD, "LICENSE", "CITATION.cff", CORPORA)
"""The files that are written once, when a release is made."""


class Release(models.Model):
    """Gold as it stood when it was frozen, under a tag that names it for good.

    ``splitting`` says how questions came into their splits, ``withdrawn`` which questions of the release before are
    left out, and why. ``texts`` are the files that are written once, by name (README.md and the like): what they say of
    the project is not what it says of itself later. ``digest`` is the SHA-256 of the list of the files' digests.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="releases")
    tag = models.CharField(max_length=50)
    previous = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created = models.DateTimeField()
    licence = models.CharField(max_length=200)
    splitting = models.JSONField(default=dict)
    withdrawn = models.JSONField(default=list, blank=True)
    texts = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)

    # Set by the queryset method ``with_counts``.
    number: int

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        ordering = ["project", "-pk"]
        constraints = [models.UniqueConstraint(fields=["project", "tag"], name="release_tag_once_per_project")]

    def __str__(self) -> str:
        return self.tag

    def split_counts(self) -> dict[str, int]:
        """Return how many questions each split has, in the order in which they begin. One query."""
        return dict(Counter(self.questions.order_by("place").values_list("split", flat=True)))


class ReleasedQuestion(models.Model):
    """A question of a release, in its ``place``: the step of gold's history that is released, and its split.

    ``about`` is what is said of the question besides, as it was then: its names may change afterwards.
    """

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="questions")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="released")
    gold = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")
    place = models.PositiveIntegerField()
    split = models.CharField(max_length=50)
    about = models.JSONField(default=dict)

    class Meta:
        ordering = ["release", "place"]
        constraints = [
            models.UniqueConstraint(fields=["release", "question"], name="question_once_per_release"),
            models.UniqueConstraint(fields=["release", "place"], name="one_released_question_per_place"),
        ]

    def __str__(self) -> str:
        return f"{self.question_id} in {self.split}"


class ReleasedWork(models.Model):
    """What one person had submitted of a released question: the step of its history, and what is said of it besides."""

    question = models.ForeignKey(ReleasedQuestion, on_delete=models.CASCADE, related_name="work")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")
    about = models.JSONField(default=dict)

    class Meta:
        ordering = ["question", "pk"]
        constraints = [models.UniqueConstraint(fields=["question", "revision"], name="work_once_per_released_question")]

    def __str__(self) -> str:
        return f"{self.revision_id}: {self.about.get('annotator', '')}"
