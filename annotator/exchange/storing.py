"""Questions of a file into rows: a chunk in one transaction, with a handful of statements whatever its size."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain, count
from typing import Any

from django.db import transaction
from django.db.models import F, Max

from annotator import models, record, rows
from annotator.codec import to_json
from annotator.exchange.reader import Item
from retrieval.fragments import LOOKUP_SIZE, NewFragment, batched, store_fragments
from retrieval.freezing import Line, NewList, freeze_many
from retrieval.models import Corpus, ListedFragment

Pair = tuple[models.Question, Item]


@dataclass(slots=True)
class Target:
    """Where an import writes, on whose behalf and when; ``authors`` are the file's people met so far."""

    batch: models.Batch
    corpus: Corpus
    imported: models.Import
    by: models.Member | None
    now: datetime
    authors: dict[str, models.Member] = field(default_factory=dict)


def stored_digests(batch: models.Batch | None, external_ids: Iterable[str]) -> dict[str, str]:
    """Return the digests of the batch's questions among these ids. One query."""
    if batch is None:
        return {}
    return dict(batch.questions.filter(external_id__in=external_ids).values_list("external_id", "digest"))


def store(items: Sequence[Item], target: Target) -> int:
    """Write the questions that the batch does not have yet, and return how many."""
    with transaction.atomic():
        batch = models.Batch.objects.select_for_update().get(pk=target.batch.pk)
        known = stored_digests(batch, [item.question.external_id for item in items])
        fresh = [item for item in items if item.question.external_id not in known]
        if fresh:
            questions = create_questions(batch, fresh, target)
            create_annotations(questions, target)
            models.Batch.objects.filter(pk=batch.pk).update(size=F("size") + len(fresh))
            first = questions[0][0].order
            models.Cursor.objects.set_back(batch, batch.questions.filter(order__gte=first))
    return len(fresh)


def create_questions(batch: models.Batch, items: Sequence[Item], target: Target) -> list[Pair]:
    """Write questions with their lists, behind the batch's last one."""
    last: int = batch.questions.aggregate(last=Max("order"))["last"] or 0
    retrievals = freeze_lists([item.question.retrieval for item in items], target.corpus, target.now)
    written = [
        question_row(item, target, order=order, overlap=batch.overlap_at(order), retrieval_id=retrievals.get(index))
        for index, (order, item) in enumerate(enumerate(items, last + 1))
    ]
    models.Question.objects.bulk_create(written)
    return list(zip(written, items, strict=True))


def question_row(item: Item, target: Target, **values: Any) -> models.Question:
    question = item.question
    return models.Question(
        batch=target.batch,
        external_id=question.external_id,
        text=question.text,
        source_dataset=question.source_dataset,
        source_id=question.source_id,
        source_split=question.source_split,
        licence=question.licence,
        split=question.split,
        tags=list(question.tags),
        extra=dict(question.extra),
        digest=item.digest,
        brought_by=target.imported,
        created=target.now,
        **values,
    )


def freeze_lists(retrievals: Sequence[record.Retrieval | None], corpus: Corpus, now: datetime) -> dict[int, int]:
    """Write the lists that are there, and return their keys by their position."""
    lists = [(index, retrieval) for index, retrieval in enumerate(retrievals) if retrieval]
    fresh = [[new_fragment(line.fragment) for line in retrieval.listed] for _index, retrieval in lists]
    digests = [[fragment.sha256 for fragment in fragments] for fragments in fresh]
    ids = store_fragments(corpus, (fragment for fragments in fresh for fragment in fragments))
    written = freeze_many(
        [new_list(retrieval, shas, ids, now) for (_index, retrieval), shas in zip(lists, digests, strict=True)]
    )
    return {index: row.pk for (index, _retrieval), row in zip(lists, written, strict=True)}


def new_fragment(fragment: record.Fragment) -> NewFragment:
    return NewFragment(
        fragment.title,
        fragment.text,
        fragment.source_id,
        fragment.page_id,
        fragment.revision_id,
        fragment.url,
        fragment.section,
        fragment.offset,
    )


def new_list(retrieval: record.Retrieval, digests: Sequence[str], ids: dict[str, int], now: datetime) -> NewList:
    numbered = enumerate(zip(retrieval.listed, digests, strict=True), 1)
    lines = [Line(rank, ids[sha256], sha256, line.score, line.extra) for rank, (line, sha256) in numbered]
    return NewList(retrieval.query, retrieval.k, retrieval.engine, retrieval.settings, lines, created=now)


def create_annotations(questions: Sequence[Pair], target: Target) -> None:
    """Write the annotations that the file brings, with their history's first step."""
    authored = [(question, part) for question, item in questions for part in item.question.annotations]
    if not authored:
        return
    find_authors({part.author for _question, part in authored if part.author}, target)
    written = [(annotation_row(question, part, target), with_uids(part.annotation)) for question, part in authored]
    models.Annotation.objects.bulk_create(row for row, _whole in written)
    found = lines_of_all({question.retrieval_id for question, _part in authored if question.retrieval_id})
    lines = {pk: {(False, rank): line for rank, line in ranked.items()} for pk, ranked in found.items()}
    rows.create_conditions((row, whole, lines.get(row.question.retrieval_id, {})) for row, whole in written)
    models.Revision.objects.bulk_create(first_revision(row, whole, target.by) for row, whole in written)
    for pseudonym, number in Counter(part.author for _question, part in authored if part.author).items():
        member = models.Member.objects.filter(pk=target.authors[pseudonym].pk)
        member.update(submitted=F("submitted") + number)


def with_uids(annotation: record.Annotation) -> record.Annotation:
    return replace(annotation, conditions=tuple(rows.with_uids(part) for part in annotation.conditions))


def annotation_row(question: models.Question, authored: record.Authored, target: Target) -> models.Annotation:
    """Return the row of gold, or of a person's work where the file names or numbers its people."""
    author = target.authors[authored.author] if authored.author else None
    source = record.Source.HUMAN if author else record.Source.GOLD
    return models.Annotation(
        question=question,
        source=source.value,
        author=author,
        brought_by=None if author else target.imported,
        **brought_values(authored.annotation, target.now),
    )


def brought_values(whole: record.Annotation, now: datetime) -> dict[str, Any]:
    """Return the columns that say what an annotation of a file says of the whole, and that it is handed in."""
    return {
        "verdict": whole.verdict.value if whole.verdict else None,
        "reason": whole.reason,
        "note": whole.note,
        "extra": dict(whole.extra),
        "revisions_made": 1,
        "created": now,
        "saved": now,
        "submitted": now,
    }


def first_revision(row: models.Annotation, whole: record.Annotation, by: models.Member | None) -> models.Revision:
    """Return the first step of the history of an annotation that a file brought."""
    return models.Revision(
        annotation=row,
        number=1,
        by=by,
        at=row.created,
        verb=models.Revision.Verb.IMPORT,
        record=to_json(whole),
    )


def lines_of_all(lists: Collection[int]) -> dict[int | None, dict[int, int]]:
    """Return the keys of the lists' lines, by list and rank. A query per 900 lists."""
    lines: dict[int | None, dict[int, int]] = {pk: {} for pk in lists}
    for some in batched(lists, LOOKUP_SIZE):
        listed = ListedFragment.objects.filter(retrieval_id__in=some)
        for pk, retrieval, rank in listed.values_list("pk", "retrieval_id", "rank"):
            lines[retrieval][rank] = pk
    return lines


def find_authors(pseudonyms: set[str], target: Target) -> None:
    """Find or make the members without an account who stand for the file's people.

    A pseudonym that an account of the project has is no reason to take that person for the file's.
    """
    members = target.batch.project.members
    for pseudonym in sorted(pseudonyms - target.authors.keys()):
        names = chain([pseudonym], (f"{pseudonym} (file {number})" for number in count(1)))
        found = (members.get_or_create(pseudonym=name, defaults={"joined": target.now})[0] for name in names)
        target.authors[pseudonym] = next(member for member in found if member.user_id is None)
