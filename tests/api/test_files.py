"""Files through the API: questions and predictions in, exports out, and the jobs of large ones."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from annotator.actions import claiming
from annotator.models import Import, Job, Question
from tests.api.calls import CLOCKS, calling, send
from tests.conftest import make_question

pytestmark = pytest.mark.alike

QUESTIONS = b'{"id": "n1", "question": "What is a clock?"}\n{"id": "n2", "question": "What is a calendar?"}\n'
SAID = b'{"id": "q1", "conditions": [{"condition": "football", "answer": "2010", "citations": [1]}]}\n'


def upload(client, path: str, content: bytes, name: str = "a.jsonl", **fields: str):
    return client.post(f"{CLOCKS}{path}", {"file": SimpleUploadedFile(name, content), **fields})


def test_questions_come_in_and_again_change_nothing(mo, batch):
    answer = upload(calling(mo), "imports/", QUESTIONS, batch="main 1")
    assert (answer.status_code, answer.json()["state"], answer.json()["new"]) == (201, "done", 2)
    assert upload(calling(mo), "imports/", QUESTIONS, batch="main 1").json()["new"] == 0
    assert batch.questions.count() == 2


@pytest.mark.database
def test_a_bad_file_is_refused_by_line_and_field_and_nothing_is_written(mo, batch):
    answer = upload(calling(mo), "imports/", QUESTIONS + b'{"id": "n3", "question": 5}\n', batch="main 1")
    assert answer.status_code == 422
    [flaw] = answer.json()["errors"]
    assert ("3" in flaw["place"], flaw["field"]) == (True, "question")
    assert not batch.questions.exists()
    [listed] = calling(mo).get(f"{CLOCKS}imports/").json()["results"]
    assert (listed["state"], listed["problems"]) == ("refused", [flaw])


def test_what_a_system_says_comes_in(mo, question):
    answer = upload(calling(mo), "predictions/", SAID, system="run 1")
    assert (answer.status_code, answer.json()["new"], answer.json()["system"]) == (201, 1, "run 1")
    [system] = calling(mo).get(f"{CLOCKS}systems/").json()["results"]
    assert (system["name"], system["predictions"], system["complete"]) == ("run 1", 1, True)
    assert upload(calling(mo), "predictions/", SAID, system="run 1").json()["new"] == 0


def test_another_file_of_the_same_system_is_refused(mo, question):
    upload(calling(mo), "predictions/", SAID, system="run 1")
    answer = upload(calling(mo), "predictions/", SAID.replace(b"2010", b"2011"), system="run 1")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "system")


def test_a_large_file_is_brought_in_by_a_job(mo, question, settings):
    from annotator import jobs

    settings.IMPORT_IN_REQUEST_BYTES = 10
    answer = upload(calling(mo), "predictions/", SAID, system="run 1")
    assert (answer.status_code, answer.json()["state"]) == (202, "waiting")
    jobs.run(answer.json()["id"])
    assert calling(mo).get(answer["Location"]).json()["state"] == "done"
    assert calling(mo).get(answer.json()["about"]).json()["new"] == 1


def test_an_export_is_the_same_file_and_a_look(mo, assignment):
    answer = send(calling(mo), "POST", f"{CLOCKS}export/", {"format": "full"})
    assert json.loads(b"".join(answer.streaming_content).splitlines()[0])
    assert mo.looks.filter(question=assignment.question).exists()


def test_an_export_is_refused_while_one_has_a_question_of_it_open(mo, assignment):
    claiming.take(mo, assignment.question)
    assert send(calling(mo), "POST", f"{CLOCKS}export/", {"format": "full"}).status_code == 409
    assert not mo.looks.exists()


def test_a_format_that_there_is_not_is_named(mo, question):
    answer = send(calling(mo), "POST", f"{CLOCKS}export/", {"format": "xml"})
    [error] = answer.json()["errors"]
    assert (answer.status_code, error["field"], "xml" in error["detail"]) == (422, "format", True)


def test_lists_are_frozen_by_a_job_that_can_be_stopped(mo, batch):
    make_question(batch, "bare", retrieval=None)
    make_question(batch, "listed")  # makes a corpus that the project may search
    answer = send(calling(mo), "POST", f"{CLOCKS}retrieve/", {"corpus": "clocks-corpus", "k": 5})
    assert (answer.status_code, answer.json()["verb"]) == (202, "retrieve")
    stopped = calling(mo).post(f"{CLOCKS}jobs/{answer.json()['id']}/cancel/")
    assert stopped.json()["state"] == "cancelled"
    again = calling(mo).post(f"{CLOCKS}jobs/{answer.json()['id']}/again/")
    assert (again.status_code, again.json()["state"], again["Location"]) == (202, "waiting", answer["Location"])


@pytest.mark.parametrize(
    ("state", "asked", "statuses"),
    [
        ("waiting", False, (202, 200)),
        ("running", False, (202, 200)),
        ("running", True, (409, 200)),
        ("cancelled", False, (202, 200)),
        ("failed", False, (202, 200)),
        ("done", False, (409, 409)),
    ],
)
def test_what_is_as_it_was_asked_is_answered_so_and_what_cannot_be_is_not(mo, project, state, asked, statuses):
    job = project.jobs.create(verb="retrieve", by=mo, state=state, cancel_asked=asked, created=project.created)
    Job.objects.filter(state="running").update(heartbeat=timezone.now())
    found = [calling(mo).post(f"{CLOCKS}jobs/{job.pk}/{verb}/").status_code for verb in ("again", "cancel")]
    assert tuple(found) == statuses


@pytest.mark.parametrize("corpus", ["none", "noise-imported"])
def test_a_corpus_of_another_project_is_none(mo, question, corpus):
    assert send(calling(mo), "POST", f"{CLOCKS}retrieve/", {"corpus": corpus}).status_code == 422
    assert not Job.objects.exists()


@pytest.mark.parametrize(("path", "said"), [("imports/", {}), ("predictions/", {"system": "run 1"})])
def test_the_permission_trio(path, said, mo, cy, dee, question):
    before = Question.objects.count(), Import.objects.count()
    answers = [upload(calling(who), path, b"", **said).status_code for who in (mo, cy, dee)]
    assert answers == [422, 404, 404]
    assert (Question.objects.count(), Import.objects.count()) == (before[0], before[1] + 1)
