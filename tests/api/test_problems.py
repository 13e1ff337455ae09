"""What the API answers where it does not do what was asked: always problem details, and never a secret."""

import json
import logging
from unittest.mock import Mock

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.test import Client

from annotator.actions.consenting import publish_consent
from annotator.actions.tokens import make_token
from annotator.api import projects
from annotator.models import Token
from tests.api.calls import CLOCKS, DAY, calling, send, with_secret

PROJECTS = "/api/projects/"


def problem(answer) -> dict[str, object]:
    """Return the problem that an answer holds."""
    assert answer["Content-Type"] == "application/problem+json"
    found = json.loads(answer.content)
    assert found["status"] == answer.status_code
    assert found["title"]
    return found


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer pv_nothing", "Basic bW86", "Bearer é", "Token pv_x"])
def test_who_brings_no_good_token_is_told_what_is_wanted(db, header):
    answer = Client(headers={"Authorization": header} if header else {}).get(PROJECTS)
    assert problem(answer)["status"] == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_token_in_the_address_is_none(mo):
    secret = make_token(mo.user, "a script", Token.Scope.READ, DAY)
    assert Client().get(f"{PROJECTS}?token={secret}").status_code == 401


def test_a_token_that_only_reads_changes_nothing(ann, question):
    assert problem(send(calling(ann, "read"), "POST", f"{CLOCKS}claim/", {}))["status"] == 403
    assert not ann.assignments.exists()


@pytest.mark.parametrize("path", ["nothing/", "projects", "projects/none/", "projects/clocks/questions/0/"])
def test_what_is_not_there_is_a_problem_too(mo, path):
    assert problem(calling(mo).get(f"/api/{path}"))["status"] == 404


def test_a_method_that_an_address_has_not(mo):
    answer = send(calling(mo), "DELETE", PROJECTS)
    assert (problem(answer)["status"], answer["Allow"]) == (405, "GET, POST, HEAD, OPTIONS")


def test_only_json_is_spoken(mo):
    assert problem(calling(mo).get(PROJECTS, headers={"Accept": "text/html"}))["status"] == 406


def test_only_json_is_read(ann, question):
    answer = calling(ann).post(f"{CLOCKS}claim/", "question=1", content_type="application/x-www-form-urlencoded")
    assert problem(answer)["status"] == 415


@pytest.mark.parametrize(
    "body", ["{", '{"question": NaN}', "[" * 100_000, b"\xff", '{"question": 1' + "0" * 5000 + "}"]
)
def test_what_is_no_json_is_refused(ann, question, body):
    answer = calling(ann).post(f"{CLOCKS}claim/", body, content_type="application/json")
    assert problem(answer)["status"] in (400, 422)


def test_a_body_that_is_too_long_is_not_read(ann, question, settings):
    settings.API_BODY_BYTES = 10
    assert problem(send(calling(ann), "POST", f"{CLOCKS}claim/", {"question": 12345}))["status"] == 413


def test_an_unknown_key_is_named(ann, question):
    found = problem(send(calling(ann), "POST", f"{CLOCKS}claim/", {"qestion": 1}))
    assert found["errors"] == [{"field": "qestion", "detail": "is no field of this operation"}]


def test_consent_that_is_owed_is_asked_for_on_the_pages(ann, mo, question):
    publish_consent(ann.project, "Your work will be published.", mo)
    found = problem(send(calling(ann), "POST", f"{CLOCKS}claim/", {}))
    assert (found["status"], "agree" in str(found["detail"])) == (403, True)


def test_too_many_calls_are_told_when_to_come_again(mo, settings):
    settings.API_CALLS_PER_MINUTE = 2
    client = calling(mo)
    answers = [client.get(PROJECTS) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert problem(answers[2])
    assert 1 <= int(answers[2]["Retry-After"]) <= 60
    assert calling(mo).get(PROJECTS).status_code == 200  # each token counts for itself


def test_what_nobody_foresaw_is_in_the_log_without_the_token(mo, monkeypatch, caplog):
    secret = make_token(mo.user, "a script", Token.Scope.READ, DAY)
    monkeypatch.setattr(projects, "memberships", lambda _request: 1 / 0)
    with caplog.at_level(logging.ERROR):
        answer = with_secret(secret).get(PROJECTS)
    assert problem(answer)["status"] == 500
    assert "ZeroDivisionError" in caplog.text
    assert secret not in caplog.text + answer.text


def test_a_database_that_is_away_is_no_failure_of_ours_and_in_the_log(mo, monkeypatch, caplog):
    monkeypatch.setattr(projects, "memberships", Mock(side_effect=OperationalError("connection refused")))
    with caplog.at_level(logging.ERROR):
        answer = calling(mo).get(PROJECTS)
    assert (problem(answer)["status"], "refused" in answer.text, "refused" in caplog.text) == (503, False, True)


def test_who_tries_tokens_or_calls_all_the_time_is_in_the_log(mo, settings, caplog):
    settings.API_CALLS_PER_MINUTE = 1
    client = calling(mo)
    with caplog.at_level(logging.WARNING):
        answers = [with_secret("pv_guess").get(PROJECTS), *(client.get(PROJECTS) for _ in range(2))]
    assert [answer.status_code for answer in answers] == [401, 200, 429]
    told = [record for record in caplog.records if record.name == "django.request"]
    assert [record.status_code for record in told] == [401, 429]
    assert "pv_guess" not in caplog.text


@pytest.mark.parametrize(("refusal", "words"), [(PermissionDenied(), "You may not"), (PermissionDenied("No."), "No.")])
def test_what_may_not_be_done_says_so_and_names_no_field(mo, monkeypatch, refusal, words):
    def refuse(_request):
        raise refusal

    monkeypatch.setattr(projects, "memberships", refuse)
    found = problem(calling(mo).get(PROJECTS))
    assert (found["status"], words in str(found["detail"]), "errors" in found) == (403, True, False)


def test_what_is_refused_is_no_news_for_the_log(mo, caplog):
    with caplog.at_level(logging.INFO):
        assert calling(mo).get("/api/projects/none/").status_code == 404
        assert send(calling(mo), "POST", f"{CLOCKS}hooks/", {}).status_code == 422
    assert "django.request" not in {record.name for record in caplog.records}
