"""The queue: what came back stands first with its comment, and what became gold beside one’s own."""

import pytest

from annotator.actions import adjudicating
from annotator.actions.returning import return_to_author
from annotator.models import Annotation, Member
from tests.annotator.adjudication.conftest import Judging, hand_in, judging, submitted
from tests.conftest import make_question

__all__ = ["hand_in", "judging", "submitted"]


def test_what_was_returned_stands_first_with_its_comment(as_ann, submitted, batch, cy: Member):
    make_question(batch, "q2", "Which question is new?")
    own = Annotation.objects.select_related("question__batch__project", "assignment").get(pk=submitted[0].pk)
    return_to_author(own, cy, "Which cup?")
    text = as_ann.get("/", {"tab": "todo"}).text
    assert text.index("When did Spain win") < text.index("Which cup?") < text.index("Which question is new?")


@pytest.fixture
def finished(judging: Judging, submitted) -> Judging:
    for uid in ("men", "women"):
        judging.do(adjudicating.adopt, uid, submitted[0].pk)
        judging.do(adjudicating.accept, uid)
    judging.do(adjudicating.reject, "basket", "not asked for")
    adjudicating.finish(judging.desk, judging.save)
    return judging


def test_ones_own_work_stands_beside_gold_once_it_is_finished(as_ann, as_bo, as_cy, finished, question):
    found = as_ann.get("/")
    (line,) = found.context["beside"]
    assert (line.question, line.own, line.gold) == (question, 3, 2)
    # Two of Ann's three conditions are in gold as they stand: 2 · 2 / 5.
    assert line.likeness == pytest.approx(0.8, abs=0.05)
    assert "3 conditions of yours, 2 in gold" in found.text
    assert found.text.count(">Beside gold<") == as_bo.get("/").text.count(">Beside gold<") == 1
    assert "Beside gold" not in as_cy.get("/").text


def test_gold_in_the_making_is_told_to_nobody(as_ann, judging):
    judging.do(adjudicating.accept, "men")
    assert as_ann.get("/").context["beside"] == []
