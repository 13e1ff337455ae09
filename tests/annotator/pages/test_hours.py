"""Hours per person and batch as a table, by page and by command."""

import csv
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from annotator.models import Annotation, Batch, Member, WorkDay
from tests.annotator.pages.test_overview import hand_in
from tests.conftest import make_project

PATH = "/p/clocks/hours/"
FRIDAY, SATURDAY = date(2024, 3, 1), date(2024, 3, 2)


@pytest.fixture
def worked(batch, ann, cy, question) -> None:
    """Ann submitted on Friday and worked on Saturday; Cy worked an hour."""
    work = hand_in(ann, question)
    Annotation.objects.filter(pk=work.pk).update(submitted="2024-03-01T12:00Z")
    WorkDay.objects.create(member=ann, batch=batch, day=SATURDAY, seconds=900)
    WorkDay.objects.create(member=cy, batch=batch, day=FRIDAY, seconds=3600)
    other = make_project("other", {"ann": "annotator"})
    WorkDay.objects.create(member=other.members.get(), batch=other.batches.get(), day=FRIDAY, seconds=99)


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(text.splitlines()))


def test_a_line_for_each_person_and_batch_by_pseudonym(as_mo, worked):
    answer = as_mo.get(PATH)
    assert answer["Content-Type"].startswith("text/csv")
    assert rows(answer.text) == [
        ["pseudonym", "batch", "active_hours", "submitted", "adjudicated", "first_day", "last_day"],
        ["adjudicator-cy", "main 1", "1.00", "0", "0", "2024-03-01", "2024-03-01"],
        ["annotator-ann", "main 1", "0.25", "1", "0", "2024-03-01", "2024-03-02"],
    ]


def test_names_come_where_they_are_asked_for(as_mo, worked):
    assert [row[:2] for row in rows(as_mo.get(f"{PATH}?names=1").text)][1:] == [
        ["adjudicator-cy", "Cy"],
        ["annotator-ann", "Ann"],
    ]


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_no_cell_is_a_formula(as_mo, worked, batch, ann, name):
    Batch.objects.filter(pk=batch.pk).update(name=name)
    Member.objects.filter(pk=ann.pk).update(pseudonym=name)
    cells = [cell for row in rows(as_mo.get(PATH).text) for cell in row]
    assert cells.count(f"'{name}") == 3
    assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for cell in cells)


def test_the_command_writes_the_same(as_mo, worked, capsys, tmp_path):
    call_command("hours", project="clocks")
    assert rows(capsys.readouterr().out) == rows(as_mo.get(PATH).text)
    call_command("hours", project="clocks", names=True, output=tmp_path / "hours.csv")
    assert (tmp_path / "hours.csv").read_bytes() == as_mo.get(f"{PATH}?names=1").content


def test_the_command_names_what_is_wrong(project, tmp_path):
    with pytest.raises(CommandError, match="There is no project “x”"):
        call_command("hours", project="x")
    with pytest.raises(CommandError, match="Is a directory"):
        call_command("hours", project="clocks", output=tmp_path)


def test_only_managers_get_it(as_mo, as_cy, as_ann, as_dee):
    assert [who.get(PATH).status_code for who in (as_mo, as_cy, as_ann, as_dee)] == [200, 404, 404, 404]
