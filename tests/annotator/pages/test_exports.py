"""The export page: what it says beforehand, and the same bytes as the command."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from annotator.actions import claiming, looking
from annotator.actions.exporting import CannotExport, export_plan, export_to
from annotator.actions.importing import report_on
from annotator.actions.importing_whole import import_whole
from annotator.exchange.formats import FORMATS
from annotator.models import Batch, Look, Project, Question
from tests.canary import release_canary
from tests.conftest import make_question

EXPORT = "/p/clocks/export/"
CHOICES = [(one.NAME, annotations) for one in FORMATS for annotations in one.ANNOTATIONS]


@pytest.mark.parametrize(("name", "annotations"), CHOICES)
def test_page_and_command_give_the_same_bytes(as_mo, assignment, tmp_path: Path, name, annotations):
    answer = as_mo.post(f"{EXPORT}file/", {"format": name, "annotations": annotations})
    sent = b"".join(answer.streaming_content)
    path = tmp_path / "out"
    asked = {"project": "clocks", "format": name, "annotations": annotations, "output": path}
    call_command("export_dataset", **asked)
    assert sent == path.read_bytes()
    assert sent.strip()


@pytest.mark.parametrize(("name", "annotations"), CHOICES)
def test_the_page_says_what_will_be_written_and_left_out(as_mo, assignment, project, name, annotations):
    answer = as_mo.get(EXPORT, {"format": name, "annotations": annotations})
    plan = export_plan(project, name, annotations)
    assert answer.context["plan"] == plan
    assert plan.filename in answer.text
    assert plan.loses in answer.text.replace("&#x27;", "'").replace("&quot;", '"')


def test_a_choice_swaps_the_plan_alone(as_mo, project):
    answer = as_mo.get(EXPORT, {"format": "full"}, headers={"HX-Request": "true"})
    assert answer.text.startswith('<div id="plan"')
    assert "<html" not in answer.text


def test_nonsense_shows_the_first_format_and_has_no_file(as_mo, project):
    assert as_mo.get(EXPORT, {"format": "x", "annotations": "y"}).context["plan"].format == FORMATS[0].NAME
    assert as_mo.post(f"{EXPORT}file/", {"format": "x"}).status_code == 404
    assert as_mo.post(f"{EXPORT}file/", {"format": "full", "annotations": "gold"}).status_code == 404


def test_the_file_is_named_and_typed(as_mo, project):
    answer = as_mo.post(f"{EXPORT}file/", {"format": "condambigqa", "annotations": "gold"})
    assert answer["Content-Disposition"] == 'attachment; filename="clocks-condambigqa-gold.json"'
    assert answer["Content-Type"] == "application/json"


@pytest.fixture
def pilot(project: Project) -> Batch:
    """A second batch, with a question of its own."""
    batch = project.batches.create(name="pilot / 1", position=2, created=project.created)
    make_question(batch, "of-the-pilot")
    return batch


@pytest.mark.parametrize("name", ["condambigqa", "full"])
def test_one_batch_can_be_exported_alone_by_page_and_command(as_mo, assignment, pilot, tmp_path: Path, name):
    answer = as_mo.post(f"{EXPORT}file/", {"format": name, "batch": pilot.name})
    sent, path = b"".join(answer.streaming_content), tmp_path / "out"
    assert answer["Content-Disposition"].startswith(f'attachment; filename="clocks-pilot-1-{name}')
    call_command("export_dataset", project="clocks", format=name, batch=pilot.name, output=path)
    assert sent == path.read_bytes()
    plan = as_mo.get(EXPORT, {"format": name, "batch": pilot.name}).context["plan"]
    assert (plan.scope.questions.get().external_id, plan.counts["questions"]) == ("of-the-pilot", 1)


def test_everything_of_one_batch_can_be_imported_again(assignment, pilot, tmp_path: Path, project):
    path = tmp_path / "pilot.jsonl"
    export_to(export_plan(project, "full", batch=pilot.name), path)
    import_whole(path, "again", report_on(path))
    found = Question.objects.filter(batch__project__slug="again")
    assert [(one.batch.name, one.external_id) for one in found] == [("pilot / 1", "of-the-pilot")]


def test_a_batch_that_is_none_or_goes_with_a_release_is_refused(project, assignment, pilot):
    with pytest.raises(CannotExport, match="batch: the project has no batch “pilot”; it has “main 1”, “pilot / 1”"):
        export_plan(project, "full", batch="pilot")
    release_canary(assignment, "1.0.0")
    with pytest.raises(CannotExport, match="batch: a release is written whole"):
        export_plan(project, "condambigqa", release="1.0.0", batch="pilot / 1")


def test_owner_peer_and_stranger(as_mo, as_ann, as_dee, project):
    answers = [who.post(f"{EXPORT}file/", {"format": "full"}) for who in (as_mo, as_ann, as_dee)]
    assert [answer.status_code for answer in answers] == [200, 404, 404]


def taken_out(client, name="full", annotations="all") -> Any:
    return client.post(f"{EXPORT}file/", {"format": name, "annotations": annotations})


def test_asking_for_the_file_by_its_address_changes_nothing(as_mo, assignment):
    assert as_mo.get(f"{EXPORT}file/", {"format": "full"}).status_code == 405
    assert not Look.objects.exists()


def test_taking_a_file_out_is_looking_at_every_question_it_tells_of(as_mo, mo, assignment, batch):
    untouched = make_question(batch, "nobody has begun")
    assert "on the 1 question that it tells of" in as_mo.get(EXPORT, {"format": "full"}).text
    assert taken_out(as_mo).status_code == 200
    assert list(mo.looks.values_list("question", flat=True)) == [assignment.question_id]
    assert claiming.claim(mo).question == untouched


@pytest.mark.parametrize("taken", [False, True])
def test_work_that_is_begun_while_the_file_is_sent_is_looked_at_too(as_mo, mo, ann, assignment, batch, taken):
    other = make_question(batch, "begun meanwhile", overlap=2)
    answer = taken_out(as_mo)
    claiming.take(ann, other)
    if taken:
        claiming.take(mo, other)
    assert b"".join(answer.streaming_content)
    assert set(mo.looks.values_list("question", flat=True)) == {assignment.question_id, other.pk}


def test_a_file_that_is_broken_off_looks_at_what_was_begun_meanwhile_too(mo, ann, assignment, batch):
    sent = looking.taken_out(mo, export_plan(batch.project, "full"))
    assert next(sent)
    claiming.take(ann, make_question(batch, "begun meanwhile"))
    sent.close()
    assert mo.looks.count() == 2


def test_a_file_without_anybodys_work_is_no_look(as_mo, assignment):
    assert "counts as looking" not in as_mo.get(EXPORT, {"format": "condambigqa", "annotations": "submitted"}).text
    assert taken_out(as_mo, "condambigqa", "submitted").status_code == 200
    assert not Look.objects.exists()


def test_taking_it_out_twice_keeps_the_first_look(as_mo, mo, assignment):
    taken_out(as_mo)
    first = mo.looks.get().at
    taken_out(as_mo)
    assert mo.looks.get().at == first


@pytest.mark.parametrize("state", ["assigned", "in_progress", "returned"])
def test_who_has_open_work_is_told_how_much_and_gets_no_file(as_mo, mo, assignment, batch, state):
    claiming.take(mo, assignment.question)
    unbegun = {"annotation": None, "lease_until": None} if state == "assigned" else {}
    mo.assignments.update(state=state, **unbegun)
    assert "You have 1 question open yourself" in as_mo.get(EXPORT, {"format": "full"}).text
    refused = taken_out(as_mo)
    assert refused.status_code == 409
    assert "You have 1 question open yourself" in refused.text
    assert "Download" not in refused.text
    assert not Look.objects.exists()


def test_open_work_on_a_question_of_which_the_file_says_nothing_of_others_is_no_hindrance(as_mo, mo, assignment, batch):
    claiming.take(mo, make_question(batch, "own"))
    assert "You have 1 question open yourself" not in as_mo.get(EXPORT, {"format": "full"}).text
    assert taken_out(as_mo).status_code == 200
    assert list(mo.looks.values_list("question", flat=True)) == [assignment.question_id]


def test_who_skipped_gets_the_file_and_not_the_question(as_mo, mo, bo, assignment):
    own = claiming.take(mo, assignment.question)
    claiming.skip(own, "no")
    assert taken_out(as_mo).status_code == 200
    with pytest.raises(claiming.Looked):
        claiming.resume(own)


def test_where_lookers_may_annotate_nothing_is_lost_and_nothing_of_it_is_said(as_mo, mo, assignment):
    Project.objects.filter(pk=mo.project_id).update(lookers_may_annotate=True)
    assert "you can no longer annotate" not in as_mo.get(EXPORT, {"format": "full"}).text
    taken_out(as_mo)
    mo.project.refresh_from_db()
    assert claiming.claim(mo).question == assignment.question


def test_a_file_of_many_questions_needs_no_more_statements(as_mo, ann, batch, django_assert_max_num_queries):
    for number in range(30):
        claiming.take(ann, make_question(batch, f"q{number}"))
    with django_assert_max_num_queries(40):
        taken_out(as_mo)
    assert Look.objects.count() == 30
