"""The description of the API holds: whatever is sent, no operation fails, and each answers as it says.

``PROVISO_CALLS`` is how many bodies each operation is sent.
"""

import os
from typing import Any

import pytest
import schemathesis
from django.core.management import call_command
from django.db import transaction
from django.test.client import ClientHandler
from hypothesis import HealthCheck, given, settings
from schemathesis import APIOperation, GenerationMode
from schemathesis.checks import CheckFunction
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from annotator.actions import looking
from annotator.api.description import described
from annotator.models import Question, User
from config.settings import SITE_URL
from retrieval.fragments import batched
from tests.api.calls import fresh

CALLS = int(os.environ.get("PROVISO_CALLS", "4"))
CHECKS: list[CheckFunction] = [
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
KEYS = {"imports": "import", "systems": "system", "jobs": "job", "annotations": "a", "hooks": "hook"}
KEYS |= {"batches": "batch", "members": "member", "invites": "invite", "assigned": "slot"}
KEYS |= {"proposals": "proposal", "evaluations": "sample", "tokens": "token"}
NOTHING_THERE = [("POST", "adjudicate"), ("GET", "jobs/{id}/file")]
EMPTY = {f"{method} /api/projects/{{slug}}/{path}/" for method, path in NOTHING_THERE}
handler = ClientHandler()


def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """Answer within the test’s transaction, which the server’s own way in would end."""
    response = handler(environ)
    start_response(f"{response.status_code} {response.reason_phrase}", list(response.items()))
    return [response.getvalue()]


SCHEMA = schemathesis.openapi.from_wsgi("/api/schema/", application)
OPERATIONS = {found.ok().label: found.ok() for found in SCHEMA.get_all_operations() if isinstance(found, Ok)}


@pytest.fixture
def in_hand(arguments: dict[str, Any], cy) -> None:
    """Let Cy have the question in hand."""
    question = Question.objects.get(pk=arguments["q"])
    looking.look(cy, question)
    Question.objects.filter(pk=question.pk).update(adjudicator=cy)


@pytest.fixture
def headers(ann, cy, mo, settings) -> dict[str, dict[str, str]]:
    """The headers of those who may call most of an address, by what it is about."""
    settings.API_CALLS_PER_MINUTE = 0
    sue = User.objects.create(username="sue", is_superuser=True)
    found = {"work": ann, "claim": ann, "notes": ann}
    found |= dict.fromkeys(("desk", "adjudicate", "gold", "pairs", "propose"), cy)
    people = {"{slug}/corpora": mo} | dict.fromkeys(("corpora", "corpus-files", "api/jobs"), sue) | found | {"": mo}
    return {name: {"Authorization": f"Bearer {fresh(one)}"} for name, one in people.items()}


def real(path: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """Return the parts of an address that lead somewhere."""
    kind = path.removeprefix("/api/").removeprefix("projects/{slug}/").partition("/")[0]
    numbers = {"hooks": arguments["delivery"], "guidelines": 1, "work": 1, "questions": 90}
    numbers |= {"evaluations": arguments["judged" if "/samples/" in path else "n"]}
    key = "site_job" if path.startswith("/api/jobs/") else KEYS.get(kind, "q")
    return {
        "slug": "clocks",
        "id": arguments[key],
        "pk": arguments[key],
        "number": numbers.get(kind, 1),
        "place": 1,
        "corpus": "clocks-corpus",
        "old": "1.0.0",
        "rank": arguments["added"],
        "tag": arguments["tag"],
        "uid": "card",
    }


@pytest.mark.parametrize("labels", list(batched(OPERATIONS, 6)), ids=", ".join)
def test_whatever_is_sent_is_answered_as_described(labels, arguments, headers, in_hand):
    for label in labels:
        call_as_described(OPERATIONS[label], arguments, headers)


def call_as_described(operation: APIOperation, arguments: dict[str, Any], headers: dict[str, dict[str, str]]) -> None:
    known = real(operation.path, arguments)
    about = next((name for name in headers if name and f"/{name}/" in operation.path), "")
    found: set[int] = set()
    fit, unfit = (operation.as_strategy(generation_mode=mode) for mode in GenerationMode)

    @settings(max_examples=CALLS, suppress_health_check=list(HealthCheck), database=None, derandomize=True)
    @given(fit | unfit)
    def called(case: Any) -> None:
        case.path_parameters = {name: known[name] for name in case.path_parameters or {}}
        with transaction.atomic():
            answer = case.call_and_validate(headers=headers[about], checks=CHECKS)
            found.add(answer.status_code)
            transaction.set_rollback(True)

    called()
    nothing = {401} if operation.label in EMPTY else {401, 404}
    assert found - nothing, f"{operation.label}: nobody got in"


def test_the_description_is_whole_and_without_a_warning(capsys):
    call_command("spectacular", "--validate", "--fail-on-warn", "--format", "openapi-json")
    assert '"openapi": "3.1.0"' in capsys.readouterr().out


def test_the_record_is_described_by_its_own_classes():
    parts = described()["components"]["schemas"]
    assert parts["ConditionRecord"]["properties"].keys() == {"uid", "text", "answers", "citations", "extra"}
    assert parts["CitationRecord"]["properties"]["role"]["enum"] == ["both", "condition", "answer", "unstated"]


def test_whatever_a_job_does_is_answered_with_the_job_and_its_address():
    answers = [one["responses"].get("202") for path in described()["paths"].values() for one in path.values()]
    shapes = [(list(one["headers"]), one["content"]) for one in answers if one]
    job = {"application/json": {"schema": {"$ref": "#/components/schemas/JobShape"}}}
    assert shapes == [(["Location"], job)] * len(shapes)
    assert shapes


@pytest.mark.parametrize("kind", ["application/json", "application/vnd.oai.openapi+json", "*/*"])
def test_the_description_is_given_to_whoever_asks_for_json(client, kind):
    answer = client.get("/api/schema/", headers={"Accept": kind})
    assert (answer.status_code, answer.json()["openapi"]) == (200, "3.1.0")


def test_it_says_where_the_site_is_and_what_each_operation_is_about():
    said = described()
    assert [one["url"] for one in said["servers"]] == [SITE_URL]
    methods = [one for path in said["paths"].values() for one in path.values()]
    assert all(one["summary"] for one in methods)
    assert {"projects", "batches", "questions", "evaluations"} <= {tag for one in methods for tag in one["tags"]}
    assert len([one for one in methods if one["tags"] == ["projects"]]) < 10


def test_what_operations_are_about_comes_in_the_order_in_which_a_team_needs_it(client):
    methods = [one for path in described()["paths"].values() for one in path.values()]
    names = [one["name"] for one in described()["tags"]]
    assert sorted(names) == sorted({one["tags"][0] for one in methods})
    assert names[:3] == ["projects", "batches", "members"]
    assert names.index("questions") < names.index("work") < names.index("adjudication") < names.index("releases")
    page = client.get("/api/").text
    assert sorted(names, key=lambda name: page.index(f'id="about-{name.replace(" ", "-")}"')) == names


def test_each_operation_is_told_without_the_one_before():
    methods = [one for path in described()["paths"].values() for one in path.values()]
    assert [one["operationId"] for one in methods if "For the same" in f"{one['summary']} {one['description']}"] == []


def test_the_page_shows_every_operation(client):
    page = client.get("/api/").text
    names = [said["operationId"] for path in described()["paths"].values() for said in path.values()]
    assert [name for name in names if f'<details id="{name}">' not in page] == []


def test_every_operation_is_described_once():
    names = [said["operationId"] for path in described()["paths"].values() for said in path.values()]
    assert len(names) == len(set(names)) == len(OPERATIONS) > 40
