"""What is of no project, through the API: one’s own tokens; and corpora, for who runs the installation alone."""

import pytest

from annotator import jobs
from annotator.actions.queued import corpus_folder
from annotator.models import Job, User
from retrieval.models import Corpus
from tests.annotator.pages.test_corpora import LINES
from tests.api.calls import CLOCKS, calling, send

pytestmark = pytest.mark.alike


def test_tokens_are_listed_without_their_secrets_and_revoked(ann, bo, project):
    client, other = calling(ann), calling(ann, "read", project)
    listed = client.get("/api/tokens/").json()["results"]
    assert [(one["scope"], one["project"], one["this"]) for one in listed] == [
        ("write", None, True),
        ("read", "clocks", False),
    ]
    assert "digest" not in listed[0]
    assert [one["this"] for one in other.get("/api/tokens/").json()["results"]] == [True]
    revoke = f"/api/tokens/{listed[1]['id']}/revoke/"
    answers = [who.post(revoke).status_code for who in (calling(bo), calling(ann, "read"), client, client)]
    assert answers == [404, 403, 204, 204]
    assert other.get("/api/tokens/").status_code == 401


def test_a_token_for_one_project_revokes_none_beyond_it(ann, project):
    client = calling(ann)
    [whole] = client.get("/api/tokens/").json()["results"]
    assert calling(ann, "write", project).post(f"/api/tokens/{whole['id']}/revoke/").status_code == 404
    assert client.get("/api/tokens/").status_code == 200


def test_managers_are_told_what_their_project_may_search(mo, cy, question):
    for slug in ("noise-imported", "clocks-imported"):
        Corpus.objects.create(slug=slug, name=slug)
    told = {one["slug"] for one in calling(mo).get(f"{CLOCKS}corpora/").json()["results"]}
    assert told == {"noise-corpus", "clocks-corpus", "clocks-imported"}
    assert calling(cy).get(f"{CLOCKS}corpora/").status_code == 404


@pytest.fixture
def sue(db, monkeypatch) -> User:
    """Who runs the installation, and has put a file there."""
    monkeypatch.setattr(jobs, "nudge", lambda _pk: None)
    corpus_folder().mkdir(parents=True, exist_ok=True)
    (corpus_folder() / "a.jsonl").write_bytes(LINES)
    return User.objects.create(username="sue", is_superuser=True)


def test_a_file_is_loaded_and_its_corpus_indexed_anew_by_jobs_one_at_a_time(sue, mo):
    client, said = calling(sue), {"corpus": "wiki", "file": "a.jsonl", "name": "Wiki", "snapshot_date": "2026-05-01"}
    assert client.get("/api/corpus-files/").json()["results"] == [{"name": "a.jsonl", "size": len(LINES)}]
    begun = send(client, "POST", "/api/corpora/", said)
    assert (begun.status_code, client.get(begun["Location"]).json()) == (202, begun.json())
    assert send(client, "POST", "/api/corpora/", said).status_code == 409
    jobs.run(begun.json()["id"])
    done = client.get(begun["Location"]).json()
    told = client.get(done["about"]).json()
    assert (told["name"], told["size"], told["snapshot_date"]) == ("Wiki", 3, "2026-05-01")
    assert told["index"] == {"state": "fresh", "indexed": 3, "current": True, "trouble": ""}
    again = client.post("/api/corpora/wiki/reindex/")
    assert (again.status_code, client.post("/api/corpora/wiki/reindex/").status_code) == (202, 409)
    assert again.json()["about"] == done["about"] == "http://testserver/api/corpora/wiki/"
    stopped = [client.post(f"{again['Location']}cancel/") for _time in range(2)]
    assert [(one.status_code, one.json()["state"]) for one in stopped] == [(200, "cancelled")] * 2
    assert client.post(f"{again['Location']}again/").status_code == 202
    assert [one["verb"] for one in client.get("/api/jobs/").json()["results"]] == ["reindex", "load_corpus"]
    assert [client.post(f"{begun['Location']}{verb}/").status_code for verb in ("cancel", "again")] == [409, 409]
    assert calling(mo).get(begun["Location"]).status_code == 404


def test_a_job_is_about_a_corpus_as_soon_as_there_is_one(sue, django_assert_num_queries):
    client, said = calling(sue), {"file": "a.jsonl"}
    Corpus.objects.create(slug="old", name="Old")
    for corpus in ("wiki", "old"):
        send(client, "POST", "/api/corpora/", said | {"corpus": corpus})
    with django_assert_num_queries(3):
        old, new = client.get("/api/jobs/").json()["results"]
    assert (old["about"], new["about"]) == ("http://testserver/api/corpora/old/", None)
    for corpus in ("b", "c"):
        Corpus.objects.create(slug=corpus, name=corpus)
        send(client, "POST", "/api/corpora/", said | {"corpus": corpus})
    with django_assert_num_queries(3):
        assert all(job["about"] for job in client.get("/api/jobs/").json()["results"] if job["id"] != new["id"])


def test_what_cannot_be_loaded_names_its_field(sue):
    for change, field in (
        ({"file": "b.jsonl"}, "file"),
        ({"corpus": "a b"}, "corpus"),
        ({"corpus": "clocks-imported"}, "corpus"),
        ({"snapshot_date": "May"}, "snapshot_date"),
        ({"name": "n" * 201}, "name"),
        ({"upload": "x"}, "upload"),
    ):
        answer = send(calling(sue), "POST", "/api/corpora/", {"corpus": "wiki", "file": "a.jsonl"} | change)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert not Job.objects.exists()


def test_a_token_that_reads_rebuilds_no_index(sue):
    Corpus.objects.create(slug="wiki", name="Wiki")
    reads = calling(sue, "read")
    told = reads.get("/api/corpora/wiki/").json()
    assert (told["size"], told["index"]["state"], told["index"]["indexed"]) == (0, "empty", None)
    assert reads.post("/api/corpora/wiki/reindex/").status_code == 403
