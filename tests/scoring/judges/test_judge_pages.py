"""The judge's page, and the blind screen on which its pairs are rated: with htmx, without script, and by whom."""

import pytest

from annotator.actions import claiming
from scoring import judging
from scoring.judges.llm.replies import Flaw, Reply
from scoring.models import Judgement, Rating, Sample
from scoring.sampling import begin, rate_all, sides
from tests.scoring.judges.samples import add_scored, make_evaluation, make_sample

JUDGE = "/p/clocks/evaluations/1/judge/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def evaluation(project):
    return make_evaluation(project)


@pytest.fixture
def sample(evaluation, question):
    score = add_scored(evaluation, question, [("men", "2010")], [("men’s team", "in 2010")], 0.9)
    return make_sample(evaluation, score, 0.95, 0.35, 0.15)


@pytest.fixture
def screen(sample, vi):
    """The address of the rating screen of Vi, who has begun."""
    begin(sample, vi)
    return f"{JUDGE}{sample.pk}/"


def test_a_manager_draws_a_sample_by_the_form(as_mo, evaluation, question):
    add_scored(evaluation, question, [("men", "2010")], [("ladies", "2011")], 0.4)
    answer = as_mo.post(f"{JUDGE}sample/", {"kind": "answer", "size": 40, "seed": 3})
    sample = Sample.objects.get()
    assert answer["Location"] == f"{JUDGE}?sample={sample.pk}"
    assert (sample.seed, sample.by.user.username, sample.pairs.get().gold) == (3, "mo", "2010")
    assert "Nobody has rated" not in as_mo.get(answer["Location"]).text


@pytest.mark.parametrize("wrong", [{"kind": "all"}, {"size": 9}, {"size": 501}, {"seed": -1}, {"kind": "answer"}])
def test_a_wrong_form_draws_nothing_and_says_what_is_wrong(as_mo, evaluation, wrong):
    answer = as_mo.post(f"{JUDGE}sample/", {"kind": "condition", "size": 40, "seed": 3} | wrong)
    assert answer.status_code == 422
    assert "Nothing was saved yet." in answer.text
    assert not Sample.objects.exists()


def test_the_page_shows_correlations_agreement_and_every_point(as_mo, sample, vi, cy):
    rate_all(sample, vi, [10, 4, 1])
    rate_all(sample, cy, [9, 4, 2])
    page = as_mo.get(JUDGE).text
    assert "3 of 3 pairs rated" in page
    assert page.count("<circle") == 3
    for figure in ("Pearson r", "Spearman ρ", "<b>1.00</b>", "Krippendorff α, ordinal", "never ranked or tested"):
        assert figure in page


def test_the_page_takes_as_many_queries_however_many_pairs_and_people(
    as_mo, sample, vi, cy, django_assert_max_num_queries
):
    rate_all(sample, vi, [10, 4, 1])
    rate_all(sample, cy, [9, 4, 2])
    with django_assert_max_num_queries(13):
        as_mo.get(JUDGE)


def test_the_page_names_no_text_of_a_pair(as_mo, sample, vi):
    rate_all(sample, vi, [10, 4, 1])
    page = as_mo.get(JUDGE).text
    assert "said 1" not in page
    assert ">gold<" not in page


def test_what_is_undefined_says_why_on_the_page(as_mo, sample):
    page = as_mo.get(JUDGE).text
    assert page.count("Fewer than three pairs have been rated.") == 2
    assert "No pair has been rated by two people." in page


def test_the_page_of_the_llm_judge_says_what_it_cost_and_whether_order_mattered(as_mo, project, question, settings):
    settings.LLM_JUDGE_PRICE_IN, settings.LLM_JUDGE_PRICE_OUT = 1_000.0, 0.0
    evaluation = make_evaluation(project, "llm", "m")
    add_scored(evaluation, question, [("men", "2010")], [("ladies", "2011")], 0.4)
    keep(project, "1", question.text, Reply(8.0, tokens_in=900), Reply(5.0, weighted=True, tokens_in=900))
    keep(project, "2", question.text, Reply(flaw=Flaw.REFUSED, calls=2), Reply(5.0))
    keep(project, "3", "Another question?", Reply(1.0, tokens_in=7), Reply(9.0))
    page = " ".join(as_mo.get(JUDGE).text.split())
    for said in (
        "3.00 points apart",
        "0 % of 1 within one point",
        "refused: 1",
        "1,800, 0",
        "1 of 4 replies",
        "<dd>1.80",
    ):
        assert said in page


def test_what_the_judge_was_asked_is_of_the_text_that_was_asked_and_read_once(as_mo, project, question, monkeypatch):
    evaluation = make_evaluation(project, "llm", "m")
    add_scored(evaluation, question, [("men", "2010")], [("ladies", "2011")], 0.4)
    asked = question.text
    type(question).objects.filter(pk=question.pk).update(text="Put otherwise?")
    keep(project, "1", asked, Reply(8.0))
    assert as_mo.get(JUDGE).context["asked"]["sums"].couples == 1
    with monkeypatch.context() as patch:
        patch.setattr(judging, "spent", lambda *_: pytest.fail("the verdicts were read again"))
        as_mo.get(JUDGE)
    keep(project, "2", asked, Reply(8.0))
    assert as_mo.get(JUDGE).context["asked"]["sums"].couples == 2


def keep(project, digest, question, *replies):
    details = {"replies": [reply.to_json() for reply in replies]}
    names = {"judge": "llm", "version": "m", "digest": digest, "kind": "answer", "question": question}
    texts = {"gold": ["a"], "predicted": ["b"]}
    Judgement.objects.create(project=project, details=details, created="2026-01-01T00:00Z", **names, **texts)


def test_an_unfinished_evaluation_offers_no_sample(as_mo, project):
    make_evaluation(project, finished=None)
    assert "Draw a sample" not in as_mo.get(JUDGE).text


def test_rating_begins_by_a_button_that_names_its_price(as_cy, sample, cy):
    page = as_cy.get(f"{JUDGE}{sample.pk}/").text
    assert "counts as looking at what others wrote on 1 question" in page
    assert "can no longer annotate" in page
    assert as_cy.get(f"{JUDGE}{sample.pk}/1/").status_code == 404
    assert as_cy.post(f"{JUDGE}{sample.pk}/1/", {"value": "5"}).status_code == 404
    answer = as_cy.post(f"{JUDGE}{sample.pk}/", follow=True)
    assert answer.redirect_chain[-1][0] == f"{JUDGE}{sample.pk}/1/"


def test_the_screen_says_neither_which_text_is_gold_nor_what_the_judge_said(as_vi, screen, sample):
    page = as_vi.get(f"{screen}1/").text
    first, second = sides(sample.pairs.get(place=1))
    assert page.index(f">{first}<") < page.index(f">{second}<")
    assert "0.95" not in page
    assert "9.5" not in page
    assert page.count('name="value"') == 11


def test_pairs_are_rated_without_script_one_after_another(as_vi, screen, vi):
    assert as_vi.get(screen)["Location"] == f"{screen}1/"
    for place, following in ((1, "2/"), (2, "3/"), (3, "")):
        assert as_vi.post(f"{screen}{place}/", {"value": place})["Location"] == f"{screen}{following}"
    assert "3 pairs rated, and that is all" in as_vi.get(screen).text
    assert list(Rating.objects.filter(member=vi).values_list("value", flat=True)) == [1, 2, 3]


def test_htmx_swaps_the_pair_for_the_next_and_pushes_its_address(as_vi, screen):
    answer = as_vi.post(f"{screen}1/", {"value": "10"}, headers=HTMX)
    assert answer["HX-Push-Url"] == f"{screen}2/"
    assert answer.text.startswith('<div class="rate" id="pair">')
    assert "pair 2 of 3" in answer.text
    as_vi.post(f"{screen}2/", {"value": "10"}, headers=HTMX)
    assert as_vi.post(f"{screen}3/", {"value": "10"}, headers=HTMX)["HX-Redirect"] == screen


def test_what_was_left_out_comes_after_the_last(as_vi, screen):
    as_vi.post(f"{screen}2/", {"value": "4"})
    assert as_vi.post(f"{screen}3/", {"value": "4"})["Location"] == f"{screen}1/"


def test_a_rating_is_seen_again_and_changed(as_vi, screen):
    as_vi.post(f"{screen}1/", {"value": "4"})
    assert 'value="4" id="value-4" aria-pressed="true"' in as_vi.get(f"{screen}1/").text
    as_vi.post(f"{screen}1/", {"value": "6"})
    assert Rating.objects.get().value == 6


@pytest.mark.parametrize("value", ["", "11", "-1", "5.5", "five", "²"])
def test_what_is_no_rating_is_refused_and_stores_nothing(as_vi, screen, value):
    answer = as_vi.post(f"{screen}1/", {"value": value})
    assert answer.status_code == 422
    assert "Choose a whole number from 0 to 10." in answer.text
    assert not Rating.objects.exists()


def test_questions_in_hand_are_named_and_left_out(as_cy, sample, cy, question):
    claiming.take(cy, question)
    page = as_cy.get(f"{JUDGE}{sample.pk}/").text
    assert "Nothing to rate for you yet" in page
    assert "You have 1 of these questions in hand yourself" in page
    as_cy.post(f"{JUDGE}{sample.pk}/")
    assert as_cy.get(f"{JUDGE}{sample.pk}/1/").status_code == 404


def test_a_sample_of_another_evaluation_is_not_there(as_vi, screen, sample, project):
    make_evaluation(project)
    assert as_vi.get(f"/p/clocks/evaluations/2/judge/{sample.pk}/").status_code == 404


def test_who_looks_on_rates_and_nobody_else_gets_in(as_vi, as_ann, as_dee, screen, sample):
    assert as_vi.post(f"{screen}1/", {"value": "4"}).status_code == 302
    for stranger in (as_ann, as_dee):
        assert stranger.get(JUDGE).status_code == 404
        assert stranger.get(screen).status_code == 404
        assert stranger.post(f"{screen}1/", {"value": "4"}).status_code == 404
    assert Rating.objects.count() == 1
