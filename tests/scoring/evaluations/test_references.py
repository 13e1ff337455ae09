"""What people said who made no gold of it: the references that a file brought, of which each may be met."""

import json

import pytest

from annotator.actions.importing import import_questions
from annotator.actions.predictions import import_predictions
from annotator.exchange.storing_predicted import Run
from annotator.models import Annotation, Project
from scoring.evaluating import Wanted, begin
from scoring.models import Evaluation, Score
from scoring.running import run
from tests.conftest import make_clocks, make_question
from tests.scoring.answered import lines
from tests.scoring.evaluations.test_evaluating import value


@pytest.fixture
def project(db: None) -> Project:
    return make_clocks()


@pytest.fixture
def brought(project: Project, tmp_path):
    """Bring in a question with several people's answers, and evaluate a system: ``brought(["2010"], said, …)``."""

    def brought(answers: list[list[str]], said: list[dict] | None, **verdicts: str) -> Evaluation:
        path = tmp_path / "ambignq.json"
        annotations = [{"type": "singleAnswer", "answer": one} for one in answers]
        path.write_text(
            json.dumps([{"id": "n1", "question": "When did Spain win?", "annotations": annotations}]), "utf-8"
        )
        import_questions(project, path)
        written = Annotation.objects.filter(question__external_id="n1").order_by("pk")
        for place, verdict in verdicts.items():
            written.filter(pk=written[int(place[1:])].pk).update(verdict=verdict)
        if said is None:
            make_question(project.batches.get(), "q9")
        told = ("n1", said) if said is not None else ("q9", [])
        (tmp_path / "one.jsonl").write_text(lines(told), "utf-8")
        import_predictions(tmp_path / "one.jsonl", Run(project, "one"))
        evaluation = begin(project, Wanted(draws=200))
        run(evaluation)
        return evaluation

    return brought


def figure(evaluation: Evaluation, name: str) -> float | None:
    found: float | None = Score.objects.get(question__evaluation=evaluation).figures[name]
    return found


def test_work_that_a_file_brought_counts_where_nobody_made_gold(brought):
    evaluation = brought([["2010"], ["2023"]], [{"condition": "", "answer": "2023"}])
    assert value(evaluation, "answer_f1", "one") == 1  # the better of two references
    assert evaluation.board["people"] is None


def test_who_said_of_such_a_question_that_it_cannot_be_annotated_is_no_reference(brought):
    evaluation = brought([["2010"], ["2023"]], [], p0="cannot_annotate")
    assert (figure(evaluation, "answer_f1"), evaluation.questions.get().work.count()) == (0, 1)


def test_no_reply_is_held_against_a_reference_that_has_something_to_say(brought):
    evaluation = brought([["2010"], ["2023"]], None)
    Score.objects.all().delete()
    step = evaluation.questions.get().work.first().revision
    type(step).objects.filter(pk=step.pk).update(record={"verdict": "unanswerable"})
    Evaluation.objects.update(finished=None)
    evaluation.refresh_from_db()
    run(evaluation)
    assert (figure(evaluation, "count_difference"), figure(evaluation, "str_em")) == (1, 0)


def test_a_question_is_answerable_where_any_reference_answers_it(project, brought, tmp_path):
    brought([["2010"], ["2023"]], [])
    step = Annotation.objects.filter(question__external_id="n1").first().revisions.get()
    type(step).objects.filter(pk=step.pk).update(record={"verdict": "unanswerable"})
    again = begin(project, Wanted(draws=200))
    run(again)
    assert again.board["questions"] == {"answerable": 1, "unanswerable": 0, "all": 1}
    assert figure(again, "prudence") is None
