"""Accepting a row: with the words that go without saying, and never without any."""

import pytest
from django.db.models import F

from annotator.actions import adjudicating
from annotator.decisions import Unfit, Union, What
from annotator.models import Annotation, Question
from tests.annotator.adjudication.conftest import MEN, MEN_TOO


def test_citations_alone_are_no_gold(judging, submitted):
    Question.objects.update(text="Who?")
    first = Annotation.objects.filter(pk=judging.desk.people[0].annotation)
    first.update(verdict="unambiguous", revisions_made=F("revisions_made") + 1)
    judging.do(adjudicating.merge, "men", Union.ALL)
    with pytest.raises(Unfit, match="neither a condition nor an answer"):
        judging.do(adjudicating.accept, "men")
    judging.do(adjudicating.adopt, "men", submitted[0].pk, What.TEXT)
    judging.do(adjudicating.accept, "men")
    assert judging.row("men").decided


def test_merged_citations_of_a_row_that_all_agree_on_come_with_their_words(judging):
    judging.do(adjudicating.merge, "men", Union.SHARED)
    (gold,) = judging.gold.conditions
    assert gold.text in {MEN.text, MEN_TOO.text}
    assert ([one.text for one in gold.answers], [one.rank for one in gold.citations]) == (["2010"], [1])
    judging.do(adjudicating.accept, "men")
    assert [one.rank for one in judging.gold.conditions[0].citations] == [1]
