"""Everything of one project out, in and out again: the same bytes, and nothing of anybody else's.

``PROVISO_PROJECTS`` says how many drawn projects go out and in; ``make faults`` draws a hundred.
"""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.actions import importing_whole
from annotator.actions.importing import import_questions, look, report_on
from annotator.actions.importing_whole import import_whole
from annotator.exchange.columns import COLUMNS, LEFT_OUT, NAMED, TABLES_LEFT_OUT
from annotator.exchange.formats.full import LOSES
from annotator.exchange.reports import Refused
from annotator.models import Annotation, Member, Project, Question
from retrieval.freezing import verify
from retrieval.models import Retrieval
from tests.annotator.exchange.conftest import exported
from tests.annotator.exchange.projects import build, fill, make_project, questions

MakeFile = Callable[..., Path]
EXAMPLES = int(os.environ.get("PROVISO_PROJECTS", "5"))


def write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def bring_back(path: Path, slug: str = "whole") -> bytes:
    """Import a whole export under a slug that is free, and export it again."""
    Project.objects.filter(slug=slug).update(slug="before")
    import_whole(path, slug, report_on(path))
    return exported(Project.objects.get(slug=slug), "full")


@contextmanager
def undone() -> Iterator[None]:
    """Undo what an example wrote."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@cache
def whole() -> bytes:
    """Return the export of a project with every column set, which is made once."""
    with undone():
        fill(project := make_project())
        return exported(project, "full")


def test_a_project_with_every_column_set_comes_back_byte_for_byte(db: None, tmp_path: Path) -> None:
    fill(project := make_project())
    content = exported(project, "full")
    assert bring_back(write(tmp_path / "full.jsonl", content)) == content


@pytest.mark.django_db(transaction=True)
def test_it_comes_back_into_an_empty_database(tmp_path: Path) -> None:
    fill(project := make_project())
    content = exported(project, "full")
    call_command("flush", interactive=False, verbosity=0)
    assert bring_back(write(tmp_path / "full.jsonl", content)) == content
    assert (Project.objects.count(), Member.objects.filter(user__isnull=False).count()) == (1, 0)
    assert all(verify(retrieval) == [] for retrieval in Retrieval.objects.all())


def test_every_column_is_set_somewhere_in_that_project(db: None) -> None:
    fill(project := make_project())
    entries = [json.loads(line) for line in exported(project, "full").splitlines()]
    found = set(keys_of(entries))
    missing = {f"{table.__name__}.{name}" for table, names in COLUMNS.items() for name in names if name not in found}
    assert not missing


def keys_of(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
        value = list(value.values())
    if isinstance(value, list):
        for part in value:
            yield from keys_of(part)


def test_each_column_of_each_table_is_exported_or_left_out_for_a_reason() -> None:
    written = {f"{table.__name__}.{name}" for table, names in COLUMNS.items() for name in names}
    standing = {*written, *NAMED, *LEFT_OUT}
    wholes = {"project", "question", "annotation", "condition", "retrieval", "decision", "id"}
    columns = {
        f"{table.__name__}.{field.name}"
        for app in ("annotator", "retrieval")
        for table in apps.get_app_config(app).get_models()
        if table.__name__ not in TABLES_LEFT_OUT
        for field in table._meta.fields
        if not (field.primary_key or (field.is_relation and field.name in wholes))
    }
    elsewhere = {"Question.retrieval", "Annotation.retrieval", "Assignment.annotation", "DecisionPart.annotation"}
    assert columns - standing == set()
    assert standing - columns - elsewhere == set()


def test_it_says_of_each_table_of_scoring_that_it_is_left_out() -> None:
    evaluations = "Evaluation EvaluatedSystem EvaluatedQuestion EvaluatedWork Score".split()
    said = dict.fromkeys(evaluations, "evaluations") | {"Judgement": "what a judge was asked"}
    said |= {"Sample": "samples", "SampledPair": "pairs", "Rating": "ratings", "Proposal": "proposals for gold"}
    assert set(said) == {table.__name__ for table in apps.get_app_config("scoring").get_models()}
    assert [words for words in said.values() if words not in LOSES] == []


@settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
@given(drawn=st.lists(questions(), max_size=3))
def test_any_project_comes_back_byte_for_byte(db: None, tmp_path: Path, drawn: list[dict[str, Any]]) -> None:
    with undone():
        build(project := make_project(), drawn)
        content = exported(project, "full")
        assert bring_back(write(tmp_path / "full.jsonl", content)) == content


def test_a_second_import_changes_nothing_and_says_so(db: None, tmp_path: Path) -> None:
    fill(project := make_project())
    path = write(tmp_path / "full.jsonl", content := exported(project, "full"))
    before = Annotation.objects.count()
    report = import_questions(project, path)
    assert (report.new, report.unchanged, report.changed, Annotation.objects.count()) == (0, 3, [], before)
    Question.objects.filter(batch__project=project, external_id="q-1").update(text="Changed since?")
    assert import_questions(project, path).changed == ["q-1"]
    assert exported(project, "full") != content


def test_a_killed_import_is_completed(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(project := make_project())
    path = write(tmp_path / "full.jsonl", content := exported(project, "full"))
    monkeypatch.setattr(importing_whole, "CHUNK", 1)

    def killed(what: str, done: int, _total: int) -> None:
        if (what, done) == ("Written", 2):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_whole(path, "again", report_on(path), killed)
    assert Question.objects.filter(batch__project__slug="again").count() == 2
    assert import_whole(path, "again", report_on(path)).new == 1
    again = exported(Project.objects.get(slug="again"), "full")
    assert again.replace(b'"slug":"again"', b'"slug":"whole"') == content


def test_an_empty_project_is_taken_over_and_its_manager_stays(project: Project, tmp_path: Path) -> None:
    fill(whole := make_project())
    Member.objects.filter(project=project, user__username="mo").update(pseudonym="annotator-1")
    import_questions(project, write(tmp_path / "full.jsonl", exported(whole, "full")))
    project.refresh_from_db()
    assert (project.slug, project.name) == ("clocks", "Whole “project”")
    manager = project.members.get(role="manager")
    assert (manager.user and manager.user.username, manager.pseudonym) == ("mo", "manager-1 (here)")
    assert not Annotation.objects.filter(author=manager).exists()


def test_no_account_leaves(db: None) -> None:
    fill(project := make_project())
    content = exported(project, "full").decode()
    assert not any(word in content.lower() for word in ("mona", "example.org", "password", "noise"))


def broken(content: bytes, change: Callable[[list[Any]], None]) -> str:
    lines = [json.loads(line) for line in content.splitlines()]
    change(lines)
    return "".join(json.dumps(line) + "\n" for line in lines)


def set_at(*path: Any, to: Any) -> Callable[[list[Any]], None]:
    def change(lines: list[Any]) -> None:
        inner: Any = lines
        for key in path[:-1]:
            inner = inner[key]
        inner[path[-1]] = to

    return change


AT = "2024-02-29T23:59:59+00:00"
NOTE = (2, "annotations", 0)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (set_at(0, "proviso", to=2), "line 1: proviso: is not 1"),
        (set_at(0, "project", "slug", to="a b"), "line 1: project.slug: may hold letters"),
        (set_at(0, "project", "mail", to="x"), "project.mail: is not a field of this format"),
        (set_at(0, "batches", 1, "overlap", to=0), "batches[1].overlap: is 0; null"),
        (set_at(0, "batches", 1, "cap", to=0), "batches[1].cap: is 0; null"),
        (set_at(0, "project", "agreed_from", to=1.5), "project.agreed_from: is no number from 0 to 1"),
        (set_at(2, "assignments", 0, "state", to="assigned"), "assignments[0].state: is assigned, but it is begun"),
        (set_at(0, "batches", 1, "name", to="main 1"), "batches[2]: “main 1” stands twice"),
        (set_at(0, "guidelines", 0, "by", to="nobody"), "guidelines[0].by: names no member"),
        (set_at(0, "members", 0, "role", to="boss"), "members[0].role: is “boss”; one of manager"),
        (set_at(1, "batch", to="other"), "line 2: batch: names no batch"),
        (set_at(1, "created", to="yesterday"), "line 2: created: is no time in ISO 8601"),
        (set_at(1, "created", to="2024-02-29T23:59:59"), "line 2: created: is a time without its zone"),
        (set_at(1, "order", to=-1), "order: is -1; a whole number from 0"),
        (set_at(2, "text", to=""), "line 3: text: is blank"),
        (set_at(2, "retrieval", "listed", 0, "fragment", "text", to="forged"), "retrieval.digest: is not that of"),
        (set_at(2, "retrieval", "listed", 0, "fragment", "corpus", to="x"), "fragment.corpus: names no corpus"),
        (set_at(2, "taken", to=4), "taken: is 4, more than the overlap"),
        (set_at(2, "assignments", 1, "member", to="annotator-1"), "assignments[1]: “annotator-1” stands twice"),
        (set_at(2, "looks", 0, "member", to="nobody"), "looks[0].member: names no member"),
        (set_at(0, "releases", 1, "previous", to="2"), "releases[1].previous: names no earlier release"),
        (set_at(0, "releases", 1, "tag", to="1.0.0"), "releases[1]: “1.0.0” stands twice"),
        (set_at(2, "releases", 0, "release", to="9"), "releases[0].release: names no release"),
        (set_at(2, "releases", 0, "gold", "number", to=9), "releases[0].gold: names no step"),
        (set_at(2, "releases", 0, "work", 0, "of", to=9), "releases[0].work[0]: names no step"),
        (set_at(2, "releases", 0, "place", to=2), "releases[0].place: “2” stands at line 2 already"),
        (set_at(2, "looks", to=[{"member": "cy", "at": AT}] * 2), "looks[1]: “cy” stands twice"),
        (set_at(2, "assignments", 1, "begun", to=True), "assignments[1].begun: has no annotation"),
        (set_at(*NOTE, "import", to=1), "annotations[0].source: is human: made by its author"),
        (set_at(*NOTE, "conditions", 0, "citations", 0, "rank", to=6), "citations[0].rank: is 6, behind the end"),
        (set_at(*NOTE, "conditions", 0, "citations", 1, "answer", to="zz"), "citations[1].answer: names no answer"),
        (set_at(*NOTE, "conditions", 1, "uid", to="c1"), "conditions[1]: “c1” stands twice"),
        (set_at(*NOTE, "conditions", 0, "extra", to=[]), "conditions[0].extra: is a list"),
        (set_at(*NOTE, "marks", 0, "rank", to=9), "marks[0].rank: names no line"),
        (set_at(*NOTE, "revisions", 1, "number", to=1), "revisions[1]: “1” stands twice"),
        (set_at(*NOTE, "notes", 0, "author", to="nobody"), "notes[0].author: names no member"),
        (set_at(*NOTE, "notes", 0, "reply_to", to=2), "notes[0].reply_to: names no earlier note"),
        (set_at(0, "consents", 0, "agreed", 0, "member", to="nobody"), "consents[0].agreed[0].member: names no"),
        (set_at(*NOTE, "verdict", to="maybe"), "annotations[0].verdict: is “maybe”"),
        (set_at(2, to=[]), "line 3: is a list; an object is expected"),
    ],
)
def test_a_wrong_field_of_a_whole_export_is_named(
    change: Callable[[list[Any]], None], expected: str, db: None, make_file: MakeFile
) -> None:
    path = make_file(broken(whole(), change), "full.jsonl")
    with pytest.raises(Refused) as refused:
        import_whole(path, "again", report_on(path))
    assert expected in str(refused.value)
    assert not Project.objects.filter(slug="again").exists()


def test_a_line_twice_names_both_places(db: None, make_file: MakeFile) -> None:
    fill(project := make_project())
    path = make_file(broken(exported(project, "full"), lambda lines: lines.append(lines[1])), "full.jsonl")
    with pytest.raises(Refused, match="line 5: external_id: “q-1” stands at line 2 already"):
        import_whole(path, "again", report_on(path))


def test_a_batch_cannot_be_named_for_it(project: Project, tmp_path: Path) -> None:
    fill(whole := make_project())
    path = write(tmp_path / "full.jsonl", exported(whole, "full"))
    with pytest.raises(Refused, match="batch: a full export brings its own batches"):
        import_questions(project, path, "main 1")
    assert look(path, project, "main 1").problems


def test_a_project_with_other_questions_is_not_touched(project: Project, question: Question, tmp_path: Path) -> None:
    fill(whole := make_project())
    path = write(tmp_path / "full.jsonl", exported(whole, "full"))
    with pytest.raises(Refused, match="project: “clocks” is there already with other content"):
        import_questions(project, path)
    assert Question.objects.filter(batch__project=project).count() == 1


def test_a_table_of_the_demo_size_needs_few_statements(db: None, django_assert_max_num_queries: Any) -> None:
    fill(project := make_project())
    with django_assert_max_num_queries(75):
        exported(project, "full")
