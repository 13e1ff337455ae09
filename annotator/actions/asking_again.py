"""Asking questions again: new questions in another batch, each with a copy of its frozen list."""

from collections.abc import Sequence
from random import Random

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from annotator.models import Batch, Cursor, Question
from annotator.querysets import QuestionQuerySet
from retrieval.fragments import batched
from retrieval.freezing import Line, NewList, freeze_many
from retrieval.models import Retrieval
from retrieval.progress import Progress, silent

CHUNK = 100
COPIED = (
    *("external_id", "text", "source_dataset", "source_id", "source_split", "licence", "split", "tags", "extra"),
    *("digest", "priority"),
)


def chosen(batch: Batch, questions: QuestionQuerySet, sample: int | None = None, seed: int = 1) -> list[int]:
    """Return the keys of those questions, in their order, that the batch does not have; or a random sample of them.

    Of questions with one id in several batches the last counts.
    """
    there = batch.questions.values("external_id")
    found = questions.exclude(external_id__in=there).in_order().values_list("external_id", "pk")
    keys = list(dict(found).values())
    if sample is None or sample >= len(keys):
        return keys
    places = Random(seed).sample(range(len(keys)), sample)  # noqa: S311 - a draw that can be repeated
    return [keys[place] for place in sorted(places)]


def ask_again(batch: Batch, keys: Sequence[int], progress: Progress = silent) -> int:
    """Ask these questions again in a batch, and return how many were added; those that it has by now are left out."""
    added = 0
    for done, some in enumerate(batched(keys, CHUNK), 1):
        added += copy_into(batch, some)
        progress("questions", min(done * CHUNK, len(keys)), len(keys))
    return added


@transaction.atomic
def copy_into(batch: Batch, keys: Sequence[int]) -> int:
    """Copy questions to the end of a batch."""
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    there = batch.questions.values("external_id")
    found = Question.objects.filter(pk__in=keys).exclude(external_id__in=there).in_order().select_related("retrieval")
    sources = list(found.prefetch_related("retrieval__listed__fragment"))
    lists = iter(freeze_many([list_again(one.retrieval) for one in sources if one.retrieval]))
    last = batch.questions.aggregate(last=Max("order"))["last"] or 0
    Question.objects.bulk_create(
        question_again(batch, order, one, next(lists) if one.retrieval else None)
        for order, one in enumerate(sources, last + 1)
    )
    Batch.objects.filter(pk=batch.pk).update(size=batch.questions.count())
    Cursor.objects.set_back(batch, batch.questions.filter(order__gt=last))
    return len(sources)


def question_again(batch: Batch, order: int, source: Question, retrieval: Retrieval | None) -> Question:
    copied = {name: getattr(source, name) for name in COPIED}
    overlap = batch.overlap_at(order)
    return Question(batch=batch, order=order, overlap=overlap, retrieval=retrieval, created=timezone.now(), **copied)


def list_again(retrieval: Retrieval) -> NewList:
    """Return a list as it was frozen, to be written again for another question."""
    lines = [
        Line(line.rank, line.fragment_id, line.fragment.sha256, line.score, line.extra)
        for line in retrieval.listed.all()
    ]
    return NewList(retrieval.query, retrieval.k, retrieval.engine, retrieval.settings, lines, created=retrieval.created)
