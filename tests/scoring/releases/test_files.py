"""The files of a release: the same bytes at any time and by any way, with nobody's name, and they come in again."""

import hashlib
import json
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import yaml
from django.core.management import CommandError, call_command

from annotator.exchange.formats import condambigqa
from annotator.exchange.formats.counting import Scope
from annotator.models import Annotation, Batch, Member, Project, User
from annotator.released import edition_of
from retrieval.models import Corpus
from scoring.release_files import SUMS, files, zipped
from scoring.releasing import Wish, cut_wished, preview
from tests.annotator.adjudication.conftest import MEN, WOMEN


def written(release: Any) -> dict[str, bytes]:
    return {name: b"".join(pieces) for name, pieces in files(edition_of(release))}


def lines(body: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in body.splitlines()]


def test_every_file_has_its_digest_and_the_release_has_theirs(cut):
    release = cut()
    found = written(release)
    listed = {line[66:]: line[:64] for line in found.pop(SUMS).decode().splitlines()}
    assert listed == {name: hashlib.sha256(body).hexdigest() for name, body in found.items()}
    assert release.digest == hashlib.sha256(written(release)[SUMS]).hexdigest()
    assert set(found) == {
        *("README.md", "LICENSE", "CITATION.cff", "corpora.jsonl", "gold.dev.jsonl", "gold.test.jsonl"),
        *("fragments.jsonl", "annotations.jsonl"),
    }


def test_page_command_and_a_later_day_give_the_same_bytes(cut, golden, correct, as_mo, project, ann, tmp_path):
    release = cut()
    first = b"".join(zipped(edition_of(release)))
    correct(golden["m1"])
    Project.objects.filter(pk=project.pk).update(licence="MIT", name="Other", description="Else")
    Member.objects.filter(pk=ann.pk).update(pseudonym="somebody else")
    Batch.objects.filter(name="pilot").update(name="renamed")
    Corpus.objects.update(licence="changed", name="changed")
    path = tmp_path / "r.zip"
    call_command("release", project="clocks", tag="1.0.0", output=path, verbosity=0)
    response = as_mo.post("/p/clocks/releases/1.0.0/file/")
    assert response.getvalue() == path.read_bytes() == first
    assert response["Content-Disposition"] == 'attachment; filename="clocks-1.0.0.zip"'


def test_words_that_part_lines_elsewhere_do_not_part_what_is_said_of_a_corpus(cut, golden):
    Corpus.objects.update(attribution="By\u2028all,\x85of us")
    release = cut()
    assert [one["attribution"] for one in edition_of(release).corpora] == ["By\u2028all,\x85of us"]
    assert {one["licence"] for one in lines(written(release)["fragments.jsonl"])} == {
        edition_of(release).corpora[0]["licence"]
    }


def test_a_folder_holds_what_the_zip_does(cut, tmp_path):
    release = cut()
    call_command("release", project="clocks", tag="1.0.0", output=tmp_path / "folder")
    with ZipFile(BytesIO(b"".join(zipped(edition_of(release))))) as archive:
        inside = {Path(name).name: archive.read(name) for name in archive.namelist()}
    assert {path.name: path.read_bytes() for path in (tmp_path / "folder").iterdir()} == inside
    with pytest.raises(CommandError, match="is not empty"):
        call_command("release", project="clocks", tag="1.0.0", output=tmp_path / "folder")


def test_gold_says_its_conditions_and_names_its_fragments(cut):
    found = written(cut())
    (gold,) = lines(found["gold.dev.jsonl"])
    assert (gold["id"], gold["batch"], gold["split"], gold["verdict"]) == ("p1", "pilot", "dev", "ambiguous")
    assert (gold["adjudicator"], gold["guidelines"], gold["annotations"], gold["licence"]) == (
        *("adjudicator-cy", 1, 2, "CC BY-SA 4.0"),
    )
    assert {one["text"] for one in gold["conditions"]} == {MEN.text, WOMEN.text}
    fragments = {one["sha256"]: one for one in lines(found["fragments.jsonl"])}
    cited = gold["conditions"][0]["citations"][0]["rank"]
    assert "World Cup" in fragments[gold["fragments"][cited - 1]]["title"]
    assert len(fragments) == 5


def test_peoples_work_stands_under_their_pseudonyms_and_no_name_leaves(cut, golden):
    User.objects.update(email="person@example.org", first_name="Zebulon", last_name="Quillfeather")
    found = written(cut())
    work = lines(found["annotations.jsonl"])
    assert {one["annotator"] for one in work} == {"annotator-ann", "annotator-bo"}
    everything = b"".join(found.values()).decode()
    assert not any(name in everything for name in ("example.org", "Zebulon", "Quillfeather"))


def test_the_card_carries_metadata_as_yaml(cut):
    text = written(cut())["README.md"].decode()
    said = yaml.safe_load(text.split("---\n")[1])
    assert (said["license"], said["language"], said["pretty_name"]) == ("cc-by-sa-4.0", ["en"], "Clocks 1.0.0")
    assert (said["task_categories"], said["size_categories"]) == (["question-answering"], ["n<1K"])
    files = {one["split"]: one["path"] for one in said["configs"][0]["data_files"]}
    assert files == {"dev": "gold.dev.jsonl", "test": "gold.test.jsonl"}


def test_the_card_is_filled_from_the_project(cut):
    text = written(cut())["README.md"].decode()
    for said in ("Of clocks.", "3 questions, 6 conditions", "> # Guidelines", "Verdict, share that agree | 1.00"):
        assert said in text
    assert "Annotated by annotator-ann and annotator-bo." in text
    assert "The first release." in text


def test_the_next_card_says_what_changed(cut, golden, correct):
    cut()
    correct(golden["m1"])
    assert "Since 1.0.0: 0 added, 1 finished anew, 0 withdrawn." in written(cut("1.0.1"))["README.md"].decode()


def test_a_trial_is_the_same_but_for_its_mark_and_leaves_no_row(cut, project, golden, tmp_path):
    call_command("release", project="clocks", trial=True, output=tmp_path / "trial")
    assert not project.releases.exists()
    released = written(cut())
    tried = {path.name: path.read_bytes() for path in (tmp_path / "trial").iterdir()}
    differing = {name for name in released if tried[name] != released[name]}
    assert differing == {"README.md", "LICENSE", "CITATION.cff", SUMS}
    assert b"Not released" in tried["README.md"]


def test_the_numbers_said_beforehand_are_those_of_the_files(cut, project, golden):
    project.refresh_from_db()
    said = preview(cut_wished(project, Wish()), "1.0.0")
    assert "questions that cannot be annotated" not in said["not_written"]
    bodies = written(cut())
    sizes = {one["name"]: one["bytes"] for one in said["files"]}
    assert sizes["gold.dev.jsonl"] == len(bodies["gold.dev.jsonl"])
    assert said["bytes"] == sum(map(len, bodies.values()))
    assert (said["next"], said["counts"]["questions"], said["not_written"]["questions without gold"]) == ("1.0.0", 3, 1)


def test_withdrawn_questions_are_not_told_as_without_gold(project, golden):
    Annotation.objects.filter(question=golden["m1"], source="gold").update(verdict="cannot_annotate", reason="Why")
    project.refresh_from_db()
    left = preview(cut_wished(project, Wish()), "1.0.0")["not_written"]
    assert (left["questions without gold"], left["questions that cannot be annotated"]) == (1, 1)


def test_a_release_is_exported_as_it_was_frozen(cut, golden, correct, project, capsys):
    release = cut()
    scope = Scope(project, release=release)
    before = list(condambigqa.pieces(scope, "gold"))
    correct(golden["m1"], "The men’s side, in football")
    assert list(condambigqa.pieces(scope, "gold")) == before
    call_command("export_dataset", project="clocks", format="condambigqa", release="1.0.0")
    said = capsys.readouterr().out
    assert "side, in football" not in said
    assert [one["id"] for one in json.loads(said)] == ["p1", "m1", "m2"]
    people = [one["annotator"] for one in condambigqa.records(scope, "submitted")]
    assert people == ["annotator-ann", "annotator-bo"] * 3


def test_an_export_of_a_release_counts_the_questions_that_it_has_work_on(cut, golden, project):
    Annotation.objects.filter(question=golden["p1"], source="human").update(submitted=None)
    scope = Scope(project, release=cut())
    counted = {name: condambigqa.counts(scope, name) for name in ("gold", "submitted")}
    assert [(one["records"], one["questions"]) for one in counted.values()] == [(3, 3), (4, 2)]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"format": "full", "release": "1.0.0"}, "release: full is of the project as it is now"),
        ({"format": "condambigqa", "release": "2"}, "release: the project has no release “2”"),
        (
            {"format": "condambigqa", "release": "1.0.0", "annotations": "all"},
            "release: condambigqa writes gold, submitted",
        ),
    ],
)
def test_what_cannot_be_exported_of_a_release_is_said(cut, options, message):
    cut()
    with pytest.raises(CommandError, match=message):
        call_command("export_dataset", project="clocks", **options)


def test_the_command_prints_what_changed(cut, golden, correct, capsys):
    cut()
    correct(golden["m1"], "The men’s side, in football", note="No side was named.")
    cut("1.0.1")
    call_command("release_diff", "1.0.0", "1.0.1", project="clocks")
    said = capsys.readouterr().out
    assert "0 added, 1 changed, 0 withdrawn, 2 the same" in said
    assert "{+side,+}" in said
    assert "largest river? · No side was named. · adjudicator-cy" in said
    call_command("release_diff", "1.0.0", "1.0.1", project="clocks", json=True)
    (changed,) = json.loads(capsys.readouterr().out)["changed"]
    assert (changed["id"], changed["reason"]) == ("m1", "No side was named.")
    with pytest.raises(CommandError, match=r"1\.0\.1 came after 1\.0\.0: name the earlier release first"):
        call_command("release_diff", "1.0.1", "1.0.0", project="clocks")
    with pytest.raises(CommandError, match="There is no release “3” of clocks"):
        call_command("release_diff", "1.0.0", "3", project="clocks")


def test_the_command_takes_no_tag_that_names_the_trial(golden):
    with pytest.raises(CommandError, match=r"^tag: “trial” names the trial before a release; choose another$"):
        call_command("release", project="clocks", tag="trial")


def test_a_trial_needs_a_place(golden):
    with pytest.raises(CommandError, match="say where they go with --output"):
        call_command("release", project="clocks", trial=True)
