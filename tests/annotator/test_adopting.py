"""Drafts beside a person's own work: when they are shown, what adopting makes of them, and what is kept of it."""

import json
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from annotator import record, rows
from annotator.actions import adopting, saving, submitting
from annotator.actions.adopting import share_of
from annotator.actions.history import Conflict, NotOpen
from annotator.actions.saving import Save
from annotator.models import Adoption, Annotation, Revision
from annotator.record import Answer, Citation, Condition
from tests.annotator.exchange.conftest import exported
from tests.conftest import make_list

BENCH = "/p/clocks/q/{}/"
WORDS = "the drafted words"
CARD = Condition(
    "d1",
    WORDS,
    (Answer("a1", "2010", ("MMX",)), Answer("a2", "2012")),
    (Citation("x1", rank=1, answer="a2", title="Fragment 1"), Citation("x2", title="Fragment 750")),
)


def make_draft(question, card=CARD, retrieval=None):
    system = question.batch.project.systems.get_or_create(name="run 1")[0]
    now = question.created
    values = {"created": now, "saved": now, "submitted": now, "revisions_made": 1, "retrieval": retrieval}
    row = Annotation.objects.create(question=question, source="draft", system=system, **values)
    rows.create_conditions([(row, record.Annotation(conditions=(card,)), rows.lines_of(question, row))])
    return row


@pytest.fixture
def draft(question):
    return make_draft(question)


@pytest.fixture
def shown(project):
    """Let the project show drafts from the beginning."""
    project.show_drafts = "before"
    project.save(update_fields=["show_drafts"])


def work(assignment):
    return Annotation.objects.of_question("clocks", assignment.question_id).get(author=assignment.member)


def adopt(assignment, draft, own="mine", save_id=None):
    adopting.adopt(work(assignment), draft.pk, "d1", own, Save(assignment.member, save_id, 1))


def hand_in(assignment, verdict=record.Verdict.UNAMBIGUOUS):
    annotation = work(assignment)
    saving.save_overall(annotation, saving.Overall(verdict), Save(assignment.member, None, annotation.version))
    submitting.submit(work(assignment), assignment.member)


def own_card(assignment, uid="mine"):
    whole = Annotation.objects.select_related("question").with_conditions().get(pk=assignment.annotation_id)
    return rows.annotation_record(whole).condition(uid)


def bench(client: Client, assignment) -> str:
    return client.get(BENCH.format(assignment.question_id)).text


def test_a_draft_is_hidden_until_one_has_submitted(as_ann, assignment, draft):
    assert WORDS not in bench(as_ann, assignment)
    hand_in(assignment, record.Verdict.UNANSWERABLE)
    assert WORDS in bench(as_ann, assignment)
    submitting.reopen(work(assignment), assignment.member)
    assert WORDS in bench(as_ann, assignment)


def test_a_draft_is_shown_from_the_beginning_where_the_project_says_so(as_ann, assignment, draft, shown):
    text = bench(as_ann, assignment)
    assert WORDS in text
    assert f"adopt:{draft.pk}.d1" in text


def test_the_settings_say_when_drafts_are_shown(as_mo, project):
    as_mo.post("/p/clocks/settings/", {"name": "Clocks", "language": "en", "show_drafts": "before"})
    project.refresh_from_db()
    assert project.show_drafts == "before"


def test_a_draft_that_is_still_being_written_is_not_shown(as_ann, assignment, draft, shown, project):
    project.systems.update(complete=False)
    assert WORDS not in bench(as_ann, assignment)


def test_predictions_are_never_shown(as_ann, assignment, draft, shown):
    Annotation.objects.filter(pk=draft.pk).update(source="prediction")
    assert WORDS not in bench(as_ann, assignment)


def test_an_adopted_card_is_ones_own_in_one_step_that_knows_where_it_came_from(assignment, draft, shown):
    before = work(assignment).revisions_made
    adopt(assignment, draft)
    card = own_card(assignment)
    assert [answer.wordings for answer in card.answers] == [("2010", "MMX"), ("2012",)]
    (citation,) = card.citations
    assert (citation.rank, citation.answer, citation.title) == (1, card.answers[1].uid, None)
    step = Revision.objects.get(annotation=assignment.annotation_id, number=before + 1)
    assert (step.verb, step.condition, step.by) == ("adopt", "mine", assignment.member)
    origin = Adoption.objects.get()
    assert (origin.draft, origin.revision, origin.uid) == (draft, 1, "d1")
    assert origin.parts == {card.answers[0].uid: "a1", card.answers[1].uid: "a2", citation.uid: "x1"}


def test_adopting_twice_under_one_uid_changes_nothing(assignment, draft, shown):
    adopt(assignment, draft, save_id="s")
    adopt(assignment, draft, save_id="s")
    assert Adoption.objects.count() == 1
    assert work(assignment).conditions.count() == 1


def test_nothing_is_adopted_from_what_is_hidden_or_by_work_that_is_handed_in(assignment, draft, project):
    with pytest.raises(Conflict):
        adopt(assignment, draft)
    project.show_drafts = "before"
    project.save(update_fields=["show_drafts"])
    adopt(assignment, draft)
    hand_in(assignment)
    with pytest.raises(NotOpen):
        adopt(assignment, draft, "another")
    assert Adoption.objects.count() == 1


def test_citations_over_a_list_of_the_systems_own_become_those_of_the_questions(assignment, question, shown):
    turned = make_list(
        "clocks-corpus",
        list(reversed([(part.fragment.title, part.fragment.text) for part in question.retrieval.listed.all()])),
    )
    card = Condition("d1", WORDS, (), (Citation("x1", rank=1),))
    adopt(assignment, make_draft(question, card, turned))
    assert [citation.rank for citation in own_card(assignment).citations] == [5]


def test_an_adoption_can_be_undone_and_restored(assignment, draft, shown):
    adopt(assignment, draft)
    number = work(assignment).revisions_made
    saving.undo(work(assignment), number, Save(assignment.member, None, 1))
    assert own_card(assignment) is None
    saving.restore(work(assignment), number, Save(assignment.member, None, number + 1))
    assert own_card(assignment).text == WORDS


def test_the_page_adopts_with_and_without_script(as_ann, assignment, draft, shown):
    path = BENCH.format(assignment.question_id)
    answer = as_ann.post(f"{path}adopt/", {"uid": "mine", "draft": f"{draft.pk}.d1"}, headers={"HX-Request": "true"})
    assert 'id="condition-mine"' in answer.text
    assert answer["X-Step"] == str(work(assignment).revisions_made)
    plain = as_ann.post(path, {"do": f"adopt:{draft.pk}.d1", "version": "1"})
    assert plain.status_code == 302
    assert work(assignment).conditions.count() == 2
    assert "You adopted this." in bench(as_ann, assignment)
    assert "adopted from a draft" in as_ann.get(f"{path}history/").text


@pytest.mark.parametrize("name", ["", "x.d1", "1", "999.d1"])
def test_a_name_that_leads_to_no_draft_is_refused(as_ann, assignment, draft, shown, name):
    path = BENCH.format(assignment.question_id)
    assert as_ann.post(f"{path}adopt/", {"uid": "mine", "draft": name}).status_code == 409
    assert as_ann.post(f"{path}adopt/", {"uid": "no id!", "draft": f"{draft.pk}.d1"}).status_code == 422


def test_the_share_counts_the_parts_that_still_stand_and_the_edits(assignment, draft, shown, project):
    adopt(assignment, draft)
    saving.add_condition(work(assignment), "own", Save(assignment.member, None, 1))
    card = own_card(assignment)
    edited = Condition("mine", "in my words", card.answers[:1], card.citations)
    lines = rows.lines_of(assignment.question)
    fuller = Condition("own", "another", (Answer("o1", "1964"),))
    saving.save_condition(work(assignment), edited, Save(assignment.member, None, 1), lines)
    saving.save_condition(work(assignment), fuller, Save(assignment.member, None, 1), lines)
    assert share_of(project) == adopting.Share(0, 0, 0)
    hand_in(assignment, record.Verdict.AMBIGUOUS)
    # Adopted: the condition, an answer and a citation; besides them a condition and its answer.
    assert share_of(project) == adopting.Share(parts=5, adopted=3, edited=1)


def test_the_share_is_counted_in_the_database_and_no_card_is_read(assignment, draft, shown, project):
    adopt(assignment, draft)
    hand_in(assignment)
    with CaptureQueriesContext(connection) as queries:
        assert share_of(project) == adopting.Share(parts=4, adopted=4, edited=0)
    assert all(re.match(r"SELECT (COUNT\(|1 AS)", query["sql"]) for query in queries)


def test_the_manager_sees_the_share_where_there_are_drafts(as_mo, assignment, draft, shown):
    adopt(assignment, draft)
    hand_in(assignment)
    assert "4 of 4 parts submitted" in as_mo.get("/p/clocks/").text


def test_a_project_without_drafts_has_no_share(as_mo, project):
    assert share_of(project) is None
    assert "parts submitted" not in as_mo.get("/p/clocks/").text


def test_the_full_export_says_what_was_adopted(assignment, draft, shown, project):
    adopt(assignment, draft)
    line = json.loads(exported(project, "full").splitlines()[1])
    (adoption,) = line["adoptions"]
    sources = [line["annotations"][adoption[name] - 1].get("source", "human") for name in ("in", "of")]
    assert (adoption["condition"], adoption["uid"], adoption["revision"]) == ("mine", "d1", 1)
    assert sources == ["human", "draft"]
