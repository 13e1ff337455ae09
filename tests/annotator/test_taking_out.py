"""Taking out again what was looked up and added: until it is cited or handed in, with a way back."""

from annotator import rows, supplement_numbers
from annotator.actions.looking import look
from annotator.actions.retrieving import problems_of
from annotator.actions.supplementing import supplement, take_back
from annotator.fragment_lists import own_list
from annotator.models import Annotation, Question, Supplement
from retrieval.fragments import NewFragment, store_fragments
from tests.annotator.exchange.conftest import exported
from tests.annotator.test_looking_up import HTMX, bos, cite, corpus, fragment, labels, submit, url, work

__all__ = ["bos", "corpus"]


def test_what_was_added_is_taken_out_of_the_page_the_list_and_the_exports(as_ann, assignment, project):
    supplement(work(assignment), fragment("Futsal"))
    answer = as_ann.post(url(assignment, "supplement/out/"), {"number": "213"}, headers=HTMX).text
    assert "S213 “Futsal” is taken out." in answer
    assert 'id="fragment-S213"' not in answer + as_ann.get(url(assignment)).text
    assert not Supplement.objects.exists()
    assert "Futsal" not in exported(project, "full").decode()
    assert list(problems_of(project)) == []


def test_what_is_added_again_has_its_number_and_the_others_keep_theirs(assignment):
    for title in ("Futsal", "Handball"):
        supplement(work(assignment), fragment(title))
    take_back(work(assignment), 213)
    assert labels(assignment) == ["S261"]
    supplement(work(assignment), fragment("Futsal"))
    assert [(one.label, one.fragment.title) for one in own_list(work(assignment)).added] == [
        ("S261", "Handball"),
        ("S213", "Futsal"),
    ]


def test_two_fragments_that_draw_one_number_have_two_and_what_another_window_shows_is_given_to_neither(
    assignment, corpus, monkeypatch
):
    monkeypatch.setattr(supplement_numbers, "DRAWN", 1)
    store_fragments(corpus, [NewFragment("Water polo", "Spain won in 1998 and 2001.")])
    for title in ("Futsal", "Handball"):
        supplement(work(assignment), fragment(title))
    assert labels(assignment) == ["S100", "S101"]
    take_back(work(assignment), 101)
    supplement(work(assignment), fragment("Handball"))
    assert labels(assignment) == ["S100", "S101"]
    take_back(work(assignment), 100)
    supplement(work(assignment), fragment("Water polo"))
    assert labels(assignment) == ["S101", "S102"]


def test_what_was_cited_stays_also_where_only_the_history_says_so(as_ann, assignment):
    supplement(work(assignment), fragment("Futsal"))
    cite(assignment, "S213", as_ann)
    work(assignment).conditions.get().citations.all().delete()
    answer = as_ann.post(url(assignment, "supplement/out/"), {"number": "213"}, headers=HTMX)
    assert (answer.status_code, "You have cited S213" in answer.text) == (422, True)
    assert labels(assignment) == ["S213"]


def test_handed_in_work_keeps_what_was_added(as_ann, assignment):
    submit(assignment, as_ann)
    assert as_ann.post(url(assignment, "supplement/out/"), {"number": "213"}, headers=HTMX).status_code == 409


def test_without_script_taking_out_leads_back_to_the_page(as_ann, assignment):
    supplement(work(assignment), fragment("Futsal"))
    answer = as_ann.post(url(assignment, "supplement/out/"), {"number": "213"}, follow=True)
    assert "It is taken out." in answer.text
    assert "fragment-S213" not in answer.text


def test_what_another_added_too_stays_in_the_list(assignment, bos):
    supplement(work(assignment), fragment("Futsal"))
    supplement(work(bos), fragment("Handball"))
    take_back(work(assignment), 261)
    assert labels(bos) == ["S261"]
    listed = Question.objects.get(pk=assignment.question_id).supplementary.listed.all()
    assert [(line.rank, line.fragment.title) for line in listed] == [(1, "Handball"), (2, "Futsal")]


def test_a_line_keeps_its_place_where_somebody_cited_one_behind_it_and_nobody_is_shown_it(
    as_bo, as_cy, cy, assignment, bos, project
):
    supplement(work(bos), fragment("Futsal"))
    cite(bos, "S213", as_bo)
    take_back(work(assignment), 261)
    said = rows.annotation_record(Annotation.objects.with_conditions().get(pk=bos.annotation_id))
    assert [one.label for _condition, one in said.citations()] == ["S2"]
    assert list(problems_of(project)) == []
    look(cy, bos.question)
    page = as_cy.get(f"/p/clocks/questions/{bos.question_id}/").text
    assert ("Futsal" in page, "Handball" in page) == (True, False)


def test_only_who_has_the_question_takes_out(as_ann, as_bo, as_vi, as_dee, assignment):
    supplement(work(assignment), fragment("Futsal"))
    for client, status in ((as_bo, 404), (as_vi, 404), (as_dee, 404), (as_ann, 302)):
        assert client.post(url(assignment, "supplement/out/"), {"number": "213"}).status_code == status
    assert labels(assignment) == []
