"""Samples of pairs that people rate: from all of the scale, reproducible, and shown to nobody who must stay blind."""

from collections import Counter

import pytest

from annotator.actions import claiming, looking
from annotator.actions.looking import StillOpen
from annotator.actions.queued import Refused
from annotator.models import Look
from scoring.judges import Kind
from scoring.models import Rating
from scoring.sampling import begin, check, draw_sample, rate, rate_all, sides, standing
from tests.conftest import make_question
from tests.scoring.judges.samples import add_scored, make_evaluation, make_sample


@pytest.fixture
def evaluation(project):
    return make_evaluation(project)


@pytest.fixture
def scored(evaluation, question):
    """A question with three pairs."""
    gold = [("men", "2010"), ("women", "2023"), ("basketball", "2006")]
    said = [("men’s team", "in 2010"), ("ladies", "2022"), ("hoops", "2019")]
    return add_scored(evaluation, question, gold, said, 0.9, 0.4, 0.1)


def texts(sample):
    return [(pair.place, pair.gold, pair.predicted, pair.judged) for pair in sample.pairs.all()]


def test_a_sample_holds_the_texts_and_what_the_judge_said(evaluation, scored, mo, question):
    sample = draw_sample(evaluation, Kind.CONDITION, 10, 1, mo)
    found = {(gold, predicted, judged) for _place, gold, predicted, judged in texts(sample)}
    assert found == {("men", "men’s team", 0.9), ("women", "ladies", 0.4), ("basketball", "hoops", 0.1)}
    assert {pair.question for pair in sample.pairs.all()} == {question.text}


def test_the_same_seed_draws_the_same_pairs(evaluation, batch):
    for number in range(30):
        pair = [(f"gold {number}", "a")], [(f"said {number}", "b")]
        add_scored(evaluation, make_question(batch, f"q{number}"), *pair, number / 30)
    first, again, other = (draw_sample(evaluation, Kind.CONDITION, 10, seed, None) for seed in (1, 1, 2))
    assert texts(first) == texts(again) != texts(other)


def test_all_of_the_judges_scale_is_seen_however_rare_a_part_of_it_is(evaluation, batch):
    judged = [0.05] * 40 + [0.55, 0.95, 1.0]
    for number, one in enumerate(judged):
        pair = [(f"gold {number}", "a")], [(f"said {number}", "b")]
        add_scored(evaluation, make_question(batch, f"q{number}"), *pair, one)
    sample = draw_sample(evaluation, Kind.CONDITION, 10, 1, None)
    assert Counter(pair.judged for pair in sample.pairs.all()) == {0.05: 7, 0.55: 1, 0.95: 1, 1.0: 1}


def test_texts_that_no_judge_was_asked_about_are_left_out(evaluation, question):
    gold = [("men", "a"), ("  ", "b"), ("Women", "c"), ("hoops", "d")]
    said = [("", "e"), ("men", "f"), ("women", "g"), ("basketball", "h")]
    add_scored(evaluation, question, gold, said, 0.0, 0.0, 1.0, 0.2)
    assert [pair.gold for pair in draw_sample(evaluation, Kind.CONDITION, 10, 1, None).pairs.all()] == ["hoops"]


def test_the_same_texts_are_asked_about_once(evaluation, scored, question):
    score = evaluation.questions.get().scores.get()
    score.pairs += score.pairs
    score.save(update_fields=["pairs"])
    assert draw_sample(evaluation, Kind.ANSWER, 10, 1, None).pairs.count() == 3


def test_a_pair_without_a_verdict_is_left_out(evaluation, scored):
    scored.pairs[0]["answer"] = None
    scored.save(update_fields=["pairs"])
    assert draw_sample(evaluation, Kind.ANSWER, 10, 1, None).pairs.count() == 2


def test_answers_are_drawn_where_both_sides_have_one(evaluation, scored):
    record = scored.revision.record
    record["conditions"][0]["answers"].append({"uid": "b", "text": "and 2011"})
    record["conditions"][1]["answers"][0]["aliases"] = ["the year 2022", " "]
    type(scored.revision).objects.filter(pk=scored.revision_id).update(record=record)
    found = {pair.predicted for pair in draw_sample(evaluation, Kind.ANSWER, 10, 1, None).pairs.all()}
    assert found == {"2022", "2019"}  # of several wordings the most alike: they would tell which side is gold


def test_nothing_to_rate_and_an_unfinished_evaluation_are_refused(evaluation, project):
    with pytest.raises(Refused, match="nothing to rate"):
        draw_sample(evaluation, Kind.ANSWER, 10, 1, None)
    with pytest.raises(Refused, match="not finished"):
        draw_sample(make_evaluation(project, finished=None), Kind.ANSWER, 10, 1, None)
    assert not evaluation.samples.exists()


def test_gold_stands_now_left_now_right_and_always_the_same_for_a_pair(evaluation, scored):
    sample = make_sample(evaluation, scored, *([0.5] * 40))
    first = [sides(pair)[0] == pair.gold for pair in sample.pairs.all()]
    assert first == [sides(pair)[0] == pair.gold for pair in sample.pairs.all()]
    assert 10 < sum(first) < 30


@pytest.fixture
def sample(evaluation, scored):
    return make_sample(evaluation, scored, 0.9, 0.4, 0.1)


def test_nobody_is_offered_a_pair_before_looking(sample, cy, vi, question):
    assert not sample.pairs.offered_to(vi).exists()
    assert (standing(sample, vi).unseen, standing(sample, vi).offered) == (1, 0)
    begin(sample, vi)
    assert standing(sample, vi).offered == 3
    assert not sample.pairs.offered_to(cy).exists()


def test_whoever_begins_can_no_longer_claim_the_question(sample, cy, question):
    begin(sample, cy)
    assert Look.objects.filter(member=cy, question=question).count() == 1
    assert claiming.claim(cy) is None


def test_what_a_member_has_in_hand_is_left_out_until_it_is_submitted(sample, scored, cy, batch, question, evaluation):
    other = add_scored(evaluation, make_question(batch, "q2"), [("gold", "a")], [("said", "b")], 0.7)
    sample.pairs.create(place=4, score=other, question="Who?", gold="gold", predicted="said", judged=0.7)
    claiming.take(cy, question)
    begin(sample, cy)
    assert [pair.place for pair in sample.pairs.offered_to(cy)] == [4]
    assert standing(sample, cy).in_hand == 1


def test_a_question_that_was_taken_meanwhile_is_not_looked_at(sample, cy, question, monkeypatch):
    record = looking.record

    def taken_first(member, questions, own):
        claiming.take(cy, question)
        record(member, questions, own)

    monkeypatch.setattr(looking, "record", taken_first)
    with pytest.raises(StillOpen):
        begin(sample, cy)
    assert not Look.objects.exists()


def test_a_rating_may_be_changed_and_a_repeat_changes_nothing(sample, vi):
    pair = sample.pairs.get(place=1)
    rate(pair, vi, 3)
    first = Rating.objects.get()
    rate(pair, vi, 3)
    assert Rating.objects.get().at == first.at
    rate(pair, vi, 10)
    assert Rating.objects.get().value == 10


@pytest.mark.parametrize("value", [-1, 11])
def test_a_rating_is_0_to_10(sample, vi, value):
    with pytest.raises(Refused, match=f"rating: {value}"):
        rate(sample.pairs.get(place=1), vi, value)


def test_the_check_sets_the_judge_beside_the_mean_of_people(sample, vi, cy, django_assert_num_queries):
    rate_all(sample, vi, [8, 4])
    rate_all(sample, cy, [10, 5, 1])
    with django_assert_num_queries(2):
        found = check(sample)
    assert [(point.judge, point.mean, point.people) for point in found.points] == [(1, 1, 1), (4, 4.5, 2), (9, 9, 2)]
    assert (found.pairs, found.people) == (3, 2)
    assert found.figures["spearman"].value == pytest.approx(1.0)
    assert found.agreement["interval"].n == 2


def test_a_sample_that_nobody_rated_says_so(sample):
    found = check(sample)
    assert (found.points, found.people, found.figures["pearson"].value) == ([], 0, None)
