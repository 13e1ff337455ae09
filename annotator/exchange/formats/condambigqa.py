"""The CondAmbigQA data set's own form, spaced as its authors space it: an array of questions with conditions.

Gold is written with every question, so that what was imported comes out again; one without gold has no ``properties``.
People's work is one record per annotation, with the ``annotator``'s pseudonym added.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from annotator import record
from annotator.exchange.formats.counting import Counts, Scope, counted
from annotator.exchange.shapes.keeping import MISSING
from annotator.models import Annotation, Citation, Condition, Question, Release
from annotator.querysets import AnnotationQuerySet, QuestionQuerySet
from annotator.record import Source
from annotator.released import Frozen, frozen_in, records_of, written_in
from annotator.rows import annotation_record
from retrieval.fragments import batched
from retrieval.models import ListedFragment

NAME = "condambigqa"
LABEL = "CondAmbigQA"
SUFFIX = ".json"
ANNOTATIONS = ("gold", "submitted", "all")
OF_RELEASE = ("gold", "submitted")
LOSES = (
    "Left out: other wordings of an answer, what a citation supports, verdicts, reasons and notes, marks, tags and "
    "sources, batches, history, and citations’ places in their fragments (the cited words stay); a supplementary "
    "fragment is cited by its title and text, with “supplementary”: true."
)
CHUNK = 100
Lines = Mapping[tuple[bool, int], tuple[str, str]]
"""(supplementary, rank) → the title as citations write it, and the text."""
Kept = Question | record.Condition | record.Citation | ListedFragment


def chosen(annotations: str) -> Q:
    """Return which annotations are written: gold, what people handed in, or all people's work."""
    if annotations == "gold":
        return Q(source=Source.GOLD.value, submitted__isnull=False)
    human = Q(source=Source.HUMAN.value)
    return human & Q(submitted__isnull=False) if annotations == "submitted" else human


def written(scope: Scope, annotations: str) -> AnnotationQuerySet:
    if scope.release:
        source = Source.GOLD if annotations == "gold" else Source.HUMAN
        return written_in(scope.release).filter(source=source.value)
    return Annotation.objects.filter(chosen(annotations), question__in=scope.questions)


def counts(scope: Scope, annotations: str) -> Counts:
    if scope.release:
        return counts_of_release(scope.release, annotations)
    found = written(scope, annotations)
    questions = scope.questions
    if annotations == "gold":
        without = questions.count() - found.count()
        return counted(questions, found) | ({"questions without gold, written bare": without} if without else {})
    return {"records": found.count()} | counted(questions.filter(pk__in=found.values("question")), found)


def counts_of_release(release: Release, annotations: str) -> Counts:
    """Return how many records a release gives, and the parts of what its steps say."""
    steps = [(one.question, step) for one in frozen_in(release) for step, _maker in steps_of(one, annotations)]
    questions = len({question for question, _step in steps})
    total = Counter(records=len(steps), questions=questions, conditions=0, answers=0, citations=0)
    for _step, whole in records_of([step for _question, step in steps]):
        total["conditions"] += len(whole.conditions)
        for condition in whole.conditions:
            total.update(answers=len(condition.answers), citations=len(condition.citations))
    return dict(total)


def left_out(scope: Scope, annotations: str) -> Counts:
    if scope.release:
        return {}
    own = written(scope, annotations)
    others = Annotation.objects.filter(question__in=scope.questions).exclude(chosen(annotations))
    conditions = Condition.objects.filter(annotation__in=own, removed=False)
    found = {
        "annotations of another kind or state": others.count(),
        "answers' other wordings": sum(len(aliases) for aliases in aliases_of(conditions)),
        "citations' roles": Citation.objects.filter(condition__in=conditions).exclude(role="unstated").count(),
        "verdicts": own.filter(verdict__isnull=False).count(),
        "notes and reasons": own.exclude(note="", reason="").count(),
    }
    if annotations != "gold":
        found["questions without such work"] = scope.questions.exclude(pk__in=own.values("question")).count()
    return {name: number for name, number in found.items() if number}


def aliases_of(conditions: QuerySet[Condition]) -> Iterator[list[str]]:
    with_answers = conditions.filter(answers__isnull=False).exclude(answers__aliases=[])
    return with_answers.values_list("answers__aliases", flat=True).iterator()


def pieces(scope: Scope, annotations: str) -> Iterator[str]:
    before = "[\n"
    for made in records(scope, annotations):
        yield before + " " + json.dumps(made, ensure_ascii=False, indent=1).replace("\n", "\n ")
        before = ",\n"
    yield "[]" if before == "[\n" else "\n]"


def records(scope: Scope, annotations: str) -> Iterator[dict[str, Any]]:
    """Yield the records in the project's order, or in that of the release; a few queries per hundred questions."""
    if scope.release:
        for some in batched(frozen_in(scope.release), CHUNK):
            yield from frozen_records(some, annotations)
        return
    for batch in scope.project.batches.all():
        for question in with_parts(scope.of(batch), annotations).iterator(chunk_size=CHUNK):
            found = [(maker_of(row), annotation_record(row)) for row in question.annotations.all()]
            if annotations == "gold":
                yield record_of(question, *found[0] if found else ("", None))
            else:
                yield from (record_of(question, *one) for one in found)


def maker_of(annotation: Annotation) -> str:
    return annotation.author.pseudonym if annotation.source == Source.HUMAN.value and annotation.author else ""


def steps_of(one: Frozen, annotations: str) -> list[tuple[int, str]]:
    """Return the steps of a released question that are written, each with its maker, who is empty for gold."""
    if annotations == "gold":
        return [(one.gold, "")]
    return [(part.revision, part.about["annotator"]) for part in one.work]


def frozen_records(some: Sequence[Frozen], annotations: str) -> Iterator[dict[str, Any]]:
    """Yield the records of a release's questions: the steps that it holds, and what it says of the questions."""
    questions = with_lists(Question.objects.filter(pk__in=[one.question for one in some])).in_bulk()
    steps = [(one, step, maker) for one in some for step, maker in steps_of(one, annotations)]
    said = records_of([step for _one, step, _maker in steps])
    for (one, _step, maker), (_same, whole) in zip(steps, said, strict=True):
        question = questions[one.question]
        question.external_id, question.text = one.about["id"], one.text
        if not one.about["listed"]:  # a list that it was given afterwards
            question.retrieval = None
        yield record_of(question, maker, whole)


def with_parts(questions: QuestionQuerySet, annotations: str) -> QuerySet[Question]:
    wanted: AnnotationQuerySet = Annotation.objects.filter(chosen(annotations)).select_related("author", "question")
    ordered = wanted.order_by("author__pseudonym", "pk").with_conditions()
    return with_lists(questions).prefetch_related(Prefetch("annotations", ordered))


def with_lists(questions: QuestionQuerySet) -> QuerySet[Question]:
    listed = ListedFragment.objects.select_related("fragment").order_by("rank")
    return questions.select_related("retrieval", "supplementary").prefetch_related(
        Prefetch("retrieval__listed", listed), Prefetch("supplementary__listed", listed)
    )


def record_of(question: Question, maker: str, whole: record.Annotation | None) -> dict[str, Any]:
    """Return the record of what somebody said of a question fetched ``with_lists``; ``maker`` is empty for gold."""
    shape = shape_of(question)
    known = question.external_id
    made: dict[str, Any] = {"id": int(known) if shape.get("id") == "number" else known, "question": question.text}
    if maker:
        made["annotator"] = maker
    if whole:
        lines = lines_of(question)
        made["properties"] = [property_of(condition, lines) for condition in whole.conditions]
    if question.retrieval:
        made["ctxs"] = [context_of(line) for line in question.retrieval.listed.all()]
    elif shape.get("ctxs") == "empty":
        made["ctxs"] = []
    return with_kept(made, question)


def lines_of(question: Question) -> Lines:
    """Return the titles and texts of what may be cited; the number of a supplementary line would name another one."""
    own = question.retrieval.listed.all() if question.retrieval else ()
    added = question.supplementary.listed.all() if question.supplementary else ()
    lines = {(False, line.rank): (f"{line.rank}. {line.fragment.title}", line.fragment.text) for line in own}
    return lines | {(True, line.rank): (line.fragment.title, line.fragment.text) for line in added}


def property_of(condition: record.Condition, lines: Lines) -> dict[str, Any]:
    shape = shape_of(condition)
    made: dict[str, Any] = {"condition": condition.text}
    texts = [answer.text for answer in condition.answers]
    if len(texts) == 1 and shape.get("groundtruth") != "list":
        made["groundtruth"] = texts[0]
    elif texts or shape.get("groundtruth") not in ("null", MISSING):
        made["groundtruth"] = texts
    elif shape["groundtruth"] == "null":
        made["groundtruth"] = None
    citations = [cited(citation, lines) for citation in condition.citations]
    if citations or shape.get("citations") != MISSING:
        made["citations"] = citations
    return with_kept(made, condition)


def cited(citation: record.Citation, lines: Lines) -> dict[str, Any]:
    """Return title and text as a file cited them, else those of the fragment; the quoted words where there are some.

    What somebody added to the list says so, since its number would name another fragment.
    """
    shape = shape_of(citation)
    title, text = lines.get((citation.supplementary, citation.rank or 0), ("", ""))
    made = {
        "title": citation.title if citation.title is not None else title,
        "text": citation.text if citation.text is not None else citation.quote or text,
    }
    added = {"supplementary": True} if citation.supplementary else {}
    return with_kept({key: value for key, value in made.items() if shape.get(key) != MISSING} | added, citation)


def context_of(line: ListedFragment) -> dict[str, Any]:
    shape = shape_of(line)
    made: dict[str, Any] = {"title": line.fragment.title, "text": line.fragment.text}
    if shape.get("title") == MISSING:
        del made["title"]
    form = shape.get("score")
    if form != MISSING:
        made["score"] = form[0] if isinstance(form, list) else line.score
    return with_kept(made, line)


def shape_of(row: Kept) -> dict[str, Any]:
    found = row.extra.get("shape", {})
    return found if isinstance(found, dict) else {}


def with_kept(made: dict[str, Any], row: Kept) -> dict[str, Any]:
    """Return ``made`` with the unknown keys of the file behind it."""
    return {**made, **{key: value for key, value in row.extra.get("kept", {}).items() if key not in made}}
