"""Evaluations by a language model: what it would take is said before, and what came is not asked for again."""

import io

import pytest
from django.core.management import CommandError, call_command

from scoring.models import Evaluation, Judgement
from tests.scoring.judges.double import fails, says, serving


@pytest.fixture
def model(settings, systems):
    """Serve a model that says 7, until it has answered as often as ``model.patience`` says."""

    def answer(_body, number):
        return says("7") if number <= server.patience else fails(401, "The key has ended.")

    with serving(answer) as server:
        settings.LLM_JUDGE_URL, settings.LLM_JUDGE_MODEL, settings.LLM_JUDGE_KEY = server.url, "m", "sk-secret"
        settings.LLM_JUDGE_CONCURRENCY = 1
        yield server


def evaluate(project, **options) -> str:
    out = io.StringIO()
    call_command("evaluate", project=project.slug, judge="llm", stdout=out, stderr=io.StringIO(), **options)
    return out.getvalue()


def test_an_estimate_asks_nothing_and_names_as_many_calls_as_are_made(project, model):
    told = evaluate(project, estimate=True)
    assert model.asked == []
    assert not Evaluation.objects.exists()
    evaluate(project)
    assert f" 0 of them already kept: {len(model.asked)} calls" in told
    assert "no prices are set" in told
    assert Evaluation.objects.get().finished


def test_an_estimate_of_one_that_broke_off_leaves_it_there(project, model):
    model.patience = 3
    with pytest.raises(CommandError, match="LLM_JUDGE_KEY"):
        evaluate(project)
    assert " 1 of them already kept" in evaluate(project, resume=1, estimate=True)
    assert Evaluation.objects.get().number == 1


def test_an_evaluation_that_broke_off_is_gone_on_with_and_asks_nothing_twice(project, model):
    model.patience = 3
    with pytest.raises(CommandError, match="LLM_JUDGE_KEY"):
        evaluate(project)
    assert len(Judgement.objects.all()) == 2
    model.patience = 1_000
    evaluate(project, resume=1)
    assert len({str(body) for body in model.asked}) == len(model.asked) - 1  # the one that failed


def test_a_second_evaluation_of_the_same_texts_asks_nothing(project, model):
    evaluate(project)
    asked = len(model.asked)
    evaluate(project)
    assert len(model.asked) == asked > 0


def test_how_the_judge_was_set_up_is_kept_without_its_key(project, model):
    evaluate(project)
    kept = Evaluation.objects.get()
    assert kept.settings == {"model": "m", "address": model.url, "both_orders": True}
    assert kept.judge_version.startswith("m, prompt ")
