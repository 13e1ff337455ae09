"""Importing: what the rows are, that a second run changes nothing, and that a refused file leaves nothing."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from annotator import checks, models
from annotator.actions import importing
from annotator.actions.importing import import_questions, look, target_of
from annotator.codec import annotation_from_json
from annotator.exchange.reports import BrokenOff, Refused, Report
from annotator.exchange.storing import store
from annotator.models import Annotation, Import, Member, Project, Question
from annotator.rows import annotation_record
from retrieval.freezing import verify
from retrieval.models import Corpus, Fragment, ListedFragment, Retrieval
from tests.annotator.exchange.conftest import breaking

MakeFile = Callable[..., Path]
Bring = Callable[[Path], Report]
TABLES = [
    *(models.Question, models.Annotation, models.Condition, models.Answer, models.Citation, models.Revision),
    *(models.Import, models.Member, models.Batch, Retrieval, ListedFragment, Fragment, Corpus),
]


def row_counts() -> list[int]:
    return [table._default_manager.count() for table in TABLES]


def test_questions_come_with_their_lists_in_order(bring: Bring, files: Path, project: Project) -> None:
    report = bring(files / "condambigqa.json")
    batch = project.batches.get()
    assert (report.new, report.counts["fragments"], batch.size) == (4, 9, 4)
    assert [q.order for q in batch.questions.all()] == [1, 2, 3, 4]
    first = batch.questions.get(external_id="bell-1")
    assert first.retrieval
    assert (first.retrieval.engine, first.retrieval.k, verify(first.retrieval)) == ("file", 3, [])
    assert (first.overlap, first.brought_by, first.taken) == (2, Import.objects.get(), 0)
    assert {line.fragment.corpus.slug for line in first.retrieval.listed.all()} == {"clocks-imported"}


def test_a_single_annotation_is_gold_with_a_whole_first_revision(bring: Bring, files: Path, mo: Member) -> None:
    bring(files / "condambigqa.json")
    gold = Annotation.objects.with_conditions().get(question__external_id="bell-1")
    assert (gold.source, gold.brought_by, gold.verdict, gold.revisions_made) == ("gold", Import.objects.get(), None, 1)
    revision = gold.revisions.get()
    assert (revision.number, revision.verb) == (1, "import")
    assert annotation_from_json(revision.record) == annotation_record(gold)


def test_several_annotations_are_the_work_of_members_without_an_account(bring: Bring, files: Path, ann: Member) -> None:
    Member.objects.filter(pk=ann.pk).update(pseudonym="annotator-1")
    bring(files / "ambignq.json")
    work = Annotation.objects.filter(question__external_id="-13").order_by("pk")
    authors = [row.author for row in work if row.author]
    assert [(part.pseudonym, part.user, part.submitted) for part in authors] == [
        ("annotator-1 (file 1)", None, 1),
        ("annotator-2", None, 1),
    ]
    assert all(row.submitted for row in work)


@pytest.mark.parametrize("name", ["condambigqa.json", "labeller.json", "ambignq.json", "asqa.json", "plain.csv"])
def test_a_second_run_changes_nothing_and_says_so(name: str, bring: Bring, files: Path) -> None:
    first = bring(files / name)
    before = row_counts()
    report = bring(files / name)
    assert (report.new, report.unchanged, row_counts()) == (0, first.new, before)
    assert f"0 written, {first.new} unchanged, 0 changed" in report.lines()


def test_a_changed_record_is_reported_and_left_as_it_was(bring: Bring, make_file: MakeFile, project: Project) -> None:
    bring(make_file([{"id": "a", "question": "Old?"}]))
    report = bring(make_file([{"id": "b", "question": "New?"}, {"id": "a", "question": "Changed?"}]))
    assert (report.new, report.changed) == (1, ["a"])
    questions = Question.objects.filter(batch__project=project)
    assert [(q.external_id, q.text, q.order) for q in questions] == [("a", "Old?", 1), ("b", "New?", 2)]


def test_a_file_with_one_bad_record_writes_not_one_row(bring: Bring, make_file: MakeFile, project: Project) -> None:
    before = row_counts()
    with pytest.raises(Refused) as refused:
        bring(make_file([*({"question": f"{number}?"} for number in range(500)), {"question": 7}]))
    assert str(refused.value) == "questions.json: record 501: question: is a number; a string is expected"
    assert row_counts() == before


def test_a_look_counts_and_compares_without_writing(files: Path, project: Project, bring: Bring) -> None:
    before = row_counts()
    report = look(files / "condambigqa.json", project)
    assert (report.new, report.unchanged, row_counts()) == (4, 0, before)
    assert report.checks[checks.Code.MISSING_CITATION] == 2
    bring(files / "condambigqa.json")
    assert look(files / "condambigqa.json", project).unchanged == 4


def test_a_killed_import_is_completed_by_running_it_again(
    make_file: MakeFile, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "CHUNK", 2)
    path = make_file([{"question": f"{number}?"} for number in range(5)])

    def killed(what: str, done: int, _total: int) -> None:
        if (what, done) == ("Written", 4):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_questions(project, path, progress=killed)
    assert Question.objects.filter(batch__project=project).count() == 4
    assert import_questions(project, path).new == 5
    assert [q.order for q in project.batches.get().questions.all()] == [1, 2, 3, 4, 5]
    assert [row.state for row in project.imports.all()] == ["done"]


def test_an_import_that_breaks_off_says_how_much_is_stored_and_goes_on_from_there(
    make_file: MakeFile, project: Project, bring: Bring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "CHUNK", 2)
    path = make_file([{"question": f"{number}?"} for number in range(5)])
    monkeypatch.setattr(importing, "store", breaking(store, after=2))
    with pytest.raises(BrokenOff) as broken:
        bring(path)
    assert str(broken.value) == (
        "questions.json: broken off: disk full\n"
        "4 of 5 questions stored so far; running the same import again goes on from there"
    )
    monkeypatch.setattr(importing, "store", store)
    assert Question.objects.filter(batch__project=project).count() == 4
    assert bring(path).new == 5
    assert [row.state for row in project.imports.all()] == ["done"]


def test_a_file_that_changes_while_it_is_read_breaks_the_import_off(
    make_file: MakeFile, bring: Bring, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make_file([{"question": "Still here?"}])
    monkeypatch.setattr(importing, "target_of", lambda *args: (make_file("[", path.name), target_of(*args))[1])
    with pytest.raises(BrokenOff, match=r"broken off: line 1, column 2: .*\n0 of 1 question stored so far"):
        bring(path)


def test_a_batch_is_made_by_its_name_and_must_be_said_among_several(
    make_file: MakeFile, project: Project, bring: Bring
) -> None:
    path = make_file([{"question": "Again?"}])
    bring(path)
    import_questions(project, path, "pilot")
    assert [(b.name, b.size, b.position) for b in project.batches.all()] == [("main 1", 1, 1), ("pilot", 1, 2)]
    with pytest.raises(Refused, match="batch: the project has not one batch but main 1, pilot; say which"):
        bring(path)


def test_statements_do_not_grow_with_the_questions_of_a_chunk(
    make_file: MakeFile, project: Project, django_assert_max_num_queries: Any
) -> None:
    part = {"condition": "c", "groundtruth": "g", "citations": [{"title": "1. T", "text": "x"}]}
    same = {"question": "Q?", "properties": [part]}
    path = make_file([same | {"id": f"{n}", "ctxs": [{"title": "T", "text": f"{n}"}]} for n in range(100)])
    with django_assert_max_num_queries(60):
        import_questions(project, path)


def test_an_import_is_seen_by_its_own_project_only(bring: Bring, files: Path, dee: Any, mo: Member) -> None:
    bring(files / "plain.json")
    counts = [
        Question.objects.filter(batch__project__in=Project.objects.visible_to(user)).count() for user in (mo.user, dee)
    ]
    assert counts == [2, 0]


def test_a_batch_that_somebody_makes_meanwhile_is_the_one_that_takes_the_questions(
    monkeypatch: pytest.MonkeyPatch, files: Path, project: Project, batch: models.Batch
) -> None:
    monkeypatch.setattr(importing, "batch_named", lambda *_of: None)  # as it was when the import looked
    import_questions(project, files / "condambigqa.json", batch.name)
    assert batch.questions.count() == 4
