"""Evaluating: what is scored, that it is kept, and that a run that was killed goes on."""

import json

import pytest
from django.db import IntegrityError

from annotator.actions.importing import import_questions
from annotator.actions.queued import Refused
from annotator.models import Annotation
from scoring import running
from scoring.evaluating import Wanted, begin
from scoring.models import Evaluation, Score
from scoring.running import run
from tests.scoring.releases.conftest import cut  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db


def value(evaluation: Evaluation, figure: str, system: str) -> float | None:
    found: float | None = evaluation.board["figures"]["answerable"][figure]["means"][system]["value"]
    return found


def test_each_system_gets_its_mean_over_all_gold_questions(evaluate):
    evaluation = evaluate()
    assert evaluation.board["questions"] == {"answerable": 3, "unanswerable": 0, "all": 3}
    assert value(evaluation, "answer_f1", "good") == 1
    assert value(evaluation, "answer_f1", "poor") == 0
    assert evaluation.board["figures"]["answerable"]["answer_f1"]["means"]["poor"]["n"] == 3


def test_a_question_without_a_reply_counts(evaluate):
    assert value(evaluate(), "replied", "poor") == pytest.approx(2 / 3)


def test_a_citation_outside_the_list_is_counted_and_no_question_is_dropped(evaluate):
    good = evaluate().board["systems"][0]
    assert (good["name"], good["replied"], good["cited"], good["left_out"]) == ("good", 3, 9, 3)


def test_people_stand_beside_the_systems_on_the_questions_that_two_wrote(evaluate):
    people = evaluate().board["people"]
    assert people["questions"] == 3
    assert people["figures"]["answer_f1"]["value"] == 1
    assert people["systems"]["answer_f1"] == {"good": 1.0, "poor": 0.0}


def test_a_system_that_cites_nothing_is_not_ranked_by_it(evaluate, systems):
    type(systems[1]).objects.filter(pk=systems[1].pk).update(cites=False)
    column = evaluate().board["figures"]["answerable"]["citation_f1"]
    assert column["means"]["poor"]["value"] is None
    assert set(column["letters"]) == {"good"}


def test_it_points_at_steps_of_histories(evaluate, golden):
    evaluation = evaluate()
    own = evaluation.questions.get(question=golden["m1"])
    gold = Annotation.objects.get(question=golden["m1"], source="gold")
    assert own.gold.annotation == gold
    assert own.scores.get(system__name="good").revision.annotation.system.name == "good"
    assert own.scores.get(system__name="poor").revision is None


def test_it_stays_as_it_is_when_gold_changes(evaluate, golden):
    evaluation = evaluate()
    Annotation.objects.filter(question=golden["m1"], source="gold").update(submitted=None)
    board = evaluation.board
    run(evaluation)
    assert Evaluation.objects.get().board == board
    assert evaluate().board["questions"]["all"] == 2


def test_what_cannot_be_annotated_is_left_out(evaluate, golden):
    Annotation.objects.filter(question=golden["m1"], source="gold").update(verdict="cannot_annotate")
    assert evaluate().board["questions"]["all"] == 2


def test_it_may_be_confined_to_batches(evaluate):
    assert evaluate(batches=["pilot"]).board["questions"]["all"] == 1


def test_it_may_score_against_a_release_and_its_splits(evaluate, cut):  # noqa: F811
    release = cut("1.0.0")
    evaluation = evaluate(release="1.0.0", splits=["dev"])
    assert (evaluation.release, evaluation.board["questions"]["all"]) == (release, 1)


def test_the_share_of_gold_that_a_system_drafted_stands_beside_it(evaluate, golden, monkeypatch):
    from annotator import released

    gold = Annotation.objects.get(question=golden["m1"], source="gold")
    monkeypatch.setattr(released, "drafted_conditions", lambda _project: {gold.pk: {"c0": ["good"]}})
    assert evaluate().board["systems"][0]["drafted"] == pytest.approx(1 / 6)


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"systems": ["nobody"]}, "system: “nobody” has no predictions here"),
        ({"judge": "me"}, "judge: “me”"),
        ({"alignment": "lucky"}, "alignment: “lucky”"),
        ({"primary": "condition_f1"}, "primary: “condition_f1”"),
        ({"release": "9"}, "release: there is no release “9”"),
        ({"splits": ["dev"]}, "splits: only a release has splits"),
        ({"batches": ["nowhere"]}, "batch: the project has no batch “nowhere”"),
    ],
)
def test_a_name_that_means_nothing_is_refused_and_nothing_is_written(project, systems, wanted, said):
    with pytest.raises(Refused, match=said):
        begin(project, Wanted(**wanted))
    assert not Evaluation.objects.exists()


def test_without_gold_there_is_nothing_to_score(project, question, predict):
    predict("good", ("q1", []))
    with pytest.raises(Refused, match="There is no gold here"):
        begin(project, Wanted())
    assert not Evaluation.objects.exists()


def test_without_predictions_there_is_nothing_to_score(project, golden):
    with pytest.raises(Refused, match="no system has predictions here"):
        begin(project, Wanted())


def test_numbers_go_up_within_a_project(evaluate):
    assert [evaluate().number, evaluate().number] == [1, 2]


def test_a_run_that_was_killed_goes_on_where_it_was(project, systems, monkeypatch):
    evaluation = begin(project, Wanted(draws=200))
    monkeypatch.setattr(running, "CHUNK", 1)
    asked: list[int] = []
    original = running.scores_of

    def killed(questions, *rest):
        asked.extend(one.place for one in questions)
        if len(asked) == 2:
            raise KeyboardInterrupt
        return original(questions, *rest)

    monkeypatch.setattr(running, "scores_of", killed)
    with pytest.raises(KeyboardInterrupt):
        run(evaluation)
    assert Score.objects.filter(system__isnull=False).count() == 2
    run(evaluation)
    assert asked == [1, 2, 2, 3]
    assert evaluation.finished


def test_a_judge_of_another_version_does_not_go_on(project, systems):
    evaluation = begin(project, Wanted())
    evaluation.judge_version = "0"
    with pytest.raises(Refused, match="begun with version 0"):
        run(evaluation)


def test_work_that_a_file_brought_counts_where_nobody_made_gold(project, predict, tmp_path):
    path = tmp_path / "ambignq.json"
    answers = [{"type": "singleAnswer", "answer": [year]} for year in ("2010", "2023")]
    path.write_text(json.dumps([{"id": "n1", "question": "When did Spain win?", "annotations": answers}]), "utf-8")
    import_questions(project, path)
    predict("one", ("n1", [{"condition": "", "answer": "2023"}]))
    evaluation = begin(project, Wanted(draws=200))
    run(evaluation)
    assert value(evaluation, "answer_f1", "one") == 1  # the better of two references
    assert evaluation.board["people"] is None


def test_a_score_belongs_to_a_system_or_a_person(evaluate):
    evaluation = evaluate()
    with pytest.raises(IntegrityError):
        Score.objects.create(question=evaluation.questions.first())
