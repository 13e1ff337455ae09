"""Importing in the browser: a file is dropped on its box, a table is mapped, and both are brought in."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect

from annotator.models import Question

Person = Callable[..., Page]


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def test_a_file_is_dropped_looked_at_and_imported(person: Person, question, axe):
    page = person("mo")
    page.goto("/p/clocks/import/")
    lines = "".join(json.dumps({"id": name, "question": f"Who is {name}?"}) + "\n" for name in ("a", "b"))
    drop = "(text) => { const d = new DataTransfer(); d.items.add(new File([text], 'people.jsonl')); return d; }"
    data = page.evaluate_handle(drop, lines)
    page.dispatch_event("[data-drop]", "drop", {"dataTransfer": data})
    expect(page.locator("#file-name")).to_contain_text("people.jsonl")
    page.get_by_role("button", name="Look at the file").click()
    expect(page.get_by_text("question: text")).to_be_visible()
    axe(page)
    assert Question.objects.filter(batch__project__slug="clocks").count() == 1
    page.get_by_role("button", name="Import 2 questions").click()
    expect(page.get_by_text("2 questions brought in")).to_be_visible()
    assert Question.objects.filter(batch__project__slug="clocks").count() == 3


def test_a_table_is_mapped_looked_at_again_and_imported(person: Person, question, axe, shot):
    page = person("mo")
    page.goto("/p/clocks/import/")
    table = FilePayload(name="t.csv", mimeType="text/csv", buffer=b"qid,prompt,mood\n1,Who won?,glad\n")
    page.set_input_files("#id_file", table)
    page.get_by_role("button", name="Look at the file").click()
    expect(page.get_by_text("Say below what the columns are")).to_be_visible()
    axe(page)
    shot(page, "import-mapping-refused")
    page.get_by_label("qid becomes").select_option("question: id")
    page.get_by_label("prompt becomes").select_option("question: text")
    page.get_by_role("button", name="Look again with this mapping").click()
    expect(page.get_by_label("prompt becomes")).to_have_value("question")
    axe(page)
    shot(page, "import-mapping")
    page.get_by_role("button", name="Import 1 question").click()
    expect(page.get_by_text("brought in")).to_be_visible()
    assert Question.objects.get(external_id="1").extra["kept"] == {"mood": "glad"}
