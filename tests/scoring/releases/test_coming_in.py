"""A release comes in again, as questions with gold; what is damaged is refused with its place."""

import json
from pathlib import Path
from typing import Any
from unittest.mock import Mock
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from annotator.actions.importing import import_questions, look
from annotator.exchange import release_reader
from annotator.exchange.release_reader import indexed
from annotator.exchange.reports import Refused
from annotator.models import Annotation, Question
from annotator.released import edition_of
from scoring.release_files import zipped
from tests.annotator.exchange.conftest import exported
from tests.api.calls import CLOCKS, calling
from tests.conftest import make_project
from tests.scoring.releases.test_files import written


@pytest.mark.parametrize("form", ["zip", "folder"])
def test_a_release_comes_in_again_as_gold(cut, tmp_path, form):
    release = cut(splits=("test=100",))
    path = tmp_path / ("r.zip" if form == "zip" else "r")
    call_command("release", project="clocks", tag="1.0.0", output=path)
    other = make_project("other", {})
    import_questions(other, path if form == "zip" else path / "gold.test.jsonl")
    gold = Annotation.objects.gold().filter(question__batch__project=other)
    assert gold.count() == 3
    assert {one.verdict for one in gold} == {"ambiguous"}
    question = Question.objects.get(batch__project=other, external_id="m1")
    assert (question.split, question.text) == ("test", "What is the largest river?")
    assert question.retrieval.listed.count() == 5
    cited = question.annotations.get().conditions.order_by("order").first().citations.get()
    assert (cited.role, cited.listed.rank in (1, 2)) == ("both", True)
    assert release.questions.count() == 3


def test_the_page_says_what_of_a_release_comes_in_and_what_does_not(cut, as_mo):
    file = SimpleUploadedFile("r.zip", b"".join(zipped(edition_of(cut()))))
    page = as_mo.get(as_mo.post("/p/clocks/import/", {"file": file, "new_batch": "again"}).url).text
    assert "a release, or a trial of one" in page
    assert "Of a release its gold comes in" in page
    assert "Not brought are what each person wrote (annotations.jsonl)" in page


def test_gold_without_its_fragments_beside_it_is_refused_with_its_line(cut, tmp_path):
    alone = tmp_path / "alone.jsonl"
    alone.write_bytes(written(cut())["gold.dev.jsonl"])
    with pytest.raises(Refused, match=r"line 1: fragments: holds digests alone"):
        import_questions(make_project("other", {}), alone)


FRAGMENT = {"sha256": "a", "title": "T", "text": "In 2010 🏀 and 2014"}
LINE = {
    "id": "q",
    "question": "When?",
    "split": "dev",
    "fragments": ["a"],
    "supplementary": ["a"],
    "verdict": "ambiguous",
}


def brought(folder: Path, *citations: dict[str, Any]) -> Question:
    """Return the question that a released line with these citations becomes."""
    condition = {"uid": "c", "text": "men", "answers": [{"uid": "a", "text": "2010"}], "citations": citations}
    (folder / "fragments.jsonl").write_text(json.dumps(FRAGMENT) + "\n")
    (folder / "gold.dev.jsonl").write_text(json.dumps(LINE | {"conditions": [condition]}) + "\n")
    import_questions(make_project("other", {}), folder / "gold.dev.jsonl")
    return Question.objects.get(batch__project__slug="other")


def test_a_citation_of_an_added_fragment_comes_in_as_its_words(db, tmp_path):
    span = {"rank": 1, "start": 3, "end": 7, "quote": "2010"}
    question = brought(tmp_path, {"uid": "x", **span}, {"uid": "y", "supplementary": True, **span})
    cited = question.annotations.get().conditions.get().citations.order_by("order")
    assert [(one.listed_id is None, one.title, one.text, one.quote) for one in cited] == [
        (False, None, None, "2010"),
        (True, "T", "2010", None),
    ]
    made = json.loads(exported(question.batch.project))
    assert [one.get("supplementary") for one in made[0]["properties"][0]["citations"]] == [None, True]


@pytest.mark.parametrize(
    ("citation", "message"),
    [
        ({"rank": 2}, "rank: is 2, behind the end of the list"),
        ({"rank": 1, "start": 3, "end": 7, "quote": "2011"}, "quote: is not what stands"),
        ({"rank": 1, "end": 7}, "quote: is not what stands"),
    ],
)
def test_a_citation_that_does_not_fit_its_fragment_is_refused(db, tmp_path, citation, message):
    with pytest.raises(Refused, match=rf"gold.dev.jsonl, line 1: conditions\[0\].citations\[0\].{message}"):
        brought(tmp_path, {"uid": "x", **citation})


BARE = LINE | {"conditions": []}


def put(folder: Path, *lines: Any) -> Path:
    """Write lines of gold, and their fragments beside them."""
    (folder / "fragments.jsonl").write_text(json.dumps(FRAGMENT) + "\n")
    (folder / "gold.dev.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    return folder / "gold.dev.jsonl"


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([BARE | {"id": ["q"]}], "line 1: id: is a list"),
        ([BARE | {"fragments": 5}], "line 1: fragments: is a number"),
        ([BARE, [1], [2]], "line 2: is a list; an object is expected"),
        ([BARE, BARE], "line 2: id: the id “q” stands at gold.dev.jsonl, line 1 already"),
    ],
)
def test_a_damaged_line_is_refused_with_its_place(db, tmp_path, lines, message):
    with pytest.raises(Refused, match=message):
        import_questions(make_project("other", {}), put(tmp_path, *lines))
    assert not Question.objects.filter(batch__project__slug="other").exists()


def test_an_id_of_another_batch_gets_its_batch_before_it(db, tmp_path):
    import_questions(make_project("other", {}), put(tmp_path, *(BARE | {"batch": name} for name in ("pilot", "main"))))
    assert {one.external_id for one in Question.objects.filter(batch__project__slug="other")} == {"q", "main/q"}


def broken(body: bytes) -> bytes:
    """Return a zip in which the first compressed bytes of gold are others."""
    at = body.index(b"gold.dev.jsonl") + 40
    return body[:at] + b"\xff" * 60 + body[at + 60 :]


def encrypted(body: bytes) -> bytes:
    """Return a zip whose first entry says that it is encrypted."""
    at = body.index(b"fragments.jsonl", body.index(b"PK\x01\x02")) - len("clocks-1.0.0/") - 46
    assert body[at : at + 4] == b"PK\x01\x02"
    return body[: at + 8] + bytes([body[at + 8] | 1]) + body[at + 9 :]


@pytest.mark.parametrize("damage", [broken, encrypted])
def test_a_zip_that_cannot_be_unpacked_is_refused(cut, tmp_path, damage):
    path = tmp_path / "r.zip"
    path.write_bytes(damage(b"".join(zipped(edition_of(cut())))))
    with pytest.raises(Refused, match="the zip cannot be unpacked"):
        import_questions(make_project("other", {}), path)


def test_a_zip_of_fragments_alone_holds_no_record(db, tmp_path):
    with ZipFile(tmp_path / "r.zip", "w") as archive:
        archive.writestr("fragments.jsonl", "")
    with pytest.raises(Refused, match="holds no record"):
        import_questions(make_project("other", {}), tmp_path / "r.zip")


@pytest.fixture
def bomb(tmp_path: Path) -> Path:
    """A release whose zip, of some hundred kilobytes, holds 60 MB of fragments."""
    line = json.dumps({"sha256": "a", "text": "x" * 1_000_000}) + "\n"
    with ZipFile(tmp_path / "bomb.zip", "w", ZIP_DEFLATED) as archive:
        archive.writestr("fragments.jsonl", line * 60)
        archive.writestr("gold.dev.jsonl", "{}\n")
    return tmp_path / "bomb.zip"


def test_a_zip_made_to_fill_the_disk_is_refused_before_it_is_unpacked(bomb, as_mo, mo, monkeypatch):
    monkeypatch.setattr("annotator.exchange.release_reader.indexed", lambda *_of: pytest.fail("it was unpacked"))
    with pytest.raises(Refused, match="the zip unpacks to more than 200 times its size"):
        import_questions(make_project("other", {}), bomb)
    file = SimpleUploadedFile("r.zip", bomb.read_bytes())
    page = as_mo.get(as_mo.post("/p/clocks/import/", {"file": file, "new_batch": "again"}).url)
    assert "unpacks to more than 200 times" in page.text
    answer = calling(mo).post(f"{CLOCKS}imports/", {"file": SimpleUploadedFile("r.zip", bomb.read_bytes())})
    assert answer.status_code == 422
    assert "unpacks to more than 200 times" in answer.text


def test_the_fragments_of_a_release_are_unpacked_once(cut, tmp_path, monkeypatch):
    read = Mock(wraps=indexed)
    monkeypatch.setattr(release_reader, "indexed", read)
    path = tmp_path / "r.zip"
    path.write_bytes(b"".join(zipped(edition_of(cut()))))
    look(path)
    assert read.call_count == 1
