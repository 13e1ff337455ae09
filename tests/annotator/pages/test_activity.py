"""What happened and what waits: sentences with links, and nothing of a question that the manager may still annotate."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from annotator.actions import claiming, looking, returning
from annotator.models import Assignment, Revision
from annotator.views import activity
from annotator.views.activity import told_of
from tests.annotator.pages.test_overview import hand_in
from tests.conftest import QUESTION, make_question

ACTIVITY, WAITING = "/p/clocks/activity/", "/p/clocks/waiting/?what="
REASON = "too hard for me"


def words(answer) -> str:
    return " ".join(answer.text.split())


@pytest.fixture
def skipped(assignment) -> Assignment:
    claiming.skip(assignment, REASON)
    return assignment


def test_the_newest_steps_are_read_along_their_index(project):
    if connection.vendor == "postgresql":
        connection.cursor().execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
    assert "revisions_that_are_told" in told_of(project)[:6].explain()


def test_who_may_still_annotate_reads_who_did_something_and_not_on_what(as_mo, skipped):
    for path in (ACTIVITY, "/p/clocks/"):
        text = words(as_mo.get(path))
        assert "<b>Ann</b> skipped" in text
        assert "a question of main 1" in text
        assert (QUESTION in text, REASON in text) == (False, False)


def test_who_looked_reads_all_of_it(as_mo, mo, skipped, question):
    looking.look(mo, question)
    for path in (ACTIVITY, "/p/clocks/"):
        text = words(as_mo.get(path))
        assert f"“{REASON}”" in text
        assert f"/p/clocks/questions/{question.pk}/" in text


def test_a_return_says_to_whom(as_mo, mo, cy, ann, question):
    work = hand_in(ann, question)
    looking.look(cy, question)
    looking.look(mo, question)
    returning.return_to_author(work, cy, "Which cup?")
    assert "<b>Cy</b> returned" in words(as_mo.get(ACTIVITY))
    assert "to Ann" in words(as_mo.get(ACTIVITY))


def test_it_is_filtered_by_person(as_mo, ann, bo, question, batch):
    hand_in(ann, question)
    hand_in(bo, make_question(batch, "q2"))
    text = words(as_mo.get(f"{ACTIVITY}?by={bo.pk}"))
    assert ("<b>Bo</b> submitted" in text, "<b>Ann</b> submitted" in text) == (True, False)


def test_pages_follow_each_other_without_a_gap_or_a_repeat(as_mo, batch, ann, monkeypatch):
    monkeypatch.setattr(activity, "PAGE", 2)
    works = [hand_in(ann, make_question(batch, f"q{number}")) for number in range(5)]
    Revision.objects.filter(annotation__in=works[1:4]).update(at=timezone.now())  # at one time
    seen, query = [], ""
    while True:
        page = as_mo.get(f"{ACTIVITY}?{query}").context
        seen += [line.step.pk for line in page["lines"]]
        query = page["more"]
        if not query:
            break
    assert len(seen) == len(set(seen)) == 5


@pytest.mark.parametrize("rubbish", ["before=999999999", "before=x", "by=x", "by=999999999"])
def test_rubbish_in_the_address_does_no_harm(as_mo, skipped, rubbish):
    assert as_mo.get(f"{ACTIVITY}?{rubbish}").status_code == 200


def test_what_was_skipped_is_listed_and_why_only_after_a_look(as_mo, mo, skipped, question):
    text = words(as_mo.get(f"{WAITING}skipped"))
    assert (QUESTION in text, REASON in text, ">Ann<" in text) == (True, False, False)
    looking.look(mo, question)
    text = words(as_mo.get(f"{WAITING}skipped"))
    assert (REASON in text, ">Ann<" in text) == (True, True)
    assert ">annotator-ann<" in words(as_mo.get(f"{WAITING}skipped&names=hidden"))


def test_what_lies_about_and_what_was_returned_is_counted_and_listed(as_mo, cy, ann, batch, assignment):
    long_ago = timezone.now() - timedelta(days=3)
    type(assignment.annotation).objects.filter(pk=assignment.annotation_id).update(saved=long_ago)
    fresh, returned = make_question(batch, "fresh", "Fresh?"), make_question(batch, "back", "Returned?")
    returning.return_to_author(hand_in(ann, returned), cy, "Which?")
    claiming.take(ann, fresh)
    assert as_mo.get("/p/clocks/").context["waiting"] == {"returned": 1, "old": 1, "skipped": 0}
    assert [line.assignment.question.text for line in as_mo.get(f"{WAITING}old").context["lines"]] == [QUESTION]
    assert [line.assignment.question.text for line in as_mo.get(f"{WAITING}returned").context["lines"]] == ["Returned?"]


def test_the_lists_ask_as_much_for_many_lines_as_for_one(as_mo, batch, ann, django_assert_max_num_queries):
    for number in range(12):
        claiming.skip(claiming.take(ann, make_question(batch, f"q{number}")), REASON)
    for path in (ACTIVITY, f"{WAITING}skipped"):
        with django_assert_max_num_queries(8):
            as_mo.get(path)


def test_only_managers_get_in(as_mo, as_cy, as_ann, as_dee):
    for path in (ACTIVITY, f"{WAITING}old"):
        assert [who.get(path).status_code for who in (as_mo, as_cy, as_ann, as_dee)] == [200, 404, 404, 404]
