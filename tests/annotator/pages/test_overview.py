"""The manager's page: progress, the outlook, people, what waits, and how much it asks of the database."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from annotator.actions import claiming, submitting, taking_up
from annotator.haste import medians
from annotator.models import Annotation, Assignment, Batch, Job, Member, Question, WorkDay
from annotator.progress import progress_by_batch, whole
from annotator.views import overview, people
from annotator.views.people import people_of
from tests.conftest import make_project, make_question


def hand_in(member: Member, question: Question, seconds: int = 0) -> Annotation:
    """Let a member submit that the question cannot be answered, after so many seconds of work."""
    work = claiming.take(member, question).annotation
    Annotation.objects.filter(pk=work.pk).update(verdict="unanswerable", active_seconds=seconds)
    work.refresh_from_db()
    submitting.submit(work, member)
    return work


def test_questions_are_counted_by_stage(batch, ann, bo, cy):
    untouched, begun, partly, done, judged, gold, listless = (make_question(batch, f"q{n}") for n in range(7))
    claiming.take(ann, begun)
    for question in (partly, done, judged, gold):
        hand_in(ann, question)
    for question in (done, judged):
        hand_in(bo, question)
    taking_up.open_question(cy, judged)
    at = dict.fromkeys(("created", "saved", "submitted"), timezone.now())
    Annotation.objects.create(question=gold, source="gold", author=cy, **at)
    Question.objects.filter(pk=listless.pk).update(retrieval=None)
    [(_batch, progress)] = progress_by_batch(batch.project)
    stages = ("to_do", "in_progress", "partly", "done", "adjudicating", "gold", "no_list")
    assert progress.stages == dict.fromkeys(stages, 1)
    assert (progress.questions, progress.submitted, progress.gold) == (7, 6, 1)
    assert (progress.done, progress.twice, round(progress.share)) == (3, 2, 67)
    # Two each of seven questions; six are taken by what was submitted and one is begun; one question has no list.
    assert (progress.slots, progress.left, progress.free) == (14, 8, 5)
    assert sum(part.width for part in progress.parts) == pytest.approx(100, abs=0.01)
    assert untouched.taken == 0


def test_what_one_question_has_too_much_is_not_missing_on_another_the_less(batch, ann, bo, cy):
    full, _untouched = make_question(batch, "full"), make_question(batch, "untouched")
    at = dict.fromkeys(("created", "saved", "submitted"), timezone.now())
    for author in (ann, bo, cy):
        Annotation.objects.create(question=full, author=author, **at)
    [(_batch, progress)] = progress_by_batch(batch.project)
    assert (progress.slots, progress.submitted, progress.left) == (4, 3, 2)
    assert whole([progress, progress]).left == 4


def test_without_a_limit_a_question_is_done_once_nobody_is_at_work_on_it(as_mo, batch, ann, bo, cy):
    question, limited = make_question(batch, "open"), make_question(batch, "limited")
    Question.objects.filter(pk=question.pk).update(overlap=None)
    for member in (ann, bo):
        hand_in(member, question)
    hand_in(ann, limited)
    claiming.take(cy, question)
    for number, stage in ((0, "partly"), (1, "done")):
        page = as_mo.get("/p/clocks/")
        assert page.context["total"].stages["done"] == page.context["total"].done == number
        assert question in as_mo.get(f"/p/clocks/questions/?stage={stage}").context["questions"]
        assert "1 of 2 where a number is asked for" in page.text
        Assignment.objects.filter(question=question, member=cy).update(state="skipped")


def test_it_shows_batches_and_what_waits(as_mo, batch):
    make_question(batch, retrieval=None)
    answer = as_mo.get("/p/clocks/")
    assert "main 1" in answer.text
    assert "has no list of fragments" in answer.text
    assert "nobody has submitted anything yet" in answer.text


def test_it_says_when_all_will_be_done_and_what_was_planned(as_mo, batch, ann, question):
    hand_in(ann, question)
    Batch.objects.filter(pk=batch.pk).update(closes=timezone.now() + timedelta(days=9))
    text = as_mo.get("/p/clocks/").text
    assert "at this pace, done on" in text
    assert "; planned" in text
    Batch.objects.filter(pk=batch.pk).update(closes=timezone.now() - timedelta(days=9))
    assert "closed" in as_mo.get("/p/clocks/").text


def test_nothing_is_planned_while_a_batch_has_no_end(as_mo, project, batch, ann, question):
    hand_in(ann, question)
    Batch.objects.filter(pk=batch.pk).update(closes=timezone.now() + timedelta(days=9))
    make_question(project.batches.create(name="main 2", position=2, overlap=1, created=batch.created))
    assert "planned" not in as_mo.get("/p/clocks/").context["ahead"]


def test_it_says_when_nobody_worked_lately(as_mo, ann, question):
    work = hand_in(ann, question)
    Annotation.objects.filter(pk=work.pk).update(submitted=timezone.now() - timedelta(days=40))
    assert "nobody has submitted since" in as_mo.get("/p/clocks/").text


def test_work_from_a_file_is_nobodys_pace(as_mo, ann, question):
    at = dict.fromkeys(("created", "saved", "submitted"), timezone.now())
    Annotation.objects.create(question=question, author=ann, **at)
    text = as_mo.get("/p/clocks/").text
    assert "nobody has submitted anything yet" in text
    assert "annotations submitted, 1 by now" in text


def test_what_a_file_says_of_days_to_come_is_not_drawn(as_mo, ann, question):
    at = dict.fromkeys(("created", "saved", "submitted"), timezone.now() + timedelta(days=2))
    Annotation.objects.create(question=question, author=ann, **at)
    chart = as_mo.get("/p/clocks/").context["chart"]
    assert (chart.submitted_now.number, chart.days) == (0, [])


def test_a_job_that_nobody_takes_up_is_told(as_mo, mo, question):
    at = timezone.now() - timedelta(minutes=3)
    Job.objects.create(project=mo.project, verb="retrieve", created=at, due=at)
    assert "No worker has taken up a job" in as_mo.get("/p/clocks/").text
    Job.objects.update(state="done")
    assert "No worker" not in as_mo.get("/p/clocks/").text


def test_people_are_shown_with_what_they_did(project, batch, ann, cy, question):
    hand_in(ann, question, 600)
    claiming.take(ann, make_question(batch, "q2"))
    today = timezone.localdate()
    for ago, seconds in ((0, 600), (6, 3000), (7, 60)):
        WorkDay.objects.create(member=ann, batch=batch, day=today - timedelta(days=ago), seconds=seconds)
    first, *others = people_of(project, hidden=False)
    assert (first.name, first.member.submitted, first.given, first.per_hour) == ("Ann", 1, 2, 6.0)
    assert (first.active, first.week) == ("1 h 01", (3000, 0, 0, 0, 0, 0, 600))
    assert all((one.per_hour, one.seconds) == (None, 0) for one in others)


def test_pseudonyms_alone_are_shown_on_demand(as_mo, ann, bo, question):
    hand_in(ann, question)
    assert ">Ann<" in as_mo.get("/p/clocks/").text
    text = as_mo.get("/p/clocks/?names=hidden").text
    assert ">Ann<" not in text
    assert "annotator-ann" in text


@pytest.mark.parametrize(("most", "said"), [(5, False), (4, True)])
def test_it_says_so_where_not_everybody_is_shown(as_mo, project, monkeypatch, most, said):
    for module in (overview, people):
        monkeypatch.setattr(module, "MOST", most)
    assert project.members.count() == 5
    assert (f"The {most} who handed in most" in as_mo.get("/p/clocks/").text) is said


def test_somebody_without_an_account_is_marked(as_mo, project):
    Member.objects.create(project=project, pseudonym="file-1", joined=timezone.now())
    assert "no account" in as_mo.get("/p/clocks/").text


@pytest.mark.parametrize(("hasty", "marked"), [((10, 11), True), ((10,), False), ((80, 90), False)])
def test_very_fast_submissions_mark_a_person_if_there_are_several(as_mo, as_ann, batch, ann, bo, hasty, marked):
    for number in range(4):
        hand_in(ann, make_question(batch, f"slow{number}"), 200 + number)
    for number, seconds in enumerate(hasty):
        hand_in(bo, make_question(batch, f"fast{number}"), seconds)
    assert ("</svg>fast</span>" in as_mo.get("/p/clocks/").text) is marked


def test_fewer_than_five_have_no_median(batch, ann):
    for number in range(4):
        hand_in(ann, make_question(batch, f"q{number}"), 100)
    assert medians(Annotation.objects.all()) == {}
    hand_in(ann, make_question(batch, "q5"), 300)
    hand_in(ann, make_question(batch, "uncounted"))
    assert medians(Annotation.objects.all()) == {batch.pk: 100}


def test_a_question_shows_its_fast_work_to_a_manager_who_may_see_it(as_mo, as_cy, batch, ann, bo):
    for number in range(5):
        hand_in(ann, make_question(batch, f"q{number}"), 200)
    question = make_question(batch, "fast")
    hand_in(bo, question, 9)
    path = f"/p/clocks/questions/{question.pk}/"
    told = "under a quarter of the batch’s median time"
    assert told not in as_mo.get(path).text
    for who in (as_mo, as_cy):
        who.post(f"{path}look/")
    assert [told in who.get(path).text for who in (as_mo, as_cy)] == [True, False]


def asked(client) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get("/p/clocks/")
    return len(queries)


def test_it_asks_as_much_of_a_large_project_as_of_a_small_one(as_mo, batch, ann, bo):
    hand_in(ann, make_question(batch, "first"), 60)
    as_mo.get("/p/clocks/")
    before = asked(as_mo)
    for number in range(12):
        question = make_question(batch, f"q{number}")
        hand_in(ann, question, 60)
        hand_in(bo, question, 50)
        Batch.objects.create(project=batch.project, name=f"more {number}", created=batch.created)
        Member.objects.create(project=batch.project, pseudonym=f"p{number}", joined=batch.created)
    assert asked(as_mo) == before <= 26


def test_another_project_counts_for_nothing(as_mo, project, ann, question):
    other = make_project("other", {"ann": "annotator"})
    hand_in(other.members.get(), make_question(other.batches.get()), 60)
    [first, *_others] = people_of(project, hidden=False)
    assert (first.member.submitted, first.given, first.timed) == (0, 0, 0)
