"""CondAmbigQA in and out: value for value, byte for byte where the file is spaced as its authors space it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from annotator.actions.exporting import CannotExport, export, export_plan, export_to
from annotator.models import Annotation, Citation, Condition, Member, Project, Question
from tests.annotator.exchange.conftest import exported
from tests.conftest import make_question

Bring = Callable[[Path], Any]


def test_the_published_file_comes_back_byte_for_byte(bring: Bring, shared: Path, project: Project) -> None:
    path = shared / "data" / "condambigqa_dev.json"
    bring(path)
    assert exported(project) == path.read_bytes()


@pytest.mark.parametrize("name", ["condambigqa.json", "bare.json"])
def test_every_wart_comes_back_as_it_was(name: str, bring: Bring, files: Path, project: Project) -> None:
    bring(files / name)
    content = exported(project).decode()
    assert json.loads(content) == json.loads((files / name).read_text(encoding="utf-8"))
    # The database keeps the order of unknown keys, but for PostgreSQL.
    assert connection.vendor != "sqlite" or content + "\n" == (files / name).read_text(encoding="utf-8")


def test_an_empty_project_is_an_empty_array(project: Project) -> None:
    assert exported(project) == b"[]"


@pytest.fixture
def work(question: Question, ann: Member, bo: Member) -> list[Annotation]:
    """Ann's work, handed in, with what the page makes; Bo's is still open."""
    assert question.retrieval
    listed = question.retrieval.listed.get(rank=2)
    now = question.created
    mine, theirs = [
        Annotation.objects.create(
            question=question, author=author, created=now, saved=now, submitted=now if author == ann else None
        )
        for author in (ann, bo)
    ]
    condition = Condition.objects.create(annotation=mine, uid="c", order=1, text="Women", extra={})
    Condition.objects.create(annotation=mine, uid="d", order=2, text="Removed", removed=True)
    condition.answers.create(uid="a", order=1, text="2023", aliases=["in 2023"])
    parts: dict[str, Any] = {"condition": condition, "listed": listed, "role": "both"}
    Citation.objects.create(uid="x", order=1, **parts)
    Citation.objects.create(uid="y", order=2, start=0, end=5, quote="Spain", **parts)
    return [mine, theirs]


def test_peoples_work_is_one_record_each_with_the_pseudonym(work: list[Annotation], project: Project) -> None:
    (record,) = json.loads(exported(project, annotations="submitted"))
    assert (record["id"], record["annotator"]) == ("q1", "annotator-ann")
    text = "Spain’s women won the FIFA Women’s World Cup in 2023, in Sydney."
    title = "2. FIFA Women’s World Cup"
    citations = [{"title": title, "text": text}, {"title": title, "text": "Spain"}]
    assert record["properties"] == [{"condition": "Women", "groundtruth": "2023", "citations": citations}]
    assert [part["annotator"] for part in json.loads(exported(project, annotations="all"))] == [
        "annotator-ann",
        "annotator-bo",
    ]


def test_the_plan_says_what_is_written_and_left_out(work: list[Annotation], project: Project) -> None:
    make_question(project.batches.get(), "q2", "Unseen?")
    plan = export_plan(project, "condambigqa", "submitted")
    assert plan.counts == {
        "records": 1,
        "questions": 1,
        "annotations": 1,
        "conditions": 1,
        "answers": 1,
        "citations": 2,
        "fragments": 5,
    }
    assert plan.left_out == {
        "annotations of another kind or state": 1,
        "answers' other wordings": 1,
        "citations' roles": 2,
        "questions without such work": 1,
    }
    assert export_plan(project, "condambigqa").counts["questions without gold, written bare"] == 2
    assert plan.filename == "clocks-condambigqa-submitted.json"


def test_gold_that_is_not_finished_is_no_gold_yet(work: list[Annotation], project: Project) -> None:
    Annotation.objects.filter(pk=work[1].pk).update(source="gold", submitted=None)
    (record,) = json.loads(exported(project))
    assert "properties" not in record


def test_of_chosen_questions_nothing_else_is_written(work: list[Annotation], project: Project) -> None:
    other = make_question(project.batches.get(), "q2", "Unseen?")
    plan = export_plan(project, "condambigqa", only=[other.pk])
    assert plan.counts["questions"] == 1
    assert [part["id"] for part in json.loads(b"".join(export(plan)))] == ["q2"]
    assert not export_plan(project, "condambigqa", "all", [other.pk]).written().exists()


def test_work_that_was_exported_comes_in_again_under_its_pseudonym(
    work: list[Annotation], project: Project, tmp_path: Path, bring: Bring
) -> None:
    path = tmp_path / "work.json"
    path.write_bytes(exported(project, annotations="submitted").replace(b'"q1"', b'"again"'))
    bring(path)
    again = Annotation.objects.get(question__external_id="again")
    assert (again.source, str(again.author)) == ("human", "annotator-ann (file 1)")


def test_statements_do_not_grow_with_the_project(
    shared: Path, bring: Bring, project: Project, django_assert_max_num_queries: Any
) -> None:
    bring(shared / "data" / "condambigqa_dev.json")
    plan = export_plan(project, "condambigqa")
    assert plan.counts["citations"] == 592
    with django_assert_max_num_queries(10):
        assert sum(map(len, export(plan))) > 1_000_000


def test_a_file_that_stands_is_replaced_only_by_a_whole_one(
    project: Project, question: Question, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "out.json"
    path.write_text("old")

    def stopped(*_args: Any) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export_to(export_plan(project, "condambigqa"), path, stopped)
    assert (path.read_text(), list(tmp_path.iterdir())) == ("old", [path])
    export_to(export_plan(project, "condambigqa"), path)
    assert json.loads(path.read_text())[0]["id"] == "q1"


@pytest.mark.parametrize(("name", "annotations"), [("xml", ""), ("full", "gold"), ("condambigqa", "none")])
def test_an_unknown_wish_is_refused_by_name(name: str, annotations: str, project: Project) -> None:
    with pytest.raises(CannotExport, match=r"^(format: there is no “xml”|annotations: .* writes .*, not)"):
        export_plan(project, name, annotations)
