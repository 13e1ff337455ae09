"""The page of the corpora: files loaded and indexes rebuilt by jobs, for who runs the site alone, one at a time."""

import gzip
import json
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from annotator import index_states, jobs
from annotator.actions import corpus_files
from annotator.actions.corpus_files import Taken, keep_corpus_file
from annotator.actions.project_settings import change_settings
from annotator.actions.queued import corpus_folder
from annotator.actions.retrieving import own_corpus
from annotator.models import Job, User
from retrieval.engines import EngineUnavailableError, engine_for
from retrieval.fragments import NewFragment, store_fragments
from retrieval.freshness import Freshness
from retrieval.loading import rebuild_index
from retrieval.models import Corpus
from tests.conftest import signed_in

LINES = b"".join(json.dumps({"title": f"T{n}", "text": f"The text {n}."}).encode() + b"\n" for n in range(3))


@pytest.fixture
def staff(db, monkeypatch):
    monkeypatch.setattr(jobs, "nudge", lambda _pk: None)
    return signed_in(User.objects.create(username="sue", first_name="Sue", is_staff=True, is_superuser=True))


def test_staff_who_only_adjudicate_run_nothing(db):
    cy = signed_in(User.objects.create(username="cy", first_name="Cy", is_staff=True))
    for refused in map(cy.get, ("/corpora/", "/status/")):
        assert (refused.status_code, "for whoever runs the site: a superuser" in refused.text) == (403, True)
    assert "Status and corpora" not in cy.get("/").text


def post(staff, **values):
    return staff.post("/corpora/", {"corpus": "wiki", **values})


def upload(content: bytes = LINES, name: str = "a.jsonl") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def run() -> Job:
    return jobs.run(Job.objects.get().pk)


def test_an_upload_is_loaded_by_a_job_whose_page_says_what_came(staff):
    answer = post(staff, upload=upload(), name="Wiki", licence="CC0")
    assert answer.url == Job.objects.get().get_absolute_url()
    assert run().result == {"corpus": "wiki", "new": 3, "known": 0, "passed": 0}
    corpus = Corpus.objects.get(slug="wiki")
    assert (corpus.name, corpus.licence, engine_for(corpus).info().count) == ("Wiki", "CC0", 3)
    assert "3 new, 0 already there" in staff.get(answer.url).text


def test_a_corpus_that_is_described_anew_while_it_is_loaded_keeps_its_size(staff):
    corpus = Corpus.objects.create(slug="wiki", name="Wiki")
    address = reverse("admin:retrieval_corpus_change", args=[corpus.pk])
    with CaptureQueriesContext(connection) as asked:
        staff.post(address, {"name": "Better", "licence": "CC0"})
    [written] = [query["sql"] for query in asked if query["sql"].startswith('UPDATE "retrieval_corpus"')]
    assert '"size"' not in written
    assert Corpus.objects.filter(name="Better", licence="CC0").exists()


def test_while_a_file_is_read_its_job_counts_bytes_as_such(staff):
    post(staff, upload=upload())
    job = jobs.claimed(Job.objects.get().pk)
    jobs.Numbers(job)("bytes read", 2_500_000, 500_000_000)
    assert "2.4 MB of 476.8 MB read" in staff.get(job.get_absolute_url()).text


def test_a_file_that_lies_on_the_server_is_chosen_by_name(staff):
    corpus_folder().mkdir()
    (corpus_folder() / "b.jsonl").write_bytes(LINES)
    assert "b.jsonl" in staff.get("/corpora/").text
    post(staff, file="b.jsonl")
    assert run().state == "done"


def test_a_file_that_somebody_deletes_while_the_page_is_drawn_is_not_on_it(staff, monkeypatch):
    monkeypatch.setattr("annotator.actions.corpus_files.lying", lambda: ["gone.jsonl"])
    assert corpus_files.lying_with_sizes() == []
    assert staff.get("/corpora/").status_code == 200


def test_a_file_is_deleted_and_what_was_loaded_from_it_stays(staff):
    post(staff, upload=upload())
    refused = staff.post("/corpora/files/delete/", {"file": "a.jsonl"}, follow=True)
    assert "reads this file; stop it first" in refused.text
    run()
    assert "a.jsonl is deleted." in staff.post("/corpora/files/delete/", {"file": "a.jsonl"}, follow=True).text
    assert not (corpus_folder() / "a.jsonl").exists()
    assert Corpus.objects.get(slug="wiki").fragments.count() == 3


@pytest.mark.parametrize("name", ["../secret_key", "", "..", ".hidden.jsonl"])
def test_nothing_else_can_be_deleted(staff, name):
    corpus_folder().mkdir()
    for path in (corpus_folder().parent / "secret_key", corpus_folder() / ".hidden.jsonl"):
        path.write_text("keep")
    assert "no such file" in staff.post("/corpora/files/delete/", {"file": name}, follow=True).text
    assert [path.read_text() for path in corpus_folder().glob(".*")] == ["keep"]
    assert (corpus_folder().parent / "secret_key").exists()


def test_the_page_says_where_no_worker_takes_up_a_job(staff):
    post(staff, upload=upload())
    assert "No worker has taken up" not in staff.get("/corpora/").text
    Job.objects.update(due=timezone.now() - timedelta(minutes=1))
    assert f"No worker has taken up job {Job.objects.get().pk}." in staff.get("/corpora/").text


@pytest.mark.parametrize("name", ["../secret_key", "/etc/passwd", "c.jsonl"])
def test_no_other_file_of_the_server_is(staff, name):
    assert post(staff, file=name).status_code == 422
    assert not Job.objects.exists()


def test_one_job_at_a_time_works_on_a_corpus(staff):
    post(staff, upload=upload())
    answer = post(staff, upload=upload(name="b.jsonl"))
    assert (answer.status_code, "works on this corpus already" in answer.text) == (422, True)
    run()
    assert post(staff, file="b.jsonl").status_code == 302


def test_a_job_that_was_stopped_waits_for_the_one_that_goes_on(staff):
    post(staff, upload=upload())
    stopped = Job.objects.get()
    jobs.cancel(stopped)
    post(staff, file="a.jsonl")
    jobs.again(stopped)
    stopped.refresh_from_db()
    assert stopped.state == "cancelled"


def test_an_index_is_rebuilt_by_a_job_from_the_status_page(staff):
    post(staff, upload=upload())
    run()
    staff.post("/corpora/wiki/reindex/")
    job = Job.objects.get(verb="reindex")
    assert staff.post("/corpora/wiki/reindex/").url == "/corpora/"
    assert jobs.run(job.pk).result == {"corpus": "wiki", "indexed": 3}
    assert "3 indexed" in staff.get(job.get_absolute_url()).text


def test_the_status_page_offers_it_where_an_index_is_missing(staff):
    corpus = Corpus.objects.create(slug="bare", name="Bare")
    store_fragments(corpus, [NewFragment("T", "x")])
    assert 'action="/corpora/bare/reindex/"' in staff.get("/status/").text


def with_fragments(slug: str, *texts: str) -> Corpus:
    corpus = Corpus.objects.create(slug=slug, name=slug.title())
    store_fragments(corpus, [NewFragment("T", text) for text in texts])
    return corpus


def shown_indexes(staff) -> dict[str, str]:
    """Return what the page says of each corpus's index, by slug."""
    rows = re.findall(
        r'<code>([\w-]+)</code></small></th>.*?<td data-label="Index">(.*?)<form', staff.get("/corpora/").text
    )
    return {slug: " ".join(re.sub("<[^>]+>", " ", cell).split()) for slug, cell in rows}


def test_the_page_says_where_an_index_is_missing_or_behind(staff):
    with_fragments("bare", "x")
    Corpus.objects.create(slug="empty", name="Empty")
    for slug in ("lags", "whole"):
        rebuild_index(with_fragments(slug, "x", "y"))
    engine = engine_for(Corpus.objects.get(slug="lags"))
    engine.delete([Corpus.objects.get(slug="lags").fragments.first().pk])
    engine.commit()
    said = {
        "bare": "missing",
        "noise-corpus": "missing",
        "empty": "nothing to index",
        "lags": "behind 1 of 2 indexed",
        "whole": "up to date",
    }
    assert shown_indexes(staff) == said
    job = corpus_files.reindex("lags")
    assert shown_indexes(staff)["lags"] == f"Job {job.pk} works on it"


def test_the_page_says_where_an_index_is_broken_or_of_other_settings(staff, settings, monkeypatch):
    rebuild_index(with_fragments("wiki", "x"))
    next((settings.VAR_DIR / "index" / "wiki").rglob("meta.json")).write_text("{")
    assert shown_indexes(staff)["wiki"] == "broken"
    found = Freshness("wiki", indexed=1, due=1, waiting=0, settings="0f0f0f0f0f0f", current=False)
    monkeypatch.setattr(index_states, "glance", lambda _corpus, _engine: found)
    assert shown_indexes(staff)["wiki"] == "behind built with other settings"


def test_the_page_counts_no_fragment_and_asks_no_more_where_there_are_more_corpora(staff):
    with_fragments("one", "x")
    with CaptureQueriesContext(connection) as asked:
        staff.get("/corpora/")
    assert not [query for query in asked if "retrieval_fragment" in query["sql"]]
    with_fragments("two", "x")
    with CaptureQueriesContext(connection) as more:
        staff.get("/corpora/")
    assert len(more) == len(asked)


def test_a_search_engine_that_is_away_is_said_once_and_one_that_does_not_answer_asked_once(staff, monkeypatch):
    asked: list[str] = []

    def glance(corpus, _engine):
        asked.append(corpus.slug)
        raise EngineUnavailableError("Elasticsearch does not answer in time", passing=True)

    monkeypatch.setattr(index_states, "glance", glance)
    with_fragments("one", "x")
    assert shown_indexes(staff) == {"noise-corpus": "not known", "one": "not known"}
    assert asked == ["noise-corpus", "one"]
    monkeypatch.setattr(index_states, "PATIENCE", 0)
    page = staff.get("/corpora/").text
    assert page.count("The search engine does not tell how the indexes of noise-corpus, one are.") == 1
    assert page.count("Elasticsearch does not answer in time") == 1
    assert asked == ["noise-corpus", "one", "noise-corpus"]


def test_each_trouble_of_the_search_engine_names_its_corpora(staff, monkeypatch):
    def glance(corpus, _engine):
        if corpus.slug == "two":
            raise EngineUnavailableError("answered 403")
        raise EngineUnavailableError("is busy", passing=True)

    monkeypatch.setattr(index_states, "glance", glance)
    with_fragments("one", "x")
    with_fragments("two", "x")
    page = staff.get("/corpora/").text
    assert "how the indexes of noise-corpus, one are.</b> is busy." in page
    assert "how the index of two is.</b> answered 403." in page


def test_a_bad_file_is_named_by_place_and_field_and_not_by_its_folder(staff):
    post(staff, upload=upload(LINES + b'{"title": 5}\n'))
    job = run()
    assert job.state == "failed"
    assert job.error.startswith("a.jsonl: line 4: title: must be a string")


def test_a_load_that_failed_is_said_to_have_been_made_since(staff):
    post(staff, upload=upload(LINES + b'{"title": 5}\n'))
    run()
    post(staff, file="a.jsonl", corpus="other")
    (corpus_folder() / "a.jsonl").write_bytes(LINES)
    jobs.run(Job.objects.get(arguments__corpus="other").pk)
    assert shown_loads(staff) == ["other done", "wiki failed"]
    post(staff, file="a.jsonl")
    assert shown_loads(staff) == ["wiki waiting", "other done", "wiki failed"]
    jobs.run(Job.objects.first().pk)
    assert shown_loads(staff) == ["wiki done", "other done", "wiki failed, a file of this name was loaded since"]


def shown_loads(staff) -> list[str]:
    """Return what the page says of each load: its corpus and what became of it."""
    return [" ".join(one) for one in re.findall(r"</a> ([\w-]+) <small[^>]*>([^<]+)", staff.get("/corpora/").text)]


@pytest.mark.parametrize(
    ("name", "said"), [("a.exe", "must end in"), ("a.parquet", "must end in"), (".a.jsonl", "must end in")]
)
def test_what_cannot_be_read_is_not_kept(staff, name, said):
    assert said in post(staff, upload=upload(name=name)).text
    assert not corpus_folder().exists()


def test_an_upload_beyond_the_limit_or_of_a_name_that_lies_there_is_refused(staff, settings):
    post(staff, upload=upload())
    assert "lies on the server already" in post(staff, upload=upload(b"x")).text
    assert (corpus_folder() / "a.jsonl").read_bytes() == LINES
    settings.CORPUS_UPLOAD_BYTES = 10
    assert "It is larger than" in post(staff, upload=upload(name="b.jsonl")).text


def test_of_two_uploads_of_one_name_at_once_the_first_to_be_whole_stays():
    class Slow(SimpleUploadedFile):
        """An upload during which another one of its name comes in."""

        def chunks(self, chunk_size=None):  # noqa: ARG002
            keep_corpus_file(upload())
            yield b"the second"

    with pytest.raises(Taken):
        keep_corpus_file(Slow("a.jsonl", b"-"))
    assert [(path.name, path.read_bytes()) for path in corpus_folder().iterdir()] == [("a.jsonl", LINES)]


def test_a_decompression_bomb_is_stopped_long_before_its_end(staff):
    line = json.dumps({"title": "T", "text": "x" * 1_000_000}).encode() + b"\n"
    post(staff, upload=upload(gzip.compress(line * 120), "bomb.jsonl.gz"))
    job = run()
    assert (job.state, "unpacks to more than 200 times" in job.error) == ("failed", True)


def test_a_corpus_that_projects_import_into_is_no_shared_one(staff):
    assert "are of what projects import" in post(staff, corpus="clocks-imported", upload=upload()).text


def test_staff_manager_and_stranger(staff, as_mo, as_dee, project):
    assert [who.get("/corpora/").status_code for who in (staff, as_mo, as_dee)] == [200, 403, 403]


def test_what_imports_alone_filled_is_missed_by_nobody_until_things_are_looked_up_in_it(staff, project):
    own = with_fragments(own_corpus(project), "Spain won the cup.")
    assert shown_indexes(staff)[own.slug] == "not indexed; nobody looks things up in it"
    project.corpus = own
    change_settings(project, ["corpus"])
    assert shown_indexes(staff)[own.slug] == f"Job {Job.objects.get().pk} works on it"
    run()
    assert shown_indexes(staff)[own.slug] == "up to date"
    change_settings(project, ["corpus"])
    assert Job.objects.count() == 1
