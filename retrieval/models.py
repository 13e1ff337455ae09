"""Corpora, their immutable fragments, and frozen ranked lists of fragments. Nothing here knows a question."""

import hashlib

from django.db import models
from django.db.models import Q

SHA256_LENGTH = 64


class Corpus(models.Model):
    """A body of text cut into fragments, and where it came from.

    ``size`` is how many fragments it holds, written with the fragments themselves: to count millions takes too long.
    """

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    source = models.CharField(max_length=500, blank=True)
    snapshot_date = models.DateField(null=True, blank=True)
    licence = models.CharField(max_length=200, blank=True)
    attribution = models.TextField(blank=True)
    size = models.PositiveBigIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["slug"]
        verbose_name_plural = "corpora"

    def __str__(self) -> str:
        return self.name


class Fragment(models.Model):
    """A passage of a corpus, never changed once stored; where it came from is null when unknown."""

    corpus = models.ForeignKey(Corpus, on_delete=models.PROTECT, related_name="fragments")
    title = models.TextField(blank=True)
    text = models.TextField()
    sha256 = models.CharField(max_length=SHA256_LENGTH)
    source_id = models.CharField(max_length=200, null=True, blank=True)  # noqa: DJ001 - unknown is not empty
    page_id = models.BigIntegerField(null=True, blank=True)
    revision_id = models.BigIntegerField(null=True, blank=True)
    url = models.TextField(null=True, blank=True)  # noqa: DJ001
    section = models.TextField(null=True, blank=True)  # noqa: DJ001
    offset = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["corpus", "sha256"], name="fragment_once_per_corpus")]

    def __str__(self) -> str:
        return f"{self.title}: {self.text[:60]}"

    @staticmethod
    def digest_of(title: str, text: str) -> str:
        """Return the SHA-256, in hexadecimal, that identifies a fragment within its corpus."""
        return hashlib.sha256(f"{title}\0{text}".encode()).hexdigest()


class Checkpoint(models.Model):
    """How far a corpus file has been loaded, written with the rows themselves; gone once the file is loaded whole.

    ``place`` is a ``corpora.Place``, and ``proof`` tells whether a file of that name is still the one read so far.
    """

    corpus = models.ForeignKey(Corpus, on_delete=models.CASCADE, related_name="checkpoints")
    file = models.CharField(max_length=255)
    place = models.JSONField()
    proof = models.CharField(max_length=SHA256_LENGTH)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["corpus", "file"], name="one_checkpoint_per_file")]

    def __str__(self) -> str:
        return f"{self.file} into {self.corpus_id}"


class Retrieval(models.Model):
    """A ranked list of fragments for a query. Frozen lists never change; supplementary ones grow at their end."""

    class Kind(models.TextChoices):
        FROZEN = "frozen"
        SUPPLEMENTARY = "supplementary"

    query = models.TextField()
    k = models.PositiveIntegerField()
    engine = models.CharField(max_length=50)
    settings = models.JSONField(default=dict)
    kind = models.CharField(max_length=13, choices=Kind, default=Kind.FROZEN)
    digest = models.CharField(max_length=SHA256_LENGTH)
    created = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(kind__in=["frozen", "supplementary"]), name="retrieval_kind")]

    def __str__(self) -> str:
        return f"{self.query[:60]} ({self.engine}, {self.k})"


class ListedFragment(models.Model):
    """One line of a retrieval. Ranks begin at 1; a list may name a fragment twice, as real lists do."""

    retrieval = models.ForeignKey(Retrieval, on_delete=models.CASCADE, related_name="listed")
    rank = models.PositiveIntegerField()
    fragment = models.ForeignKey(Fragment, on_delete=models.PROTECT, related_name="listings")
    score = models.FloatField(null=True, blank=True)
    extra = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["retrieval", "rank"]
        constraints = [
            models.UniqueConstraint(fields=["retrieval", "rank"], name="one_fragment_per_rank"),
            models.CheckConstraint(condition=Q(rank__gte=1), name="ranks_begin_at_1"),
        ]

    def __str__(self) -> str:
        return f"{self.rank}. {self.fragment_id}"
