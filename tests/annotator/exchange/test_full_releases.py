"""Releases in a ``full`` export: they come back as they are, and nothing comes in that no file could be made of."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from annotator.actions.exporting import export, export_plan
from annotator.actions.importing import report_on
from annotator.actions.importing_whole import import_whole
from annotator.exchange.reports import Refused
from annotator.models import Project, Question, Release
from tests.annotator.exchange.conftest import exported
from tests.annotator.exchange.projects import fill, make_project

Bring = Callable[..., Project]


@pytest.fixture
def bring(db: None, tmp_path: Path) -> Bring:
    """Bring a whole project in again, after a change to its header and its first released question."""

    def bring(change: Callable[[Any, Any], object]) -> Project:
        fill(project := make_project())
        header, *lines = [json.loads(line) for line in exported(project, "full").splitlines()]
        change(header["releases"][0], next(line for line in lines if "releases" in line)["releases"][0])
        path = tmp_path / "full.jsonl"
        path.write_text("".join(json.dumps(line) + "\n" for line in [header, *lines]))
        import_whole(path, "again", report_on(path))
        return Project.objects.get(slug="again")

    return bring


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda release, _one: release.update(tag="../1"), r"releases\[0\]\.tag: holds other characters"),
        (lambda release, _one: release["texts"].update({"../up": "x"}), r"texts\.\.\./up: is no file of a release"),
        (lambda release, _one: release["texts"].pop("README.md"), r"texts\.README\.md: is missing"),
        (lambda release, _one: release["texts"].update({"README.md": 1}), r"texts\.README\.md: is a number"),
        (lambda release, _one: release["texts"].update({"corpora.jsonl": "x"}), "does not name a corpus"),
        (lambda release, _one: release["texts"].update({"corpora.jsonl": "[1]"}), "does not name a corpus"),
        (lambda release, _one: release.update(withdrawn=[{"id": "q"}]), r"withdrawn\[0\]\.batch: is missing"),
        (lambda _release, one: one.update(split="../up"), r"releases\[0\]\.split: holds other characters"),
        (lambda _release, one: one["about"].pop("question"), r"releases\[0\]\.about\.question: is missing"),
        (lambda _release, one: one["about"].update(listed="5"), r"about\.listed: is a string"),
        (lambda _release, one: one["about"].update(drafted={"c": "run"}), r"about\.drafted\.c: is a string"),
        (lambda _release, one: one["gold"].update(number=2), r"releases\[0\]\.gold: names no step by which"),
        (lambda _release, one: one["gold"].update(of=9), r"releases\[0\]\.gold: names no step by which"),
    ],
)
def test_what_no_release_could_hold_is_refused_with_its_place(bring: Bring, change: Any, message: str) -> None:
    with pytest.raises(Refused, match=message):
        bring(change)
    assert not Release.objects.filter(project__slug="again").exists()


def test_a_step_that_says_no_annotation_is_refused(db: None, tmp_path: Path) -> None:
    fill(project := make_project())
    content = exported(project, "full").decode()
    header, *lines = [json.loads(line) for line in content.splitlines()]
    released = next(line for line in lines if "releases" in line)
    steps = released["annotations"][released["releases"][0]["gold"]["of"] - 1]["revisions"]
    next(step for step in steps if step["number"] == 1)["record"] = {"conditions": 5}
    path = tmp_path / "full.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in [header, *lines]))
    with pytest.raises(Refused, match="gold: names a step that says no annotation: conditions: is a number"):
        import_whole(path, "again", report_on(path))


def test_a_part_of_a_project_goes_without_its_releases_and_says_so(db: None, tmp_path: Path) -> None:
    fill(project := make_project())
    plan = export_plan(project, "full", batch="pilot")
    (tmp_path / "part.jsonl").write_bytes(b"".join(export(plan)))
    import_whole(tmp_path / "part.jsonl", "part", report_on(tmp_path / "part.jsonl"))
    part = Project.objects.get(slug="part")
    assert (plan.left_out, part.releases.count()) == ({"releases": 2}, 0)
    assert not Question.objects.filter(batch__project=part).exclude(batch__name="pilot").exists()
    assert export_plan(project, "full").left_out == {}


def test_a_card_longer_than_any_text_of_a_form_comes_back(bring: Bring) -> None:
    card = "Guidelines. " * 20_000
    project = bring(lambda release, _one: release["texts"].update({"README.md": card}))
    assert project.releases.get(tag="1.0.0").texts["README.md"] == card
