"""Cutting a release: gold under a tag, as it stood."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from annotator import released
from annotator.actions import adjudicating
from annotator.cut import CannotRelease, usual_splitting
from annotator.models import Annotation, Batch, Project, Question, Release
from annotator.release_checks import asked_again, kept_splits, splits
from annotator.release_diff import between
from annotator.released import edition_of
from scoring.release_files import sizes_of
from scoring.releasing import Wish, cut_wished, preview
from tests.annotator.adjudication.conftest import ANN, BO, Judging
from tests.conftest import make_question


def splits_of(release: Release) -> dict[str, str]:
    return dict(release.questions.values_list("question__external_id", "split"))


def test_the_next_release_proposes_the_splits_of_the_last(cut, golden, project):
    batches = list(project.batches.order_by("position"))
    assert usual_splitting(batches).by_batch == {"pilot": "dev", "main 1": "test"}
    cut(splits=("pilot=dev", "main 1=train"))
    assert usual_splitting(batches).by_batch == {"pilot": "dev", "main 1": "train"}
    assert not list(kept_splits(cut_wished(project, Wish("1.0.1"))))


def test_finished_gold_is_frozen_by_batch(cut, golden, mo):
    release = cut()
    assert splits_of(release) == {"p1": "dev", "m1": "test", "m2": "test"}
    assert (release.by, release.previous, release.licence) == (mo, None, "CC BY-SA 4.0")
    assert {one.gold.verb for one in release.questions.all()} == {"submit"}
    assert all(one.work.count() == 2 for one in release.questions.all())


def test_the_chosen_batches_alone_are_released(cut):
    assert splits_of(cut(batches=("pilot",))) == {"p1": "dev"}


@pytest.mark.parametrize(
    ("wish", "message"),
    [
        ({"tag": "a b"}, "tag: 1 to 50 letters"),
        ({"tag": ""}, "tag: 1 to 50 letters"),
        ({"tag": "trial"}, "tag: “trial” names the trial before a release"),
        ({"batches": ("none",)}, "batch: the project has no batch “none”"),
        ({"splits": ("train=80",)}, "splits: the shares make 80 %"),
        ({"splits": ("train",)}, "splits: BATCH=SPLIT or SPLIT=PERCENT"),
        ({"splits": ("pilot=dev",)}, "splits: say into which split “main 1” goes"),
        ({"splits": ("pilot=dev", "main 1=a/b")}, "splits: “a/b” is no name of a split"),
        ({"splits": ("pilot=dev", "main 2=test")}, "splits: “main 2” is none of the batches"),
    ],
)
def test_what_is_asked_wrongly_is_named(cut, wish, message):
    with pytest.raises(CannotRelease, match="^" + message.replace("(", "\\(")):
        cut(**wish)
    assert not Release.objects.exists()


def test_a_tag_is_given_once(cut):
    cut()
    with pytest.raises(CannotRelease, match=r"tag: there is a release 1\.0\.0 already"):
        cut()


def test_two_projects_may_have_one_tag_and_one_may_not_twice(cut):
    release = cut()
    noise = Project.objects.get(slug="noise")
    values = {"tag": "1.0.0", "created": release.created, "digest": "0" * 64}
    Release.objects.create(project=noise, **values)
    with pytest.raises(IntegrityError, match=r"release_tag_once|UNIQUE"), transaction.atomic():
        Release.objects.create(project=release.project, **values)


def test_a_project_without_licence_or_gold_releases_nothing(cut, project, question):
    Project.objects.filter(pk=project.pk).update(licence=" ")
    project.refresh_from_db()
    with pytest.raises(CannotRelease, match="licence: the project names none"):
        cut()
    Annotation.objects.filter(source="gold").update(submitted=None)
    with pytest.raises(CannotRelease, match="no finished gold"):
        cut()


def test_gold_without_its_history_is_named(cut, golden):
    Annotation.objects.get(question=golden["m1"], source="gold").revisions.all().delete()
    with pytest.raises(CannotRelease, match="question m1 of main 1: its gold has no history"):
        cut()


def test_gold_that_moves_while_it_is_cut_is_not_released(cut, golden, correct, monkeypatch):
    from scoring import releasing

    def late(edition):
        correct(golden["m1"])
        return sizes_of(edition)

    monkeypatch.setattr(releasing, "sizes_of", late)
    with pytest.raises(CannotRelease, match="Gold has changed meanwhile"):
        cut()
    assert not Release.objects.exists()


def test_what_is_released_cannot_be_deleted(cut, golden):
    release = cut()
    for row in (golden["m1"], Annotation.objects.get(question=golden["m1"], source="gold"), release.project):
        with pytest.raises(ProtectedError), transaction.atomic():
            row.delete()


def test_reopened_gold_stops_the_next_release_until_it_is_finished(cut, golden, cy):
    cut()
    judging = Judging(golden["m1"], cy).open()
    adjudicating.reopen(judging.desk, judging.save)
    with pytest.raises(CannotRelease, match=r"reopened since 1\.0\.0: “What is the largest river"):
        cut("1.0.1")
    adjudicating.finish(judging.desk, judging.save)
    assert cut("1.0.1").previous.tag == "1.0.0"


def test_a_correction_is_the_next_release(cut, golden, correct):
    first = cut()
    correct(golden["m1"], "The men’s side, in football")
    found = between(first, cut("1.0.1"))
    (changed,) = found.changed
    assert (found.same, found.added, found.withdrawn, changed.by) == (2, (), (), "adjudicator-cy")
    words = [(one.mark.value, one.text) for one in changed.changes[0].words]
    assert changed.changes[0].part.startswith("condition ")
    assert ("ins", "side,") in words


def test_what_cannot_be_annotated_is_withdrawn_with_its_reason(cut, golden, cy):
    first = cut()
    gold = Annotation.objects.filter(question=golden["m1"], source="gold")
    gold.update(verdict="cannot_annotate", reason="The fragments give no date.")
    second = cut("1.1.0")
    (gone,) = between(first, second).withdrawn
    assert (gone.question.about["id"], gone.reason) == ("m1", "The fragments give no date.")
    assert "m1" not in splits_of(second)
    assert "- withdrawn: main 1/m1\n" in second.texts["README.md"]
    assert "no date" not in second.texts["README.md"]


def test_a_question_keeps_its_split_whatever_is_asked_later(cut, golden, make_gold, batch):
    cut()
    make_gold(golden["m3"])
    second = cut("1.1.0", splits=("train=100",))
    assert splits_of(second) == {"p1": "dev", "m1": "test", "m2": "test", "m3": "train"}


def test_a_question_keeps_the_split_of_its_file(cut, golden):
    Question.objects.filter(pk=golden["m1"].pk).update(split="validation")
    assert splits_of(cut())["m1"] == "validation"


def test_a_split_that_is_no_name_is_written_as_one_and_the_checks_say_so(project, cut, golden):
    for name, split in (("m1", "dev-easy"), ("m2", "测试")):
        Question.objects.filter(pk=golden[name].pk).update(split=split)
    project.refresh_from_db()
    (found,) = splits(cut_wished(project, Wish()))
    assert found.detail.startswith("“dev-easy” is written as dev_easy; “测试” counts as none.")
    assert [pk for pk, _text in found.of] == [golden["m1"].pk, golden["m2"].pk]
    assert splits_of(cut()) == {"p1": "dev", "m1": "dev_easy", "m2": "test"}


def test_the_checks_say_which_questions_keep_their_split_whatever_is_asked(project, cut, golden):
    cut()
    asked = cut_wished(project, Wish(splits=("pilot=train", "main 1=test")))
    (check,) = kept_splits(asked)
    assert check.headline == "1 question keeps its split."
    assert check.detail.startswith("pilot: train is asked for, dev they had.")
    assert check.of == ((golden["p1"].pk, golden["p1"].text),)
    assert not list(kept_splits(cut_wished(project, Wish())))


def test_the_checks_say_which_questions_stand_in_two_batches(project, golden, pilot, make_gold):
    assert not list(asked_again(cut_wished(project, Wish())))
    make_gold(make_question(pilot, "m1", golden["m1"].text))
    again = cut_wished(project, Wish())
    (check,) = asked_again(again)
    assert check.headline == "1 question stands in two batches."
    assert check.detail.startswith("4 questions, 3 distinct: ids come once for each of pilot, main 1.")
    assert preview(again)["counts"]["distinct"] == 3


def test_new_near_doubles_are_drawn_into_one_split(cut, golden, make_gold, batch):
    for number in range(4):
        make_gold(make_question(batch, f"same{number}", f"When was the bridge of Kraków opened{'?' * number}"))
    release = cut(splits=("train=50", "test=50"))
    assert len({split for name, split in splits_of(release).items() if name.startswith("same")}) == 1


def test_nothing_of_another_project_is_released(cut, golden):
    projects = {one.question.batch.project.slug for one in cut().questions.select_related("question__batch__project")}
    assert projects == {"clocks"}


def test_the_edition_says_the_same_whatever_is_renamed_afterwards(cut, golden, ann, batch):
    release = cut()
    before = edition_of(release)
    Batch.objects.filter(pk=batch.pk).update(name="renamed")
    type(ann).objects.filter(pk=ann.pk).update(pseudonym="somebody else")
    Question.objects.update(text="Changed?")
    assert edition_of(Release.objects.get(pk=release.pk)) == before


def test_the_job_that_is_run_twice_releases_once(cut, golden, mo, project):
    from annotator import jobs
    from annotator.models import Job

    job = jobs.start("release", project, mo, **Wish("1.0.0").as_json())
    jobs.run(job.pk)
    Job.objects.filter(pk=job.pk).update(state="waiting")
    done = jobs.run(job.pk)
    assert (done.state, done.result, Release.objects.count()) == ("done", {"tag": "1.0.0"}, 1)
    again = jobs.run(jobs.start("release", project, mo, **Wish("1.0.0").as_json()).pk)
    assert (again.state, again.error) == (
        "failed",
        "tag: there is a release 1.0.0 already, and a release never changes",
    )


def test_a_job_whose_worker_died_behind_the_release_is_done_when_somebody_runs_it_again(
    golden, mo, project, monkeypatch
):
    from annotator import jobs
    from annotator.models import Job

    job = jobs.start("release", project, mo, **Wish("1.0.0").as_json())
    with monkeypatch.context() as dying:
        dying.setattr(jobs, "finish", lambda *_of, **_values: None)
        jobs.run(job.pk)
    Job.objects.filter(pk=job.pk).update(heartbeat=timezone.now() - timedelta(minutes=5))
    jobs.again(job)
    done = jobs.run(job.pk)
    assert (done.state, done.result, Release.objects.count()) == ("done", {"tag": "1.0.0"}, 1)


def test_a_worker_that_lost_its_job_releases_nothing(golden, mo, project, monkeypatch):
    from annotator import jobs
    from annotator.models import Job
    from scoring.release_files import sizes_of

    job = jobs.start("release", project, mo, **Wish("1.0.0").as_json())

    def lose(made):
        Job.objects.filter(pk=job.pk).update(attempt=7)
        return sizes_of(made)

    monkeypatch.setattr("scoring.releasing.sizes_of", lose)
    running = jobs.run(job.pk)
    assert (running.state, running.result, Release.objects.count()) == ("running", {}, 0)


def test_a_job_whose_tag_somebody_else_took_meanwhile_fails(cut, golden, mo, project, cy):
    from annotator import jobs
    from annotator.models import Job

    first = jobs.start("release", project, cy, **Wish("1.0.0").as_json())
    second = jobs.start("release", project, mo, **Wish("1.0.0", batches=("pilot",)).as_json())
    cut("1.0.0")
    for job in (first, second):
        failed = jobs.run(job.pk)
        assert (failed.state, failed.error.startswith("tag: there is a release 1.0.0 already")) == ("failed", True)
    Job.objects.filter(pk=first.pk).update(state="waiting")
    assert jobs.run(first.pk).state == "failed"


def test_gold_that_a_file_brought_names_no_adjudicator(project, cut, golden):
    brought = project.imports.create(name="gold.json", size=1, created=timezone.now())
    Annotation.objects.filter(question=golden["p1"], source="gold").update(author=None, brought_by=brought)
    about = {one.question.external_id: one.about for one in cut().questions.select_related("question")}
    assert ("adjudicator" in about["p1"], about["m1"]["adjudicator"]) == (False, "adjudicator-cy")


def test_work_that_is_not_handed_in_is_not_released(cut, golden):
    Annotation.objects.filter(question=golden["p1"], source="human").update(submitted=None)
    assert cut().questions.get(question=golden["p1"]).work.count() == 0


def test_gold_that_is_reopened_while_it_is_read_is_left_out(cut, project, golden, monkeypatch):
    monkeypatch.setattr(released, "releasable_gold", lambda: Annotation.objects.filter(source="gold"))
    Annotation.objects.filter(question=golden["m1"], source="gold").update(submitted=None)
    found = released.frozen_now(project, project.batches.all())
    assert [one.about["id"] for one in found] == ["p1", "m2"]


def test_agreement_is_that_of_the_questions_released(cut, golden, ann, bo, hand_in):
    hand_in(ann, golden["m3"], *ANN)
    hand_in(bo, golden["m3"], *BO)
    card = cut().texts["README.md"]
    assert "On 3 questions that several people annotated" in card
    assert "Conditions, F1 at similarity .40, mean of questions | 1.00" in card
