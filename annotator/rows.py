"""Rows ↔ record. Nobody else turns the one into the other."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

from annotator import models, record
from retrieval.models import ListedFragment

Lines = Mapping[tuple[bool, int], int]
"""(supplementary, rank) → primary key of the listed fragment: the lists that an annotation may cite."""
Card = tuple[models.Condition, Iterable[models.Answer], Iterable[models.Citation]]
"""A condition with its answers and its citations, each in order."""
SAID_SO = "supplementary"


def lines_of(question: models.Question, annotation: models.Annotation | None = None) -> Lines:
    """Return the lines that an annotation of ``question`` may cite. Two queries at most."""
    own = (annotation.retrieval_id if annotation else None) or question.retrieval_id
    kept = [pk for pk in (own, question.supplementary_id) if pk]
    rows = ListedFragment.objects.filter(retrieval_id__in=kept).values_list("pk", "retrieval_id", "rank")
    return {(retrieval != own, rank): pk for pk, retrieval, rank in rows}


# Rows to record


def annotation_record(row: models.Annotation) -> record.Annotation:
    """Return the record of an annotation fetched ``with_conditions``; removed conditions are left out."""
    return record_of(row, [card_of(part) for part in row.conditions.all() if not part.removed])


def record_of(row: models.Annotation, cards: Iterable[Card]) -> record.Annotation:
    """Return the record of an annotation that has these cards."""
    supplementary = row.question.supplementary_id
    return record.Annotation(
        verdict=record.Verdict(row.verdict) if row.verdict else None,
        reason=row.reason,
        note=row.note,
        conditions=tuple(condition_record(card, supplementary) for card in cards),
        extra=row.extra,
    )


def card_of(row: models.Condition) -> Card:
    """Return a condition with its prefetched parts."""
    return row, row.answers.all(), row.citations.all()


def condition_record(card: Card, supplementary: int | None = None) -> record.Condition:
    """Return the record of a condition; ``supplementary`` is the key of the question's supplementary list."""
    row, answers, citations = card
    uids = {answer.pk: answer.uid for answer in answers}
    return record.Condition(
        uid=row.uid,
        text=row.text,
        answers=tuple(answer_record(answer) for answer in answers),
        citations=tuple(citation_record(part, uids, supplementary) for part in citations),
        extra=row.extra,
    )


def answer_record(row: models.Answer) -> record.Answer:
    return record.Answer(uid=row.uid, text=row.text, aliases=tuple(row.aliases), extra=row.extra)


def citation_record(row: models.Citation, answers: Mapping[int, str], supplementary: int | None) -> record.Citation:
    listed = row.listed
    return record.Citation(
        uid=row.uid,
        role=record.Role(row.role),
        rank=listed.rank if listed else None,
        supplementary=listed.retrieval_id == supplementary if listed else SAID_SO in row.extra.get("shape", {}),
        answer=answers.get(row.answer_id) if row.answer_id else None,
        title=row.title,
        text=row.text,
        start=row.start,
        end=row.end,
        quote=row.quote,
        extra=row.extra,
    )


# Record to rows


def with_uids(condition: record.Condition) -> record.Condition:
    """Return the condition with a stable id on itself and on each part that had none."""
    return replace(
        condition,
        uid=condition.uid or record.new_uid(),
        answers=tuple(replace(part, uid=part.uid or record.new_uid()) for part in condition.answers),
        citations=tuple(replace(part, uid=part.uid or record.new_uid()) for part in condition.citations),
    )


def create_conditions(pairs: Iterable[tuple[models.Annotation, record.Annotation, Lines]]) -> None:
    """Write the conditions of new annotations, all of them in three statements."""
    written = [
        (
            models.Condition(annotation=row, order=order, uid=part.uid, text=part.text, extra=dict(part.extra)),
            part,
            lines,
        )
        for row, whole, lines in pairs
        for order, part in enumerate(map(with_uids, whole.conditions), 1)
    ]
    models.Condition.objects.bulk_create([row for row, _part, _lines in written])
    create_parts(written)


def create_parts(written: Sequence[tuple[models.Condition, record.Condition, Lines]]) -> None:
    """Write the answers and citations of stored conditions that have none yet."""
    answers = [
        [answer_row(row, part, order) for order, part in enumerate(whole.answers, 1)] for row, whole, _ in written
    ]
    models.Answer.objects.bulk_create(chain.from_iterable(answers))
    models.Citation.objects.bulk_create(
        citation_row(row, part, order, {answer.uid: answer for answer in own}, lines)
        for (row, whole, lines), own in zip(written, answers, strict=True)
        for order, part in enumerate(whole.citations, 1)
    )


def answer_row(condition: models.Condition, answer: record.Answer, order: int) -> models.Answer:
    return models.Answer(condition=condition, order=order, **answer_values(answer))


def answer_values(answer: record.Answer) -> dict[str, Any]:
    return {"uid": answer.uid, "text": answer.text, "aliases": list(answer.aliases), "extra": dict(answer.extra)}


def citation_row(
    condition: models.Condition,
    citation: record.Citation,
    order: int,
    answers: Mapping[str, models.Answer],
    lines: Lines,
) -> models.Citation:
    return models.Citation(condition=condition, order=order, **citation_values(citation, answers, lines))


def citation_values(citation: record.Citation, answers: Mapping[str, models.Answer], lines: Lines) -> dict[str, Any]:
    """Return the columns of a citation. Raises KeyError where its rank is not among ``lines``: the door kept it out."""
    return {
        "uid": citation.uid,
        "role": citation.role.value,
        "listed_id": None if citation.rank is None else lines[citation.supplementary, citation.rank],
        "answer": answers.get(citation.answer) if citation.answer else None,
        "title": citation.title,
        "text": citation.text,
        "start": citation.start,
        "end": citation.end,
        "quote": citation.quote,
        "extra": extra_of(citation),
    }


def extra_of(citation: record.Citation) -> dict[str, Any]:
    """Return what is kept besides, and that a text was cited from a supplementary list which is not here."""
    extra = dict(citation.extra)
    if citation.supplementary and citation.rank is None:
        extra["shape"] = {**extra.get("shape", {}), SAID_SO: True}
    return extra


def update_condition(card: Card, condition: record.Condition, lines: Lines) -> None:
    """Write what differs between a stored card's parts and ``condition``; its own text is the caller's."""
    row, answered, cited = card
    answers = {part.uid: answer_row(row, part, order) for order, part in enumerate(condition.answers, 1)}
    write_changes(models.Answer, {part.uid: part for part in answered}, answers, ("text", "aliases", "order", "extra"))
    citations = {
        part.uid: citation_row(row, part, order, answers, lines) for order, part in enumerate(condition.citations, 1)
    }
    columns = ("order", "role", "listed_id", "answer_id", "title", "text", "start", "end", "quote", "extra")
    write_changes(models.Citation, {part.uid: part for part in cited}, citations, columns)


def write_changes(
    model: type[models.Answer] | type[models.Citation],
    stored: Mapping[str, Any],
    wanted: Mapping[str, Any],
    columns: tuple[str, ...],
) -> None:
    """Turn the ``stored`` rows into the ``wanted`` ones, uid by uid: one statement per changed row."""
    gone = [row.pk for uid, row in stored.items() if uid not in wanted]
    if gone:
        model._default_manager.filter(pk__in=gone).delete()
    for uid, row in wanted.items():
        if uid not in stored:
            row.save(force_insert=True)
            continue
        row.pk = stored[uid].pk
        changed = [column for column in columns if getattr(row, column) != getattr(stored[uid], column)]
        if changed:
            model._default_manager.filter(pk=row.pk).update(**{column: getattr(row, column) for column in changed})
