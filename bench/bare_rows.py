"""The rows of an import made as plainly as Django can: one ``bulk_create`` per table, nothing checked or hashed."""

from itertools import chain
from typing import Any

from django.db import transaction
from django.utils import timezone

from annotator.actions.projects import create_project
from annotator.models import Annotation, Answer, Citation, Condition, Import, Question, Revision
from retrieval.models import Corpus, Fragment, ListedFragment, Retrieval

DIGEST = "0" * 64


@transaction.atomic
def create(data: list[dict[str, Any]]) -> None:
    now = timezone.now()
    project = create_project("bench", "Bench")
    batch = project.batches.get()
    imported = Import.objects.create(project=project, batch=batch, name="x", size=1, sha256=DIGEST, created=now)
    listed = create_lists(data, now)
    questions = Question.objects.bulk_create(
        Question(
            batch=batch,
            external_id=record["id"],
            text=record["question"],
            order=order,
            digest=DIGEST,
            brought_by=imported,
            retrieval_id=lines[0].retrieval_id,
            overlap=2,
            created=now,
        )
        for order, (record, lines) in enumerate(zip(data, listed, strict=True), 1)
    )
    annotations = Annotation.objects.bulk_create(
        Annotation(
            question=row, source="gold", brought_by=imported, revisions_made=1, created=now, saved=now, submitted=now
        )
        for row in questions
    )
    create_parts(data, annotations, listed)
    Revision.objects.bulk_create(
        Revision(annotation=row, number=1, at=now, verb="import", record={"conditions": record["properties"]})
        for row, record in zip(annotations, data, strict=True)
    )


def create_lists(data: list[dict[str, Any]], now: Any) -> list[list[ListedFragment]]:
    corpus = Corpus.objects.create(slug="bench", name="Bench")
    fragments = Fragment.objects.bulk_create(
        Fragment(corpus=corpus, title=context["title"], text=context["text"], sha256=f"{number:064}")
        for number, context in enumerate(chain.from_iterable(record["ctxs"] for record in data))
    )
    retrievals = Retrieval.objects.bulk_create(
        Retrieval(query=record["question"], k=len(record["ctxs"]), engine="file", digest=DIGEST, created=now)
        for record in data
    )
    rest = iter(fragments)
    listed = [
        [
            ListedFragment(retrieval=row, rank=rank, fragment=next(rest), score=context["score"])
            for rank, context in enumerate(record["ctxs"], 1)
        ]
        for row, record in zip(retrievals, data, strict=True)
    ]
    ListedFragment.objects.bulk_create(chain.from_iterable(listed))
    return listed


def create_parts(data: list[dict[str, Any]], annotations: list[Annotation], listed: list[list[ListedFragment]]) -> None:
    parts = [
        (annotation, order, part, lines)
        for annotation, record, lines in zip(annotations, data, listed, strict=True)
        for order, part in enumerate(record["properties"], 1)
    ]
    conditions = Condition.objects.bulk_create(
        Condition(annotation=annotation, uid=f"{number:032}", order=order, text=part["condition"])
        for number, (annotation, order, part, _lines) in enumerate(parts)
    )
    Answer.objects.bulk_create(
        Answer(condition=row, uid=row.uid, order=1, text=part["groundtruth"])
        for row, (_annotation, _order, part, _lines) in zip(conditions, parts, strict=True)
    )
    Citation.objects.bulk_create(
        Citation(
            condition=row,
            uid=f"{order:032}",
            order=order,
            listed=lines[int(citation["title"].split(".")[0]) - 1],
            title=citation["title"],
            text=citation["text"],
        )
        for row, (_annotation, _order, part, lines) in zip(conditions, parts, strict=True)
        for order, citation in enumerate(part["citations"], 1)
    )
