"""The page that starts a retrieval: which corpora it offers, what it refuses, and the job that it starts."""

import pytest

from annotator import jobs
from annotator.actions.retrieving import own_corpus, retrieve
from annotator.models import Job
from retrieval.models import Corpus
from tests.conftest import make_list, make_question


@pytest.fixture(autouse=True)
def untold(monkeypatch) -> None:
    """No worker is told of a job."""
    monkeypatch.setattr(jobs, "nudge", lambda _pk: None)


def test_retrieving_starts_a_job(as_mo, batch):
    make_question(batch, retrieval=None)
    corpus = Corpus.objects.create(slug="wiki", name="Wiki")
    answer = as_mo.post("/p/clocks/retrieve/", {"corpus": corpus.pk, "k": "5"})
    started = Job.objects.get()
    assert answer.url == f"/p/clocks/jobs/{started.pk}/"
    assert started.arguments == {"corpus": "wiki", "k": 5}
    assert as_mo.post("/p/clocks/retrieve/", {"corpus": corpus.pk, "k": "0"}).status_code == 422


def test_shared_corpora_and_the_projects_own_may_be_searched_but_no_other_projects(as_mo, batch):
    make_question(batch, retrieval=None)
    for slug in ("wiki", "clocks-imported", "noise-imported"):
        Corpus.objects.create(slug=slug, name=f"The {slug}")
    page = as_mo.get("/p/clocks/retrieve/").text
    assert [name in page for name in ("The wiki", "The clocks-imported", "The noise-imported")] == [True, True, False]
    others = Corpus.objects.get(slug="noise-imported")
    assert as_mo.post("/p/clocks/retrieve/", {"corpus": others.pk, "k": "5"}).status_code == 422
    assert not Job.objects.exists()


def test_a_corpus_that_is_gone_is_named(project, mo):
    job = jobs.start("retrieve", project, mo, corpus="nowhere", k=5)
    assert jobs.run(job.pk).error == "There is no corpus “nowhere”."


def test_the_retrieve_page_says_what_is_missing(as_mo, batch):
    assert "Bring in the questions first" in as_mo.get("/p/clocks/retrieve/").text
    make_question(batch, "a")
    assert "Every question has its list" in as_mo.get("/p/clocks/retrieve/").text


def test_lists_are_frozen_from_what_imports_brought(project, batch):
    make_list(own_corpus(project))
    own = Corpus.objects.get(slug=own_corpus(project))
    question = make_question(batch, "late", "When did Spain win?", retrieval=None)
    assert retrieve(project, own, 5) == 1
    question.refresh_from_db()
    assert question.retrieval.settings["corpus"] == own.slug
