"""Gold that a file brought, taken up by an adjudicator: all of it stands on the desk, and nothing of it is lost."""

import json

import pytest

from annotator.actions import adjudicating
from annotator.actions.importing import import_questions
from annotator.models import Annotation, Question
from annotator.record import Verdict
from tests.annotator.adjudication.conftest import Judging
from tests.api.calls import CLOCKS, calling, send

pytestmark = pytest.mark.alike

CASES = {"men": "2010", "women": "2023"}


@pytest.fixture
def brought(project, tmp_path, cy) -> Judging:
    path = tmp_path / "gold.json"
    properties = [{"condition": text, "groundtruth": answer, "citations": []} for text, answer in CASES.items()]
    fragments = [{"title": "Cup", "text": "A cup.", "score": 1.0}]
    record = {"id": "g1", "question": "When did Spain win?", "properties": properties, "ctxs": fragments}
    path.write_text(json.dumps([record]), "utf-8")
    import_questions(project, path)
    return Judging(Question.objects.get(external_id="g1"), cy).open()


@pytest.mark.database
def test_every_condition_stands_in_a_row_that_is_decided(brought):
    assert sorted(row.gold.text for row in brought.desk.rows) == ["men", "women"]
    assert all(row.decided for row in brought.desk.rows)


def test_it_is_reopened_changed_and_finished_again(brought):
    adjudicating.reopen(brought.desk, brought.save)
    key = next(row.key for row in brought.desk.rows if row.gold.text == "women")
    adjudicating.reopen_row(brought.desk, brought.save, key)
    adjudicating.reject(brought.desk, brought.save, key, "It is asked of men.")
    adjudicating.say(brought.desk, brought.save, Verdict.UNAMBIGUOUS, "", "")
    adjudicating.finish(brought.desk, brought.save)
    gold = Annotation.objects.gold().get(question=brought.question)
    assert [card.text for card in brought.gold.conditions] == ["men"]
    assert gold.author == brought.by


def test_finished_again_as_it_was_it_says_the_same(brought):
    before = brought.gold.conditions
    adjudicating.reopen(brought.desk, brought.save)
    adjudicating.say(brought.desk, brought.save, Verdict.AMBIGUOUS, "", "")
    adjudicating.finish(brought.desk, brought.save)
    assert brought.gold.conditions == before
    assert Annotation.objects.gold().filter(question=brought.question).exists()


def test_by_the_api_too_it_is_finished_again_without_anybodys_work(brought, cy):
    client, desk = calling(cy), f"{CLOCKS}questions/{brought.question.pk}/desk/"
    for said in ({"do": "reopen"}, {"do": "say", "verdict": "ambiguous"}, {"do": "finish"}):
        found = client.get(desk).json()
        answer = send(client, "POST", desk, {**said, "step": found["step"], "work": found["work"]})
        assert answer.status_code == 200, answer.json()
    assert (found["work"], answer.json()["finished"] is None) == ("", False)
