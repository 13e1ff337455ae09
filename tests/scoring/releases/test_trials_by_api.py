"""Trials of a release, and what changed between two, through the API."""

import pytest

from annotator import jobs
from annotator.actions import looking
from scoring.api import trials
from tests.api.calls import CLOCKS, calling, send

pytestmark = pytest.mark.alike

RELEASES = f"{CLOCKS}releases/"


def test_a_trial_has_the_files_of_a_release_and_is_a_look(mo, vi, golden, project):
    assert send(calling(vi), "POST", f"{RELEASES}trial/", {}).status_code == 404
    for said, field in (({"batches": ["none"]}, "batches"), ({"splits": ["a=b=c"]}, "splits"), ({"tag": "1"}, "tag")):
        answer = send(calling(mo), "POST", f"{RELEASES}trial/", said)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert not mo.looks.exists()
    tried = send(calling(mo), "POST", f"{RELEASES}trial/", {"batches": ["main 1"]})
    assert (tried.status_code, tried.getvalue()[:2]) == (200, b"PK")
    assert (mo.looks.count(), project.releases.count()) == (2, 0)


def test_a_large_trial_is_written_by_a_job_and_a_wrong_one_costs_no_look(mo, golden, settings):
    settings.EXPORT_IN_REQUEST_QUESTIONS = 1
    client = calling(mo)
    assert send(client, "POST", f"{RELEASES}trial/", {"splits": ["a=b=c"]}).status_code == 422
    assert not mo.looks.exists()
    tried = send(client, "POST", f"{RELEASES}trial/", {})
    assert tried.status_code == 202
    jobs.run(tried.json()["id"])
    assert client.get(f"{tried['Location']}file/").getvalue().startswith(b"PK")


def test_what_changed_is_told_and_the_words_to_who_sees_them(vi, ann, golden, cut, correct, monkeypatch):
    cut("1.0.0")
    correct(golden["m1"], "The men’s side, in football", "said more clearly")
    cut("1.0.1")
    client, since = calling(vi), f"{RELEASES}1.0.1/since/1.0.0/"
    told = client.get(since).json()
    [changed] = told["changed"]
    assert (told["same"], told["added"], told["withdrawn"]) == (2, [], [])
    assert (changed["external_id"], changed["by"], changed["changes"], changed["reason"]) == (
        "m1",
        "adjudicator-cy",
        None,
        None,
    )
    looking.look(vi, golden["m1"])
    [changed] = client.get(since).json()["changed"]
    assert changed["reason"] == "said more clearly"
    assert {"mark": "ins", "text": "side,"} in changed["changes"][0]["words"]
    monkeypatch.setattr(trials, "NAMED", 0)
    told = client.get(since).json()
    assert (told["numbers"], told["changed"]) == ({"changed": 1, "withdrawn": 0, "added": 0}, [])
    for no_earlier in ("1.0.0/since/1.0.1", "1.0.1/since/1.0.1", "1.0.1/since/9", "1.0.1/since/%00"):
        assert client.get(f"{RELEASES}{no_earlier}/").status_code == 404
    assert calling(ann).get(since).status_code == 404
