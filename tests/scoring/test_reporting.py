"""The agreement of a project as a report."""

import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from annotator import rows
from annotator.actions import adjudicating, looking, saving, submitting, taking_up
from annotator.actions.saving import Save
from annotator.desk import Desk, desk_of
from annotator.models import Annotation, Batch, GuidelineVersion, Member, Project, Question
from annotator.record import Verdict
from scoring.reporting import agreement_report
from tests.conftest import make_question
from tests.scoring.conftest import figures, said, submit

MEN, WOMEN = ("men’s football", "2010", 1), ("women’s football", "2023", 2)


@pytest.fixture
def two(ann, bo, question):
    """Ann's and Bo's work on one question, Bo's lacking a condition."""
    return submit(ann, question, said(MEN, WOMEN)), submit(bo, question, said(MEN))


def listed(report: dict[str, Any]) -> dict[str, Any]:
    return report | {"by_question": list(report["by_question"])}


def test_the_work_of_two_is_compared(project, two):
    found = figures(agreement_report(project))
    assert found["count_exact"] == 0
    assert found["conditions_micro_0.4"] == pytest.approx(2 / 3)
    assert found["citations_positive"] == pytest.approx(2 / 3)


def test_first_submissions_that_were_not_blind_are_counted(as_mo, project, question, ann, bo, mo):
    Project.objects.filter(pk=project.pk).update(lookers_may_annotate=True)
    Question.objects.filter(pk=question.pk).update(overlap=3)
    submit(ann, question, said(MEN))
    looking.look(mo, question)
    for member in (bo, mo):
        member.project.refresh_from_db()
        submit(member, question, said(MEN, WOMEN))
    looking.look(bo, question)
    assert agreement_report(project)["not_blind"] == {"after_looking": 1, "beside_drafts": 0}
    assert "1 first submission was written after looking" in as_mo.get("/p/clocks/agreement/").text


def test_first_submissions_beside_a_draft_are_counted_where_it_is_shown_before(project, two, question):
    system = project.systems.create(name="run")
    Annotation.objects.create(
        question=question, source="draft", system=system, created=question.created, saved=question.created
    )
    assert agreement_report(project)["not_blind"]["beside_drafts"] == 0
    project.show_drafts = "before"
    assert agreement_report(project)["not_blind"]["beside_drafts"] == 2


def test_parts_are_named(project, batch, two, ann, cy, question):
    other = make_question(batch, "q2", overlap=3)
    for member, conditions in ((ann, [MEN, WOMEN]), (cy, [MEN, WOMEN])):
        submit(member, other, said(*conditions))
    report = agreement_report(project)
    assert report["questions"] == 2
    assert report["batches"]["main 1"]["figures"] == report["figures"]
    assert [(part["people"], part["questions"]) for part in report["pairs"]] == [
        (["annotator-ann", "annotator-bo"], 1),
        (["adjudicator-cy", "annotator-ann"], 1),
    ]
    assert figures(report["pairs"][1])["conditions_soft"] == 1
    by_question = list(report["by_question"])
    assert [(one["batch"], one["id"]) for one in by_question] == [("main 1", "q1"), ("main 1", "q2")]
    assert by_question[0]["figures"]["count_exact"]["low"] is None
    assert list(report["guidelines"]) == ["1"]


def test_names_that_hold_a_slash_or_an_and_fall_into_no_other_part(project, batch, ann, bo, cy, question):
    Batch.objects.filter(pk=batch.pk).update(name="a")
    other = Batch.objects.create(project=project, name="a/b", position=2, overlap=3, created=timezone.now())
    Member.objects.filter(pk=cy.pk).update(pseudonym="annotator-ann and annotator-bo")
    for asked in (make_question(batch, "b/c", overlap=3), make_question(other, "c", overlap=3)):
        for member in (ann, bo, cy):
            submit(member, asked, said(MEN))
    report = agreement_report(project)
    assert [(one["batch"], one["id"]) for one in report["by_question"]] == [("a", "b/c"), ("a/b", "c")]
    assert [(len(part["people"]), part["questions"]) for part in report["pairs"]] == [(2, 2)] * 3


def test_work_by_two_guidelines_is_of_neither(project, batch, ann, bo, question):
    submit(ann, question, said(MEN))
    newer = GuidelineVersion.objects.create(project=project, number=2, text="# More", created=question.created)
    Batch.objects.filter(pk=batch.pk).update(guideline_version=newer)
    question.batch.refresh_from_db()
    submit(bo, question, said(MEN))
    report = agreement_report(project)
    assert (report["questions"], report["guidelines"]) == (1, {})


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


@pytest.fixture
def judged(two, question, cy):
    """Ann's and Bo's work made gold by Cy, row for row as it was aligned."""
    taking_up.open_question(cy, question)
    return lambda *verbs: decide(question, cy, *verbs)


def decide(question: Question, by: Member, *verbs: Callable[[Desk, Save], object]) -> None:
    """Do these to the question's desk, leave every row out that is not decided then, and finish."""
    fresh = Question.objects.select_related("batch__project", "retrieval").get(pk=question.pk)

    def do(verb: Callable[[Desk, Save], object]) -> None:
        desk = desk_of(fresh)
        verb(desk, Save(by, None, desk.gold.revisions_made))

    for verb in verbs:
        do(verb)
    for row in desk_of(fresh).rows:
        if not row.decided:
            do(partial(leave_out, row.key))
    do(lambda desk, save: adjudicating.say(desk, save, Verdict.UNANSWERABLE, "", ""))
    do(adjudicating.finish)


def leave_out(key: str, desk: Desk, save: Save) -> None:
    adjudicating.reject(desk, save, key, "not asked for")


def split_men(desk: Desk, save: Save) -> None:
    row = next(row for row in desk.rows if len(row.parts) == 2)
    adjudicating.split(desk, save, row.key, row.parts[1].node)


def test_what_nobody_adjudicated_is_not_confirmed(project, two):
    assert agreement_report(project)["confirmed"] is None


def test_confirmed_rows_are_told_beside_the_computed_pairs_of_the_same_questions(project, batch, ann, bo, judged):
    submit(ann, make_question(batch, "q2"), said(WOMEN))
    submit(bo, batch.questions.get(external_id="q2"), said(MEN))
    judged(split_men)
    report = agreement_report(project)
    confirmed = report["confirmed"]
    assert (report["questions"], confirmed["questions"]) == (2, 1)
    assert report["figures"]["conditions_macro_0.4"]["value"] == pytest.approx(1 / 3)
    assert confirmed["computed"]["conditions_macro_0.4"]["value"] == pytest.approx(2 / 3)
    assert figures(confirmed)["conditions_macro_0.4"] == 0
    assert report["batches"]["main 1"]["confirmed"] == confirmed
    assert [one["confirmed"] for one in report["by_question"] if one["id"] == "q2"] == [None]


def test_gold_that_is_reopened_confirms_nothing(project, judged, question, cy):
    judged()
    assert figures(agreement_report(project)["confirmed"])["conditions_macro_0.4"] == pytest.approx(2 / 3)
    taking_up.open_question(cy, question)
    desk = desk_of(Question.objects.select_related("batch__project", "retrieval").get(pk=question.pk))
    adjudicating.reopen(desk, Save(cy, None, desk.gold.revisions_made))
    assert agreement_report(project)["confirmed"] is None


def test_who_came_after_the_adjudication_is_not_confirmed(project, judged, question, mo):
    judged()
    Question.objects.filter(pk=question.pk).update(overlap=3)
    submit(mo, Question.objects.select_related("batch").get(pk=question.pk), said(MEN, WOMEN))
    report = agreement_report(project)
    assert [part["people"] for part in report["pairs"] if part["confirmed"]] == [["annotator-ann", "annotator-bo"]]
    assert len(report["pairs"]) == 3


def test_chance_compares_with_another_question(project, batch, ann, bo, two):
    alone = agreement_report(project)["chance"]["conditions_soft"]
    assert (alone["value"], alone["reason"]) == (None, "There is no other question, so nothing can be shuffled.")
    for member, other in ((ann, ("an opera", "never", 3)), (bo, ("a film", "1999", 4))):
        submit(member, batch.questions.filter(external_id="q2").first() or make_question(batch, "q2"), said(other))
    report = agreement_report(project)
    assert report["chance"]["conditions_macro_0.4"]["n"] == 4
    assert figures({"figures": report["chance"]})["conditions_macro_0.4"] == 0
    assert listed(agreement_report(project)) == listed(report)


def test_a_question_that_is_asked_again_is_no_other_question(project, ann, bo, question, two):
    again = make_question(
        Batch.objects.create(project=project, name="main 2", position=2, created=timezone.now()), "q1"
    )
    assert again.external_id == question.external_id
    for member in (ann, bo):
        submit(member, again, said(MEN))
    reason = agreement_report(project)["chance"]["conditions_soft"]["reason"]
    assert reason == "There is no other question, so nothing can be shuffled."


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
    assert json.loads((tmp_path / "a.json").read_text()) == printed == listed(agreement_report(project))
    with pytest.raises(CommandError, match="no project “nowhere”"):
        call_command("agreement", project="nowhere")
    with pytest.raises(CommandError, match=r"a\.json"):
        call_command("agreement", project="clocks", output=tmp_path / "a.json" / "b")


def test_people_are_named_by_their_pseudonyms(project, two):
    text = json.dumps(listed(agreement_report(project)))
    assert "annotator-ann" in text
    assert '"ann"' not in text
