"""The question list, and a question with what was written on it, shown to those who look."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from annotator.actions import claiming, submitting
from annotator.models import Annotation, Batch, Project, Question
from tests.conftest import make_question

LIST = "/p/clocks/questions/"
CANARY = "Nobody may read this before handing in their own"
HTMX = {"HX-Request": "true"}


def listed(answer) -> list[str]:
    return [question.external_id for question in answer.context["questions"]]


@pytest.fixture
def three(batch):
    later = Batch.objects.create(project=batch.project, name="main 2", position=2, created=batch.created)
    make_question(later, "c", "When did it rain?")
    return [make_question(batch, "a", "When does summer begin?"), make_question(batch, "b", "Who won?", retrieval=None)]


def test_the_list_is_in_batch_order(as_mo, three):
    assert listed(as_mo.get(LIST)) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "WHEN"}, ["a", "c"]),
        ({"q": "b"}, ["a", "b"]),
        ({"q": "100%"}, []),
        ({"stage": "no_list"}, ["b"]),
        ({"stage": "to_do"}, ["a", "c"]),
        ({"stage": "gold"}, []),
        ({"stage": "nonsense", "batch": "x", "after": "y"}, ["a", "b", "c"]),
        ({"q": "a\0"}, ["a", "c"]),
    ],
)
def test_it_is_searched_by_words_and_stage(as_mo, three, asked, found):
    assert listed(as_mo.get(LIST, asked)) == found


def test_it_is_narrowed_to_a_batch(as_mo, three):
    assert listed(as_mo.get(LIST, {"batch": three[0].batch_id})) == ["a", "b"]


def test_pages_of_the_list_do_not_overlap(as_mo, batch):
    for number in range(53):
        make_question(batch, f"q{number:02}")
    first = as_mo.get(LIST)
    second = as_mo.get(f"{LIST}?{first.context['more']}")
    assert [len(listed(page)) for page in (first, second)] == [50, 3]
    assert not set(listed(first)) & set(listed(second))
    assert second.context["count"] == 53


def test_the_list_asks_the_same_for_many(as_mo, batch, django_assert_max_num_queries):
    for number in range(30):
        make_question(batch, f"q{number}")
    with django_assert_max_num_queries(8):
        as_mo.get(LIST)


def test_searching_swaps_the_list_alone(as_mo, three):
    answer = as_mo.get(LIST, {"q": "rain"}, headers=HTMX)
    assert answer.text.startswith('<div id="list">')
    assert "<html" not in answer.text
    back = as_mo.get(LIST, headers=HTMX | {"HX-History-Restore-Request": "true"})
    assert "<html" in back.text


def test_nothing_found_says_so(as_mo, three):
    assert "No question fits" in as_mo.get(LIST, {"q": "zzz"}).text


@pytest.fixture
def written(question, ann, bo):
    """The question, with Ann's and Bo's submitted work and gold that holds the canary."""
    for member in (ann, bo):
        question.refresh_from_db()
        work = claiming.take(member, question).annotation
        Annotation.objects.filter(pk=work.pk).update(verdict="unanswerable")
        work.refresh_from_db()
        submitting.submit(work, member)
    now = timezone.now()
    gold = Annotation.objects.create(question=question, source="gold", author=bo, created=now, saved=now)
    gold.conditions.create(uid="c1", order=1, text=CANARY)
    question.refresh_from_db()
    return question


def page_of(question: Question) -> str:
    return f"{LIST}{question.pk}/"


def look(client: Client, question: Question) -> Any:
    return client.post(f"{page_of(question)}look/", follow=True)


@pytest.mark.parametrize("overlap", [2, 3])
def test_what_others_wrote_is_shown_once_asked_for(as_mo, written, overlap):
    Question.objects.filter(pk=written.pk).update(overlap=overlap)
    before = as_mo.get(page_of(written))
    assert CANARY not in before.text
    assert "Afterwards you can no longer annotate this question" in before.text
    answer = look(as_mo, written)
    assert CANARY in answer.text
    assert [one.member.name for one in answer.context["assignments"]] == ["Ann", "Bo"]
    assert [work.source for work, _conditions in answer.context["works"]] == ["gold", "human", "human"]
    assert "You have looked at what others wrote, so you can no longer" in answer.text
    assert "Show what others wrote" not in answer.text


def test_a_viewer_looks_too_and_gives_nothing_up(as_vi, written):
    before = as_vi.get(page_of(written)).text
    assert "Show what others wrote" in before
    assert CANARY not in before
    assert "no longer annotate" not in before
    answer = look(as_vi, written).text
    assert CANARY in answer
    assert "no longer annotate" not in answer


def test_where_lookers_may_annotate_the_price_is_not_named(as_cy, project, written):
    Project.objects.filter(pk=project.pk).update(lookers_may_annotate=True)
    assert "no longer annotate" not in as_cy.get(page_of(written)).text
    assert CANARY in look(as_cy, written).text


def test_who_has_it_in_hand_cannot_look(as_mo, mo, written):
    Question.objects.filter(pk=written.pk).update(overlap=3)
    written.refresh_from_db()
    claiming.take(mo, written)
    assert "Show what others wrote" not in as_mo.get(page_of(written)).text
    answer = look(as_mo, written)
    assert "submit or skip it first" in answer.text
    assert CANARY not in answer.text
    assert not mo.looks.exists()


def test_what_is_shown_asks_the_same_for_many(as_cy, cy, written, django_assert_max_num_queries):
    cy.looks.create(question=written, at=timezone.now())
    for number in range(20):
        written.annotations.get(source="gold").conditions.create(uid=f"more{number}", order=number + 2)
    with django_assert_max_num_queries(16):
        as_cy.get(page_of(written))


def test_a_manager_who_has_it_sees_nothing_until_they_submit(as_mo, mo, written):
    Question.objects.filter(pk=written.pk).update(overlap=3)
    written.refresh_from_db()
    work = claiming.take(mo, written).annotation
    assert CANARY not in as_mo.get(page_of(written)).text
    Annotation.objects.filter(pk=work.pk).update(verdict="unanswerable")
    work.refresh_from_db()
    submitting.submit(work, mo)
    assert CANARY in as_mo.get(page_of(written)).text


def test_the_frozen_list_is_shown_with_its_digest(as_mo, question):
    answer = as_mo.get(page_of(question))
    assert question.retrieval.digest in answer.text
    assert "FIFA Women’s World Cup" in answer.text


def test_a_question_without_a_list_says_how_to_get_one(as_mo, batch):
    answer = as_mo.get(page_of(make_question(batch, retrieval=None)))
    assert "This question has no list yet" in answer.text


def test_owner_peer_and_stranger(as_mo, as_ann, as_dee, question):
    path = page_of(question)
    assert [who.get(path).status_code for who in (as_mo, as_ann, as_dee)] == [200, 404, 404]
    assert [who.post(f"{path}look/").status_code for who in (as_mo, as_ann, as_dee)] == [302, 404, 404]
    other = Question.objects.get(batch__project__slug="noise")
    assert as_mo.get(page_of(other)).status_code == 404
    assert as_mo.post(f"{page_of(other)}look/").status_code == 404


def test_who_has_not_looked_is_told_how_many_have_it_and_not_who(as_cy, assignment):
    answer = as_cy.get(f"/p/clocks/questions/{assignment.question_id}/")
    assert "1 taken of 2" in answer.text
    assert assignment.member.name not in answer.text
