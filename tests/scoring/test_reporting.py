"""The agreement of a project as a report."""

import json
from dataclasses import replace

import pytest
from django.core.management import CommandError, call_command

from annotator import rows
from annotator.actions import saving, submitting
from annotator.actions.saving import Save
from annotator.models import Annotation, Batch, GuidelineVersion
from scoring.reporting import agreement_report
from tests.conftest import make_question
from tests.scoring.conftest import figures, said, submit

MEN, WOMEN = ("men’s football", "2010", 1), ("women’s football", "2023", 2)


@pytest.fixture
def two(ann, bo, question):
    """Ann's and Bo's work on one question, Bo's lacking a condition."""
    return submit(ann, question, said(MEN, WOMEN)), submit(bo, question, said(MEN))


def test_the_work_of_two_is_compared(project, two):
    found = figures(agreement_report(project))
    assert found["count_exact"] == 0
    assert found["conditions_micro_0.4"] == pytest.approx(2 / 3)
    assert found["citations_positive"] == pytest.approx(2 / 3)


def test_parts_are_named(project, batch, two, ann, cy, question):
    other = make_question(batch, "q2", overlap=3)
    for member, conditions in ((ann, [MEN, WOMEN]), (cy, [MEN, WOMEN])):
        submit(member, other, said(*conditions))
    report = agreement_report(project)
    assert report["questions"] == 2
    assert report["batches"]["main 1"]["figures"] == report["figures"]
    assert {name: part["questions"] for name, part in report["pairs"].items()} == {
        "adjudicator-cy and annotator-ann": 1,
        "annotator-ann and annotator-bo": 1,
    }
    assert figures(report["pairs"]["adjudicator-cy and annotator-ann"])["conditions_soft"] == 1
    assert set(report["by_question"]) == {"main 1/q1", "main 1/q2"}
    assert report["by_question"]["main 1/q1"]["figures"]["count_exact"]["low"] is None
    assert list(report["guidelines"]) == ["1"]


def test_work_by_two_guidelines_is_of_neither(project, batch, ann, bo, question):
    submit(ann, question, said(MEN))
    newer = GuidelineVersion.objects.create(project=project, number=2, text="# More", created=question.created)
    Batch.objects.filter(pk=batch.pk).update(guideline_version=newer)
    question.batch.refresh_from_db()
    submit(bo, question, said(MEN))
    report = agreement_report(project)
    assert (report["questions"], "guidelines" in report) == (1, False)


def test_the_first_submission_counts_and_the_current_text_is_a_second_figure(project, two, bo):
    theirs = Annotation.objects.select_related("question__batch__project", "assignment").get(pk=two[1].pk)
    submitting.reopen(theirs, bo)
    theirs.refresh_from_db()
    card = rows.annotation_record(Annotation.objects.with_conditions().get(pk=theirs.pk)).conditions[0]
    changed = replace(card, text="women’s football", answers=(replace(card.answers[0], text="2023"),))
    fresh = Annotation.objects.select_related("question__batch__project", "assignment").get(pk=theirs.pk)
    saving.save_condition(fresh, changed, Save(bo, "s", 1), rows.lines_of(fresh.question))
    assert agreement_report(project)["current"]["questions"] == 0
    fresh = Annotation.objects.select_related("question__batch__project", "assignment").get(pk=theirs.pk)
    submitting.submit(fresh, bo)
    report = agreement_report(project)
    assert figures(report)["citations_masi"] == 1
    assert figures(report["current"])["citations_masi"] == 0


def test_the_queries_do_not_grow_with_the_questions(project, batch, ann, bo, question, django_assert_max_num_queries):
    for number in range(2, 6):
        make_question(batch, f"q{number}")
    for row in batch.questions.all():
        submit(ann, row, said(MEN, WOMEN))
        submit(bo, row, said(MEN))
    with django_assert_max_num_queries(16):
        assert agreement_report(project)["questions"] == 5


def test_the_command_writes_what_the_report_says(project, two, tmp_path, capsys):
    call_command("agreement", project="clocks")
    printed = json.loads(capsys.readouterr().out)
    call_command("agreement", project="clocks", output=tmp_path / "a.json")
    assert json.loads((tmp_path / "a.json").read_text()) == printed == agreement_report(project)
    with pytest.raises(CommandError, match="no project “nowhere”"):
        call_command("agreement", project="nowhere")
    with pytest.raises(CommandError, match=r"a\.json"):
        call_command("agreement", project="clocks", output=tmp_path / "a.json" / "b")


def test_people_are_named_by_their_pseudonyms(project, two):
    text = json.dumps(agreement_report(project))
    assert "annotator-ann" in text
    assert '"ann"' not in text
