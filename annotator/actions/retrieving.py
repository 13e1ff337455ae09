"""Freezing a list of fragments for each question, and proving later that nothing has changed."""

import hashlib
from collections.abc import Iterator

from django.db import transaction
from django.db.models import Q, QuerySet

from annotator.models import Batch, Citation, Cursor, Project, Question
from retrieval.engines import engine_for
from retrieval.fragments import batched
from retrieval.freezing import NewList, freeze_many, lines_of, verify
from retrieval.loading import update_index
from retrieval.models import Corpus
from retrieval.progress import Progress, silent

CHUNK = 100
# The corpus that a project's imports fill. It is the project's own: no other project may search it.
IMPORTED = "-imported"
LONGEST_SLUG = 50


def own_corpus(project: Project) -> str:
    """Return the slug of the corpus that takes the fragments of the project's imports, which no other project has."""
    room = LONGEST_SLUG - len(IMPORTED)
    slug = project.slug
    if len(slug) > room:
        slug = f"{slug[: room - 9]}-{hashlib.sha256(slug.encode()).hexdigest()[:8]}"
    return f"{slug}{IMPORTED}"


def made_corpus(project: Project) -> Corpus:
    """Return the corpus that takes the fragments of the project's imports, made if it is not there yet."""
    named = {"name": f"{project.name}, imported"[:200]}
    return Corpus.objects.get_or_create(slug=own_corpus(project), defaults=named)[0]


def corpora_for(project: Project) -> QuerySet[Corpus]:
    """Return the corpora that the project may search: the shared ones, and its own."""
    return Corpus.objects.filter(~Q(slug__endswith=IMPORTED) | Q(slug=own_corpus(project)))


def retrieve(project: Project, corpus: Corpus, k: int = 20, progress: Progress = silent) -> int:
    """Freeze a list of ``k`` fragments for each question that has none; return how many lists.

    Lists are written a hundred at a time: a run that was stopped goes on where it was. What imports brought into the
    project's own corpus is indexed first. Raises EngineUnavailableError.
    """
    if corpus.slug == own_corpus(project):
        update_index(corpus, progress)
    engine = engine_for(corpus)
    waiting = list(without_list(project).values_list("pk", flat=True))
    frozen = 0
    for pks in batched(waiting, CHUNK):
        questions = list(Question.objects.filter(pk__in=pks).order_by("pk"))
        searches = engine.search_many([question.text for question in questions], k)
        settings = {"corpus": corpus.slug, **engine.info().settings}
        lists = [
            NewList(question.text, k, engine.name, settings, lines)
            for question, lines in zip(questions, lines_of(searches), strict=True)
        ]
        frozen += give_lists(questions, lists)
        progress("questions", frozen, len(waiting))
    return frozen


def without_list(project: Project) -> QuerySet[Question]:
    """Return the project's questions that have no list of fragments yet."""
    return Question.objects.filter(batch__project=project, retrieval__isnull=True)


@transaction.atomic
def give_lists(questions: list[Question], lists: list[NewList]) -> int:
    """Write the lists and give each to its question, unless it got one meanwhile."""
    given = 0
    for question, retrieval in zip(questions, freeze_many(lists), strict=True):
        if Question.objects.filter(pk=question.pk, retrieval__isnull=True).update(retrieval=retrieval):
            given += 1
        else:
            retrieval.delete()
    opened = Question.objects.filter(pk__in=[question.pk for question in questions])
    for batch in Batch.objects.filter(pk__in={question.batch_id for question in questions}).order_by("pk"):
        Cursor.objects.set_back(batch, opened.filter(batch=batch))
    return given


def problems_of(project: Project) -> Iterator[str]:
    """Yield what is wrong with the project's lists and the citations into them, one sentence each."""
    questions = Question.objects.filter(batch__project=project).select_related("retrieval", "supplementary")
    for question in questions.order_by("pk").iterator(chunk_size=CHUNK):
        for retrieval, place in ((question.retrieval, ""), (question.supplementary, "supplementary ")):
            problems = verify(retrieval) if retrieval else []
            yield from (f"{question.external_id}: {place}{problem}" for problem in problems)
    yield from stray_citations(project)


def stray_citations(project: Project) -> Iterator[str]:
    """Yield the citations that name a line outside their annotation's lists, or quote what does not stand there."""
    rows = Citation.objects.filter(
        condition__annotation__question__batch__project=project, listed__isnull=False
    ).select_related("condition__annotation__question", "listed__fragment")
    for row in rows.order_by("pk").iterator(chunk_size=CHUNK):
        annotation = row.condition.annotation
        question = annotation.question
        assert row.listed is not None  # noqa: S101 - filtered above
        own = annotation.retrieval_id or question.retrieval_id
        place = f"{question.external_id}: citation {row.uid}"
        if row.listed.retrieval_id not in (own, question.supplementary_id):
            yield f"{place} names a fragment outside its lists"
        if row.start is not None and row.listed.fragment.text[row.start : row.end] != row.quote:
            yield f"{place} quotes what does not stand there"
