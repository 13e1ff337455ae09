"""Deleting a project by typing its name, and bringing it back."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from annotator.actions.deleting import delete_project, restore_project
from annotator.actions.inviting import make_invite, open_invite
from annotator.models import Job, Member, Project

DELETE, RESTORE = "/p/clocks/delete/", "/p/clocks/restore/"


def test_its_name_must_be_typed(as_mo, project):
    assert as_mo.post(DELETE, {"typed": "clocks"}).status_code == 422
    assert Project.objects.get(pk=project.pk).deleted is None
    assert as_mo.post(DELETE, {"typed": "Clocks"}).url == "/"
    assert Project.objects.get(pk=project.pk).deleted is not None


def test_it_is_there_for_nobody(as_mo, as_ann, as_cy, assignment, project):
    delete_project(project)
    for page in ("", "settings/", "members/", "export/", "import/", "questions/", "guidelines/", "delete/"):
        assert as_mo.get(f"/p/clocks/{page}").status_code == 404
    question = assignment.question_id
    assert as_ann.get(f"/p/clocks/q/{question}/").status_code == 404
    assert as_ann.post(f"/p/clocks/q/{question}/c/", {"uid": "c1"}).status_code == 404
    assert as_ann.post("/p/clocks/claim/").status_code == 404
    assert as_cy.get(f"/p/clocks/questions/{question}/").status_code == 404
    assert as_mo.post("/p/clocks/export/file/", {"format": "full"}).status_code == 404
    assert "Clocks" not in as_ann.get("/").text


def test_its_managers_alone_find_it_and_restore_it_as_it_was(as_mo, as_ann, as_cy, assignment, project):
    delete_project(project)
    assert "Deleted projects" in as_mo.get("/").text
    assert [who.post(RESTORE).status_code for who in (as_ann, as_cy)] == [404, 404]
    assert as_mo.post(RESTORE).url == "/p/clocks/"
    assert as_ann.get(f"/p/clocks/q/{assignment.question_id}/").status_code == 200
    assert as_mo.post(RESTORE).status_code == 404


def test_deleting_twice_keeps_the_first_time(project):
    delete_project(project)
    first = Project.objects.get(pk=project.pk).deleted
    delete_project(project)
    assert Project.objects.get(pk=project.pk).deleted == first


def test_its_jobs_stop_and_its_invites_open_nothing(mo, project):
    token = make_invite(mo, Member.Role.VIEWER, 1, timedelta(days=1))
    jobs = [
        Job.objects.create(project=project, verb="retrieve", state=state, created=timezone.now())
        for state in ("waiting", "running", "done")
    ]
    delete_project(project)
    found = [Job.objects.get(pk=job.pk) for job in jobs]
    assert [(job.state, job.cancel_asked) for job in found] == [
        ("cancelled", False),
        ("running", True),
        ("done", False),
    ]
    assert open_invite(token) is None
    restore_project(project)
    assert open_invite(token) is not None


@pytest.mark.parametrize(
    "command", ["export_dataset", "retrieve", "verify_retrievals", "import_questions", "agreement"]
)
def test_no_command_works_on_it(project, command, tmp_path):
    delete_project(project)
    (tmp_path / "q.jsonl").write_text('{"question": "Who?"}\n')
    options = {
        "export_dataset": ["--format", "full"],
        "retrieve": ["--corpus", "clocks-corpus"],
        "import_questions": [str(tmp_path / "q.jsonl")],
    }.get(command, [])
    with pytest.raises(CommandError, match="clocks"):
        call_command(command, "--project", "clocks", *options)


def test_owner_peer_and_stranger(as_mo, as_ann, as_dee, project):
    assert [who.get(DELETE).status_code for who in (as_mo, as_ann, as_dee)] == [200, 404, 404]
