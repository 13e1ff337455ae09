"""The export page: what it says beforehand, and the same bytes as the command."""

from pathlib import Path

import pytest
from django.core.management import call_command

from annotator.actions.exporting import export_plan
from annotator.exchange.formats import FORMATS

EXPORT = "/p/clocks/export/"
CHOICES = [(one.NAME, annotations) for one in FORMATS for annotations in one.ANNOTATIONS]


@pytest.mark.parametrize(("name", "annotations"), CHOICES)
def test_page_and_command_give_the_same_bytes(as_mo, assignment, tmp_path: Path, name, annotations):
    answer = as_mo.get(f"{EXPORT}file/", {"format": name, "annotations": annotations})
    sent = b"".join(answer.streaming_content)
    path = tmp_path / "out"
    asked = {"project": "clocks", "format": name, "annotations": annotations, "output": path}
    call_command("export_dataset", **asked)
    assert sent == path.read_bytes()
    assert sent.strip()


@pytest.mark.parametrize(("name", "annotations"), CHOICES)
def test_the_page_says_what_will_be_written_and_left_out(as_mo, assignment, project, name, annotations):
    answer = as_mo.get(EXPORT, {"format": name, "annotations": annotations})
    plan = export_plan(project, name, annotations)
    assert answer.context["plan"] == plan
    assert plan.filename in answer.text
    assert plan.loses in answer.text.replace("&#x27;", "'").replace("&quot;", '"')


def test_a_choice_swaps_the_plan_alone(as_mo, project):
    answer = as_mo.get(EXPORT, {"format": "full"}, headers={"HX-Request": "true"})
    assert answer.text.startswith('<div id="plan"')
    assert "<html" not in answer.text


def test_nonsense_shows_the_first_format_and_has_no_file(as_mo, project):
    assert as_mo.get(EXPORT, {"format": "x", "annotations": "y"}).context["plan"].format == FORMATS[0].NAME
    assert as_mo.get(f"{EXPORT}file/", {"format": "x"}).status_code == 404
    assert as_mo.get(f"{EXPORT}file/", {"format": "full", "annotations": "gold"}).status_code == 404


def test_the_file_is_named_and_typed(as_mo, project):
    answer = as_mo.get(f"{EXPORT}file/", {"format": "condambigqa", "annotations": "gold"})
    assert answer["Content-Disposition"] == 'attachment; filename="clocks-condambigqa-gold.json"'
    assert answer["Content-Type"] == "application/json"


def test_owner_peer_and_stranger(as_mo, as_ann, as_dee, project):
    path = f"{EXPORT}file/?format=full"
    assert [who.get(path).status_code for who in (as_mo, as_ann, as_dee)] == [200, 404, 404]
