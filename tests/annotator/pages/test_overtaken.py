"""Somebody else takes a name between the check of a form and its save: it is refused as always, and none fails."""

from collections.abc import Callable
from typing import Any

import pytest

from annotator.actions.people import make_account
from annotator.actions.projects import add_batch, create_project
from annotator.api import batches as api_batches
from annotator.api import members as api_members
from annotator.api import projects as api_projects
from annotator.models import Member, User
from annotator.views import batches, members, projects
from tests.annotator.pages.test_batches import NEW
from tests.api.calls import CLOCKS, calling, send

PROJECT = {"slug": "cups", "name": "Cups", "language": "en"}


@pytest.fixture
def meanwhile(monkeypatch) -> Callable[..., None]:
    """Let something be done once, just before a module calls a verb."""

    def before(module: Any, name: str, act: Callable[[], object]) -> None:
        verb = getattr(module, name)

        def overtaken(*args: Any, **named: Any) -> Any:
            monkeypatch.setattr(module, name, verb)
            act()
            return verb(*args, **named)

        monkeypatch.setattr(module, name, overtaken)

    return before


@pytest.fixture
def others(project, ann, bo) -> dict[str, Callable[[], object]]:
    """What somebody else does before a verb, by its name."""
    return {
        "create_project": lambda: create_project("cups", "Mine"),
        "add_batch": lambda: add_batch(project, "pilot 2"),
        "change_batch": lambda: add_batch(project, "pilot 2"),
        "change_member": lambda: Member.objects.filter(pk=bo.pk).update(pseudonym="reader"),
    }


@pytest.mark.parametrize(
    ("module", "verb", "path", "said"),
    [
        (projects, "create_project", "/projects/new/", PROJECT),
        (batches, "add_batch", "/p/clocks/batches/new/", NEW),
        (batches, "change_batch", "/p/clocks/batches/{batch}/", NEW),
        (members, "change_member", "/p/clocks/members/{ann}/", {"role": "viewer", "pseudonym": "reader"}),
    ],
)
def test_a_page_says_that_the_name_is_taken(as_mo, meanwhile, others, assignment, ann, batch, module, verb, path, said):
    meanwhile(module, verb, others[verb])
    answer = as_mo.post(path.format(batch=batch.pk, ann=ann.pk), said)
    assert answer.status_code == 422
    ann.refresh_from_db()
    batch.refresh_from_db()
    assert (ann.role, ann.assignments.open().count(), batch.name) == ("annotator", 1, "main 1")


@pytest.mark.parametrize(
    ("module", "verb", "method", "path", "said", "field"),
    [
        (api_projects, "create_project", "POST", "/api/projects/", PROJECT, "slug"),
        (api_batches, "add_batch", "POST", f"{CLOCKS}batches/", {"name": "pilot 2"}, "name"),
        (api_batches, "change_batch", "PATCH", CLOCKS + "batches/{batch}/", {"name": "pilot 2"}, "name"),
        (
            api_members,
            "change_member",
            "PATCH",
            CLOCKS + "members/{ann}/",
            {"role": "viewer", "pseudonym": "reader"},
            "pseudonym",
        ),
    ],
)
def test_the_api_names_the_field(
    mo, meanwhile, others, assignment, ann, batch, module, verb, method, path, said, field
):
    meanwhile(module, verb, others[verb])
    answer = send(calling(mo), method, path.format(batch=batch.pk, ann=ann.pk), said)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    ann.refresh_from_db()
    assert (ann.role, ann.assignments.open().count()) == ("annotator", 1)


def test_an_account_that_somebody_else_makes_meanwhile_is_taken(mo, as_mo, meanwhile, project):
    said = {"username": "fay", "role": "viewer"}
    meanwhile(api_members, "admit", lambda: make_account("fay"))
    added = send(calling(mo), "POST", f"{CLOCKS}members/", {**said, "create": True})
    assert (added.status_code, added.json()["link"]) == (201, None)
    meanwhile(members, "admit", lambda: make_account("gus"))
    assert as_mo.post("/p/clocks/members/", {**said, "username": "gus", "do": "create"}).status_code == 200
    assert project.members.filter(user__username__in=["fay", "gus"]).count() == 2


def test_no_account_is_made_for_somebody_who_is_then_no_member(mo, project, monkeypatch):
    monkeypatch.setattr("annotator.actions.people.fresh_pseudonym", lambda *_of: mo.pseudonym)
    client = calling(mo)
    client.raise_request_exception = False
    said = {"username": "fay", "role": "viewer", "create": True}
    assert send(client, "POST", f"{CLOCKS}members/", said).status_code == 500
    assert not User.objects.filter(username="fay").exists()
