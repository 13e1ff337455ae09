"""The import page: a file is looked at, then brought in; nothing is written before."""

import json
import os
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from annotator import jobs
from annotator.actions import importing, importing_whole
from annotator.actions.uploading import path_of, sweep
from annotator.exchange.fields import fields_found
from annotator.exchange.storing import store
from annotator.models import Import, Job, Question
from tests.annotator.exchange.conftest import breaking
from tests.conftest import make_question

IMPORT = "/p/clocks/import/"
GOOD = b'{"question": "Who won?", "id": "a"}\n{"question": "Who lost?", "id": "b", "mood": "sad"}\n'
TABLE = b"qid,text,id\n7,Who won?,a\n8,Who lost?,b\n"


@pytest.fixture(autouse=True)
def kept_files(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def upload(client, data: bytes = GOOD, name: str = "questions.jsonl", **batch):
    said = {"file": SimpleUploadedFile(name, data)} | (batch or {"new_batch": "wave 2"})
    return client.post(IMPORT, said)


def columns(*fields: str) -> dict[str, str]:
    return {f"column-{number}": field for number, field in enumerate(fields)}


def questions() -> set[str]:
    return set(Question.objects.filter(batch__project__slug="clocks").values_list("external_id", flat=True))


def test_looking_writes_nothing_and_says_what_is_new(as_mo, project):
    imported = as_mo.get(upload(as_mo).url).context["imported"]
    assert (imported.state, imported.shape, imported.report["new"]) == ("looked_at", "plain", 2)
    assert not questions()
    assert not project.batches.filter(name="wave 2").exists()


def test_importing_brings_the_questions_in_and_lets_go_of_the_file(as_mo, project):
    path = upload(as_mo).url
    answer = as_mo.post(path, {"do": "import"}, follow=True)
    assert questions() == {"a", "b"}
    assert "2 questions brought in" in answer.text
    imported = Import.objects.get()
    assert (imported.state, imported.batch.name, imported.by.user.username) == ("done", "wave 2", "mo")
    assert not path_of(imported).exists()


def test_importing_twice_changes_nothing(as_mo, project):
    path = upload(as_mo).url
    as_mo.post(path, {"do": "import"})
    answer = as_mo.post(path, {"do": "import"}, follow=True)
    assert "dealt with already" in answer.text
    again = as_mo.get(upload(as_mo, batch=project.batches.get(name="wave 2").pk).url)
    assert "Nothing in it is new" in again.text


def test_a_bad_file_shows_place_field_and_problem_and_nothing_is_kept(as_mo, project):
    answer = as_mo.get(upload(as_mo, b'{"question": "Who?"}\n{"question": 5}\n').url)
    assert "line 2" in answer.text
    assert "a string is expected" in answer.text
    imported = Import.objects.get()
    assert imported.state == "refused"
    assert not path_of(imported).exists()
    as_mo.post(f"{IMPORT}{imported.pk}/", {"do": "import"})
    assert not questions()


def test_a_batch_that_is_named_wins_over_the_one_that_was_left_chosen(as_mo, project, batch):
    said = {"file": SimpleUploadedFile("a.jsonl", b'{"question": "When?"}'), "batch": batch.pk, "new_batch": "wave 2"}
    as_mo.post(IMPORT, said)
    assert Import.objects.get(name="a.jsonl").report["into"] == "wave 2"


@pytest.mark.parametrize(("data", "name"), [(b"", "a.json"), (b"\xff\xfe\x00", "a.csv"), (b"PK\x03\x04", "a.zip")])
def test_what_is_no_file_of_questions_is_refused_in_words(as_mo, project, data, name):
    answer = as_mo.get(upload(as_mo, data, name).url)
    assert answer.context["imported"].state == "refused"
    assert "1 problem" in answer.text


def test_changed_and_unchanged_records_are_told_apart(as_mo, batch):
    as_mo.post(upload(as_mo, batch=batch.pk).url, {"do": "import"})
    changed = GOOD.replace(b"Who lost?", b"Who came second?")
    report = as_mo.get(upload(as_mo, changed, batch=batch.pk).url).context["report"]
    assert (report["new"], report["unchanged"], report["changed"]) == (0, 1, ["b"])


def test_another_batch_may_be_chosen_after_looking(as_mo, batch):
    make_question(batch, "a", "Who won?")
    path = upload(as_mo, batch=batch.pk).url
    assert as_mo.get(path).context["report"]["new"] == 1
    as_mo.post(path, {"do": "look", "new_batch": "wave 3"})
    report = as_mo.get(path).context["report"]
    assert (report["new"], report["into"]) == (2, "wave 3")


def test_a_refused_file_shows_its_problems_alone_and_what_to_do(as_mo, project):
    answer = as_mo.get(upload(as_mo, b'{"question": "Who?"}\n{"question": 5}\n').url)
    assert "Mend them in the file, then bring it again." in answer.text
    assert not [word for word in ("Dry run", "What the file holds", "Mapping", "unchanged") if word in answer.text]


def test_a_table_whose_question_has_another_name_is_mended_by_its_mapping(as_mo, project):
    path = upload(as_mo, TABLE, "table.csv").url
    page = as_mo.get(path)
    assert page.context["imported"].state == "refused"
    assert "Say below what the columns are" in page.text
    as_mo.post(path, {"do": "look", "new_batch": "wave 2", **columns("id", "question", "extra")})
    page = as_mo.get(path)
    assert (page.context["imported"].state, page.context["report"]["new"]) == ("looked_at", 2)
    assert [field["becomes"] for field in page.context["report"]["fields"]] == ["question: id", "question: text", ""]
    as_mo.post(path, {"do": "import", "new_batch": "wave 2", **columns("id", "question", "extra")})
    rows = Question.objects.filter(batch__project=project).order_by("order")
    assert [(row.external_id, row.text, row.extra["kept"]) for row in rows] == [
        ("7", "Who won?", {"id (column)": "a"}),
        ("8", "Who lost?", {"id (column)": "b"}),
    ]


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        (("id", "extra", "id"), "only one column can be id: qid and id"),
        (("id", "split", "extra"), "no column is the question; one has to be"),
    ],
)
def test_a_mapping_that_cannot_be_is_refused_and_may_be_changed_again(as_mo, project, fields, problem):
    path = upload(as_mo, TABLE, "table.csv").url
    as_mo.post(path, {"do": "look", "new_batch": "x", **columns(*fields)})
    page = as_mo.get(path)
    assert problem in page.text
    assert [select.initial for _field, select in page.context["fields"]] == list(fields)


def test_an_import_under_another_mapping_or_batch_is_looked_at_first(as_mo, project):
    path = upload(as_mo, b"id,question,why\n1,Who won?,Who lost?\n", "table.tsv.csv").url
    said = {"do": "import", "new_batch": "wave 2"}
    answer = as_mo.post(path, {**said, **columns("id", "extra", "question")}, follow=True)
    assert "The batch or the mapping was changed" in answer.text
    assert not questions()
    as_mo.post(path, {**said, **columns("id", "extra", "question")})
    assert Question.objects.get(batch__project=project).text == "Who lost?"


def test_a_job_looks_under_the_mapping_that_was_asked_for(as_mo, project, settings, monkeypatch):
    settings.IMPORT_IN_REQUEST_BYTES = 10
    monkeypatch.setattr(jobs, "nudge", lambda _pk: None)
    path = upload(as_mo, TABLE, "table.csv").url
    jobs.run(Job.objects.get().pk)
    as_mo.post(path, {"do": "look", "new_batch": "wave 2", **columns("id", "question", "extra")})
    jobs.run(Job.objects.first().pk)
    as_mo.post(path, {"do": "import"})
    jobs.run(Job.objects.first().pk)
    assert questions() == {"7", "8"}


def test_without_a_batch_or_a_file_the_form_is_422(as_mo, project):
    assert as_mo.post(IMPORT, {"new_batch": "x"}).status_code == 422
    answer = as_mo.post(IMPORT, {"file": SimpleUploadedFile("a.json", b"[]"), "new_batch": ""})
    assert answer.status_code == 422
    assert "Choose a batch, or name a new one" in answer.text


def test_every_field_is_listed_with_what_it_becomes(as_mo, project):
    fields = {one["path"]: one for one in as_mo.get(upload(as_mo).url).context["report"]["fields"]}
    assert fields["question"] == {"path": "question", "becomes": "question: text", "number": 2, "example": "Who won?"}
    assert fields["mood"]["becomes"] == ""


@pytest.mark.parametrize("name", ["condambigqa.json", "asqa.json", "ambignq.json", "alce.json", "labeller.json"])
def test_the_fields_of_every_shape_are_known(name):
    path = Path(__file__).parent.parent / "exchange" / "files" / name
    fields = {one["path"]: one["becomes"] for one in fields_found(path, name, path.stem)}
    assert {"question: text", "condition"} <= set(fields.values())


def test_a_large_file_is_left_to_a_job(as_mo, project, settings, monkeypatch, django_capture_on_commit_callbacks):
    settings.IMPORT_IN_REQUEST_BYTES = 10
    told: list[int] = []
    monkeypatch.setattr(jobs, "nudge", told.append)
    with django_capture_on_commit_callbacks(execute=True):
        path = upload(as_mo).url
    assert "Waiting for a worker" in as_mo.get(path).text
    assert told == [Job.objects.get().pk]
    jobs.run(told[0])
    assert as_mo.get(path).context["report"]["new"] == 2
    as_mo.post(path, {"do": "import"})
    jobs.run(Job.objects.first().pk)
    assert questions() == {"a", "b"}
    assert as_mo.get(path).context["imported"].state == "done"


def test_a_job_for_a_file_that_is_gone_says_so(as_mo, project, settings, monkeypatch):
    settings.IMPORT_IN_REQUEST_BYTES = 10
    monkeypatch.setattr(jobs, "nudge", lambda _pk: None)
    path = upload(as_mo).url
    path_of(Import.objects.get()).unlink()
    job = jobs.run(Job.objects.get().pk)
    assert (job.state, job.error) == ("failed", "The file is no longer kept; upload it again.")
    assert "no longer kept" in as_mo.get(path).text


def test_an_import_that_breaks_off_keeps_the_file_and_goes_on(as_mo, project, monkeypatch):
    monkeypatch.setattr(importing, "CHUNK", 1)
    path = upload(as_mo).url
    with monkeypatch.context() as patched:
        patched.setattr(importing, "store", breaking(store, after=1))
        answer = as_mo.post(path, {"do": "import"}, follow=True)
    assert "The import was broken off: disk full" in answer.text
    assert "1 of 2 new questions are stored" in answer.text
    assert "Go on importing" in answer.text
    as_mo.post(path, {"do": "import"})
    assert (questions(), Import.objects.get().state) == ({"a", "b"}, "done")
    assert not path_of(Import.objects.get()).exists()


def test_a_whole_export_that_breaks_off_in_a_job_is_completed_by_running_it_again(as_mo, batch, settings, monkeypatch):
    for name in "abc":
        make_question(batch, name)
    data = b"".join(as_mo.post("/p/clocks/export/file/", {"format": "full"}).streaming_content)
    settings.IMPORT_IN_REQUEST_BYTES = 10
    monkeypatch.setattr(jobs, "nudge", lambda _pk: None)
    monkeypatch.setattr(importing_whole, "CHUNK", 1)
    as_mo.post("/projects/new/", {"name": "Copy", "slug": "copy", "language": "en"})
    path = as_mo.post("/p/copy/import/", {"file": SimpleUploadedFile("clocks.jsonl", data), "new_batch": "x"}).url
    jobs.run(Job.objects.first().pk)
    as_mo.post(path, {"do": "import"})
    job = Job.objects.first()
    with monkeypatch.context() as patched:
        patched.setattr(importing_whole, "write", breaking(importing_whole.write, after=2))
        assert "1 of 3 questions stored so far" in jobs.run(job.pk).error
    assert "1 of 3 new questions are stored" in as_mo.get(path).text
    jobs.again(job)
    assert jobs.run(job.pk).result == {"new": 3, "unchanged": 0, "changed": 0}
    assert Question.objects.filter(batch__project__slug="copy").count() == 3


def test_a_whole_export_brings_its_own_batches_into_an_empty_project(as_mo, question, mo):
    data = b"".join(as_mo.post("/p/clocks/export/file/", {"format": "full"}).streaming_content)
    as_mo.post("/projects/new/", {"name": "Copy", "slug": "copy", "language": "en"})
    path = as_mo.post("/p/copy/import/", {"file": SimpleUploadedFile("clocks.jsonl", data), "new_batch": "x"}).url
    page = as_mo.get(path)
    assert page.context["report"]["new"] == 1
    assert "take the place of those that stand here" in page.text
    as_mo.post(path, {"do": "import"})
    assert [batch.name for batch in mo.user.memberships.get(project__slug="copy").project.batches.all()] == ["main 1"]
    assert Question.objects.filter(batch__project__slug="copy").count() == 1


def test_a_whole_export_does_not_go_over_a_project_with_questions(as_mo, question):
    data = b"".join(as_mo.post("/p/clocks/export/file/", {"format": "full"}).streaming_content)
    other = data.replace(b"Clocks", b"Clacks")
    page = as_mo.get(upload(as_mo, other).url)
    assert page.context["imported"].state == "refused"


def test_a_name_cannot_lead_out_of_the_folder(as_mo, project, tmp_path):
    upload(as_mo, GOOD, "../../etc/passwd.jsonl")
    assert [path.name for path in (tmp_path / "imports").iterdir()] == [f"{Import.objects.get().pk}.jsonl"]


def test_owner_peer_and_stranger(as_mo, as_ann, as_dee, project):
    path = upload(as_mo).url
    assert [who.get(path).status_code for who in (as_mo, as_ann, as_dee)] == [200, 404, 404]
    assert upload(as_ann).status_code == 404
    assert as_dee.post(path, {"do": "import"}).status_code == 404
    assert not questions()


def test_a_report_is_json(as_mo, project):
    upload(as_mo)
    assert json.dumps(Import.objects.get().report)


GOLD = b'[{"id": "a", "question": "Who won?", "properties": [{"condition": "secret", "groundtruth": "secret", '
GOLD += b'"citations": []}], "ctxs": [], "hint": "secret"}]'


def test_an_example_of_gold_is_shown_to_who_brought_it_until_it_is_imported(as_mo, as_bo, bo, project):
    project.members.filter(pk=bo.pk).update(role="manager")
    path = upload(as_mo, GOLD, "gold.json").url
    before = [who.get(path).text for who in (as_mo, as_bo)]
    as_mo.post(path, {"do": "import"})
    after = [who.get(path).text for who in (as_mo, as_bo)]
    assert ["secret" in text for text in before + after] == [True, False, False, False]
    assert all("Who won?" in text for text in before + after)


def swept_after_a_week() -> bool:
    """Sweep eight days on, and return whether the one file is gone."""
    path = path_of(Import.objects.get())
    long_ago = path.stat().st_mtime - 8 * 24 * 3600
    os.utime(path, (long_ago, long_ago))
    sweep()
    return not path.exists()


def test_a_file_that_was_looked_at_and_not_imported_is_swept_after_a_week_and_its_page_says_so(as_mo):
    page = upload(as_mo).url
    sweep()
    assert path_of(Import.objects.get()).exists()
    assert swept_after_a_week()
    assert "The file is no longer kept." in as_mo.get(page).text


def test_a_file_that_is_half_imported_or_that_a_job_waits_for_is_not_swept(as_mo, mo, monkeypatch):
    monkeypatch.setattr(jobs, "nudge", lambda _pk: None)
    upload(as_mo)
    imported = Import.objects.get()
    job = jobs.start("look", mo.project, mo, **{"import": imported.pk, "batch": "", "mapping": {}})
    assert not swept_after_a_week()
    jobs.cancel(job)
    Import.objects.update(state="writing")
    assert not swept_after_a_week()
    Import.objects.update(state="looked_at")
    assert swept_after_a_week()
