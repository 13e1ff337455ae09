"""Evaluating: what is scored, that it is kept, and that a run that was killed goes on."""

import json
from dataclasses import replace

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from annotator.actions.predictions import import_predictions
from annotator.actions.queued import Refused
from annotator.exchange.storing_predicted import Run
from annotator.models import Annotation
from annotator.record import Verdict
from scoring import evaluating, running
from scoring.evaluating import Wanted, begin
from scoring.models import Evaluation, Score
from scoring.running import run
from scoring.summing import sum_up
from tests.scoring.answered import GOOD, SAID, write

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


def test_what_gold_cites_of_added_fragments_is_left_out_and_counted(evaluate, golden, as_vi):
    step = Annotation.objects.filter(source="gold").latest("pk").revisions.get()
    step.record["conditions"][0]["citations"].append({"uid": "s", "rank": 1, "supplementary": True})
    step.save(update_fields=["record"])
    before = evaluate()
    counted = before.board["gold_citations"]
    assert (counted["supplementary"], counted["unanchored"]) == (1, 0)
    page = as_vi.get(f"/p/clocks/evaluations/{before.number}/").content.decode()
    assert f"Of gold’s {counted['cited']} citations, 1 is of a supplementary fragment" in page


def test_people_stand_beside_the_systems_on_the_questions_that_two_wrote(evaluate, golden, predict, bo):
    Annotation.objects.filter(question=golden["m1"], author=bo, source="human").update(submitted=None)
    predict("one", ("m1", GOOD))  # right where one person alone wrote
    people = evaluate().board["people"]
    assert people["questions"] == 2
    assert people["figures"]["answer_f1"]["value"] == 1
    assert people["systems"]["answer_f1"] == {"good": 1.0, "one": 0.0, "poor": 0.0}


def test_where_three_wrote_each_is_left_out_in_turn(evaluate, golden, cy, as_mo):
    write(golden["m1"], cy, "human", SAID)
    write(golden["m2"], cy, "human", replace(SAID, conditions=SAID.conditions[:1]))
    found = evaluate().board["among_people"]
    # On m1 all say the same. On m2 Cy has one condition of two: F1 2/3 against the others, who have each other.
    assert found["questions"] == 2
    assert found["figures"]["answer_f1"]["value"] == pytest.approx((1 + (1 + 1 + 2 / 3) / 3) / 2)
    assert found["systems"]["answer_f1"] == {"good": 1.0, "poor": 0.0}
    assert "2 questions that three or more annotated" in as_mo.get("/p/clocks/evaluations/1/").content.decode()


def test_who_says_that_it_cannot_be_annotated_is_no_reference_and_stands_in_no_line(evaluate, golden, predict, cy):
    nothing = replace(SAID, verdict=Verdict.CANNOT_ANNOTATE, conditions=())
    write(golden["m1"], cy, "human", nothing)
    predict("silent", ("m1", []))
    board = evaluate().board
    assert board["people"]["figures"]["answer_f1"]["value"] == 1
    assert board["among_people"] is None


def test_what_comes_in_after_an_evaluation_is_begun_does_not_count_in_it(project, systems, golden, predict):
    evaluation = begin(project, Wanted(draws=200))
    Annotation.objects.filter(system=systems[1], question=golden["p1"]).update(created=timezone.now())
    run(evaluation)
    (poor,) = (one for one in evaluation.board["systems"] if one["name"] == "poor")
    assert poor["replied"] == 1


def test_of_several_samples_the_first_says_whether_conditions_are_named(project, golden, tmp_path):
    path = tmp_path / "twice.jsonl"
    said = [{"condition": text, "answer": "2010"} for text in ("", "men’s football")]
    lines = [{"id": "p1", "sample": number, "conditions": [one]} for number, one in enumerate(said)]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    import_predictions(path, Run(project, "twice"))
    assert begin(project, Wanted(systems=["twice"])).systems.get().conditional is False


def test_where_two_wrote_nobody_is_left_out(evaluate):
    assert evaluate().board["among_people"] is None


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


def test_it_may_score_against_a_release_and_its_splits(evaluate, cut):
    release = cut("1.0.0")
    evaluation = evaluate(release="1.0.0", splits=["dev"])
    assert (evaluation.release, evaluation.board["questions"]["all"]) == (release, 1)


def test_the_share_of_gold_that_a_system_drafted_stands_beside_it(evaluate, golden, monkeypatch):
    from annotator import released

    gold = Annotation.objects.get(question=golden["m1"], source="gold")
    monkeypatch.setattr(released, "drafted_conditions", lambda _project: {gold.pk: {"c0": ["good", "better"]}})
    golden["m1"].batch.project.systems.create(name="better", family="best")
    golden["m1"].batch.project.systems.filter(name="good").update(family="best")
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


def test_numbers_go_up_within_a_project(evaluate):
    assert [evaluate().number, evaluate().number] == [1, 2]


def test_one_that_is_killed_before_it_is_whole_is_nowhere_to_be_seen(project, systems, as_mo, monkeypatch):
    def killed(*_arguments):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(evaluating, "count_in", killed)
        with pytest.raises(KeyboardInterrupt):
            begin(project, Wanted())
    assert not Evaluation.objects.begun().exists()
    assert as_mo.get("/p/clocks/evaluations/").context["rows"] == []
    assert begin(project, Wanted()).number == 1
    assert Evaluation.objects.count() == 2  # the other might still be being written


def test_what_was_killed_before_it_was_whole_goes_when_the_next_is_begun(project, systems, monkeypatch):
    monkeypatch.setattr(evaluating, "ROWS", 1)
    begin(project, Wanted())
    long_ago = timezone.now() - evaluating.ABANDONED * 2
    Evaluation.objects.update(number=None, created=long_ago)
    assert list(Evaluation.objects.exclude(pk=begin(project, Wanted()).pk)) == []


def test_it_is_written_a_bounded_number_of_questions_at_a_time(project, systems, monkeypatch):
    monkeypatch.setattr(evaluating, "ROWS", 2)
    written: list[int] = []
    original = evaluating.write

    def write(one, some):
        written.append(len(some))
        original(one, some)

    monkeypatch.setattr(evaluating, "write", write)
    evaluation = begin(project, Wanted())
    assert written == [2, 1]
    assert list(evaluation.questions.values_list("place", flat=True)) == [1, 2, 3]


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


def test_what_is_scored_is_not_looked_through_again_for_every_hundred(project, systems, monkeypatch):
    evaluation = begin(project, Wanted(draws=200))
    monkeypatch.setattr(running, "CHUNK", 1)
    with CaptureQueriesContext(connection) as queries:
        run(evaluation)
    looked = [one["sql"] for one in queries if "EXISTS" not in one["sql"] and "work" not in one["sql"]]
    after = [sql for sql in looked if '"place" >' in sql and "IS NULL" in sql]
    assert [sql.split('"place" > ')[1][0] for sql in after] == ["0", "1", "2", "3"]


def test_each_score_is_read_once_to_sum_it_up(evaluate):
    evaluation = evaluate()
    Evaluation.objects.update(finished=None)
    with CaptureQueriesContext(connection) as queries:
        sum_up(evaluation)
    assert sum('"scoring_score"."figures"' in one["sql"] for one in queries) == 1


def test_two_runs_at_once_score_each_question_once(project, systems, monkeypatch):
    evaluation = begin(project, Wanted(draws=200))
    original = running.scores_of

    def beside_another(*arguments):
        monkeypatch.setattr(running, "scores_of", original)
        run(Evaluation.objects.get())
        return original(*arguments)

    monkeypatch.setattr(running, "scores_of", beside_another)
    run(evaluation)
    assert Score.objects.filter(system__isnull=False).count() == 6
    assert evaluation.finished


def test_what_was_weighed_otherwise_does_not_go_on(project, systems):
    evaluation = begin(project, Wanted())
    Evaluation.objects.update(idf="another")
    with pytest.raises(Refused, match="have got their lists since"):
        run(evaluation)


def test_a_judge_of_another_version_does_not_go_on(project, systems):
    evaluation = begin(project, Wanted())
    evaluation.judge_version = "0"
    with pytest.raises(Refused, match="begun with version 0"):
        run(evaluation)


def test_a_score_belongs_to_a_system_or_a_person(evaluate):
    evaluation = evaluate()
    with pytest.raises(IntegrityError):
        Score.objects.create(question=evaluation.questions.first())
