"""Several people who add fragments to one question at the same time: one list, each fragment once, nobody fails."""

import pytest

from annotator.actions import claiming
from annotator.actions.supplementing import supplement
from annotator.models import Question, Supplement
from retrieval.fragments import NewFragment, store_fragments
from retrieval.freezing import verify
from retrieval.models import Corpus, Retrieval
from tests.annotator.test_saving_at_once import at_once, fetched

pytestmark = pytest.mark.django_db(transaction=True)
NUMBER = 12


def test_two_who_add_at_once_fill_one_list(assignment, bo, question):
    bos = claiming.take(bo, question)
    corpus = Corpus.objects.get(slug="clocks-corpus")
    store_fragments(corpus, [NewFragment(f"More {number}", "More.") for number in range(NUMBER)])
    more = list(corpus.fragments.filter(text="More.").order_by("pk"))

    def add(slot, turn):
        supplement(fetched(slot), more[turn % NUMBER])

    assert at_once(lambda turn: add(assignment, turn), lambda turn: add(bos, NUMBER - 1 - turn % NUMBER)) == []
    shared = Question.objects.get(pk=question.pk).supplementary
    assert shared is not None
    assert (shared.listed.count(), verify(shared)) == (NUMBER, [])
    assert Supplement.objects.count() == 2 * NUMBER
    assert Retrieval.objects.filter(kind="supplementary").count() == 1
