"""Gold beside a prediction: pairs, what is missed and extra, and what stays hidden until one looks."""

import pytest

from annotator.actions import claiming, looking
from annotator.models import Look, Question
from annotator.record import Answer, Condition
from scoring.models import Evaluation, Score
from scoring.ordering import Only, Order, Sorting
from scoring.views.compare import bins_of
from scoring.views.drill_rows import flags_of
from tests.scoring.answered import GOOD

ONE = "/p/clocks/evaluations/1/question/1/"


@pytest.fixture
def seen(evaluate, mo) -> Evaluation:
    """An evaluation on whose questions Mo has looked."""
    evaluation = evaluate()
    for one in evaluation.questions.select_related("question"):
        looking.look(mo, one.question)
    return evaluation


def rows(answer):
    found = answer.context["rows"]
    return [(row.state, row.gold and row.gold.tag, row.predicted and row.predicted.tag) for row in found]


def chips(half):
    return [(chip.shown, chip.state) for chip in half.chips]


def test_pairs_stand_in_the_order_of_gold(as_mo, seen, systems):
    answer = as_mo.get(ONE, {"system": systems[0].pk})
    assert rows(answer) == [("matched", "A", "2"), ("matched", "B", "1")]
    men = answer.context["rows"][0]
    assert [meter.label for meter in men.meters if meter.value == 1.0] == ["answer", "citation"]


def test_what_has_no_value_says_why(as_mo, seen, systems):
    score = Score.objects.get(question__place=1, system=systems[0])
    score.pairs[0]["condition"] = None
    score.save()
    assert "the judge gave no verdict" in as_mo.get(ONE, {"system": systems[0].pk}).text


def test_whether_a_system_cites_is_read_as_it_was_when_it_was_evaluated(as_mo, seen, systems):
    systems[0].cites = False
    systems[0].save()
    men = as_mo.get(ONE, {"system": systems[0].pk}).context["rows"][0]
    assert {meter.label: meter.value for meter in men.meters}["citation"] == 1.0


def test_a_system_is_set_beside_its_nearest_rival_unless_another_is_asked_for(as_mo, predict, evaluate, systems):
    average = predict("average", ("p1", GOOD))
    evaluation = evaluate()
    means = evaluation.board["figures"]["answerable"]["answer_f1"]["means"]
    for name, value in (("good", 0.9), ("average", 0.2), ("poor", 0.8)):
        means[name]["value"] = value
    evaluation.save(update_fields=["board"])
    good, poor = systems
    asked = [{"system": good.pk}, {"system": average.pk}, {"system": good.pk, "than": average.pk}]
    assert [as_mo.get(ONE, query).context["walk"].than for query in asked] == [poor, poor, average]
    means["poor"]["value"] = None
    evaluation.save(update_fields=["board"])
    assert as_mo.get(ONE, {"system": good.pk}).context["walk"].than == average


def test_without_a_system_in_the_address_the_best_is_gone_through(as_mo, seen, systems):
    seen.board["figures"]["answerable"]["answer_f1"]["means"]["good"]["value"] = None
    seen.save()
    assert as_mo.get(ONE).context["walk"].system == systems[1]


def test_what_is_missed_and_extra_stands_alone(as_mo, seen, systems):
    answer = as_mo.get(ONE, {"system": systems[1].pk})
    assert rows(answer) == [("missed", "A", None), ("missed", "B", None), ("extra", None, "1")]
    assert "0 pairs, 2 missed, 1 extra" in answer.text


def test_citations_are_in_both_missed_or_not_in_gold_or_outside(as_mo, seen, systems):
    good, poor = (as_mo.get(ONE, {"system": one.pk}).context["rows"] for one in systems)
    assert chips(good[0].predicted) == [("1", "matched"), ("Fragment 750", "outside")]
    assert chips(poor[0].gold) == [("1", "missed")]
    assert chips(poor[2].predicted) == [("4", "extra")]


def test_a_system_that_names_no_conditions_is_not_measured_by_them(as_mo, seen, systems):
    seen.systems.filter(system=systems[0]).update(conditional=False)
    page = as_mo.get(ONE, {"system": systems[0].pk})
    assert [row.meters[0].value for row in page.context["rows"]] == [None, None]
    assert "it names no conditions" in page.text


def test_the_list_at_hand_says_who_cites_what(as_mo, seen, systems):
    ((_name, _title, lines),) = as_mo.get(ONE, {"system": systems[0].pk}).context["lists"]
    assert [(line.gold, line.predicted) for line in lines[:3]] == [("A", "2"), ("B", "1"), ("", "")]


def test_who_did_not_reply_is_said_so(as_mo, seen, systems, mo):
    silent = Sorting(mo.user, systems[1].pk, "answer_f1", Order.LISTED, Only.SILENT).places(seen)
    text = as_mo.get(f"/p/clocks/evaluations/1/question/{silent[0]}/", {"system": systems[1].pk}).text
    assert "poor did not reply to this question" in text


@pytest.mark.parametrize(
    ("gold", "predicted", "flag"),
    [
        ("in 1956", "in 1958", "dates differ: 1956 / 1958"),
        ("4 of them", "5 of them", "numbers differ: 4 / 5"),
        ("the film", "the book", "answers differ: film / book"),
        ("in 1956", "nobody knows", None),
    ],
)
def test_answers_that_exclude_each_other_are_flagged(gold, predicted, flag):
    one, other = (Condition(answers=(Answer(text=text),)) for text in (gold, predicted))
    assert next(flags_of(one, other), None) == flag


@pytest.mark.parametrize(
    ("gold", "said", "flag"),
    [
        ("the first of all songs", "a song of the eighth season", None),
        ("its initial run", "three runs", None),
        ("one of its 13 goals", "one of its 16 goals", "numbers differ: 13 / 16"),
        ("four stations", "three stations", "answers differ: four / three"),
        ("the 5th season", "the 7th season", None),
        ("July 5th", "July 7th", "numbers differ: 5th / 7th"),
    ],
)
def test_numbers_that_neither_count_nor_date_anything_contradict_nothing(gold, said, flag):
    one, other = (Condition(answers=(Answer(text=text),)) for text in (gold, said))
    assert next(flags_of(one, other), None) == flag


def test_conditions_that_exclude_each_other_are_flagged():
    assert list(flags_of(Condition(text="men’s football"), Condition(text="women’s football"))) == [
        "differs in: men / women"
    ]


def test_questions_go_worst_first_most_different_first_or_as_they_come(seen, systems, mo):
    good, poor = (one.pk for one in systems)
    worst = Sorting(mo.user, poor, "count_exact", Order.WORST)
    scored = Score.objects.filter(question__place=2, system=poor)
    scored.update(figures={**scored.get().figures, "count_exact": -1.0})
    assert worst.places(seen)[0] == 2
    assert sorted(worst.places(seen)) == Sorting(mo.user, poor, "answer_f1", Order.LISTED).places(seen) == [1, 2, 3]
    assert Sorting(mo.user, good, "count_exact", Order.DIFFER, than=poor).places(seen)[0] == 2
    assert Sorting(mo.user, good, "answer_f1", Order.LISTED, Only.OUTSIDE).places(seen) == [1, 2, 3]
    assert Sorting(mo.user, poor, "answer_f1", Order.LISTED, Only.UNANSWERABLE).places(seen) == []


@pytest.mark.parametrize("order", [Order.WORST, Order.DIFFER])
def test_an_order_by_figures_is_of_what_was_looked_at_alone(evaluate, systems, mo, order):
    evaluation = evaluate()
    Score.objects.filter(question__place=3).update(figures={"count_exact": -1.0})
    sorting = Sorting(mo.user, systems[0].pk, "count_exact", order, than=systems[1].pk)
    assert sorting.places(evaluation) == [1, 2, 3]
    looking.look(mo, evaluation.questions.select_related("question").get(place=3).question)
    assert sorting.places(evaluation) == [3, 1, 2]


def test_the_way_in_leads_to_the_first_of_the_order(as_mo, seen, systems):
    answer = as_mo.get("/p/clocks/evaluations/1/questions/", {"system": systems[1].pk, "order": "listed"})
    assert answer["Location"] == f"{ONE}?system={systems[1].pk}&order=listed"


def test_a_system_is_compared_with_another_one(as_mo, seen, systems):
    good, poor = systems
    walk = as_mo.get(ONE, {"system": good.pk, "order": "differ", "than": good.pk}).context["walk"]
    assert (walk.system, walk.than) == (good, poor)


def test_next_and_previous_keep_to_the_order(as_mo, seen, systems):
    page = as_mo.get(ONE, {"system": systems[1].pk, "order": "listed"}).context
    assert (page["at"], page["of"], page["previous"]) == (1, 3, "")
    assert page["next"].endswith(f"/question/2/?system={systems[1].pk}&order=listed")


def test_a_step_by_script_gets_the_part_alone(as_mo, seen):
    part = as_mo.get(ONE, headers={"HX-Request": "true"}).text
    assert part.strip().startswith('<div class="drilling" id="drill">')
    assert "<html" not in part


def test_gold_is_hidden_until_one_asks_for_it(as_mo, evaluate, mo, golden):
    evaluate()
    page = as_mo.get(ONE)
    assert "stays hidden until you ask for it" in page.text
    assert "association football" not in page.text
    as_mo.post(ONE)
    assert Look.objects.filter(member=mo).count() == 1
    assert "association football" in as_mo.get(ONE).text


@pytest.mark.parametrize("answerable", [True, False])
def test_whether_gold_has_an_answer_is_told_only_of_what_one_has_looked_at(as_mo, evaluate, mo, answerable):
    evaluation = evaluate()
    evaluation.questions.update(answerable=answerable)
    only = {"only": "answerable" if answerable else "unanswerable"}
    hidden = as_mo.get(ONE, only).context
    assert (hidden["at"], hidden["of"]) == (None, 0)
    looking.look(mo, evaluation.questions.get(place=1).question)
    shown = as_mo.get(ONE, only).context
    assert (shown["at"], shown["of"]) == (1, 1)


def test_all_questions_can_be_looked_at_at_once(as_mo, evaluate, mo):
    evaluate()
    as_mo.post(ONE, {"all": "1"})
    assert Look.objects.filter(member=mo).count() == 3


def test_who_has_the_question_in_hand_sees_nothing_of_it(as_mo, evaluate, mo, golden):
    evaluation = evaluate()
    asked = evaluation.questions.get(place=1).question
    Question.objects.filter(pk=asked.pk).update(overlap=None)
    claiming.take(mo, asked)
    assert as_mo.post(ONE, follow=True).status_code == 200
    assert "You have this question yourself" in as_mo.get(ONE).text
    assert not Look.objects.filter(member=mo).exists()


def test_it_asks_as_much_of_any_number_of_questions(as_mo, seen, django_assert_max_num_queries):
    with django_assert_max_num_queries(18):
        assert as_mo.get(ONE).status_code == 200


def test_two_systems_are_compared_question_by_question(as_mo, seen, systems):
    good, poor = (one.pk for one in systems)
    page = as_mo.get(f"/p/clocks/evaluations/1/compare/{good}/{poor}/")
    assert (page.context["pair"]["wins"], page.context["pair"]["losses"]) == (3, 0)
    turned = as_mo.get(f"/p/clocks/evaluations/1/compare/{poor}/{good}/").context["pair"]
    assert (turned["wins"], turned["losses"], turned["difference"]) == (0, 3, -page.context["pair"]["difference"])
    assert as_mo.get(f"/p/clocks/evaluations/1/compare/{good}/{good}/").status_code == 404


def test_one_by_one_keeps_to_the_figure_by_which_two_are_compared(as_mo, seen, systems):
    good, poor = systems
    for place, figure in enumerate(["citation_f1", "citation_f1", "answer_f1"], 1):
        score = seen.questions.get(place=place).scores.get(system=poor)
        score.figures[figure] = 1.0  # as the other has it
        score.save(update_fields=["figures"])
    query = as_mo.get(f"/p/clocks/evaluations/1/compare/{good.pk}/{poor.pk}/", {"by": "citation_f1"}).context["query"]
    first = as_mo.get(f"/p/clocks/evaluations/1/questions/?{query}")["Location"]
    assert "/question/3/" in first
    assert "by=citation_f1" in first
    page = as_mo.get(first).text
    assert "first, by Citation" in page
    assert '<input type="hidden" name="by" value="citation_f1">' in page


def test_where_they_differ_is_hidden_of_what_one_has_not_looked_at(as_mo, evaluate, systems):
    evaluate()
    page = as_mo.get("/p/clocks/evaluations/1/compare/{}/{}/".format(*(one.pk for one in systems)))
    assert [difference for _one, difference in page.context["most"]] == [None, None, None]


def test_a_place_among_those_that_differ_does_not_tell_that_there_is_an_answer(as_mo, evaluate, systems):
    evaluate().questions.filter(place__gt=1).update(answerable=False)
    page = as_mo.get("/p/clocks/evaluations/1/compare/{}/{}/".format(*(one.pk for one in systems))).context
    assert sorted(one.place for one, _difference in page["most"]) == [1, 2, 3]
    assert sum(one.number for one in page["bins"]) == 1


def test_differences_are_counted_once_each():
    bins = bins_of([0.0, 0.1, -0.4, 0.39, 0.4])
    assert [(one.low, one.number) for one in bins if one.number] == [
        (pytest.approx(-0.4), 1),
        (0.0, 1),
        (pytest.approx(0.08), 1),
        (pytest.approx(0.32), 2),
    ]
    assert sum(one.number for one in bins_of([])) == 0


def test_who_looks_on_gets_there_and_annotators_do_not(as_vi, as_ann, as_dee, evaluate):
    evaluate()
    assert [client.get(ONE).status_code for client in (as_vi, as_ann, as_dee)] == [200, 404, 404]
