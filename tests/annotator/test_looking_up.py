"""Looking something up beside the workbench, and adding what was found: what is kept, shown and hidden."""

import json
import re

import pytest

from annotator import record, rows, standing, supplement_numbers
from annotator.actions import claiming, saving, submitting, taking_up
from annotator.actions.adopting import drafts_beside
from annotator.actions.history import NotOpen
from annotator.actions.importing import import_questions
from annotator.actions.leaving import erase
from annotator.actions.looking import look
from annotator.actions.retrieving import problems_of
from annotator.actions.saving import Save
from annotator.actions.supplementing import supplement
from annotator.fragment_lists import own_list
from annotator.models import Annotation, Lookup, Project, Question, Supplement
from annotator.reading import BadInput
from retrieval.engines.english import marked
from retrieval.engines.memory import MemoryEngine
from retrieval.fragments import NewFragment, store_fragments
from retrieval.loading import rebuild_index
from retrieval.models import Corpus, Fragment, Retrieval
from tests.annotator.exchange.conftest import exported
from tests.annotator.test_adopting import make_draft
from tests.conftest import make_project

MORE = [
    ("Futsal", "Spain won the futsal title in 2000 and 2004."),
    ("Handball", "Spain won at handball in 2005."),
]
HTMX = {"HX-Request": "true"}
BENCH = "/p/clocks/q/{}/"


@pytest.fixture(autouse=True)
def corpus(question, settings) -> Corpus:
    """The corpus of the question's list, with two fragments that are not in it, and an index in memory."""
    settings.SEARCH_ENGINE = "memory"
    MemoryEngine.shelves.clear()
    found = Corpus.objects.get(slug="clocks-corpus")
    store_fragments(found, [NewFragment(title, text) for title, text in MORE])
    Retrieval.objects.filter(pk=question.retrieval_id).update(settings={"corpus": found.slug})
    question.retrieval.refresh_from_db()
    rebuild_index(found)
    return found


def fragment(title: str) -> Fragment:
    return Fragment.objects.get(corpus__slug="clocks-corpus", title=title)


def work(assignment) -> Annotation:
    return Annotation.objects.of_question("clocks", assignment.question_id).get(author=assignment.member)


def url(assignment, more: str = "") -> str:
    return f"{BENCH.format(assignment.question_id)}{more}"


def cite(assignment, number: str, client) -> int:
    uid = "c1"
    saving.add_condition(work(assignment), uid, Save(assignment.member, None, 1))
    form = {f"text.{uid}": "futsal", f"version.{uid}": "1", f"cite.{uid}": number, "save": f"s{number}"}
    return client.post(url(assignment, f"c/{uid}/"), form).status_code


def labels(assignment) -> list[str]:
    return [one.label for one in own_list(work(assignment)).added]


# Looking up


def test_a_search_answers_with_texts_and_marks_and_is_kept(as_ann, assignment):
    page = as_ann.get(url(assignment, "look-up/"), {"q": "who won at handball"}, headers=HTMX).content.decode()
    assert "<html" not in page
    assert "<mark>Handball</mark>" in page
    kept = Lookup.objects.get()
    assert (kept.query, kept.engine, kept.annotation) == ("who won at handball", "memory", assignment.annotation)
    assert kept.hits > 0


def test_the_words_of_a_query_are_marked_by_their_stems():
    assert marked("They won titles.", "who won a title")[2:6:2] == [("won", True), ("titles", True)]


def test_typing_on_is_one_search_and_other_words_are_another(as_ann, assignment):
    for words in ("hand", "handball", "futsal"):
        as_ann.get(url(assignment, "look-up/"), {"q": words}, headers=HTMX)
    assert list(Lookup.objects.values_list("query", flat=True)) == ["handball", "futsal"]


def test_no_words_are_no_search(as_ann, assignment):
    assert as_ann.get(url(assignment, "look-up/"), {"q": " \0 "}, headers=HTMX).status_code == 200
    assert not Lookup.objects.exists()


def test_where_the_engine_is_down_the_panel_says_so_and_the_rest_works(as_ann, assignment, caplog):
    MemoryEngine.shelves.clear()
    page = as_ann.get(url(assignment, "look-up/"), {"q": "handball"})
    assert "The search cannot answer now." in page.content.decode()
    assert "reindex" not in page.content.decode()  # what to do is for who runs the site
    assert "reindex" in caplog.text
    assert cite(assignment, "1", as_ann) == 200
    assert not Lookup.objects.exists()


def test_without_a_corpus_the_project_chooses_one(as_ann, assignment, project, corpus):
    Retrieval.objects.update(settings={})
    assert "There is no corpus to search" in as_ann.get(url(assignment)).content.decode()
    Project.objects.filter(pk=project.pk).update(corpus=corpus)
    assert "<mark>handball</mark>" in as_ann.get(url(assignment, "look-up/"), {"q": "handball"}).content.decode()


def test_another_projects_own_corpus_is_not_searched(as_ann, assignment, corpus):
    Corpus.objects.filter(pk=corpus.pk).update(slug="noise-imported")
    Retrieval.objects.filter(pk=assignment.question.retrieval_id).update(settings={"corpus": "noise-imported"})
    page = as_ann.get(url(assignment, "look-up/"), {"q": "handball"}).content.decode()
    assert "The corpus of this question’s list is not here." in page


def test_what_stands_in_the_list_cannot_be_added_from_the_results(as_ann, assignment):
    page = as_ann.get(url(assignment, "look-up/"), {"q": "soup"}, headers=HTMX).content.decode()
    assert "Is fragment 4" in page
    assert 'name="fragment"' not in page


# Adding


def test_a_fragment_is_added_once_under_a_number_of_its_own(as_ann, assignment):
    for _twice in range(2):
        answer = as_ann.post(url(assignment, "supplement/"), {"fragment": fragment("Futsal").pk}, headers=HTMX)
        assert 'id="fragment-S213"' in answer.content.decode()
    question = Question.objects.get(pk=assignment.question_id)
    assert [line.fragment.title for line in question.supplementary.listed.all()] == ["Futsal"]
    assert question.supplementary.kind == Retrieval.Kind.SUPPLEMENTARY
    assert Supplement.objects.get().annotation == assignment.annotation


def test_without_script_adding_leads_to_where_it_stands(as_ann, assignment):
    answer = as_ann.post(url(assignment, "supplement/"), {"fragment": fragment("Futsal").pk})
    assert answer["Location"] == url(assignment, "#fragment-S213")


def test_what_the_list_has_is_refused_with_its_number(as_ann, assignment):
    with pytest.raises(BadInput, match="fragment 4"):
        supplement(work(assignment), fragment("Soup"))
    answer = as_ann.post(url(assignment, "supplement/"), {"fragment": fragment("Soup").pk}, headers=HTMX)
    assert answer.status_code == 422
    assert Question.objects.get(pk=assignment.question_id).supplementary is None


def test_handed_in_work_gets_nothing_more(as_ann, assignment, ann):
    said = saving.Overall(record.Verdict.CANNOT_ANNOTATE, "why")
    saving.save_overall(work(assignment), said, Save(ann, None, work(assignment).version))
    submitting.submit(work(assignment), ann)
    with pytest.raises(NotOpen):
        supplement(work(assignment), fragment("Futsal"))
    answer = as_ann.post(url(assignment, "supplement/"), {"fragment": fragment("Futsal").pk}, headers=HTMX)
    assert answer.status_code == 409
    assert 'id="lookup"' not in as_ann.get(url(assignment)).content.decode()


def test_an_added_fragment_is_cited_with_its_words(as_ann, assignment):
    supplement(work(assignment), fragment("Futsal"))
    assert cite(assignment, "s213", as_ann) == 200
    said = rows.annotation_record(Annotation.objects.with_conditions().get(pk=assignment.annotation_id))
    assert [one.label for _condition, one in said.citations()] == ["S1"]
    page = as_ann.get(url(assignment)).content.decode()
    assert '<a href="#fragment-S213" title="Futsal">' in page
    assert "citation S213 (both) added" in as_ann.get(url(assignment, "history/")).content.decode()


def test_an_s_can_be_typed_where_numbers_are_and_the_field_says_so(as_ann, assignment):
    assert cite(assignment, "1", as_ann) == 200
    page = as_ann.get(url(assignment)).text
    assert "such as 3 or S471</label>" in page
    assert "inputmode" not in page


def test_a_number_that_nobody_added_is_refused(as_ann, assignment):
    assert cite(assignment, "S213", as_ann) == 422


# Blindness


@pytest.fixture
def bos(assignment, bo, question):
    """Bo's slot on the question, on which Ann has added a fragment."""
    supplement(work(assignment), fragment("Handball"))
    return claiming.take(bo, question)


def test_nobody_is_told_what_another_added(as_bo, bos, assignment):
    supplement(work(bos), fragment("Futsal"))
    assert labels(bos) == ["S213"]
    assert cite(bos, "S261", as_bo) == 422
    page = as_bo.get(url(bos)).content.decode()
    assert "Handball" not in page
    assert "fragment-S261" not in page
    assert labels(assignment) == ["S261"]


def test_a_number_does_not_step_aside_for_what_another_added(as_mo, mo, bos, monkeypatch):
    monkeypatch.setattr(supplement_numbers, "DRAWN", 1)
    supplement(work(bos), fragment("Futsal"))
    assert labels(bos) == ["S100"]
    look(mo, bos.question)
    assert re.findall(r'id="fragment-(S\d+)"', as_mo.get(f"/p/clocks/questions/{bos.question_id}/").text) == [
        "S261",
        "S100",
    ]


def test_adding_what_another_added_tells_nothing(as_bo, bos):
    page = as_bo.get(url(bos, "look-up/"), {"q": "handball"}, headers=HTMX).content.decode()
    assert "Is fragment S" not in page
    supplement(work(bos), fragment("Handball"))
    question = Question.objects.get(pk=bos.question_id)
    assert (labels(bos), question.supplementary.listed.count()) == (["S261"], 1)


def test_own_numbers_are_cited_and_stored_as_places_of_the_one_list(as_bo, bos):
    supplement(work(bos), fragment("Futsal"))
    assert cite(bos, "S213", as_bo) == 200
    said = rows.annotation_record(Annotation.objects.with_conditions().get(pk=bos.annotation_id))
    assert [one.label for _condition, one in said.citations()] == ["S2"]
    assert "citation S213 (both) added" in as_bo.get(url(bos, "history/")).content.decode()


def test_a_draft_does_not_tell_what_another_added(bos, question, project):
    Project.objects.filter(pk=project.pk).update(show_drafts="before")
    own = Retrieval.objects.get(pk=question.retrieval_id)
    own.pk, own.digest = None, "0" * 64
    own.save()
    own.listed.create(rank=1, fragment=fragment("Handball"))
    make_draft(question, retrieval=own)
    (draft,) = drafts_beside(work(bos))
    assert draft.record.conditions[0].citations[0].label == ""


def test_who_looks_sees_who_added_and_a_manager_what_was_looked_up(as_mo, as_cy, mo, cy, bos, as_bo, question):
    as_bo.get(url(bos, "look-up/"), {"q": "football"}, headers=HTMX)
    page = f"/p/clocks/questions/{question.pk}/"
    assert "Handball" not in as_mo.get(page).content.decode()
    look(mo, question)
    look(cy, question)
    seen = as_mo.get(page).content.decode()
    assert "added by Ann" in seen
    assert 'id="fragment-S261"' in seen
    assert "“football”" in seen
    assert "“football”" not in as_cy.get(page).content.decode()


# What becomes of it


def test_a_person_who_is_erased_leaves_no_search_behind(as_ann, assignment, ann):
    supplement(work(assignment), fragment("Futsal"))
    as_ann.get(url(assignment, "look-up/"), {"q": "futsal"}, headers=HTMX)
    erase(ann)
    assert not Lookup.objects.exists()
    assert Supplement.objects.count() == 1


def test_the_whole_export_tells_who_added_what(as_ann, assignment, project):
    supplement(work(assignment), fragment("Futsal"))
    assert '"added":[{"rank":1,"at":' in exported(project, "full").decode()


def submit(assignment, as_ann) -> None:
    supplement(work(assignment), fragment("Futsal"))
    cite(assignment, "S213", as_ann)
    said = saving.Overall(record.Verdict.UNAMBIGUOUS)
    saving.save_overall(work(assignment), said, Save(assignment.member, None, work(assignment).version))
    answers = work(assignment).conditions.get().answers
    answers.update(text="2000") if answers.exists() else answers.create(uid="a", order=1, text="2000")
    standing.kept.clear()
    submitting.submit(work(assignment), assignment.member)


def test_what_was_added_is_evidence_for_the_adjudicator_and_who_added_it(as_ann, as_cy, cy, assignment, question):
    submit(assignment, as_ann)
    Question.objects.filter(pk=question.pk).update(overlap=1)
    taking_up.open_question(cy, Question.objects.get(pk=question.pk))
    page = as_cy.get(f"/p/clocks/adjudicate/{question.pk}/").content.decode()
    assert 'id="fragment-S213"' in page
    assert "Added by " in page
    assert 'href="#fragment-S213"' in page


def test_the_authors_own_form_marks_it_and_keeps_the_mark_when_it_is_read_back(as_ann, assignment, project, tmp_path):
    submit(assignment, as_ann)
    (made,) = json.loads(content := exported(project, "condambigqa", "submitted"))
    assert made["properties"][0]["citations"] == [{"title": MORE[0][0], "text": MORE[0][1], "supplementary": True}]
    assert len(made["ctxs"]) == 5
    (tmp_path / "a.json").write_bytes(content)
    other = make_project("other", {})
    assert import_questions(other, tmp_path / "a.json").anchors["supplementary"] == 1
    assert json.loads(exported(other, "condambigqa", "submitted"))[0]["properties"] == made["properties"]
    assert '"supplementary":true' in exported(other, "full").decode()


def test_a_supplementary_list_that_was_changed_is_found_out(assignment, project, question):
    supplement(work(assignment), fragment("Futsal"))
    assert list(problems_of(project)) == []
    Retrieval.objects.filter(kind="supplementary").update(digest="0" * 64)
    assert "supplementary the lines are not" in next(problems_of(project))


def test_only_who_has_the_question_and_writes_gets_in(as_ann, as_bo, as_vi, as_dee, assignment):
    form = {"fragment": fragment("Futsal").pk}
    for client, status in ((as_bo, 404), (as_vi, 404), (as_dee, 404), (as_ann, 302)):
        assert client.post(url(assignment, "supplement/"), form).status_code == status
        assert (client.get(url(assignment, "look-up/")).status_code == 200) == (status == 302)
