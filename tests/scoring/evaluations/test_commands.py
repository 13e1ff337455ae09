"""``evaluate`` and ``score``: the same numbers from the database and from two exported files."""

import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.core.management.base import OutputWrapper

from annotator.actions.queued import Refused
from scoring.evaluating import Wanted, begin
from scoring.models import Evaluation
from scoring.scores_file import csv_of, report_of
from scoring.written import json_of, write_json
from tests.scoring.answered import BAD_OF_SOME, GOOD, GOOD_OF_ALL, lines

pytestmark = [pytest.mark.django_db, pytest.mark.alike]


def said(*arguments: Any, **options: Any) -> Any:
    out = io.StringIO()
    call_command(*arguments, stdout=out, stderr=io.StringIO(), **options)
    return json.loads(out.getvalue())


@pytest.fixture
def exported(project, tmp_path):
    """Return a maker of gold files in the formats that an export writes; what the systems say stands beside them."""
    for name, answers in (("good", GOOD_OF_ALL), ("poor", BAD_OF_SOME)):
        (tmp_path / f"{name}.jsonl").write_text(lines(*answers), "utf-8")

    def exported(name: str):
        path = tmp_path / f"{name}.gold.json"
        call_command("export_dataset", project=project.slug, format=name, output=path, stdout=io.StringIO())
        return path

    return exported


@pytest.mark.parametrize("name", ["condambigqa", "full"])
def test_two_files_give_the_same_numbers_as_the_database(project, exported, tmp_path, name):
    ours = said("evaluate", project=project.slug, system=["good"])
    theirs = said("score", str(exported(name)), str(tmp_path / "good.jsonl"), system="good")
    assert theirs["idf"] == ours["idf"]
    assert theirs["figures"] == ours["figures"]
    assert [one["systems"] for one in theirs["by_question"]] == [one["systems"] for one in ours["by_question"]]
    assert theirs["systems"] == [ours["systems"][0] | {"drafted": None}]
    assert theirs["gold_citations"] == ours["gold_citations"]
    assert (theirs["systems"][0]["cited"], theirs["systems"][0]["left_out"]) == (9, 3)


def test_two_files_give_the_same_shape_as_the_database(project, exported, tmp_path):
    ours = said("evaluate", project=project.slug, system=["good"])
    theirs = said("score", str(exported("full")), str(tmp_path / "good.jsonl"), system="good")
    assert list(theirs) == list(ours)
    assert [list(one) for one in theirs["by_question"]] == [list(one) for one in ours["by_question"]]
    assert [list(one) for one in theirs["systems"]] == [list(one) for one in ours["systems"]]


BARE = [{"condition": "", "answer": "2010", "citations": ["Fragment 1"]}]


def test_a_system_without_conditions_has_no_condition_overlap_from_the_database_and_from_files(
    project, exported, predict, tmp_path
):
    predict("bare", ("m1", BARE), ("m2", []))
    ours = said("evaluate", project=project.slug, system=["bare", "good"])
    theirs = said("score", str(exported("full")), str(tmp_path / "bare.jsonl"), system="bare")
    found = ours["figures"]["answerable"]
    assert found["condition_f1"]["means"]["bare"]["value"] is None
    assert found["condition_f1"]["means"]["good"]["value"] > 0
    assert found["answer_f1"]["means"]["bare"]["value"] > 0
    assert theirs["figures"]["answerable"]["condition_f1"]["means"]["bare"]["value"] is None


def test_conditions_that_are_named_only_where_there_is_no_gold_do_not_count(project, exported, predict, tmp_path):
    predict("bare", ("m1", BARE), ("m2", []), ("m3", GOOD))
    ours = said("evaluate", project=project.slug, system=["bare"])
    theirs = said("score", str(exported("full")), str(tmp_path / "bare.jsonl"), system="bare")
    assert ours["figures"]["answerable"]["condition_f1"]["means"]["bare"]["value"] is None
    assert theirs["figures"] == ours["figures"]


def test_what_was_said_of_a_question_without_finished_gold_is_left_out(project, exported, golden, predict, tmp_path):
    from annotator.models import Annotation

    predict("all", *((name, GOOD) for name in ("p1", "m1", "m2", "m3")))
    Annotation.objects.filter(question=golden["m1"], source="gold").update(submitted=None)
    Annotation.objects.filter(question=golden["m2"], source="gold").update(verdict="cannot_annotate")
    ours = said("evaluate", project=project.slug, system=["all"])
    theirs = said("score", str(exported("full")), str(tmp_path / "all.jsonl"), system="all")
    assert theirs["figures"] == ours["figures"]
    assert [one["id"] for one in theirs["by_question"]] == ["p1"]


def test_a_release_is_gold_too(project, systems, tmp_path, mo):
    from scoring.releasing import Wish, cut_release

    cut_release(project, Wish("1.0.0"), mo)
    call_command("release", project=project.slug, tag="1.0.0", output=tmp_path / "out", stdout=io.StringIO())
    found = said("score", str(tmp_path / "out" / "gold.test.jsonl"), str(only(tmp_path, "m1", "m2")))
    assert found["figures"]["answerable"]["answer_f1"]["means"]["some"]["value"] == 1


def only(folder, *names):
    path = folder / "some.jsonl"
    path.write_text(lines(*((name, GOOD) for name in names)), "utf-8")
    return path


def test_citations_that_count_for_nothing_are_named_and_gold_s_are_counted(exported, tmp_path):
    path, out, err = exported("condambigqa"), io.StringIO(), io.StringIO()
    gold = json.loads(path.read_text("utf-8"))
    gold[0]["properties"][0]["citations"].append({"title": "A clock", "text": "It strikes the hour, and the half."})
    path.write_text(json.dumps(gold), "utf-8")
    call_command("score", str(path), str(tmp_path / "good.jsonl"), stdout=out, stderr=err)
    told = err.getvalue().splitlines()
    assert told[0].startswith(
        "good.jsonl: counts for nothing: line 1: conditions[1].citations[1]: names fragment 750 of"
    )
    assert len(told) == 3
    assert json.loads(out.getvalue())["gold_citations"]["unanchored"] == 1


def test_scoring_files_asks_no_database(exported, tmp_path, django_assert_num_queries):
    gold = exported("condambigqa")
    with django_assert_num_queries(0):
        said("score", str(gold), str(tmp_path / "poor.jsonl"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (lines(("nowhere", GOOD)), "line 1: id: “nowhere” is no question of the gold"),
        (lines(("m1", GOOD), ("m2", GOOD), ("m1", [])), "line 3: id: “m1” stands at line 1 already"),
        ('{"id": "m1", "conditions": 7}\n', "line 1: conditions: "),
        ('{"question": "Which?", "conditions": []}\n', "line 1: question: “Which\\?” is no question of the gold"),
        ("", "is empty"),
        ("{", "line 1"),
    ],
)
def test_a_bad_file_of_predictions_is_refused_by_line_and_field(exported, tmp_path, text, message):
    path = tmp_path / "bad.jsonl"
    path.write_text(text, "utf-8")
    with pytest.raises(CommandError, match=message):
        said("score", str(exported("condambigqa")), str(path))


def test_a_question_without_an_id_is_found_in_the_gold_by_its_text(exported, golden, tmp_path):
    path = tmp_path / "by_text.jsonl"
    path.write_text(json.dumps({"question": golden["p1"].text, "conditions": GOOD}) + "\n", "utf-8")
    assert said("score", str(exported("full")), str(path))["systems"][0]["replied"] == 1


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(CommandError, match=r"nothing\.json: there is no such file"):
        said("score", str(tmp_path / "nothing.json"), str(tmp_path / "nothing.json"))


def test_an_evaluation_that_broke_off_goes_on_by_its_number(project, systems):
    begun = begin(project, Wanted(draws=200))
    assert said("evaluate", project=project.slug, resume=begun.number)["evaluation"] == begun.number
    assert Evaluation.objects.get().finished


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"project": "nowhere"}, "There is no project “nowhere”"),
        ({"resume": 7}, "resume: there is no evaluation 7"),
        ({"judge": "me"}, "judge: “me”"),
        ({"seed": -1}, "seed: -1 is no whole number from 0 to "),
        ({"seed": 2**63}, "seed: 9223372036854775808 is no whole number"),
    ],
)
def test_what_cannot_be_evaluated_is_said(project, systems, options, message):
    with pytest.raises(CommandError, match=message):
        said("evaluate", **({"project": project.slug} | options))
    assert not Evaluation.objects.exists()


def test_draws_that_none_can_make_are_refused_before_anything_is_written(project, systems):
    for draws in (0, 2_000_000):
        with pytest.raises(Refused, match=f"draws: {draws} is no whole number from 1 to 1000000"):
            begin(project, Wanted(draws=draws))
    assert not Evaluation.objects.exists()


def test_the_scores_come_as_a_table(project, systems):
    said("evaluate", project=project.slug)
    head, *rows = "".join(csv_of(Evaluation.objects.get())).splitlines()
    assert head.startswith("batch,id,system,answer_f1,")
    assert len(rows) == 6
    assert rows[0].startswith("pilot,p1,good,1.0,")


def test_the_scores_say_how_the_judge_was_set_up_and_which_steps_were_read(project, systems):
    report = said("evaluate", project=project.slug)
    assert report["settings"] == {}
    assert [one["predictions"] for one in report["by_question"]] == [
        {"good": 1, "poor": 1},
        {"good": 1, "poor": None},
        {"good": 1, "poor": 1},
    ]
    assert {one["gold"] for one in report["by_question"]} == {1}


def test_the_scores_are_read_while_they_are_written(evaluate):
    pieces = json_of(report_of(evaluate()))
    assert '"by_question": [' in next(pieces)
    assert len(list(pieces)) == 3 + 1


def test_a_report_that_breaks_off_leaves_the_file_as_it_was(tmp_path):
    def questions():
        yield {"id": "m1"}
        raise OSError(28, "no space left on device")

    path = tmp_path / "scores.json"
    path.write_text("old", "utf-8")
    with pytest.raises(CommandError, match="no space left on device"):
        write_json({"judge": "exact", "by_question": questions()}, path, OutputWrapper(io.StringIO()))
    assert [one.read_text("utf-8") for one in tmp_path.iterdir()] == ["old"]


@pytest.mark.parametrize("questions", [[], [{"id": "a"}], [{"id": "a"}, {"id": "é"}]])
def test_what_is_written_piece_by_piece_is_json(questions):
    assert json.loads("".join(json_of({"n": 1, "by_question": iter(questions)}))) == {"n": 1, "by_question": questions}
