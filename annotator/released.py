"""What a release holds, as a value: the same read from its rows and from work as it is now.

Its questions point at steps of histories and carry what is said of them besides, so that what is written of it does not
change with anything that changes afterwards.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce

from annotator import record
from annotator.codec import annotation_stored
from annotator.models import (
    Adoption,
    Annotation,
    Batch,
    DecisionPart,
    Project,
    Question,
    Release,
    ReleasedQuestion,
    ReleasedWork,
    Revision,
)
from annotator.models.releases import CORPORA
from annotator.querysets import AnnotationQuerySet, QuestionQuerySet
from retrieval.fragments import LOOKUP_SIZE, batched
from retrieval.models import ListedFragment

CHUNK = 100
WHOLE = (Revision.Verb.SUBMIT, Revision.Verb.IMPORT)
SAID = ("source_dataset", "source_id", "source_split", "licence", "tags")
About = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Work:
    """What one person submitted: the key of its step, and who (``annotator``) wrote it by which ``guidelines``."""

    revision: int
    about: About


@dataclass(frozen=True, slots=True)
class Frozen:
    """A question with its split, the key of gold's step, and what people had submitted.

    ``about`` holds ``id``, ``batch`` and ``question``, how many lines its lists had (``listed``, ``supplementary``),
    the ``guidelines`` and the ``adjudicator`` of gold, and by which systems a condition was ``drafted``.
    """

    question: int
    gold: int
    split: str
    about: About
    work: tuple[Work, ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """Return what names the question in every release: its batch and its id."""
        return self.about["batch"], self.about["id"]

    @property
    def text(self) -> str:
        return str(self.about["question"])


@dataclass(frozen=True, slots=True)
class Edition:
    """What the files of a release are written from; a trial has no tag."""

    slug: str
    tag: str
    licence: str
    texts: Mapping[str, str]
    questions: Sequence[Frozen]

    @property
    def name(self) -> str:
        return f"{self.slug}-{self.tag or 'not-released'}"

    @property
    def splits(self) -> list[str]:
        """Return the names of the splits, in the order in which they begin."""
        return list(dict.fromkeys(one.split for one in self.questions))

    @property
    def corpora(self) -> list[dict[str, Any]]:
        """Return what was said of the corpora that its fragments are from."""
        return corpora_in(self.texts[CORPORA])


def corpora_in(text: str) -> list[dict[str, Any]]:
    """Return the corpora that a file tells of, one a line; other separators of lines may stand within their words."""
    return [json.loads(line) for line in text.split("\n") if line]


# From rows


def edition_of(release: Release) -> Edition:
    """Return what the files of a release are written from. Two queries."""
    return Edition(release.project.slug, release.tag, release.licence, release.texts, frozen_in(release))


def frozen_in(release: Release) -> list[Frozen]:
    """Return the questions of a release in their order. Two queries."""
    rows = release.questions.order_by("place").prefetch_related(Prefetch("work", ReleasedWork.objects.order_by("pk")))
    return [
        Frozen(
            row.question_id,
            row.gold_id,
            row.split,
            row.about,
            tuple(Work(part.revision_id, part.about) for part in row.work.all()),
        )
        for row in rows
    ]


def written_in(release: Release) -> AnnotationQuerySet:
    """Return the annotations of which a release holds a step."""
    own = ReleasedQuestion.objects.filter(release=release)
    people = ReleasedWork.objects.filter(question__release=release)
    steps = Revision.objects.filter(pk__in=own.values("gold")) | Revision.objects.filter(
        pk__in=people.values("revision")
    )
    return Annotation.objects.filter(pk__in=steps.values("annotation"))


# From work as it is now


def releasable(batches: Collection[Batch]) -> QuestionQuerySet:
    """Return the questions of the batches whose gold may be released."""
    return Question.objects.filter(batch__in=batches, pk__in=releasable_gold().values("question"))


def with_what_is_frozen(questions: QuestionQuerySet) -> QuerySet[Question]:
    """Return the questions in order, with all that is frozen of them."""
    written = Annotation.objects.filter(source__in=[record.Source.GOLD, record.Source.HUMAN]).submitted()
    written = written.annotate(step=last_step()).select_related("author", "guideline_version")
    return (
        questions.in_order()
        .annotate(listed=lines("retrieval"), added=lines("supplementary"))
        .select_related("batch")
        .prefetch_related(Prefetch("annotations", written.order_by("author__pseudonym", "pk")))
    )


def releasable_gold() -> AnnotationQuerySet:
    """Return the gold that a release takes: finished, and not saying that its question cannot be annotated."""
    return Annotation.objects.gold().exclude(verdict=record.Verdict.CANNOT_ANNOTATE)


def last_step() -> Subquery:
    """Return the key of the last whole step that an annotation was handed in by."""
    steps = Revision.objects.filter(annotation=OuterRef("pk"), verb__in=WHOLE).order_by("-number")
    return Subquery(steps.values("pk")[:1])


def steps_now(batches: Collection[Batch]) -> set[int]:
    """Return the keys of the steps of gold that would be frozen now. One query."""
    gold = releasable_gold().filter(question__batch__in=batches)
    return set(gold.annotate(step=last_step()).values_list("step", flat=True))


def lines(name: str) -> Coalesce:
    """Return how many lines a list of a question has."""
    listed = ListedFragment.objects.filter(retrieval=OuterRef(name)).order_by().values("retrieval")
    return Coalesce(Subquery(listed.annotate(number=Count("pk")).values("number")), 0)


def frozen_now(project: Project, batches: Collection[Batch]) -> Iterator[Frozen]:
    """Yield what would be frozen now, each with the split that its file gave it. A few queries per ``CHUNK``.

    A question whose gold has no whole step is yielded with 0 for it.
    """
    drafted = drafted_conditions(project)
    for question in with_what_is_frozen(releasable(batches)).iterator(chunk_size=CHUNK):
        written: list[Any] = list(question.annotations.all())
        gold = next((one for one in written if one.source == record.Source.GOLD), None)
        if gold is None:  # reopened between the two queries
            continue
        people = [one for one in written if one.source == record.Source.HUMAN]
        about = about_question(question) | about_gold(gold) | {"drafted": drafted.get(gold.pk, {})}
        work = tuple(Work(one.step, about_work(one)) for one in people if one.step)
        kept = {name: value for name, value in about.items() if value or name == "listed"}
        yield Frozen(question.pk, gold.step or 0, question.split, kept, work)


def about_question(question: Any) -> dict[str, Any]:
    return {
        "id": question.external_id,
        "batch": question.batch.name,
        "question": question.text,
        **{name: getattr(question, name) for name in SAID},
        "listed": question.listed,
        "supplementary": question.added,
    }


def about_gold(gold: Annotation) -> dict[str, Any]:
    version, author = gold.guideline_version, gold.author
    return {"guidelines": version.number if version else 0, "adjudicator": author.pseudonym if author else ""}


def about_work(work: Annotation) -> dict[str, Any]:
    version = work.guideline_version
    return {"annotator": work.writer.pseudonym} | ({"guidelines": version.number} if version else {})


def drafted_conditions(project: Project) -> dict[int, dict[str, list[str]]]:
    """Return which conditions of gold came from which systems' drafts, by the key of gold and the condition's uid.

    That is by an adjudicator who adopted from a draft, or from a person's card that began as one. Two queries.
    """
    began = {
        (annotation, uid): system
        for annotation, uid, system in Adoption.objects.filter(
            annotation__question__batch__project=project
        ).values_list("annotation", "condition", "draft__system__name")
    }
    parts = DecisionPart.objects.filter(
        decision__gold__question__batch__project=project, decision__until=None, decision__kind="accepted"
    ).select_related("decision", "annotation__system")
    found: dict[int, dict[str, list[str]]] = {}
    for part in parts if began or project.systems.exists() else ():
        machine = part.annotation.system
        system = machine.name if machine else began.get((part.annotation_id, part.uid))
        if part.gave and system:
            systems = found.setdefault(part.decision.gold_id, {}).setdefault(part.decision.condition, [])
            systems[:] = sorted({*systems, system})
    return found


# What the steps say


def records_of(revisions: Collection[int]) -> Iterator[tuple[int, record.Annotation]]:
    """Yield each step's key with what was handed in by it, in the order given. A query per 900 steps."""
    for some in batched(revisions, LOOKUP_SIZE):
        found = dict(Revision.objects.filter(pk__in=some).values_list("pk", "record"))
        yield from ((pk, annotation_stored(found[pk])) for pk in some)
