"""Judges by name: what is kept in the database is asked once, and what it costs is said before and after."""

import logging

import pytest

from annotator.actions.queued import Refused
from annotator.models import Project
from annotator.similarity import even
from retrieval.progress import silent
from scoring.judges import Couple, Kind
from scoring.judging import OFF, about, estimate, judge_named, judge_names, spent
from scoring.models import Judgement
from tests.conftest import make_project
from tests.scoring.judges.double import fails, says, script, serving

KEY = "sk-very-secret"
SPAIN = "When did Spain win the World Cup?"
COUPLES = [Couple(Kind.ANSWER, SPAIN, (f"gold {number}",), (f"said {number}",)) for number in range(3)]
SAME = Couple(Kind.CONDITION, SPAIN, ("Men",), ("men",))


@pytest.fixture
def served(settings, project):
    """Return how to serve a double as the model of the settings."""

    def served(answer):
        server = serving(answer)
        settings.LLM_JUDGE_MODEL, settings.LLM_JUDGE_KEY, settings.LLM_JUDGE_CONCURRENCY = "m", KEY, 2
        return server

    return served


def asked(server, settings, couples=COUPLES, progress=silent):
    settings.LLM_JUDGE_URL = server.url
    return judge_named("llm", even, Project.objects.get(slug="clocks"), progress).judge(couples)


def test_the_judges_of_words_are_always_there_and_cost_nothing():
    assert judge_names() == ["overlap", "token-f1", "exact"]
    assert judge_named("exact", even, Project()).judge([SAME]) == [1.0]
    assert estimate("exact", [SAME, *COUPLES], Project()) == estimate("exact", COUPLES, Project())
    assert about("exact") == {}


def test_the_llm_judge_is_off_until_it_has_an_address_and_a_model(settings):
    settings.LLM_JUDGE_URL = "http://127.0.0.1:1/v1"
    with pytest.raises(Refused) as raised:
        judge_named("llm", even, Project())
    assert str(raised.value) == OFF
    with pytest.raises(Refused, match="judge: “oracle” is none of overlap"):
        judge_named("oracle", even, Project())


def test_what_was_judged_is_not_asked_again(served, settings):
    with served(script(says("7"))) as server:
        assert asked(server, settings) == asked(server, settings) == [0.7] * 3
        assert len(server.asked) == 6
    assert judge_names()[-1] == "llm"


def test_a_verdict_is_kept_with_its_texts_and_what_came_back(served, settings):
    with served(script(says("I will not."), says("No."), says("7"))) as server:
        settings.LLM_JUDGE_CONCURRENCY = 1
        assert asked(server, settings, COUPLES[:1]) == [None]
    row = Judgement.objects.get()
    assert (row.judge, row.kind, row.question, row.gold, row.predicted) == (
        "llm",
        "answer",
        SPAIN,
        ["gold 0"],
        ["said 0"],
    )
    assert row.score is None
    assert [reply["flaw"] for reply in row.details["replies"]] == ["refused", None]


def test_after_a_crash_half_way_only_the_rest_is_asked(served, settings):
    def crash(_what, done, _total):
        if done == 3:
            raise KeyboardInterrupt

    with served(script(says("7"))) as server:
        settings.LLM_JUDGE_CONCURRENCY = 1
        with pytest.raises(KeyboardInterrupt):
            asked(server, settings, progress=crash)
        assert Judgement.objects.filter(score__isnull=False).count() == 1
        assert asked(server, settings) == [0.7] * 3
    assert len({str(body) for body in server.asked}) == len(server.asked) == 6


def test_what_a_judge_was_asked_for_a_project_goes_with_it(served, settings, project):
    with served(script(says("7"))) as server:
        asked(server, settings)
        other = make_project("another", {})
        judge_named("llm", even, other).judge(COUPLES)
        assert len(server.asked) == 12
    other.batches.all().delete()
    other.delete()
    assert {row.project for row in Judgement.objects.all()} == {project}


def test_another_version_is_asked_anew(served, settings):
    with served(script(says("7"))) as server:
        asked(server, settings)
        settings.LLM_JUDGE_MODEL = "another"
        asked(server, settings)
    assert len(server.asked) == 12
    assert Judgement.objects.count() == 6


def test_an_endpoint_that_fails_refuses_the_work_and_names_the_setting(served, settings):
    with served(script(fails(401, f"Unknown key {KEY}"))) as server, pytest.raises(Refused, match="LLM_JUDGE_KEY"):
        asked(server, settings)


def test_the_key_is_in_no_row_no_log_and_no_error(served, settings, caplog, capsys):
    caplog.set_level(logging.DEBUG)
    with served(script(says(KEY), says("7"), says("7"), fails(403, KEY))) as server:
        with pytest.raises(Refused) as raised:
            asked(server, settings)
        rows, judge = str(list(Judgement.objects.values())), repr(judge_named("llm", even, Project()))
        said = [str(raised.value), str(about("llm")), judge, caplog.text, *capsys.readouterr()]
    assert Judgement.objects.exists()
    assert KEY not in "".join([rows, *said])


def test_an_estimate_leaves_out_what_needs_no_judge_and_what_is_kept(served, settings, project):
    settings.LLM_JUDGE_PRICE_IN, settings.LLM_JUDGE_PRICE_OUT = 1.0, 1_000_000.0
    with served(script(says("7"))) as server:
        asked(server, settings, COUPLES[:1])
        found = estimate("llm", [SAME, *COUPLES, *COUPLES], project)
    assert (found.couples, found.kept, found.calls, found.tokens_out) == (3, 1, 4, 16)
    assert found.tokens_in > 4 * 300
    assert found.cost == pytest.approx(found.tokens_in / 1e6 + 16)


def test_what_was_spent_on_some_questions_is_summed_from_what_is_kept(served, settings, project, question):
    other = Couple(Kind.ANSWER, "Another?", ("a",), ("b",))
    with served(script(says("7"))) as server:
        asked(server, settings, [*COUPLES, other])
    found = spent(project.pk, judge_named("llm", even, project).version, type(question).objects.values("text"))
    assert (found.couples, found.calls, found.tokens_in, found.tokens_out) == (3, 6, 600, 6)


def test_one_query_recalls_and_every_reply_is_written_as_it_comes(served, settings, project, django_assert_num_queries):
    with served(script(says("7"))) as server:
        settings.LLM_JUDGE_CONCURRENCY = 1
        settings.LLM_JUDGE_URL = server.url
        judge = judge_named("llm", even, project)
        with django_assert_num_queries(7):
            judge.judge(COUPLES)
        with django_assert_num_queries(1):
            judge.judge(COUPLES)
