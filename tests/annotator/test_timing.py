"""Working time: what is said counts as far as the clock allows, whoever says it, how often and in which order."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.actions import adjudicating, claiming, submitting, taking_up
from annotator.actions.saving import Save
from annotator.actions.timing import spend
from annotator.desk import desk_of
from annotator.models import Annotation, Assignment, Member, Project, WorkDay
from tests.conftest import make_question

IDLE = 180
reports = st.lists(
    st.tuples(st.integers(-5, 400), st.integers(0, 10**9), st.integers(0, 1)),  # clock moves, said, which window
    max_size=12,
)


@pytest.fixture
def work(assignment) -> Annotation:
    """Ann's annotation, begun an hour ago."""
    return begun(assignment, timedelta(hours=1))


def begun(assignment: Assignment, ago: timedelta) -> Annotation:
    then = timezone.now() - ago
    Annotation.objects.filter(pk=assignment.annotation_id).update(opened=then, created=then)
    return Annotation.objects.select_related("question__batch__project", "author").get(pk=assignment.annotation_id)


def counted(member: Member) -> int:
    return sum(WorkDay.objects.filter(member=member).values_list("seconds", flat=True))


def test_what_is_said_counts_for_the_work_and_the_day(work, ann):
    assert spend(work, ann, 25) == 25
    work.refresh_from_db()
    day = WorkDay.objects.get()
    assert (work.active_seconds, day.seconds, day.member, day.batch) == (25, 25, ann, work.question.batch)


def test_no_more_counts_than_has_passed_since_the_work_was_opened(assignment, ann):
    assert spend(begun(assignment, timedelta(seconds=8)), ann, 25) == 8


def test_a_report_that_arrives_twice_counts_once(work, ann):
    assert [spend(work, ann, 25), spend(work, ann, 25)] == [25, 0]


def test_two_windows_share_one_clock(work, ann, batch):
    other = begun(claiming.take(ann, make_question(batch, "q2")), timedelta(hours=1))
    Member.objects.filter(pk=ann.pk).update(seen=timezone.now() - timedelta(seconds=30))
    assert spend(work, ann, 28) + spend(other, ann, 28) <= 30


def test_reports_that_come_a_moment_early_or_late_lose_no_second_each(work, ann, monkeypatch):
    start = timezone.now()
    Member.objects.filter(pk=ann.pk).update(seen=start)
    for number in range(1, 41):
        arrives = start + timedelta(seconds=30 * number, milliseconds=-20 if number % 2 else 20)
        monkeypatch.setattr(timezone, "now", lambda at=arrives: at)
        spend(work, ann, 30)
    assert counted(ann) == 40 * 30 - 1


@pytest.mark.parametrize("said", [0, -5])
def test_nothing_is_not_counted(work, ann, said):
    assert spend(work, ann, said) == 0
    assert not WorkDay.objects.exists()


def test_at_most_the_cut_off_counts_at_once(work, ann):
    assert spend(work, ann, 10**9) == IDLE


def test_handed_in_work_counts_up_to_its_last_step(work, ann):
    handed_in = timezone.now() - timedelta(minutes=10)
    Annotation.objects.filter(pk=work.pk).update(submitted=handed_in, saved=handed_in)
    Member.objects.filter(pk=ann.pk).update(seen=handed_in - timedelta(seconds=20))
    assert [spend(work, ann, 25), spend(work, ann, 25)] == [20, 0]


@settings(suppress_health_check=list(HealthCheck))
@given(said=reports)
def test_whatever_is_reported_never_counts_more_than_the_clock(work, ann, batch, monkeypatch, said):
    with transaction.atomic():
        works = [work, begun(claiming.take(ann, make_question(batch, "q2")), timedelta(hours=1))]
        start = now = latest = timezone.now()
        Member.objects.filter(pk=ann.pk).update(seen=start)
        for moved, seconds, window in said:
            now += timedelta(seconds=moved)
            latest = max(latest, now)
            monkeypatch.setattr(timezone, "now", lambda at=now: at)
            spend(works[window], ann, seconds)
        assert 0 <= counted(ann) <= (latest - start).total_seconds()
        assert counted(ann) == sum(Annotation.objects.values_list("active_seconds", flat=True))
        monkeypatch.undo()
        transaction.set_rollback(True)


def test_a_person_reports_by_page_and_rubbish_counts_nothing(as_ann, work, ann):
    path = f"/p/clocks/time/{work.pk}/"
    for rubbish in ("", "NaN", "-5", "1e9", "1.5", "∞", "9" * 40):
        assert as_ann.post(path, {"seconds": rubbish}).status_code == 204
    assert counted(ann) == 0
    as_ann.post(path, {"seconds": "20"})
    assert counted(ann) == 20


def test_a_form_without_script_counts_up_to_the_cut_off_and_one_with_script_nothing(as_ann, work, ann):
    path, form = f"/p/clocks/q/{work.question_id}/", {"version": "1", "do": "save"}
    as_ann.post(path, form | {"seconds": "0"})
    assert counted(ann) == 0
    as_ann.post(path, form | {"seconds": ""})
    assert counted(ann) == IDLE


def test_nobody_reports_time_on_the_work_of_others(work, as_ann, as_bo, as_mo, as_dee):
    path = f"/p/clocks/time/{work.pk}/"
    answers = [who.post(path, {"seconds": "5"}).status_code for who in (as_ann, as_bo, as_mo, as_dee)]
    assert answers == [204, 404, 404, 404]


def hand_in(member: Member, question) -> None:
    work = claiming.take(member, question).annotation
    Annotation.objects.filter(pk=work.pk).update(verdict="unanswerable")
    work.refresh_from_db()
    submitting.submit(work, member)


def test_time_on_gold_is_that_of_who_has_it_in_hand(question, ann, bo, cy, mo, as_cy, as_mo, as_ann):
    for member in (ann, bo):
        hand_in(member, question)
    taking_up.open_question(cy, question)
    gold = question.annotations.get(source="gold")
    Annotation.objects.filter(pk=gold.pk).update(opened=timezone.now() - timedelta(hours=1))
    path = f"/p/clocks/time/{gold.pk}/"
    assert [who.post(path, {"seconds": "7"}).status_code for who in (as_cy, as_mo, as_ann)] == [204, 404, 404]
    adjudicating.say(desk_of(question), Save(cy, None, 0), None, "", "so far")
    taking_up.leave(cy, question)
    taking_up.open_question(mo, question)
    as_mo.post(path, {"seconds": "9"})
    gold.refresh_from_db()
    assert ([counted(one) for one in (cy, mo)], gold.active_seconds) == ([7, 9], 16)


@pytest.mark.parametrize(("given", "status"), [("29", 422), ("30", 302), ("3600", 302), ("3601", 422), ("", 302)])
def test_the_cut_off_is_a_setting_from_half_a_minute_to_an_hour(as_mo, project, given, status):
    form = {"name": "Clocks", "language": "en", "idle_seconds": given}
    assert as_mo.post("/p/clocks/settings/", form).status_code == status
    expected = int(given) if status == 302 and given else IDLE
    assert Project.objects.get(pk=project.pk).idle_seconds == expected
