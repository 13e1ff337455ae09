"""The page that searches a project: what it finds, shows and hides, and that nothing that is typed breaks it."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator import jobs
from annotator.actions import claiming, indexing
from annotator.actions.looking import look
from annotator.models import Annotation, Job, Look
from tests.canary import CANARY, write_canary
from tests.conftest import make_question

SEARCH = "/p/clocks/search/"
WORD = {"q": f"{CANARY[:-1]}*"}
HTMX = {"HX-Request": "true"}


def asked(client, words: str, **more) -> str:
    answer = client.get(SEARCH, {"q": words, **more})
    assert answer.status_code == 200
    return answer.text


def test_questions_and_fragments_are_found_marked_and_linked(as_mo, question):
    page = asked(as_mo, "sPÁIN")
    assert f'href="/p/clocks/questions/{question.pk}/#fragment-1"' in page
    assert "When did <mark>Spain</mark> win" in page
    assert "<mark>Spain</mark>’s men won the FIFA World Cup" in page


def test_nothing_of_anothers_work_is_found_before_a_look_and_searching_is_none(as_mo, assignment, mo):
    write_canary(assignment)
    before = asked(as_mo, WORD["q"])
    assert CANARY not in before
    assert "Nothing was found" in before
    assert not Look.objects.exists()
    look(mo, assignment.question)
    after = asked(as_mo, WORD["q"])
    assert f"<mark>{CANARY}</mark>" in after
    assert f"#condition-{assignment.annotation_id}-card" in after
    assert (
        f"#condition-{assignment.annotation_id}-card".replace("#", 'id="')
        in as_mo.get(f"/p/clocks/questions/{assignment.question_id}/").text
    )


def test_who_took_the_question_after_looking_finds_nothing_and_counts_nothing(as_cy, assignment, cy):
    write_canary(assignment)
    look(cy, assignment.question)
    cy.project.lookers_may_annotate = True
    cy.project.save(update_fields=["lookers_may_annotate"])
    claiming.take(cy, assignment.question)
    page = asked(as_cy, WORD["q"], person=assignment.member_id, source="human")
    assert CANARY not in page
    assert "Nothing was found" in page


def test_what_was_found_is_narrowed_by_kind_batch_person_source_and_state(as_mo, assignment, batch, mo, bo):
    write_canary(assignment)
    look(mo, assignment.question)
    word, own = WORD["q"], {"person": assignment.member_id, "source": "human", "batch": batch.pk}
    assert "<mark>canary</mark>" in asked(as_mo, word, stage="in_progress", **own)
    for wrong in ({"person": bo.pk}, {"source": "gold"}, {"batch": batch.pk + 1}, {"stage": "gold"}):
        assert "<mark>" not in asked(as_mo, word, **wrong)
    assert "<mark>" not in asked(as_mo, word, kind="question")
    assert "<mark>" in asked(as_mo, word, kind="remark")


def test_names_can_be_hidden(as_mo, assignment, mo):
    write_canary(assignment)
    look(mo, assignment.question)
    hits = asked(as_mo, WORD["q"], names="hidden").partition('id="found"')[2]
    assert "annotator-ann" in hits
    assert "Ann " not in hits


def test_one_kind_goes_on_page_by_page(as_mo, batch):
    for number in range(26):
        make_question(batch, f"q{number}", f"Which zebra is number {number}?", retrieval=None)
    for _turn in range(2):
        first = asked(as_mo, "zebra", kind="question")
    assert first.count("<mark>") == 25
    following = first.partition("&amp;after=")[2].partition('"')[0]
    assert asked(as_mo, "zebra", kind="question", after=following).count("<mark>") == 1
    assert asked(as_mo, "zebra").count("<mark>") == 5


def test_a_script_gets_the_results_alone(as_mo, question):
    answer = as_mo.get(SEARCH, {"q": "spain"}, headers=HTMX)
    assert answer.text.lstrip().startswith('<div id="found">')
    assert "HX-Request" in answer["Vary"]


def test_where_much_is_unread_a_job_goes_on_with_it_and_the_page_says_so(as_mo, batch, monkeypatch, project):
    monkeypatch.setattr(indexing, "QUESTIONS_AT_ONCE", 1)
    for number in range(3):
        make_question(batch, f"q{number}", "Which zebra?", retrieval=None)
    for _turn in range(2):
        assert "Not everything has been read yet." in asked(as_mo, "zebra")
    job = Job.objects.get(verb="index")
    assert jobs.run(job.pk).state == "done"
    assert asked(as_mo, "zebra").count("<mark>") == 3
    assert "Reading for the search" in as_mo.get(f"/p/clocks/jobs/{job.pk}/").text


def test_many_hits_ask_as_much_as_few(as_mo, batch, ann, mo, django_assert_max_num_queries):
    for number in range(12):
        work = claiming.take(ann, make_question(batch, f"q{number}", "Which zebra?")).annotation
        Annotation.objects.filter(pk=work.pk).update(note="a zebra", revisions_made=1)
        look(mo, work.question)
    asked(as_mo, "zebra")
    with django_assert_max_num_queries(17):
        asked(as_mo, "zebra")


@pytest.mark.parametrize(
    "words", ["", '"', "-", "¶", '"" -spain', "*" * 50, "a" * 10_000, '"' * 9, "\0", "spain\0", "' OR 1=1"]
)
def test_a_bad_query_gets_an_answer(as_mo, question, words):
    asked(as_mo, words)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=200), st.text(max_size=5), st.text("0123456789-x", max_size=25))
def test_whatever_is_typed_gets_an_answer(as_mo, question, words, choice, number):
    asked(as_mo, words, kind=choice, stage=choice, source=choice, batch=number, person=number, after=number)


def test_a_long_phrase_is_found(as_mo, batch):
    text = " ".join(f"word{number}" for number in range(90))
    make_question(batch, "long", text, retrieval=None)
    assert "<mark>" in asked(as_mo, f'"{text}"')
    assert "<mark>" not in asked(as_mo, f'"{text} more"')


def test_strangers_and_annotators_have_no_search(as_dee, as_ann, as_vi, question):
    assert as_dee.get(SEARCH).status_code == as_ann.get(SEARCH).status_code == 404
    assert "<mark>" in asked(as_vi, "spain")
