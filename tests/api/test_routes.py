"""Every operation of the API for every role and every kind of token."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import resolve

from annotator.models import Assignment, User
from config.urls import API
from retrieval.fragments import batched
from tests.api.calls import calling
from tests.api.routes import LINES

# Each operation is called on every database by what proves the description.
pytestmark = pytest.mark.alike
PAGES = {"docs", "schema", "missing"}
# Of the installation, for who runs it; a token for one project is let to none of it.
SITE = {"corpora", "corpus", "reindex", "corpus_files", "site_jobs", "site_job", "site_job_cancel", "site_job_again"}
METHODS = ("get", "post", "put", "patch", "delete")


def operations() -> Iterator[tuple[str, str]]:
    """Yield each method of each address, with the name of its route."""
    for pattern in API:
        if pattern.name not in PAGES:
            view: Any = pattern.callback.view_class  # type: ignore[attr-defined]
            yield from ((method.upper(), pattern.name) for method in METHODS if hasattr(view, method))


def test_every_operation_has_its_line():
    assert len(LINES) == len(list(operations()))
    resolved = [(method, named(path)) for method, path in LINES]
    assert sorted(resolved) == sorted(operations())


def test_every_address_names_its_project_by_which_a_token_is_confined():
    bare = {pattern.name for pattern in API if "<slug:slug>" not in str(pattern.pattern)}
    assert bare == {*PAGES, *SITE, "projects", "tokens", "token_revoke"}


def named(path: str) -> str:
    """Return the name of the route of a line."""
    ones = ["q", "a", "system", "import", "job", "n", "hook", "delivery", "batch", "slot", "member", "invite"]
    ones += ["proposal", "judged", "sample", "site_job", "token", "added"]
    parts = {"slug": "clocks", "tag": "1"} | dict.fromkeys(ones, 1)
    return str(resolve(f"/api/{path.format_map(parts)}").url_name)


@pytest.mark.parametrize("lines", list(batched(LINES, 12)), ids=lambda lines: lines[0][1])
def test_every_caller_gets_what_they_may(lines, ask, callers):
    for method, line in lines:
        found = {}
        for name, (client, account) in callers.items():
            response, unseen = ask(client, account, method, line)
            assert unseen or name == "ann", f"{name} sees what Ann has written at {line}"
            found[name] = str(response.status_code)
            if response.status_code >= 400:
                assert response["Content-Type"] == "application/problem+json"
                assert response.json()["status"] == response.status_code
        assert found == LINES[method, line], f"{method} {line}"


def test_another_project_is_not_there_by_its_ids(ask, callers, arguments):
    client, account = callers["mo"]
    for method, line in LINES:
        if "{slug}" in line and line != "projects/{slug}/":
            arguments["slug"] = "noise"
            assert ask(client, account, method, line)[0].status_code == 404, line


def test_nothing_of_another_project_is_reached_through_ones_own(ask, callers, arguments):
    client, account = callers["mo"]
    slot = Assignment.objects.get(question__batch__project__slug="noise")
    elsewhere = {"q": slot.question_id, "a": slot.annotation_id, "slot": slot.pk, "member": slot.member_id}
    arguments |= elsewhere | {"batch": slot.question.batch_id}
    for method, line in LINES:
        if any(f"{{{name}}}" in line for name in (*elsewhere, "batch")):
            assert ask(client, account, method, line)[0].status_code == 404, line


def test_a_token_for_one_project_is_let_to_nothing_of_the_installation(ask, mo, project):
    User.objects.filter(pk=mo.user_id).update(is_superuser=True)
    confined, whole = calling(mo, "write", project), calling(mo)
    for method, line in LINES:
        if named(line) in SITE:
            codes = [ask(client, mo.user, method, line)[0].status_code for client in (confined, whole)]
            assert [code == 404 for code in codes] == [True, False], f"{method} {line}"


def test_nobody_is_told_how_to_sign_in():
    answer = Client().get("/api/projects/")
    assert answer["WWW-Authenticate"] == 'Bearer realm="Proviso"'


def test_a_session_opens_nothing(as_mo):
    assert as_mo.get("/api/projects/").status_code == 401
