"""Machines' drafts on the desk: those of whole files alone, and as cheap as one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotator import record, rows
from annotator.models import Annotation, System
from retrieval.models import Retrieval
from tests.annotator.adjudication.conftest import BASKET
from tests.conftest import make_list


@pytest.fixture
def make_draft(question):
    """Make a system's draft of the question, over a list of its own."""

    def make_draft(name: str) -> Annotation:
        system = System.objects.create(project=question.batch.project, name=name)
        made = {"created": question.created, "saved": question.created, "revisions_made": 1}
        own: Retrieval = make_list("own")
        row = Annotation.objects.create(question=question, source="draft", system=system, retrieval=own, **made)
        rows.create_conditions([(row, record.Annotation(conditions=(BASKET,)), rows.lines_of(question, row))])
        return row

    return make_draft


def test_drafts_of_a_file_that_is_not_in_whole_stand_on_no_desk(judging, make_draft):
    draft = make_draft("run 1")
    assert [one.annotation for one in judging.desk.drafts] == [draft.pk]
    System.objects.update(complete=False)
    assert judging.desk.drafts == []
    assert draft.pk not in judging.desk.authors


def test_many_lists_of_machines_are_read_by_one_query(judging, make_draft):
    def queries() -> int:
        assert judging.desk.drafts  # what they say is kept from here on
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert judging.desk.drafts
        return len(asked)

    make_draft("run 1")
    one = queries()
    for number in range(2, 6):
        make_draft(f"run {number}")
    assert queries() == one
