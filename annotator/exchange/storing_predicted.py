"""What a system said into rows: its questions found, its citations anchored, a chunk written in one transaction."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from annotator import models, record, rows
from annotator.exchange.anchoring import anchored_prediction, astray
from annotator.exchange.predicted import Item, Key
from annotator.exchange.reports import Remark, Report
from annotator.exchange.storing import brought_values, first_revision, freeze_lists, lines_of_all, with_uids
from annotator.reading import Problem
from retrieval.fragments import LOOKUP_SIZE, batched
from retrieval.models import Corpus, ListedFragment

Sample = tuple[int, int]
Pair = tuple["Found", models.Annotation]


@dataclass(frozen=True, slots=True)
class Run:
    """Whose work comes in, as what, and for the questions of which batch; ``batch`` may be empty."""

    project: models.Project
    system: str
    batch: str = ""
    source: record.Source = record.Source.PREDICTION

    def stored(self, questions: Collection[int]) -> set[Sample]:
        """Return the question and sample of what is stored of it on these questions. One query."""
        written = models.Annotation.objects.filter(
            system__project=self.project, system__name=self.system, source=self.source.value, question__in=questions
        )
        return set(written.values_list("question_id", "sample"))


@dataclass(frozen=True, slots=True)
class Found:
    """What a system said of a question that the project has, its citations anchored."""

    question: models.Question
    prediction: record.Prediction

    @property
    def sample(self) -> Sample:
        return self.question.pk, self.prediction.sample


@dataclass(frozen=True, slots=True)
class Place:
    """Where a run is written, on whose behalf and when."""

    system: models.System
    corpus: Corpus
    by: models.Member | None
    now: datetime


def found_in(items: Sequence[Item], run: Run, report: Report, seen: dict[Sample, str]) -> list[Found]:
    """Return the records with their questions; what fits none, or comes twice, goes into ``report``. Three queries."""
    questions = questions_of(items, run)
    pairs = [(item, question_of(item, run, questions, report)) for item in items]
    lists = fragments_of({question.retrieval_id for _item, question in pairs if question})
    found = []
    for item, question in pairs:
        if question and is_first(item, question, report, seen):
            prediction = item.prediction
            report.remarks.update(remarks_on(prediction, question))
            own = [line.fragment for line in prediction.retrieval.listed] if prediction.retrieval else None
            listed = lists[question.retrieval_id] if own is None else own
            for problem in astray(prediction.annotation, listed):
                report.name_astray(item.place, problem)
            said = anchored_prediction(prediction.annotation, listed, report.anchors)
            check_spans(said, listed, item.place, report)
            found.append(Found(question, replace(prediction, annotation=said)))
    return found


def remarks_on(prediction: record.Prediction, question: models.Question) -> Iterator[Remark]:
    """Yield what of a record is taken as it is, and yet should be known."""
    said = prediction.annotation
    if prediction.question and prediction.question != question.text:
        yield Remark.OTHER_TEXT
    if said.conditions and said.verdict in (record.Verdict.UNANSWERABLE, record.Verdict.CANNOT_ANNOTATE):
        yield Remark.VERDICT


def questions_of(items: Sequence[Item], run: Run) -> dict[Key, list[models.Question]]:
    """Return the project's questions of these ids, or these texts without one, in whichever batch they stand."""
    said = [item.prediction for item in items]
    texts = {one.question for one in said if not one.external_id}
    meant = Q(external_id__in={one.external_id for one in said if one.external_id}) | Q(text__in=texts)
    found: dict[Key, list[models.Question]] = defaultdict(list)
    asked = models.Question.objects.filter(meant, batch__project=run.project).select_related("batch")
    for question in asked.order_by("batch", "order"):
        found["id", question.external_id].append(question)
        found["question", question.text].append(question)
    return found


def question_of(
    item: Item, run: Run, questions: dict[Key, list[models.Question]], report: Report
) -> models.Question | None:
    """Return the one question that a record is about; none or several are a problem."""
    batch = item.prediction.batch or run.batch
    known = questions.get(item.key, [])
    fitting = [one for one in known if batch in ("", one.batch.name)]
    if len(fitting) == 1:
        return fitting[0]
    message = f"{item.named} is no question of the project" + (f" in the batch “{batch}”" if batch else "")
    if fitting and not item.prediction.external_id:
        message = f"{item.named} is the text of several questions; say which by “id”, or by “batch” or --batch"
    elif fitting:
        names = ", ".join(f"“{one.batch.name}”" for one in fitting)
        message = f"{item.named} stands in several batches, {names}; say which by “batch” or --batch"
    report.refuse(item.place, Problem(item.key[0], message))
    return None


def is_first(item: Item, question: models.Question, report: Report, seen: dict[Sample, str]) -> bool:
    """Return whether the question comes for the first time; a repeat is a problem that names both places."""
    key = (question.pk, item.prediction.sample)
    first = seen.setdefault(key, item.place)
    if first != item.place:
        message = f"“{question.external_id}” stands at {first} already; another “sample” of it needs another number"
        report.refuse(item.place, Problem("id", message))
    return first == item.place


def check_spans(said: record.Annotation, listed: Sequence[record.Fragment], place: str, report: Report) -> None:
    """Refuse spans that are not what they quote, and citations of a list that systems do not have."""
    for condition, citation in said.citations():
        where = f"conditions[{said.conditions.index(condition)}].citations"
        if citation.supplementary:
            report.refuse(place, Problem(where, "names a supplementary list, which a system has not"))
        elif citation.start is not None and not quoted(citation, listed):
            message = f"quotes words that do not stand there in fragment {citation.rank}"
            report.refuse(place, Problem(where, message))


def quoted(citation: record.Citation, listed: Sequence[record.Fragment]) -> bool:
    """Return whether the quote stands where the span says."""
    return listed[(citation.rank or 0) - 1].text[citation.start : citation.end] == citation.quote


def fragments_of(lists: Iterable[int | None]) -> dict[int | None, list[record.Fragment]]:
    """Return the fragments of frozen lists in order of rank. A query per 900 lists."""
    found: dict[int | None, list[record.Fragment]] = defaultdict(list)
    for some in batched([pk for pk in lists if pk], LOOKUP_SIZE):
        listed = ListedFragment.objects.filter(retrieval_id__in=some).order_by("rank")
        for retrieval, title, text in listed.values_list("retrieval_id", "fragment__title", "fragment__text"):
            found[retrieval].append(record.Fragment(title, text))
    return found


@transaction.atomic
def store_predicted(found: Sequence[Found], run: Run, place: Place) -> None:
    """Write what the system has not said yet, with its history's first step."""
    models.System.objects.select_for_update().get(pk=place.system.pk)
    stored = run.stored([one.question.pk for one in found])
    fresh = [one for one in found if one.sample not in stored]
    retrievals = freeze_lists([one.prediction.retrieval for one in fresh], place.corpus, place.now)
    written = [
        (annotation_row(one, run, place, retrievals.get(index)), with_uids(one.prediction.annotation))
        for index, one in enumerate(fresh)
    ]
    models.Annotation.objects.bulk_create(row for row, _whole in written)
    lists = {row.retrieval_id or row.question.retrieval_id for row, _whole in written} - {None}
    lines = {
        pk: {(False, rank): line for rank, line in ranked.items()}
        for pk, ranked in lines_of_all({pk for pk in lists if pk}).items()
    }
    rows.create_conditions(
        (row, whole, lines.get(row.retrieval_id or row.question.retrieval_id, {})) for row, whole in written
    )
    models.Revision.objects.bulk_create(first_revision(row, whole, place.by) for row, whole in written)


def annotation_row(found: Found, run: Run, place: Place, retrieval: int | None) -> models.Annotation:
    return models.Annotation(
        question=found.question,
        source=run.source.value,
        system=place.system,
        sample=found.prediction.sample,
        retrieval_id=retrieval,
        **brought_values(found.prediction.annotation, place.now),
    )
