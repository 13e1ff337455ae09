"""A person’s own tokens: shown once, kept hashed, revoked by hand, by leaving and by being erased."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from annotator.actions.leaving import erase, leave
from annotator.actions.tokens import make_token, note_used, revoke, token_of
from annotator.models import Token
from tests.annotator.exchange.conftest import exported
from tests.conftest import make_project, signed_in

DAY = timedelta(days=1)
FORM = {"name": "the cluster", "scope": "write", "project": "", "days": "30"}


@pytest.fixture
def secret(ann, project) -> str:
    return make_token(ann.user, "a script", Token.Scope.READ, DAY, project)


def test_a_token_is_shown_once_with_a_line_that_uses_it_and_kept_hashed(as_ann, ann):
    page = as_ann.post("/tokens/", FORM).text
    [secret] = re.findall(r'id="token" readonly value="(pv_[\w-]{43})"', page)
    assert f"Bearer {secret}&#x27; http://127.0.0.1:8000/api/projects/" in page
    token = ann.user.tokens.get()
    assert secret not in str(vars(token))
    assert (token_of(secret), token.writes) == (token, True)
    assert secret not in as_ann.get("/tokens/").text


def test_a_token_needs_a_name(as_ann, ann):
    assert as_ann.post("/tokens/", FORM | {"name": " "}).status_code == 422
    assert not ann.user.tokens.exists()


@pytest.mark.parametrize("ended", [{"revoked": timezone.now()}, {"expires": timezone.now()}])
def test_no_two_tokens_that_are_good_have_one_name(as_ann, as_bo, ann, ended):
    as_ann.post("/tokens/", FORM)
    again = as_ann.post("/tokens/", FORM | {"scope": "read"})
    assert (again.status_code, list(again.context["form"].errors)) == (422, ["name"])
    assert "You have a token of this name" in again.text
    assert as_bo.post("/tokens/", FORM).status_code == 200
    ann.user.tokens.update(**ended)
    assert as_ann.post("/tokens/", FORM).status_code == 200


def test_a_token_is_made_for_ones_own_projects_alone(as_ann, ann):
    noise = make_project("other", {"dee": "manager"})
    assert as_ann.post("/tokens/", FORM | {"project": noise.pk}).status_code == 422


def test_a_revoked_one_opens_nothing_and_is_not_listed(as_ann, ann, secret):
    as_ann.post(f"/tokens/{ann.user.tokens.get().pk}/revoke/")
    assert token_of(secret) is None
    assert "You have none." in as_ann.get("/tokens/").text


def test_revoking_twice_keeps_the_first_time(ann, secret):
    revoke(ann.user.tokens.get())
    when = ann.user.tokens.get().revoked
    revoke(ann.user.tokens.get())
    assert ann.user.tokens.get().revoked == when


def test_an_expired_one_opens_nothing(ann, secret):
    ann.user.tokens.update(expires=timezone.now())
    assert token_of(secret) is None


def test_one_of_a_shut_account_opens_nothing(ann, secret):
    ann.user.is_active = False
    ann.user.save(update_fields=["is_active"])
    assert token_of(secret) is None


def test_its_use_is_noted_once_a_minute(ann, secret, django_assert_num_queries):
    token_of(secret)
    first = ann.user.tokens.get().used
    with django_assert_num_queries(1):
        token_of(secret)
    note_used(ann.user.tokens.get())
    assert ann.user.tokens.get().used == first
    ann.user.tokens.update(used=first - timedelta(minutes=2))
    token_of(secret)
    assert ann.user.tokens.get().used > first


def test_who_leaves_a_project_loses_the_tokens_for_it(ann, secret):
    everywhere = make_token(ann.user, "all", Token.Scope.READ, DAY)
    leave(ann)
    assert token_of(secret) is None
    assert token_of(everywhere)


def test_an_erased_person_has_no_token_left(ann, secret):
    erase(ann)
    assert not Token.objects.exists()


def test_one_who_is_erased_here_and_used_elsewhere_keeps_those_for_elsewhere(ann, secret):
    elsewhere = make_token(ann.user, "there", Token.Scope.READ, DAY, make_project("other", {"ann": "viewer"}))
    erase(ann)
    assert token_of(secret) is None
    assert token_of(elsewhere)


def test_no_export_and_no_page_of_the_administration_holds_it(project, dee, secret):
    digest = Token.objects.get().digest
    dee.is_staff = dee.is_superuser = True
    dee.save(update_fields=["is_staff", "is_superuser"])
    pages = ["/admin/annotator/token/", f"/admin/annotator/token/{Token.objects.get().pk}/change/"]
    texts = [signed_in(dee).get(page).text for page in pages]
    assert "a script" in texts[0]
    assert not any(word in text for text in [*texts, str(exported(project))] for word in (secret, digest))


def test_the_permission_trio(as_ann, as_bo, as_dee, ann, secret):
    path = f"/tokens/{ann.user.tokens.get().pk}/revoke/"
    assert [who.post(path).status_code for who in (as_bo, as_dee, as_ann)] == [404, 404, 302]
