"""A query that is compiled once."""

from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
from django.db import connection

from annotator.models import Question
from annotator.prepared import Prepared
from tests.conftest import make_question

by_id = Prepared(
    lambda batch, name: Question.objects.filter(batch=batch, external_id=name).select_related("batch"), -1, "?"
)

since = Prepared(lambda at: Question.objects.filter(created__gte=at), datetime(1, 1, 2, tzinfo=UTC))


def test_it_finds_the_row_of_each_set_of_values(batch, django_assert_num_queries):
    first, second = make_question(batch, "q1"), make_question(batch, "q2")
    with django_assert_num_queries(2):
        assert by_id.first(batch.pk, "q1") == first
        found = by_id.first(batch.pk, "q2")
        assert found == second
        assert found.batch.name == batch.name


@pytest.mark.parametrize("values", [(-7, "q1"), (None, "q1"), ("batch", "?")])
def test_it_finds_nothing_where_nothing_fits(batch, values):
    make_question(batch, "q1")
    assert by_id.first(*(batch.pk if value == "batch" else value for value in values)) is None


def test_a_time_is_put_in_as_the_database_has_it(batch):
    question = make_question(batch, "q1")
    assert since.first(question.created) == question
    assert since.first(question.created + timedelta(microseconds=1)) is None


def test_other_values_than_asked_for_are_an_error(batch):
    with pytest.raises(ValueError, match="shorter"):
        by_id.first(batch.pk)


@pytest.mark.django_db(transaction=True)
def test_each_thread_asks_over_its_own_connection(batch):
    question = make_question(batch, "q1")
    found = [by_id.first(batch.pk, "q1")]

    def ask():
        try:
            found.append(by_id.first(batch.pk, "q1"))
        finally:
            connection.close()

    thread = Thread(target=ask)
    thread.start()
    thread.join()
    assert found == [question, question]
