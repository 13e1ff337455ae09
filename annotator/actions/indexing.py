"""Reading what was written for the search: a save does nothing for it; a search reads what is new before it looks.

A question is read once, and again when it has its list; an annotation whenever its history has grown. Whoever moves
``indexed`` from where it was when they read has won, so that two who read at once write one of the two.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import attrgetter

from django.db import transaction

from annotator.models import Annotation, Condition, Project, Question, SearchText
from annotator.querysets import AnnotationQuerySet, QuestionQuerySet
from annotator.words import written
from retrieval.models import ListedFragment
from retrieval.progress import Progress, silent

QUESTIONS_AT_ONCE, WORKS_AT_ONCE = 20, 100
Kind = SearchText.Kind


def questions_to_read(project: Project) -> QuestionQuerySet:
    return Question.objects.unread().filter(batch__in=project.batches.all()).order_by("pk")


def works_to_read(project: Project) -> AnnotationQuerySet:
    return Annotation.objects.unread().filter(question__batch__project=project).order_by("pk")


def read_all(project: Project, progress: Progress = silent) -> int:
    """Read all that is new in a project, in short transactions, and return how many questions and annotations."""
    questions, works = questions_to_read(project), works_to_read(project)
    total, done = questions.count() + works.count(), 0
    while number := read_questions(questions) + read_works(works):
        done += number
        progress("texts", min(done, total), total)
    return done


def read_some(project: Project) -> bool:
    """Read a little of what is new, and return whether that was all."""
    questions, works = questions_to_read(project), works_to_read(project)
    read = read_questions(questions), read_works(works)
    more = (read[0] == QUESTIONS_AT_ONCE and questions.exists()) or (read[1] == WORKS_AT_ONCE and works.exists())
    return not more


# Questions and their lists


def read_questions(unread: QuestionQuerySet) -> int:
    """Read the first questions of some that are unread, with their lists, and return how many were won."""
    found = list(unread.select_related("batch")[:QUESTIONS_AT_ONCE])
    if not found:
        return 0
    texts = list(texts_of_questions(found))
    with transaction.atomic():
        won = {one.pk for one in found if won_question(one)}
        SearchText.objects.filter(question__in=won, annotation=None).delete()
        SearchText.objects.bulk_create(text for text in texts if text.question_id in won)
    return len(won)


def won_question(read: Question) -> bool:
    unmoved = Question.objects.filter(pk=read.pk, indexed=read.indexed, retrieval=read.retrieval_id)
    return unmoved.update(indexed=read.retrieval_id or 0) == 1


def texts_of_questions(questions: list[Question]) -> Iterator[SearchText]:
    keys = {one.retrieval_id for one in questions} - {None}
    lines = ListedFragment.objects.filter(retrieval__in=keys).select_related("fragment").order_by("retrieval", "rank")
    lists = {key: list(listed) for key, listed in groupby(lines, attrgetter("retrieval_id"))}
    for question in questions:
        yield text_on(question, Kind.QUESTION, [question.text, question.external_id])
        for line in lists.get(question.retrieval_id, []):
            yield text_on(question, Kind.FRAGMENT, [line.fragment.title, line.fragment.text], listed=line)


# Annotations


def read_works(unread: AnnotationQuerySet) -> int:
    """Read the first annotations of some that have gone on, and return how many were won."""
    found = list(unread.select_related("question__batch").with_conditions()[:WORKS_AT_ONCE])
    if not found:
        return 0
    texts = [text for work in found for text in texts_of_work(work)]
    with transaction.atomic():
        won = {one.pk for one in found if won_work(one)}
        SearchText.objects.filter(annotation__in=won).delete()
        SearchText.objects.bulk_create(text for text in texts if text.annotation_id in won)
    return len(won)


def won_work(read: Annotation) -> bool:
    unmoved = Annotation.objects.filter(pk=read.pk, indexed=read.indexed, revisions_made=read.revisions_made)
    return unmoved.update(indexed=read.revisions_made) == 1


def texts_of_work(work: Annotation) -> Iterator[SearchText]:
    """Yield the texts of an annotation, those apart that have no word."""
    if work.note or work.reason:
        yield text_on(work.question, Kind.REMARK, [work.reason, work.note], annotation=work)
    for condition in work.conditions.all():
        said = [condition.text, *said_in(condition)]
        if any(said):
            yield text_on(work.question, Kind.CONDITION, said, annotation=work, condition=condition)


def said_in(condition: Condition) -> Iterator[str]:
    """Yield the wordings of a condition's answers."""
    for answer in condition.answers.all():
        yield from (answer.text, *answer.aliases)


def text_on(
    question: Question,
    kind: Kind,
    texts: Iterable[str],
    *,
    annotation: Annotation | None = None,
    condition: Condition | None = None,
    listed: ListedFragment | None = None,
) -> SearchText:
    project = question.batch.project_id
    where = {"annotation": annotation, "condition": condition, "listed": listed}
    return SearchText(
        project_id=project, question=question, kind=kind, words=written(texts, str(project), kind), **where
    )
