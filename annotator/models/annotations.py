"""Annotations as rows: conditions, their answers and citations, marks, notes and the append-only history."""

from django.db import models
from django.db.models import F, Q

from annotator import record
from annotator.models.people import Member
from annotator.models.projects import GuidelineVersion
from annotator.models.questions import Question
from annotator.models.work import Import, System
from annotator.note_querysets import NoteQuerySet
from annotator.querysets import STEPPED, AnnotationQuerySet
from retrieval.models import ListedFragment, Retrieval

# The steps that the manager's page tells of.
TOLD = ("submit", "return", "skip", "expire")


def choices(
    names: type[record.Source] | type[record.Verdict] | type[record.Role] | type[record.MarkState],
) -> list[tuple[str, str]]:
    """Return a record's enumeration as Django's choices."""
    return [(name.value, name.value.replace("_", " ").capitalize()) for name in names]


class Annotation(models.Model):
    """What one person, machine or adjudication says of a question. Exactly one of author, system, brought_by made it.

    ``version`` is that of verdict, reason, note and order; ``revisions_made`` counts the history; ``indexed``, how many
    of its steps the search has read; ``taken_out`` tells which supplementary fragment was taken out last.
    """

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="annotations")
    source = models.CharField(max_length=10, choices=choices(record.Source), default=record.Source.HUMAN.value)
    author = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="annotations")
    system = models.ForeignKey(System, on_delete=models.PROTECT, null=True, blank=True, related_name="annotations")
    brought_by = models.ForeignKey(Import, on_delete=models.PROTECT, null=True, blank=True, related_name="annotations")
    sample = models.PositiveIntegerField(default=0)
    verdict = models.CharField(max_length=15, choices=choices(record.Verdict), null=True, blank=True)  # noqa: DJ001
    reason = models.TextField(blank=True)
    note = models.TextField(blank=True)
    retrieval = models.ForeignKey(Retrieval, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    guideline_version = models.ForeignKey(
        GuidelineVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)
    revisions_made = models.PositiveIntegerField(default=0)
    taken_out = models.PositiveIntegerField(default=0)
    indexed = models.PositiveIntegerField(default=0, editable=False)
    dismissed = models.JSONField(default=dict, blank=True)
    extra = models.JSONField(default=dict, blank=True)
    created = models.DateTimeField()
    saved = models.DateTimeField()
    opened = models.DateTimeField(null=True, blank=True)
    submitted = models.DateTimeField(null=True, blank=True)
    active_seconds = models.PositiveIntegerField(default=0)

    # Set by the queryset method ``of_question``.
    discussed: bool
    drafted: bool

    objects = AnnotationQuerySet.as_manager()

    class Meta:
        ordering = ["question", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(source="human", author__isnull=False, system__isnull=True, brought_by__isnull=True)
                | Q(
                    source__in=["draft", "prediction"],
                    author__isnull=True,
                    system__isnull=False,
                    brought_by__isnull=True,
                )
                | Q(source="gold", author__isnull=False, system__isnull=True, brought_by__isnull=True)
                | Q(source="gold", author__isnull=True, system__isnull=True, brought_by__isnull=False),
                name="exactly_one_maker",
            ),
            models.UniqueConstraint(
                fields=["question", "author"], condition=Q(source="human"), name="one_human_annotation_per_author"
            ),
            models.UniqueConstraint(fields=["question"], condition=Q(source="gold"), name="one_gold_per_question"),
            models.UniqueConstraint(
                fields=["question", "system", "source", "sample"],
                condition=Q(system__isnull=False),
                name="one_annotation_per_sample",
            ),
            models.CheckConstraint(
                condition=Q(verdict__isnull=True) | Q(verdict__in=[verdict.value for verdict in record.Verdict]),
                name="annotation_verdict",
            ),
        ]
        indexes = [models.Index(fields=["question"], condition=STEPPED, name="annotations_search_not_read")]

    def __str__(self) -> str:
        return f"{self.source} {self.pk} on {self.question_id}"

    @property
    def writer(self) -> Member:
        """Return the author of a person's annotation, which has one by its constraint; nobody else's has a writer."""
        if self.author is None:
            raise ValueError(f"{self} is no person's work")
        return self.author


class Condition(models.Model):
    """One condition of an annotation. A removed one stays, so that it can come back under the same uid."""

    annotation = models.ForeignKey(Annotation, on_delete=models.CASCADE, related_name="conditions")
    uid = models.CharField(max_length=32)
    order = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    removed = models.BooleanField(default=False)
    extra = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["annotation", "order", "pk"]
        constraints = [models.UniqueConstraint(fields=["annotation", "uid"], name="condition_uid_once")]

    def __str__(self) -> str:
        return self.text[:80]


class Answer(models.Model):
    """One required answer under a condition, with its other wordings."""

    condition = models.ForeignKey(Condition, on_delete=models.CASCADE, related_name="answers")
    uid = models.CharField(max_length=32)
    order = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    aliases = models.JSONField(default=list, blank=True)
    extra = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["condition", "order", "pk"]
        constraints = [models.UniqueConstraint(fields=["condition", "uid"], name="answer_uid_once")]

    def __str__(self) -> str:
        return self.text[:80]


class Citation(models.Model):
    """What supports a condition or its answers: a listed fragment (which may have a span), or text as cited."""

    condition = models.ForeignKey(Condition, on_delete=models.CASCADE, related_name="citations")
    answer = models.ForeignKey(Answer, on_delete=models.SET_NULL, null=True, blank=True, related_name="citations")
    uid = models.CharField(max_length=32)
    order = models.PositiveIntegerField()
    role = models.CharField(max_length=9, choices=choices(record.Role), default=record.Role.UNSTATED.value)
    listed = models.ForeignKey(ListedFragment, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    title = models.TextField(null=True, blank=True)  # noqa: DJ001 - not cited is not empty
    text = models.TextField(null=True, blank=True)  # noqa: DJ001
    start = models.PositiveIntegerField(null=True, blank=True)
    end = models.PositiveIntegerField(null=True, blank=True)
    quote = models.TextField(null=True, blank=True)  # noqa: DJ001
    extra = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["condition", "order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["condition", "uid"], name="citation_uid_once"),
            models.CheckConstraint(condition=Q(role__in=[role.value for role in record.Role]), name="citation_role"),
            models.CheckConstraint(
                condition=Q(listed__isnull=False) | Q(text__isnull=False) | Q(title__isnull=False),
                name="citation_names_something",
            ),
            models.CheckConstraint(
                condition=Q(start__isnull=True, end__isnull=True)
                | Q(start__isnull=False, end__gt=F("start"), listed__isnull=False, quote__isnull=False),
                name="citation_span_needs_a_fragment",
            ),
        ]

    def __str__(self) -> str:
        return self.title or f"{self.role} {self.listed_id}"


class Mark(models.Model):
    """What an annotator did with a listed fragment besides citing it; no mark means unread."""

    annotation = models.ForeignKey(Annotation, on_delete=models.CASCADE, related_name="marks")
    listed = models.ForeignKey(ListedFragment, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=choices(record.MarkState))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["annotation", "listed"], name="one_mark_per_fragment"),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in record.MarkState]), name="mark_state"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.listed_id}: {self.state}"


class Note(models.Model):
    """What somebody says of an annotation, or of one of its conditions (its uid), perhaps in reply to another note.

    Notes are talk about the work and no part of it: they stand in no record, so agreement knows nothing of them.
    """

    annotation = models.ForeignKey(Annotation, on_delete=models.CASCADE, related_name="notes")
    condition = models.CharField(max_length=32, blank=True)
    author = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="notes")
    at = models.DateTimeField()
    text = models.TextField()
    reply_to = models.ForeignKey("self", on_delete=models.CASCADE, null=True, blank=True, related_name="replies")

    objects = NoteQuerySet.as_manager()

    class Meta:
        ordering = ["annotation", "pk"]

    def __str__(self) -> str:
        return self.text[:80]


class Adoption(models.Model):
    """That a condition of a person's own began as that of a draft, ``uid`` as it stood at ``revision``.

    ``parts`` maps the uids of its answers and citations to those of the draft. The step is the one with the verb adopt
    and this condition; every later step on the condition is an edit.
    """

    annotation = models.ForeignKey(Annotation, on_delete=models.CASCADE, related_name="adoptions")
    condition = models.CharField(max_length=32)
    draft = models.ForeignKey(Annotation, on_delete=models.CASCADE, related_name="adopted")
    revision = models.PositiveIntegerField()
    uid = models.CharField(max_length=32)
    parts = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["annotation", "pk"]
        constraints = [models.UniqueConstraint(fields=["annotation", "condition"], name="condition_adopted_once")]

    def __str__(self) -> str:
        return f"{self.annotation_id}: {self.condition}"


class Revision(models.Model):
    """One step of an annotation's history, append-only.

    A save keeps what it changed: the card (``condition`` is its uid), or verdict, reason, note and order (``overall``).
    An adoption keeps the card. Import, submit, return, restore, decide (a step of adjudication) and save (of all at
    once) keep the whole record, a skip its reason alone, a lease that ended nothing. ``version`` is the one that the
    save gave to what it changed, and ``save_id`` the id that the browser gave the save: a repeat is known by it and
    answered with that version. Of gold only an undoing has a ``version``: the number of the step after which stood
    what stands again; and ``save_id`` holds digests of the id and of what was decided under it.
    """

    class Verb(models.TextChoices):
        IMPORT = "import"
        CARD = "card"
        ADD = "add"
        REMOVE = "remove"
        OVERALL = "overall"
        SUBMIT = "submit"
        RETURN = "return"
        SKIP = "skip"
        EXPIRE = "expire"
        RESTORE = "restore"
        DECIDE = "decide"
        ADOPT = "adopt"
        SAVE = "save"

    annotation = models.ForeignKey(Annotation, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    verb = models.CharField(max_length=7, choices=Verb)
    condition = models.CharField(max_length=32, blank=True)
    save_id = models.CharField(max_length=36, null=True, blank=True)  # noqa: DJ001 - null is not unique, "" would be
    version = models.PositiveIntegerField(null=True, blank=True)
    record = models.JSONField()

    class Meta:
        ordering = ["annotation", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["annotation", "number"], name="revision_number_once"),
            models.UniqueConstraint(fields=["annotation", "save_id"], name="save_acknowledged_once"),
            models.CheckConstraint(
                condition=Q(
                    verb__in=[
                        *("import", "card", "add", "remove", "overall", "submit", "return", "skip", "expire"),
                        *("restore", "decide", "adopt", "save"),
                    ]
                ),
                name="revision_verb",
            ),
        ]
        # What the manager's page tells, the last first; saves are no part of it.
        indexes = [models.Index(fields=["at", "id"], condition=Q(verb__in=TOLD), name="revisions_that_are_told")]

    def __str__(self) -> str:
        return f"{self.number}. {self.verb}"
