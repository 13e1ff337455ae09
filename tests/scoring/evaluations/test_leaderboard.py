"""The leaderboard: what stands on it, in which order, and what taking its scores out means."""

import csv
import json
import shlex
from io import StringIO

import pytest
from django.core.management import call_command

from annotator.actions import claiming
from annotator.models import Annotation, Look, Question, System
from scoring.measures import Over
from scoring.models import Evaluation
from scoring.views.board_table import Scale, digits_of, scale_of, table_of

URL = "/p/clocks/evaluations/1/"


@pytest.fixture
def table(evaluate):
    """The board of the two systems, by a figure."""
    evaluation = evaluate()
    return lambda by="answer_f1", over=Over.ANSWERABLE: table_of(evaluation, over, by)


def names(table):
    return [line.system["name"] for line in table.lines]


def test_systems_stand_in_the_order_of_the_primary_figure(table):
    assert names(table()) == ["good", "poor"]
    assert [one.name for one in table().headings] == ["answer_f1", "citation_f1", "count_exact", "condition_f1"]


def test_condition_overlap_is_never_ranked(table):
    last = table("condition_f1").headings[-1]
    assert (last.name, last.ranks, last.sorted) == ("condition_f1", False, False)
    assert all(line.cells[-1].letters == "" for line in table().lines)


def test_other_figures_can_order_it(as_mo, evaluate):
    evaluate()
    text = as_mo.get(URL, {"by": "count_exact"}).text
    assert text.count('aria-sort="descending"') == 1
    assert text.index("Order by this figure") < text.index("cited by paired conditions")


def test_an_order_that_means_nothing_is_the_primary_one(as_mo, evaluate):
    evaluate()
    assert as_mo.get(URL, {"by": "condition_f1", "over": "none"}).context["by"] == "answer_f1"


def test_the_people_have_a_line_and_systems_their_dot_on_the_same_questions(as_mo, table):
    board = table()
    assert board.shared == 3
    assert board.people[0].mean["value"] == 1.0
    assert all(line.cells[0].same is not None for line in board.lines)
    assert "(the same 3 questions)" in as_mo.get(URL).text


def test_other_kinds_of_questions_are_neither_ranked_nor_beside_people(table):
    board = table(over=Over.ALL)
    assert (board.ranks, board.people, board.shared) == (False, (), 0)
    assert not any(one.sorted for one in board.headings)


def test_a_kind_without_questions_says_so(as_mo, evaluate):
    evaluate()
    assert "No question is of this kind." in as_mo.get(URL, {"over": "unanswerable"}).text


def test_a_system_that_cites_nothing_is_not_ranked_by_citations(as_mo, evaluate, systems):
    System.objects.filter(pk=systems[1].pk).update(cites=False)
    evaluate()
    assert "it cites nothing" in as_mo.get(URL).text


def test_a_system_without_conditions_has_the_reason_beside_its_condition_overlap(as_mo, evaluate, predict):
    predict("bare", ("m1", [{"condition": "", "answer": "2010"}]))
    evaluate()
    assert "it names no conditions" in as_mo.get("/p/clocks/evaluations/1/").text


def test_the_flags_say_who_did_not_reply_and_what_gold_came_from_it(as_mo, evaluate):
    evaluation = evaluate()
    assert "2 of 3 replied" in as_mo.get(URL).text
    evaluation.board["systems"][0]["drafted"] = 0.12
    evaluation.save(update_fields=["board"])
    assert "12 % of gold came from it" in as_mo.get(URL).text


def test_pairs_say_what_they_prove(as_mo, evaluate):
    evaluation = evaluate()
    assert "not distinguished at n = 3" in as_mo.get(URL).text
    evaluation.board["figures"]["answerable"]["answer_f1"]["pairs"][0]["p"] = 1.0
    evaluation.save(update_fields=["board"])
    assert '<td class="num" data-label="p, corrected">1</td>' in as_mo.get(URL).text


def test_what_is_detectable_is_said_to_be_uncorrected_if_anything_is(as_mo, evaluate, systems):
    evaluation = evaluate()
    compared = "compare/{}/{}/".format(*(one.pk for one in systems))
    assert "So few questions cannot tell these systems apart" in as_mo.get(f"{URL}{compared}").text
    evaluation.board["figures"]["answerable"]["answer_f1"]["pairs"][0]["detectable"] = 0.3
    evaluation.save(update_fields=["board"])
    assert ["uncorrected" in as_mo.get(f"{URL}{path}").text for path in ("", compared)] == [True, True]


def test_a_figure_without_a_value_on_some_questions_says_on_how_many_it_has_one(as_mo, evaluate):
    evaluation = evaluate()
    assert "n = 2</small>" not in as_mo.get(URL).text
    evaluation.board["figures"]["answerable"]["answer_f1"]["means"]["good"]["n"] = 2
    evaluation.save(update_fields=["board"])
    assert as_mo.get(URL).text.count("n = 2</small>") == 1


def test_the_limits_stand_beside_the_numbers(as_mo, evaluate, project):
    evaluate()
    text = as_mo.get(URL).text
    assert "To go along with that model’s scores is not to be right." in text
    assert "was made for English" not in text
    project.language = "ko"
    project.save(update_fields=["language"])
    assert "This project’s language is ko" in as_mo.get(URL).text


def test_places_are_shares_of_the_scale():
    assert (Scale(0.8).at(0.4), Scale(0.8).at(1.0), Scale(0.8).at(-1.0)) == ("50.0%", "100.0%", "0.0%")
    assert (Scale(1.0).ticks, Scale(0.1).ticks) == (["0", ".5", "1"], ["0", ".05", ".1"])


def scored(*values, high=None):
    """A column of figures as a board has it."""
    means = {str(place): {"value": value, "low": None, "high": high} for place, value in enumerate(values)}
    return {"means": means, "letters": {}, "pairs": []}


@pytest.mark.parametrize(
    ("column", "end"),
    [
        (scored(0.03, 0.09), ".1"),
        (scored(0.03, 0.09, high=0.14), ".2"),
        (scored(0.3), ".5"),
        (scored(0.51), "1"),
        (scored(None), "1"),
    ],
)
def test_a_column_has_the_shortest_scale_that_holds_it(column, end):
    assert scale_of(column, {}, "answer_f1").end == end


@pytest.mark.parametrize(
    ("values", "digits"),
    [([0.031, 0.034], 3), ([0.031, 0.044], 2), ([0.031, 0.0312], 2), ([0.811, 0.814], 2), ([0.0, None, 0.004, 0.9], 3)],
)
def test_a_column_has_three_digits_where_small_values_would_read_alike(values, digits):
    assert digits_of(scored(*values)) == digits


def test_every_column_says_where_its_scale_ends(as_mo, evaluate):
    evaluation = evaluate()
    found = evaluation.board["figures"]["answerable"]
    answers, citations = (found[name]["means"] for name in ("answer_f1", "citation_f1"))
    for place, name in enumerate(("good", "poor")):
        answers[name] |= {"value": 0.031 + place / 1000, "high": 0.08}
        citations[name] |= {"value": 0.3, "high": 0.4}
    evaluation.board["people"] = None
    evaluation.save(update_fields=["board"])
    page = as_mo.get(URL)
    ends = {one.name: one.scale.end for one in page.context["table"].headings}
    assert (ends["answer_f1"], ends["citation_f1"]) == (".1", ".5")
    assert "<b>.031</b>" in page.text
    assert "<b>.30</b>" in page.text


def test_it_asks_as_much_of_any_number_of_questions(as_mo, evaluate, django_assert_max_num_queries):
    evaluate()
    with django_assert_max_num_queries(14):
        assert as_mo.get(URL).status_code == 200


def test_the_download_has_the_bytes_of_the_command(as_mo, evaluate, tmp_path):
    evaluate()
    path = tmp_path / "scores.json"
    call_command("evaluate", project="clocks", resume=1, output=path, stdout=StringIO())
    sent = as_mo.post(f"{URL}file/", {"format": "json"}).getvalue()
    assert sent == path.read_bytes()
    assert json.loads(sent)["by_question"]
    table = as_mo.post(f"{URL}file/", {"format": "csv"}).getvalue().decode()
    assert table.startswith("batch,id,system,answer_f1,")
    assert len(table.splitlines()) == 1 + 3 * 2


def test_taking_the_scores_is_a_look_and_waits_for_ones_own_work(as_vi, as_mo, evaluate, vi, mo, golden):
    evaluate()
    assert "counts as looking at what others wrote on 3 questions" in as_vi.get(URL).text
    as_vi.post(f"{URL}file/", {"format": "csv"})
    assert Look.objects.filter(member=vi).count() == 3
    Question.objects.filter(pk=golden["m1"].pk).update(overlap=None)
    claiming.take(mo, golden["m1"])
    assert "You have 1 question open yourself." in as_mo.get(URL).text
    assert as_mo.post(f"{URL}file/")["Location"] == URL
    assert not Look.objects.filter(member=mo).exists()


def test_the_scores_tell_of_gold_that_was_reopened_since(as_vi, evaluate, vi):
    evaluate()
    Annotation.objects.filter(source__in=["gold", "human"]).update(submitted=None)
    assert "counts as looking at what others wrote on 3 questions" in as_vi.get(URL).text
    as_vi.post(f"{URL}file/", {"format": "csv"})
    assert Look.objects.filter(member=vi).count() == 3


def test_an_unfinished_one_gives_nothing_out(as_mo, evaluate):
    evaluation = evaluate()
    Evaluation.objects.filter(pk=evaluation.pk).update(finished=None)
    for path in ("questions/", "question/1/"):
        assert as_mo.get(f"{URL}{path}").status_code == 404
    assert as_mo.post(f"{URL}file/").status_code == 404


def test_who_looks_on_sees_it_and_annotators_do_not(as_vi, as_ann, as_dee, evaluate):
    evaluate()
    assert [client.get(URL).status_code for client in (as_vi, as_ann, as_dee)] == [200, 404, 404]


def test_the_board_alone_is_a_table_with_every_figure_of_every_system(as_vi, evaluate):
    found = evaluate()
    answer = as_vi.get(f"{URL}board/")
    rows = list(csv.DictReader(StringIO(answer.getvalue().decode())))
    assert answer["Content-Disposition"] == 'attachment; filename="clocks-evaluation-1-board.csv"'
    first = next(one for one in rows if (one["questions"], one["figure"]) == ("answerable", "answer_f1"))
    assert (first["system"], first["n"], bool(first["letters"])) == ("good", "3", True)
    assert [one["system"] for one in rows if one["questions"] == "people"] == ["people"] * len(
        found.board["people"]["figures"]
    )
    assert not Look.objects.exists()


def test_the_board_alone_as_json_tells_how_it_was_made_and_of_no_question(as_vi, evaluate):
    found = evaluate()
    board = json.loads(as_vi.get(f"{URL}board/", {"format": "json"}).getvalue())
    assert (board["judge"], board["figures"]) == ("overlap", found.board["figures"])
    assert "by_question" not in board


def test_the_command_that_is_shown_scores_the_same_again(as_mo, evaluate):
    before = evaluate()
    command = as_mo.get(URL).context["command"]
    program, script, name, *arguments = shlex.split(command)
    assert (program, script, name) == ("python", "manage.py", "evaluate")
    call_command(name, *arguments, stdout=StringIO())
    again = Evaluation.objects.get(number=2)
    assert values(again) == values(before)


def values(evaluation):
    return {name: mean["value"] for name, mean in evaluation.column(evaluation.primary)["means"].items()}
