"""Questions given to named people: they come first in their queue, and keep their slot until they are taken back."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from annotator.actions import claiming, leaving, looking
from annotator.actions.assigning import assign, unassign
from annotator.actions.projects import change_batch
from annotator.models import Annotation, Assignment, Question
from tests.conftest import make_question


@pytest.fixture
def three(batch) -> list[Question]:
    return [make_question(batch, f"q{number}") for number in range(1, 4)]


def given(ann) -> list[str]:
    return [one.question.external_id for one in ann.assignments.assigned()]


def test_what_is_assigned_comes_before_everything_new(ann, three):
    assert assign(ann, three[2]) == "assigned"
    assert not Annotation.objects.filter(author=ann).exists()
    begun = claiming.claim(ann)
    assert (begun.question, begun.state, begun.annotation.author) == (three[2], "in_progress", ann)
    assert begun.lease_until > timezone.now()


def test_what_is_open_comes_before_what_is_assigned(ann, three):
    own = claiming.take(ann, three[1])
    assign(ann, three[0])
    assert claiming.claim(ann) == own


def test_it_is_begun_once_however_often_it_is_asked_for(ann, three):
    assign(ann, three[0])
    assert claiming.take(ann, three[0]) == claiming.take(ann, three[0])
    three[0].refresh_from_db()
    assert (three[0].taken, Annotation.objects.filter(author=ann).count()) == (1, 1)


def test_it_keeps_its_slot_and_has_no_lease_to_lose(ann, bo, cy, question):
    assign(ann, question)
    assign(bo, question)
    assert assign(cy, question) == "full"
    assert claiming.claim(cy) is None
    assert assign(ann, question) == "theirs"
    question.refresh_from_db()
    assert question.taken == 2


def test_unassigning_frees_the_slot_of_what_is_not_begun(ann, three):
    assign(ann, three[0])
    assert unassign(ann.assignments.get())
    three[0].refresh_from_db()
    assert (three[0].taken, ann.assignments.count()) == (0, 0)
    assert claiming.claim(ann).question == three[0]
    assert not unassign(ann.assignments.get())


def test_in_a_batch_that_is_shut_it_waits(ann, batch, three):
    assign(ann, three[0])
    batch.opens = timezone.now() + timedelta(days=1)
    change_batch(batch, ["opens"])
    assert claiming.claim(ann) is None
    with pytest.raises(claiming.Shut):
        claiming.take(ann, three[0])


def test_who_was_assigned_a_question_does_not_look_at_it(as_mo, mo, bo, question):
    assign(mo, question)
    with pytest.raises(looking.StillOpen):
        looking.look(mo, question)
    looking.look(bo, question)
    assert assign(bo, question) == "looked"
    assert "You have this question yourself" in as_mo.get(f"/p/clocks/questions/{question.pk}/").text


def test_leaving_gives_it_back(ann, question):
    assign(ann, question)
    leaving.leave(ann)
    question.refresh_from_db()
    assert (question.taken, ann.assignments.count()) == (0, 0)


def test_home_shows_it_apart_and_begins_it(as_ann, ann, three):
    assign(ann, three[1])
    answer = as_ann.get("/", {"tab": "assigned"})
    assert [line.question for line in answer.context["lines"]] == [three[1]]
    assert "1 question is assigned to you" in answer.text
    assert as_ann.post("/p/clocks/claim/").url == f"/p/clocks/q/{three[1].pk}/"


def test_a_manager_assigns_what_is_picked_in_the_list(as_mo, ann, three):
    assert "Pick all 3 found" in as_mo.get("/p/clocks/questions/").text
    form = {"member": ann.pk, "pick": [three[0].pk, three[2].pk], "q": "Spain"}
    assert as_mo.post("/p/clocks/questions/assign/", form).url == "/p/clocks/questions/?q=Spain"
    assert given(ann) == ["q1", "q3"]


def test_or_all_that_the_filter_finds(as_mo, ann, batch, three):
    make_question(batch, "other", "Which cup?")
    as_mo.post("/p/clocks/questions/assign/", {"member": ann.pk, "all": "1", "q": "Spain", "stage": "to_do"})
    assert given(ann) == ["q1", "q2", "q3"]


@pytest.mark.parametrize("whom", ["vi", "nobody"])
def test_only_those_who_annotate_are_assigned_anything(as_mo, vi, three, whom):
    pk = vi.pk if whom == "vi" else ""
    answer = as_mo.post("/p/clocks/questions/assign/", {"member": pk, "all": "1"}, follow=True)
    assert "Pick questions, and say to whom they go." in answer.text
    assert not Assignment.objects.filter(state="assigned").exists()


def post_file(as_mo, batch, table: str):
    file = SimpleUploadedFile("a.csv", table.encode())
    return as_mo.post(f"/p/clocks/batches/{batch.pk}/assign/", {"file": file}, follow=True)


def test_a_csv_assigns_line_by_line(as_mo, ann, bo, batch, three):
    answer = post_file(as_mo, batch, "external_id,username\nq2,ann\n\nq1,ann\nq1,bo\n")
    assert "3 assigned." in answer.text
    assert (given(ann), given(bo)) == (["q1", "q2"], ["q1"])
    back = as_mo.post(f"/p/clocks/assigned/{ann.assignments.first().pk}/back/", follow=True)
    assert "Taken back" in back.text


@pytest.mark.parametrize(
    ("line", "problem"),
    [("q9,ann", "line 2: “q9” is no question"), ("q2,vi", "“vi” is nobody who annotates here"), ("q2", "two columns")],
)
def test_one_bad_line_and_none_is_assigned(as_mo, batch, three, line, problem):
    answer = post_file(as_mo, batch, f"q1,ann\n{line}\n")
    assert answer.status_code == 422
    assert problem in answer.text
    assert not Assignment.objects.filter(state="assigned").exists()


def test_a_priority_is_set_on_what_is_picked(as_mo, ann, batch, three):
    batch.order = "priority"
    change_batch(batch, ["order"])
    as_mo.post("/p/clocks/questions/priority/", {"pick": [three[2].pk], "priority": "5"})
    assert claiming.claim(ann).question == three[2]
    assert as_mo.post("/p/clocks/questions/priority/", {"pick": [three[2].pk], "priority": "-1"}).status_code == 302
    assert Question.objects.get(pk=three[2].pk).priority == 5
