"""Uploads have a limit, named beside the field; what is beyond every limit, or of nobody known, reaches no disk."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import MemoryFileUploadHandler, TemporaryFileUploadHandler
from django.test import Client

from annotator.models import Import
from tests.api.calls import CLOCKS, calling

PAGES = {
    "/p/clocks/import/": {"new_batch": "wave 2"},
    "/p/clocks/systems/": {"system": "s", "source": "draft"},
    "/p/clocks/members/file/": {},
}


def file(size: int = 11) -> SimpleUploadedFile:
    return SimpleUploadedFile("a.jsonl", b"x" * size)


@pytest.fixture
def kept(monkeypatch) -> list[int]:
    """The sizes of the pieces that were kept, in memory or on the disk."""
    sizes: list[int] = []
    for handler in (MemoryFileUploadHandler, TemporaryFileUploadHandler):
        monkeypatch.setattr(handler, "receive_data_chunk", lambda _self, piece, _start: sizes.append(len(piece)))
    return sizes


@pytest.mark.parametrize("page", PAGES)
def test_a_file_beyond_the_limit_is_refused_beside_its_field(as_mo, project, settings, page):
    settings.IMPORT_UPLOAD_BYTES = 10
    answer = as_mo.post(page, {"file": file(), **PAGES[page]})
    assert answer.status_code == 422
    assert "It is larger than 10\xa0bytes." in answer.text
    assert not Import.objects.exists()


@pytest.mark.parametrize(("path", "more"), [("imports/", {}), ("predictions/", {"system": "s"})])
def test_the_api_refuses_it_by_its_field(mo, settings, path, more):
    settings.IMPORT_UPLOAD_BYTES = 10
    answer = calling(mo).post(CLOCKS + path, {"file": file(), **more})
    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"field": "file", "detail": "It is larger than 10\xa0bytes."}]
    assert not Import.objects.exists()


@pytest.fixture
def small(settings) -> int:
    """A size beyond every limit."""
    settings.IMPORT_UPLOAD_BYTES = settings.CORPUS_UPLOAD_BYTES = settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 2_000
    return 10_000


def test_nothing_is_kept_of_a_body_beyond_every_limit_and_the_field_says_so(as_mo, mo, small, kept):
    answer = as_mo.post("/p/clocks/import/", {"file": file(small), "new_batch": "wave 2"})
    assert (answer.status_code, "It is larger than 2.0\xa0KB." in answer.text) == (422, True)
    assert calling(mo).post(f"{CLOCKS}imports/", {"file": file(small)}).status_code == 422
    assert kept == []


def test_a_small_file_beside_a_large_one_is_not_taken_for_an_empty_one(as_mo, project, small):
    answer = as_mo.post("/p/clocks/import/", {"file": file(), "other": file(small), "new_batch": "wave 2"})
    assert "It is larger than" in answer.text


def test_the_token_of_a_form_is_found_before_and_behind_a_file(mo):
    client = Client(enforce_csrf_checks=True)
    client.force_login(mo.user)
    client.get("/p/clocks/import/")
    token = {"csrfmiddlewaretoken": client.cookies["csrftoken"].value}
    said = {"file": file(), "new_batch": "wave 2"}
    for body in (token | said, said | token):
        assert client.post("/p/clocks/import/", body).status_code == 302
    assert client.post("/p/clocks/import/", said).status_code == 403


def test_nothing_is_kept_of_what_somebody_sends_who_is_not_signed_in(project, kept):
    client = Client(enforce_csrf_checks=True)
    client.cookies["csrftoken"] = "a" * 32
    for token, status in (("a" * 32, 302), ("b" * 32, 403)):
        body = {"csrfmiddlewaretoken": token, "file": file(10_000), "new_batch": "wave 2"}
        assert client.post("/p/clocks/import/", body).status_code == status
    assert client.post(f"{CLOCKS}imports/", {"file": file(10_000)}).status_code == 401
    assert kept == []
