"""The page of systems: a file of what one says is looked at, then brought in; nothing is written before."""

import json
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from annotator import jobs
from annotator.actions.uploading import path_of
from annotator.models import Annotation, Import, Job, System
from annotator.system_form import SystemForm
from tests.annotator.exchange.conftest import breaking

SYSTEMS = "/p/clocks/systems/"
GOOD = [{"id": "q1", "conditions": [{"condition": "c", "answer": "a", "citations": ["Fragment 2", "Fragment 9"]}]}]


@pytest.fixture(autouse=True)
def kept_files(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def upload(client, records=GOOD, **said):
    file = SimpleUploadedFile("a.json", json.dumps(records).encode())
    return client.post(SYSTEMS, {"file": file, "system": "run 1", "source": "draft"} | said)


def test_looking_writes_nothing_and_shows_what_it_would_do(as_mo, project, question):
    page = as_mo.get(upload(as_mo).url)
    assert "drafts of run 1" in page.text
    assert "Import 1 answer" in page.text
    assert "1 citation is out of the list’s range" in page.text
    assert not System.objects.filter(project=project).exists()


def test_the_page_of_a_file_says_what_is_taken_and_should_be_known(as_mo, project, question):
    odd = [dict(GOOD[0], question="Reworded?", cost=1), dict(GOOD[0], sample=1)]
    page = as_mo.get(upload(as_mo, odd).url)
    assert "another text of the question here" in page.text
    assert '<code class="breaks">cost</code> × 1' in page.text
    assert "of several samples of a question the first is scored" in page.text


def test_importing_brings_the_answers_in_and_lets_go_of_the_file(as_mo, project, question):
    answer = as_mo.post(upload(as_mo).url, {"do": "import"}, follow=True)
    assert "1 answer brought in." in answer.text
    imported = Import.objects.get()
    assert (imported.state, imported.report["system"], imported.report["as"]) == ("done", "run 1", "draft")
    assert not path_of(imported).exists()
    assert question.annotations.get().source == "draft"
    listed = as_mo.get(SYSTEMS)
    assert [(one.name, one.drafts, one.predictions) for one in listed.context["systems"]] == [("run 1", 1, 0)]


def test_a_bad_file_is_refused_with_its_places(as_mo, project, question):
    page = as_mo.get(upload(as_mo, [{"id": "other", "conditions": []}]).url)
    assert "record 1" in page.text
    assert "“other” is no question of the project" in page.text
    assert Import.objects.get().state == "refused"


def test_the_batch_can_be_said(as_mo, project, question, batch):
    assert as_mo.get(upload(as_mo, batch=batch.name).url).context["report"]["into"] == "main 1"


def test_a_form_without_a_system_is_refused(as_mo, project):
    assert upload(as_mo, system=" ").status_code == 422


def test_a_large_file_is_looked_at_and_brought_in_by_jobs(as_mo, project, question, settings):
    settings.IMPORT_IN_REQUEST_BYTES = 10
    path = upload(as_mo).url
    assert jobs.run(Job.objects.get(verb="look").pk).state == "done"
    as_mo.post(path, {"do": "import"})
    job = jobs.run(Job.objects.get(verb="import").pk)
    assert (job.state, job.result) == ("done", {"new": 1, "unchanged": 0, "changed": 0})
    assert Annotation.objects.filter(system__project=project).count() == 1


def test_an_import_that_was_broken_off_goes_on(as_mo, project, question, monkeypatch):
    path = upload(as_mo).url
    with monkeypatch.context() as patch:
        patch.setattr("annotator.actions.predictions.store_predicted", breaking(lambda: None, after=0))
        assert "disk full" in as_mo.post(path, {"do": "import"}, follow=True).text
    page = as_mo.get(path)
    assert "0 of 1 answers are stored" in page.text
    assert "Half way" in as_mo.get(SYSTEMS).text
    assert "1 answer brought in." in as_mo.post(path, {"do": "import"}, follow=True).text


def test_who_looks_on_sees_the_systems_without_what_managers_do(as_vi, as_cy, project):
    system = project.systems.create(name="run 1")
    for client in (as_vi, as_cy):
        page = client.get(SYSTEMS)
        assert f'href="{SYSTEMS}{system.pk}/"' in page.text
        assert "Look at the file" not in page.text
        assert upload(client).status_code == 404
        assert f'href="{SYSTEMS}"' in client.get(f"{SYSTEMS}{system.pk}/").text
        assert f'href="{SYSTEMS}"' in client.get("/p/clocks/evaluations/").text


def test_annotators_and_strangers_see_no_systems(as_ann, as_dee, project):
    assert as_ann.get(SYSTEMS).status_code == as_dee.get(SYSTEMS).status_code == 404


# One system


@pytest.fixture
def run_1(as_mo, project, question) -> System:
    as_mo.post(upload(as_mo, source="prediction").url, {"do": "import"})
    return System.objects.get(project=project, name="run 1")


def test_its_page_counts_what_it_said_and_cited(as_vi, run_1):
    page = as_vi.get(f"{SYSTEMS}{run_1.pk}/")
    assert (page.context["counts"].predictions, page.context["counts"].drafts) == (1, 0)
    assert page.context["cited"] == {"in_list": 1, "out_of_range": 1, "unreadable": 0, "as_text": 0}
    assert run_1.digest in page.text


def test_its_page_says_that_of_several_samples_the_first_is_scored(as_mo, project, question):
    as_mo.post(upload(as_mo, [*GOOD, dict(GOOD[0], sample=1)], source="prediction").url, {"do": "import"})
    page = as_mo.get(f"{SYSTEMS}{System.objects.get(project=project).pk}/").text
    assert "The predictions are of 1 question; of several samples of a question the first is scored." in page


def test_a_manager_says_what_others_should_know_of_it(as_mo, run_1):
    said = {"description": "Two steps", "model": "m", "seed": "7", "made_on": "2026-11-01", "link": "https://a.org/"}
    assert as_mo.post(f"{SYSTEMS}{run_1.pk}/", said).status_code == 302
    run_1.refresh_from_db()
    assert (run_1.description, run_1.seed, str(run_1.made_on), run_1.cites) == ("Two steps", 7, "2026-11-01", False)
    assert "it cites nothing" in as_mo.get(f"{SYSTEMS}{run_1.pk}/").text


def test_saving_it_leaves_alone_what_an_import_writes(as_mo, run_1, monkeypatch):
    def meanwhile(form):
        System.objects.filter(pk=run_1.pk).update(digest="new", complete=False)
        return not form.errors

    monkeypatch.setattr(SystemForm, "is_valid", meanwhile)
    as_mo.post(f"{SYSTEMS}{run_1.pk}/", {"description": "Two steps"})
    run_1.refresh_from_db()
    assert (run_1.description, run_1.digest, run_1.complete) == ("Two steps", "new", False)


def test_a_wrong_value_is_refused_beside_its_field_and_nothing_is_saved(as_mo, run_1):
    page = as_mo.post(f"{SYSTEMS}{run_1.pk}/", {"description": "New", "seed": "soon", "link": "javascript:x"})
    assert page.status_code == 422
    assert set(page.context["form"].errors) == {"seed", "link"}
    run_1.refresh_from_db()
    assert run_1.description == ""


def test_who_looks_on_sees_it_and_managers_alone_change_it(as_vi, as_ann, as_dee, run_1):
    clients = (as_vi, as_ann, as_dee)
    assert [client.get(f"{SYSTEMS}{run_1.pk}/").status_code for client in clients] == [200, 404, 404]
    assert [client.post(f"{SYSTEMS}{run_1.pk}/", {}).status_code for client in clients] == [404, 404, 404]
