"""create_project, import_questions and export_dataset from a terminal: what they print, and how they refuse."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from annotator.models import Member, Project, Question, User
from tests.annotator.exchange.conftest import FILES, exported

WARTS = FILES / "condambigqa.json"


def run(*arguments: str | Path) -> str:
    out = io.StringIO()
    call_command(*map(str, arguments), stdout=out, stderr=io.StringIO())
    return out.getvalue()


def test_a_project_is_made_with_one_batch_and_its_manager(db: None) -> None:
    User.objects.create(username="mo")
    assert "bells: made, with the batch “main 1”" in run(
        "create_project", "bells", "--name", "Bells", "--manager", "mo"
    )
    project = Project.objects.get(slug="bells")
    assert project.batches.get().overlap == 2
    assert Member.objects.get(project=project).role == "manager"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["a b", "--name", "x"], "slug: "),
        (["clocks", "--name", "x"], "slug: “clocks” is taken; choose another"),
        (["free", "--name", ""], "name: This field cannot be blank."),
        (["free", "--name", "x", "--manager", "nobody"], "--manager: There is no account “nobody”."),
        (["free", "--name", "x", "--manager", "Mo"], "--manager: There is no account “Mo”. Is “mo” meant?"),
    ],
)
def test_a_project_that_cannot_be_is_refused_by_field(arguments: list[str], expected: str, project: Project) -> None:
    with pytest.raises(CommandError, match=expected):
        run("create_project", *arguments)
    assert Project.objects.count() == 2


def test_a_dry_run_reports_and_writes_nothing(project: Project) -> None:
    out = run("import_questions", WARTS, "--project", "clocks", "--dry-run")
    assert "4 questions" in out
    assert "4 would be written" in out
    assert not Question.objects.filter(batch__project=project).exists()


def test_an_import_says_what_it_wrote_and_then_that_nothing_is_new(project: Project) -> None:
    assert "4 written, 0 unchanged" in run("import_questions", WARTS, "--project", "clocks", "--batch", "main 1")
    assert "0 written, 4 unchanged" in run("import_questions", WARTS, "--project", "clocks")


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("q.json", "[{]", r"q\.json: line 1, column 3: broken JSON"),
        ("q.csv", "id,text\n1,x\n", r"q\.csv: line 2: lacks “question”"),
        ("q.jsonl", '{"question": "a"}\n{"question": ""}\n', r"q\.jsonl: line 2: question: is blank"),
    ],
)
@pytest.mark.parametrize("dry", [[], ["--dry-run"]])
def test_a_bad_file_is_refused_with_file_place_and_field(
    name: str, content: str, expected: str, dry: list[str], project: Project, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_text(content)
    with pytest.raises(CommandError, match=expected):
        run("import_questions", path, "--project", "clocks", *dry)
    assert not Question.objects.filter(batch__project=project).exists()


def test_a_table_parted_by_semicolons_is_read_as_such(project: Project, tmp_path: Path) -> None:
    path = tmp_path / "excel.csv"
    path.write_text("nr;Frage\n7;Wann, bitte?\n8;Wo?\n", "utf-8")
    run("import_questions", str(path), "--project", "clocks", "--map", "Frage=question", "--map", "nr=id")
    assert dict(project.batches.get().questions.values_list("external_id", "text")) == {"7": "Wann, bitte?", "8": "Wo?"}


def test_every_row_with_another_number_of_columns_is_named(project: Project, tmp_path: Path) -> None:
    path = tmp_path / "short.csv"
    path.write_text("id,question\n1,When?,x\n2,Where?\n3\n", "utf-8")
    with pytest.raises(CommandError) as refused:
        call_command("import_questions", path, project="clocks")
    assert "line 2: has 3 columns where the header has 2" in str(refused.value)
    assert "line 4: has 1 column where the header has 2" in str(refused.value)


def test_columns_are_mapped_by_name(project: Project, tmp_path: Path) -> None:
    path = tmp_path / "q.tsv"
    path.write_text("a=b\tquestion\tmood\nWho won?\told\tglad\n")
    arguments = ["import_questions", str(path), "--project", "clocks", "--map", "a=b=question", "--map", "mood=tags"]
    assert "1 would be written" in run(*arguments, "--dry-run")
    assert "1 written" in run(*arguments)
    question = Question.objects.get(batch__project=project)
    assert (question.text, question.tags) == ("Who won?", ["glad"])
    assert question.extra["kept"] == {"question (column)": "old"}
    assert "1 unchanged" in run(*arguments)


@pytest.mark.parametrize(
    ("name", "said", "expected"),
    [
        ("q.csv", "nope=id", "q.csv: line 1: has no column “nope”; its columns are question, x"),
        ("q.csv", "x=colour", "q.csv: line 1: “colour” is no field; one of id, question, tags"),
        ("q.csv", "question=extra", "q.csv: line 1: no column is the question"),
        ("q.jsonl", "x=id", "q.jsonl: only the columns of CSV and TSV files can be mapped"),
    ],
)
def test_a_mapping_that_cannot_be_is_refused(
    name: str, said: str, expected: str, project: Project, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_text("question,x\nWho?,1\n" if name == "q.csv" else '{"question": "Who?", "x": 1}\n')
    with pytest.raises(CommandError, match=expected):
        run("import_questions", path, "--project", "clocks", "--map", said)
    with pytest.raises(CommandError, match="“x” is not COLUMN=FIELD"):
        run("import_questions", path, "--project", "clocks", "--map", "x")
    assert not Question.objects.filter(batch__project=project).exists()


def test_one_of_a_kind_is_said_in_the_singular(project: Project, tmp_path: Path) -> None:
    path = tmp_path / "q.json"
    path.write_text(json.dumps([{"question": "Q?", "properties": [{"condition": "c", "groundtruth": "a"}]}]))
    out = run("import_questions", path, "--project", "clocks")
    assert "1 question, 1 annotation, 1 condition, 1 answer, 0 citations, 0 fragments" in out


def test_what_is_not_there_is_named(project: Project, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file or directory"):
        run("import_questions", tmp_path / "none.json", "--project", "clocks")
    with pytest.raises(CommandError, match="is a directory; a file is expected"):
        run("import_questions", tmp_path, "--project", "clocks")
    with pytest.raises(CommandError, match="There is no project “none”"):
        run("import_questions", WARTS, "--project", "none")
    with pytest.raises(CommandError, match="There is no project “none”"):
        run("export_dataset", "--project", "none", "--format", "full")
    with pytest.raises(CommandError, match="format: there is no “xml”; one of condambigqa, full is expected"):
        run("export_dataset", "--project", "clocks", "--format", "xml")


def test_standard_output_and_a_file_get_the_same_bytes(project: Project, tmp_path: Path) -> None:
    run("import_questions", WARTS, "--project", "clocks")
    for name in ("condambigqa", "full"):
        path = tmp_path / name
        assert "written" in run("export_dataset", "--project", "clocks", "--format", name, "--output", path)
        assert path.read_bytes() == exported(project, name)
        assert run("export_dataset", "--project", "clocks", "--format", name).encode() == path.read_bytes()


def test_a_whole_export_makes_its_project(project: Project, tmp_path: Path) -> None:
    run("import_questions", WARTS, "--project", "clocks")
    path = tmp_path / "full.jsonl"
    run("export_dataset", "--project", "clocks", "--format", "full", "--output", path)
    assert "4 would be written" in run("import_questions", path, "--project", "copy", "--dry-run")
    assert not Project.objects.filter(slug="copy").exists()
    assert "4 written" in run("import_questions", path, "--project", "copy")
    lines = [json.loads(line) for line in exported(Project.objects.get(slug="copy"), "full").splitlines()]
    assert (lines[0]["project"]["slug"], len(lines)) == ("copy", 5)


def test_an_output_that_cannot_be_written_is_named(project: Project, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file or directory"):
        run("export_dataset", "--project", "clocks", "--format", "full", "--output", tmp_path / "no" / "x")
