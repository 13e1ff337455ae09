"""The list of evaluations, and scoring systems from its form: at once, by a job, or with a reason why not."""

import pytest
from django.utils import timezone

from annotator import jobs
from annotator.models import Annotation, Job
from scoring import launching
from scoring.judges.llm.replies import Reply
from scoring.models import Evaluation, Judgement

URL = "/p/clocks/evaluations/"
ONE = f"{URL}1/"


@pytest.fixture
def form(systems):
    return {"systems": [one.name for one in systems], "judge": "overlap", "primary": "answer_f1"}


@pytest.fixture
def by_job(monkeypatch):
    monkeypatch.setattr(launching, "AT_ONCE", 0)


def test_a_manager_scores_systems_from_the_form(as_mo, form, mo):
    answer = as_mo.post(URL, form)
    assert answer["Location"] == ONE
    evaluation = Evaluation.objects.get()
    assert (evaluation.by, evaluation.primary, evaluation.systems.count()) == (mo, "answer_f1", 2)
    assert evaluation.finished


def test_the_form_offers_systems_that_predict_and_all_are_chosen(as_mo, project, systems):
    project.systems.create(name="mute")
    form = as_mo.get(URL).context["form"]
    assert form.initial["systems"] == ["good", "poor"]
    assert [name for name, _label in form.fields["systems"].choices] == ["good", "poor"]


def test_gold_of_a_release_and_of_a_batch_can_be_chosen(as_mo, form, cut):
    cut("1.0.0", splits=("train=50", "test=50"))
    as_mo.post(URL, form | {"release": "1.0.0", "batches": ["pilot"]})
    evaluation = Evaluation.objects.get()
    assert (evaluation.release.tag, evaluation.only["batches"]) == ("1.0.0", ["pilot"])


def test_a_refusal_stands_beside_its_field(as_mo, form, cut):
    cut("1.0.0", splits=("train=50", "test=50"))
    answer = as_mo.post(URL, form | {"splits": ["train"]})
    assert answer.status_code == 422
    assert "only a release has splits" in answer.context["form"].errors["splits"][0]
    assert not Evaluation.objects.exists()


def test_without_systems_nothing_is_begun(as_mo, form):
    assert as_mo.post(URL, form | {"systems": []}).status_code == 422
    assert not Evaluation.objects.exists()


def test_much_is_scored_by_a_job_and_shown_when_it_is_there(as_mo, form, by_job):
    as_mo.post(URL, form)
    text = as_mo.get(ONE).text
    assert "Waiting for a worker" in text
    assert f'hx-get="{ONE}"' in text
    assert "Leaderboard" not in text
    jobs.run(Job.objects.get(verb="evaluate").pk)
    assert "Leaderboard" in as_mo.get(ONE).text


def test_a_poll_gets_the_state_alone_and_ends_with_286(as_mo, form, by_job):
    as_mo.post(URL, form)
    poll = as_mo.get(ONE, headers={"HX-Request": "true"})
    assert poll.status_code == 200
    assert poll.text.strip().startswith('<div class="job stack small-gap" id="evaluation-state"')
    jobs.run(Job.objects.get(verb="evaluate").pk)
    ended = as_mo.get(ONE, headers={"HX-Request": "true"})
    assert (ended.status_code, ended["HX-Refresh"]) == (286, "true")


def test_it_is_stopped_and_goes_on(as_mo, form, by_job):
    as_mo.post(URL, form)
    as_mo.post(f"{ONE}stop/")
    assert Job.objects.get(verb="evaluate").state == "cancelled"
    assert "Go on" in as_mo.get(ONE).text
    as_mo.post(f"{ONE}go-on/")
    jobs.run(Job.objects.get(verb="evaluate", state="waiting").pk)
    assert Evaluation.objects.get().finished


@pytest.fixture
def costly(form, settings):
    settings.LLM_JUDGE_URL, settings.LLM_JUDGE_MODEL = "http://127.0.0.1:1/v1", "m"
    return form | {"judge": "llm"}


def test_a_judge_that_costs_is_asked_once_the_page_has_said_how_much(as_mo, costly):
    as_mo.post(URL, costly)
    assert not Job.objects.filter(verb="evaluate").exists()
    page = as_mo.get(ONE)
    assert page.context["takes"].couples > 0
    assert "Ask the judge" in page.text
    as_mo.post(f"{ONE}go-on/")
    assert Job.objects.filter(verb="evaluate").count() == 1
    Job.objects.filter(verb="evaluate").update(state="running", done=7, total=20, heartbeat=timezone.now())
    assert "of the calls for the next ones 7 of 20 are answered" in as_mo.get(ONE).text


def test_what_asking_for_many_replies_would_take_is_counted_by_a_job_with_a_bar(as_mo, costly, by_job):
    as_mo.post(URL, costly)
    page = as_mo.get(ONE)
    assert page.context["takes"] is None
    assert "Counting what asking would take" in page.text
    assert as_mo.get(ONE, headers={"HX-Request": "true"}).status_code == 200
    job = jobs.run(Job.objects.get(verb="estimate").pk)
    assert (job.done, job.total) == (3, 3)
    assert as_mo.get(ONE, headers={"HX-Request": "true"}).status_code == 286
    assert as_mo.get(ONE).context["takes"].calls > 0


def test_a_page_that_shows_what_asking_takes_counts_nothing_anew(as_mo, costly, monkeypatch):
    as_mo.post(URL, costly)
    monkeypatch.setattr("scoring.estimating.estimate_of", lambda *_: pytest.fail("it was counted again"))
    assert as_mo.get(ONE).context["takes"].couples > 0


def test_after_a_stop_the_page_says_what_it_cost_so_far_and_what_is_left(as_mo, costly, project, by_job, settings):
    settings.LLM_JUDGE_PRICE_IN, settings.LLM_JUDGE_PRICE_OUT = 1_000_000.0, 0.0
    as_mo.post(URL, costly)
    jobs.run(Job.objects.get(verb="estimate").pk)
    as_mo.post(f"{ONE}go-on/")
    evaluation = Evaluation.objects.get()
    said = {"replies": [Reply(7.0, tokens_in=3).to_json()]}
    texts = {"question": evaluation.questions.first().text, "gold": ["a"], "predicted": ["b"], "kind": "answer"}
    named = {"project": project, "judge": "llm", "version": evaluation.judge_version, "digest": "0" * 64}
    Judgement.objects.create(**named, **texts, details=said, created=timezone.now())
    as_mo.post(f"{ONE}stop/")
    assert "Counting what asking would take" in as_mo.get(ONE).text
    jobs.run(Job.objects.get(verb="estimate", state="waiting").pk)
    page = as_mo.get(ONE)
    assert (page.context["spent"]["cost"], page.context["takes"].couples > 0) == (3.0, True)
    assert "What is left" in page.text
    as_mo.post(f"{ONE}go-on/")
    assert as_mo.get(ONE).context["takes"] is None


def test_what_is_left_after_a_failure_is_counted_by_a_button(as_mo, as_vi, costly):
    as_mo.post(URL, costly)
    as_mo.post(f"{ONE}go-on/")
    Job.objects.filter(verb="evaluate").update(state="failed", error="The key has ended.")
    assert "Count what asking would take" in as_mo.get(ONE).text
    assert "Count what asking would take" not in as_vi.get(ONE).text
    as_mo.post(f"{ONE}count/")
    assert as_mo.get(ONE).context["takes"].couples > 0


def test_the_weighing_of_words_has_a_total(as_mo, form, by_job):
    as_mo.post(URL, form)
    Job.objects.update(state="running", done=2, total=3, heartbeat=timezone.now())
    text = as_mo.get(ONE).text
    assert "Weighing words, 2 of 3 lists read" in text
    assert 'max="3" value="2"' in text


def test_where_the_judge_was_turned_off_since_the_page_says_so(as_mo, form, settings):
    settings.LLM_JUDGE_URL, settings.LLM_JUDGE_MODEL = "http://127.0.0.1:1/v1", "m"
    as_mo.post(URL, form | {"judge": "llm"})
    settings.LLM_JUDGE_URL = ""
    page = as_mo.get(ONE)
    assert page.status_code == 200
    assert "The judge is off by now." in page.text


def test_going_on_twice_makes_one_job(as_mo, form, by_job):
    as_mo.post(URL, form)
    as_mo.post(f"{ONE}go-on/")
    assert Job.objects.filter(verb="evaluate").count() == 1


def test_one_that_a_command_began_goes_on_by_a_job(as_mo, project, systems):
    from scoring.evaluating import Wanted, begin

    begin(project, Wanted(draws=50))
    assert "A command began it" in as_mo.get(ONE).text
    as_mo.post(f"{ONE}go-on/")
    jobs.run(Job.objects.get(verb="evaluate").pk)
    assert Evaluation.objects.get().finished


def test_the_list_asks_as_much_of_many_as_of_one(as_mo, evaluate, django_assert_max_num_queries):
    for _time in range(3):
        evaluate(draws=20)
    with django_assert_max_num_queries(20):
        text = as_mo.get(URL).text
    assert [f"{URL}{number}/" in text for number in (1, 2, 3)] == [True, True, True]


def test_the_project_page_asks_for_the_last_one(as_mo, evaluate):
    evaluate()
    assert f'hx-get="{URL}"' in as_mo.get("/p/clocks/").text
    panel = as_mo.get(URL, headers={"HX-Request": "true"}).text
    assert panel.strip().startswith('<section class="panel" id="last-evaluation"')
    assert panel.index("good") < panel.index("poor")


def test_the_last_one_has_a_system_without_a_value_last(as_mo, evaluate):
    evaluation = evaluate()
    evaluation.board["figures"]["answerable"]["answer_f1"]["means"]["good"]["value"] = None
    evaluation.save()
    panel = as_mo.get(URL, headers={"HX-Request": "true"}).text
    assert panel.index("poor") < panel.index("good")


def test_a_systems_page_asks_for_its_own(as_mo, evaluate, systems):
    evaluate(systems=["good"])
    good, poor = (as_mo.get(f"{URL}?system={one.pk}", headers={"HX-Request": "true"}).text for one in systems)
    assert "Evaluation 1" in good
    assert "It has not been scored yet." in poor


def test_what_people_handed_in_is_no_reason_to_offer_the_form_to_others(as_vi, as_cy, evaluate):
    evaluate()
    assert ['name="systems"' in client.get(URL).text for client in (as_vi, as_cy)] == [False, False]


def test_managers_score_and_annotators_see_nothing(as_ann, as_cy, as_dee, form):
    assert [client.get(URL).status_code for client in (as_ann, as_cy, as_dee)] == [404, 200, 404]
    assert [client.post(URL, form).status_code for client in (as_ann, as_cy, as_dee)] == [404, 404, 404]
    assert not Annotation.objects.filter(source="gold", submitted=None).exists()
