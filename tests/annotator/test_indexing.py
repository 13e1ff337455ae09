"""What a search reads before it looks, and that every database finds what the words alone tell."""

import pytest
from django.db import connection, models
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.actions import indexing
from annotator.actions.indexing import read_all, read_some
from annotator.actions.saving import Save, add_condition, save_condition
from annotator.models import Annotation, Question, SearchText
from annotator.record import Answer, Condition
from annotator.words import Query, query_of, written
from retrieval.models import Fragment
from tests.conftest import make_list, make_question

# Enough alike that queries meet, in several scripts.
SIGNS = "aAáb1-’東京都に भा กร"
TEXTS = [
    "When did Spain win?",
    "Español: ¿cuándo ganó?",
    "東京都の世界大会",
    "서울 월드컵 결승",
    "well-known men’s team",
    "a b a c",
]


def found(project, words: str) -> set[tuple[str, int]]:
    rows = SearchText.objects.found_by(query_of(words), project.pk)
    return set(rows.values_list("kind", "question"))


def stands(query: Query, stored: str) -> bool:
    """Return whether a query finds a text, told by its words alone."""
    return all((term.stretch in stored) != term.barred for term in query.terms)


def test_a_question_is_found_with_its_list_once_it_was_read(question, project):
    assert found(project, "spain") == set()
    assert read_some(project)
    assert found(project, "spain") == {("question", question.pk), ("fragment", question.pk)}
    assert found(project, "basket*") == {("fragment", question.pk)}


def test_what_was_read_is_not_read_again(assignment, project, django_assert_num_queries):
    read_all(project)
    with django_assert_num_queries(2):
        assert read_some(project)


def test_another_project_is_neither_read_nor_found(question, project):
    noise = Question.objects.get(batch__project__slug="noise")
    read_all(project)
    assert not SearchText.objects.filter(question=noise).exists()
    read_all(noise.batch.project)
    assert found(project, "spain") == {("question", question.pk), ("fragment", question.pk)}


def test_a_list_that_comes_later_is_read_then(batch, project):
    bare = make_question(batch, "bare", retrieval=None)
    read_all(project)
    Question.objects.filter(pk=bare.pk).update(retrieval=make_list("clocks-corpus"))
    read_all(project)
    assert SearchText.objects.filter(question=bare).count() == 1 + 5
    assert found(project, "soup") == {("fragment", bare.pk)}


def test_what_was_written_anew_takes_the_place_of_what_stood_there(assignment, project, ann):
    work = assignment.annotation
    add_condition(work, "card", Save(ann, None, 1))
    for said in ("football", "handball"):
        read_all(project)
        work = Annotation.objects.get(pk=work.pk)
        version = work.conditions.get().version
        save_condition(work, Condition("card", said, (Answer("a", "2010", ("MMX",)),)), Save(ann, None, version), {})
    read_all(project)
    assert found(project, "football") == set()
    assert found(project, "handball mmx") == {("condition", assignment.question_id)}


def test_who_reads_what_has_moved_meanwhile_writes_nothing(assignment, project, monkeypatch):
    read = indexing.texts_of_work

    def moving(work):
        Annotation.objects.filter(pk=work.pk).update(revisions_made=models.F("revisions_made") + 1)
        return read(work)

    Annotation.objects.filter(pk=assignment.annotation_id).update(note="half written", revisions_made=1)
    monkeypatch.setattr(indexing, "texts_of_work", moving)
    read_some(project)
    assert not SearchText.objects.filter(kind="remark").exists()
    monkeypatch.undo()
    read_some(project)
    assert SearchText.objects.filter(kind="remark").count() == 1


def test_what_is_deleted_is_not_found(question, project):
    read_all(project)
    question.delete()
    assert found(project, "spain") == set()


def store(project, question, texts: list[str]) -> None:
    SearchText.objects.filter(project=project).delete()
    SearchText.objects.bulk_create(
        SearchText(project=project, question=question, kind="question", words=written([text], project.pk, "question"))
        for text in texts
    )


@pytest.mark.parametrize(
    ("words", "places"),
    [
        ("spain", {0}),
        ("ESPAÑOL", {1}),
        ("cuando gano", {1}),
        ('"cuando gano"', {1}),
        ('"gano cuando"', set()),
        ("世界", {2}),
        ("界", {2}),
        ("東京都の世", {2}),
        ("東京大会", set()),
        ("월드*", {3}),
        ("men's", {4}),
        ("known-men", {4}),
        ("a -c", set()),
        ("a -b -x", set()),
        ('a -"b c"', {5}),
        ("wi*", {0}),
        ("w*", {0, 4}),
        ("did OR team", set()),
        ("a' & b | !c:*", {5}),
    ],
)
def test_every_database_finds_the_same(project, question, words, places):
    store(project, question, TEXTS)
    rows = list(SearchText.objects.filter(project=project).order_by("pk").values_list("pk", flat=True))
    hits = SearchText.objects.found_by(query_of(words), project.pk).values_list("pk", flat=True)
    assert {rows.index(pk) for pk in hits} == places


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(SIGNS, max_size=12), min_size=1, max_size=5), st.text(SIGNS + '"*-" ', min_size=1, max_size=8))
def test_every_database_finds_what_the_words_tell(project, question, texts, words):
    store(project, question, texts)
    query = query_of(words)
    if query.wanted:
        hits = SearchText.objects.found_by(query, project.pk).values_list("words", flat=True)
        stored = SearchText.objects.filter(project=project).values_list("words", flat=True)
        assert sorted(hits) == sorted(one for one in stored if stands(query, one))


def test_the_index_outlives_a_table_that_is_made_anew(transactional_db, project, question):
    with connection.schema_editor() as editor:
        old, new = SearchText._meta.get_field("kind"), models.CharField(max_length=20)
        new.set_attributes_from_name("kind")
        new.model = SearchText
        editor.alter_field(SearchText, old, new)
    with connection.schema_editor() as editor:
        editor.alter_field(SearchText, new, old)
    read_all(project)
    assert found(project, "soup") == {("fragment", question.pk)}
    question.delete()
    assert found(project, "soup") == set()


def test_of_a_corpus_only_what_a_list_has_is_read(question, project):
    Fragment.objects.create(corpus=Fragment.objects.first().corpus, title="Unlisted", text="yodel", sha256="0" * 64)
    read_all(project)
    assert found(project, "yodel") == set()
