"""Home: the queue with its tabs, where one left off, and the projects one manages."""

import pytest
from django.utils import timezone

from annotator.actions import claiming, submitting
from annotator.models import Assignment, Member, Question
from tests.conftest import make_project, make_question, user

HTMX = {"HX-Request": "true"}


@pytest.fixture
def queue(ann: Member, batch) -> list[Question]:
    """Five questions: the first begun, the second returned, the third skipped, two to do."""
    questions = [make_question(batch, f"q{number}", f"Question {number}?") for number in range(1, 6)]
    slots = [claiming.take(ann, question) for question in questions[:3]]
    Assignment.objects.filter(pk=slots[1].pk).update(state="returned", reason="Say which of the two.")
    claiming.skip(slots[2], "Too hard")
    return questions


def tab_counts(answer) -> dict[str, int]:
    return {name: count for name, _label, count in answer.context["tabs"]}


def test_tabs_count_what_is_in_them(as_ann, queue):
    counts = tab_counts(as_ann.get("/"))
    assert counts == {"todo": 2, "in_progress": 1, "returned": 1, "submitted": 0, "skipped": 1}


def test_what_is_submitted_open_to_do_and_skipped_adds_up_to_the_total(as_ann, queue):
    answer = as_ann.get("/")
    assert answer.context["total"] == sum(tab_counts(answer).values()) == 5
    assert "of 5 submitted" in answer.text
    assert "<dt>skipped</dt><dd>1</dd>" in answer.text


def test_to_do_lists_what_came_back_and_then_what_may_be_claimed_in_order(as_ann, queue):
    lines = as_ann.get("/").context["lines"]
    assert [line.question.external_id for line in lines] == ["q2", "q4", "q5"]


def test_a_full_question_is_not_to_do(as_ann, queue):
    Question.objects.filter(external_id="q4").update(taken=2)
    assert tab_counts(as_ann.get("/"))["todo"] == 1


def test_returned_work_is_gone_on_with_first(as_ann, queue):
    answer = as_ann.get("/")
    assert answer.context["next"].question == queue[1]
    assert "Returned to you" in answer.text


@pytest.mark.parametrize(("tab", "words"), [("returned", "Say which of the two."), ("skipped", "Too hard")])
def test_a_tab_shows_its_lines_with_the_reason(as_ann, queue, tab, words):
    answer = as_ann.get("/", {"tab": tab})
    assert [line.state for line in answer.context["lines"]] == [tab]
    assert words in answer.text


def test_htmx_gets_the_list_alone(as_ann, queue):
    answer = as_ann.get("/", {"tab": "skipped"}, headers=HTMX)
    assert answer.text.lstrip().startswith('<div id="list">')
    assert "<html" not in answer.text
    assert "HX-Request" in answer["Vary"]


def test_pages_of_what_is_to_do_do_not_overlap(as_ann, batch):
    for number in range(25):
        make_question(batch, f"q{number}")
    first = as_ann.get("/").context
    second = as_ann.get("/", {"after": first["more"]}).context
    seen = [line.question.pk for page in (first, second) for line in page["lines"]]
    assert len(seen) == len(set(seen)) == 25
    assert second["more"] is None


def test_the_number_of_queries_does_not_grow(as_ann, ann, batch, django_assert_max_num_queries):
    for number in range(15):
        claiming.take(ann, make_question(batch, f"q{number}"))
    with django_assert_max_num_queries(22):
        assert len(as_ann.get("/", {"tab": "in_progress"}).context["lines"]) == 15


def test_the_mean_counts_submitted_work_without_a_condition_too(as_ann, ann, batch):
    for number in (1, 2):
        annotation = claiming.take(ann, make_question(batch, f"q{number}")).annotation
        for place in range(number - 1):
            annotation.conditions.create(uid=f"c{place}", order=place, text="x")
        annotation.__class__.objects.filter(pk=annotation.pk).update(submitted=timezone.now())
    assert as_ann.get("/").context["per_question"] == 0.5


def test_the_mean_counts_submitted_work_only(as_ann, assignment, ann):
    annotation = assignment.annotation
    annotation.conditions.create(uid="c1", order=1, text="x")
    assert as_ann.get("/").context["per_question"] is None
    annotation.__class__.objects.filter(pk=annotation.pk).update(submitted=timezone.now())
    assert as_ann.get("/").context["per_question"] == 1.0


@pytest.mark.parametrize(
    ("tab", "words"),
    [
        ("in_progress", "Nothing is open"),
        ("returned", "Nothing has come back"),
        ("submitted", "Nothing submitted yet"),
        ("skipped", "You have skipped nothing"),
        ("todo", "This project has no questions yet"),
    ],
)
def test_an_empty_tab_says_why(as_ann, project, tab, words):
    assert words in as_ann.get("/", {"tab": tab}).text


def test_when_all_is_taken_the_page_says_so(as_ann, question):
    Question.objects.filter(pk=question.pk).update(taken=2)
    assert "Nothing left for you here" in as_ann.get("/").text


def test_questions_without_lists_are_said_to_wait(as_mo, batch):
    make_question(batch, retrieval=None)
    answer = as_mo.get("/")
    assert "No question has its fragments yet" in answer.text
    assert "/p/clocks/retrieve/" in answer.text


def test_a_stranger_is_told_what_to_do(as_dee):
    answer = as_dee.get("/")
    assert "You are not a member of a project yet" in answer.text
    assert "New project" not in answer.text


def test_a_viewer_looks_on(as_vi, question):
    answer = as_vi.get("/")
    assert "You look on here" in answer.text
    assert question.text not in answer.text


def test_a_manager_sees_the_projects_they_manage(as_mo, question):
    managed = as_mo.get("/").context["managed"]
    assert [(one.slug, progress.questions) for one, progress in managed] == [("clocks", 1)]


def test_one_of_several_projects_is_chosen_and_no_other(as_ann, ann, question):
    other = make_project("maps", {"ann": "annotator"})
    make_question(other.batches.get(), text="Which way is up?")
    assert "Which way is up?" in as_ann.get("/", {"project": "maps"}).text
    assert "Which way is up?" not in as_ann.get("/", {"project": "clocks"}).text
    assert as_ann.get("/", {"project": "noise"}).status_code == 404


def test_the_project_of_the_last_work_comes_first(as_ann, question):
    other = make_project("zebras", {"ann": "annotator"})
    claiming.take(other.members.get(user=user("ann")), make_question(other.batches.get()))
    assert as_ann.get("/").context["project"] == other


def test_submitted_work_is_found_again(as_ann, ann, assignment):
    annotation = assignment.annotation
    annotation.verdict = "unanswerable"
    annotation.save(update_fields=["verdict"])
    submitting.submit(annotation, ann)
    answer = as_ann.get("/", {"tab": "submitted"})
    assert [line.question for line in answer.context["lines"]] == [assignment.question]


def test_a_lease_that_ended_is_told_with_the_work_kept(as_ann, as_cy, ann, bo, question):
    claiming.take(bo, question)
    own = claiming.take(ann, question)
    Assignment.objects.filter(pk=own.pk).update(lease_until=timezone.now())
    assert tab_counts(as_cy.get("/"))["todo"] == 1
    as_cy.post("/p/clocks/claim/")
    assert "Your lease on 1 question ended" in as_ann.get("/").text
    assert [line.state for line in as_ann.get("/", {"tab": "expired"}).context["lines"]] == ["expired"]
    answer = as_ann.get(f"/p/clocks/q/{question.pk}/")
    assert "Your lease on this question ended" in answer.text
    assert answer.context["locked"]
    again = as_ann.post(f"/p/clocks/q/{question.pk}/resume/", follow=True)
    assert "Others have taken every place on that question meanwhile." in again.text
