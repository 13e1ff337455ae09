"""What systems said, out of files: shapes, citations, questions, one run a system, nothing half-written."""

import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from annotator import rows
from annotator.actions import importing_whole
from annotator.actions.importing import import_questions, report_on
from annotator.actions.predictions import import_predictions, look_at_predictions
from annotator.exchange import storing_predicted
from annotator.exchange.reports import BrokenOff, Refused
from annotator.exchange.storing_predicted import Run
from annotator.models import Annotation, Project, Question, System
from annotator.record import Citation, Source
from tests.annotator.exchange.conftest import breaking, exported
from tests.conftest import TEXTS, make_question

MakeFile = Callable[..., Path]
PUBLISHED = [("main_gemma2", 100, 219, 382), ("main_qwen2.5", 99, 219, 324), ("nocondition_gemma2", 100, 193, 237)]


def answering(*conditions: Any, **more: Any) -> dict[str, Any]:
    return {"id": "q1", "conditions": list(conditions), **more}


def run_of(project: Project, **more: Any) -> Run:
    return Run(project, "sys", **more)


def citations_of(project: Project) -> list[Citation]:
    row = Annotation.objects.filter(system__project=project).select_related("question").with_conditions().get()
    return [citation for _condition, citation in rows.annotation_record(row).citations()]


def test_citations_become_ranks_and_what_cannot_is_counted_and_kept(
    project: Project, question: Question, make_file: MakeFile
) -> None:
    given: list[Any] = [
        "Fragments 1 and 2",
        3,
        "Fragment 750",
        "who knows",
        None,
        {"title": "Soup", "text": TEXTS[3][1]},
    ]
    path = make_file([answering({"condition": "c", "answer": "a", "citations": given})])
    report = import_predictions(path, run_of(project))
    assert report.anchors == Counter(in_list=3, out_of_range=1, unparsable=2, by_text=1, whole=1)
    found = citations_of(project)
    assert [citation.rank for citation in found] == [1, 2, 3, None, None, None, 4]
    assert [citation.title for citation in found[3:6]] == ["Fragment 750", "who knows", "null"]
    assert [str(flaw).split(": ", 1)[1] for flaw in report.astray] == [
        f"conditions[0].citations[2]: names fragment 750 of a list of {question.retrieval.listed.count()}",
        "conditions[0].citations[3]: holds no number that could be read",
        "conditions[0].citations[4]: holds no number that could be read",
    ]
    assert f"counts for nothing: {report.astray[0]}" in report.lines()


@pytest.mark.parametrize("number", [10**12, 10**30, f"Fragment {10**30}"])
def test_a_number_out_of_range_is_counted_however_large_it_is(
    project: Project, question: Question, make_file: MakeFile, number: Any
) -> None:
    report = import_predictions(make_file([answering({"answer": "a", "citations": [number]})]), run_of(project))
    assert report.anchors == Counter(out_of_range=1)
    assert [citation.title for citation in citations_of(project)] == [str(number)]


def test_a_question_without_an_id_is_found_by_its_text(
    project: Project, question: Question, make_file: MakeFile
) -> None:
    record = {"question": question.text, "conditions": []}
    import_predictions(make_file([record]), run_of(project))
    assert question.annotations.get(system__name="sys")
    make_question(project.batches.create(name="pilot", created=question.created))
    with pytest.raises(Refused, match=f"question: “{re.escape(question.text)}” is the text of several"):
        import_predictions(make_file([record | {"reason": ""}], "b.json"), Run(project, "other"))


def test_what_is_taken_and_should_be_known_is_counted_by_name(
    project: Project, question: Question, make_file: MakeFile
) -> None:
    answer, cited = {"text": "b", "sure": 1}, {"title": "t", "n": 1}
    odd = {"condition": "c", "text_answer": "a", "answer": answer, "citations": [cited]}
    listed = [{"title": "a", "text": "b", "score": 1.0, "page": 3}]
    path = make_file([answering(odd, odd, cost=2, verdict="unanswerable", retrieval=listed)])
    report = look_at_predictions(path, run_of(project))
    names = {"conditions.text_answer": 2, "answers.sure": 2, "citations.n": 2, "cost": 1, "retrieval.page": 1}
    assert report.kept == Counter(names)
    assert "kept but not read: conditions.text_answer × 2" in "\n".join(report.lines())
    assert "1 × a verdict of no answer beside conditions; the conditions are what is scored" in report.lines()


def test_of_several_samples_the_report_counts_the_question_once_and_says_which_is_scored(
    project: Project, question: Question, make_file: MakeFile
) -> None:
    report = import_predictions(make_file([answering(sample=sample) for sample in range(3)]), run_of(project))
    assert (report.counts["questions"], report.counts["annotations"]) == (1, 3)
    assert "of several samples of a question the first is scored" in "\n".join(report.lines())


def test_of_bad_citations_the_first_few_are_named_and_all_are_counted(
    project: Project, question: Question, make_file: MakeFile
) -> None:
    path = make_file([answering({"condition": "c", "answer": "a", "citations": ["?"] * 30})])
    report = look_at_predictions(path, run_of(project))
    assert (len(report.astray), report.anchors["unparsable"]) == (10, 30)


def test_a_file_that_came_in_under_another_name_is_taken_and_said_so(
    project: Project, question: Question, make_file: MakeFile
) -> None:
    path = make_file([answering({"condition": "c", "answer": "a"})])
    assert not import_predictions(path, run_of(project)).twin
    assert not look_at_predictions(path, run_of(project)).twin
    report = import_predictions(path, Run(project, "again"))
    assert report.twin == "sys"
    assert "the same file came in as “sys” already: the two will be scored alike" in report.lines()
    assert project.systems.count() == 2


def test_a_file_of_several_systems_is_no_twin_of_itself(
    project: Project, question: Question, make_file: MakeFile
) -> None:
    one = [answering({"condition": "c", "answer": "a"})]
    path = make_file({"one": one, "two": one})
    import_predictions(path, Run(project, "one"))
    assert not import_predictions(path, Run(project, "two")).twin


def test_a_list_of_its_own_is_what_a_systems_numbers_mean(
    project: Project, question: Question, make_file: MakeFile
) -> None:
    listed = [{"title": "Elsewhere", "text": "Another text."}, {"title": TEXTS[0][0], "text": TEXTS[0][1]}]
    path = make_file([answering({"condition": "c", "answer": "a", "citations": [2, 5]}, retrieval=listed)])
    import_predictions(path, run_of(project))
    row = Annotation.objects.get(system__name="sys")
    assert row.retrieval
    assert row.retrieval.listed.count() == 2
    cited = row.conditions.get().citations.get(listed__isnull=False).listed
    assert cited
    assert (cited.rank, cited.fragment.title) == (2, "FIFA World Cup")


def test_an_empty_reply_is_stored_as_one(project: Project, question: Question, make_file: MakeFile) -> None:
    import_predictions(make_file([answering()]), run_of(project))
    row = Annotation.objects.get(system__name="sys")
    assert (row.source, row.verdict, row.conditions.count(), row.revisions.get().verb) == (
        "prediction",
        None,
        0,
        "import",
    )


def test_a_second_run_of_the_file_changes_nothing_and_another_file_is_another_system(
    project: Project, question: Question, make_file: MakeFile
) -> None:
    path = make_file([answering({"condition": "c", "answer": "a"})])
    first = import_predictions(path, run_of(project))
    again = import_predictions(path, run_of(project))
    assert (first.new, again.new, again.unchanged) == (1, 0, 1)
    assert System.objects.get(name="sys").digest == first.sha256
    with pytest.raises(Refused, match="another run is another system"):
        import_predictions(make_file([answering()], "b.json"), run_of(project))
    assert Annotation.objects.filter(system__project=project).count() == 1


def test_drafts_and_predictions_of_one_run_stand_beside_each_other(
    project: Project, question: Question, make_file: MakeFile
) -> None:
    path = make_file([answering({"condition": "c", "answer": "a"})])
    import_predictions(path, run_of(project))
    import_predictions(path, run_of(project, source=Source.DRAFT))
    assert sorted(question.annotations.values_list("source", flat=True)) == ["draft", "prediction"]


def test_an_id_of_several_batches_needs_one_named(project: Project, question: Question, make_file: MakeFile) -> None:
    other = project.batches.create(name="pilot", created=question.created)
    make_question(other)
    path = make_file(json.dumps(answering()) + "\n", "a.jsonl")
    with pytest.raises(Refused, match="line 1: id: “q1” stands in several batches, “main 1”, “pilot”"):
        import_predictions(path, run_of(project))
    import_predictions(path, run_of(project, batch="pilot"))
    assert Annotation.objects.get(system__name="sys").question.batch == other


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ([answering(), {"id": "nobody", "conditions": []}], "record 2: id: “nobody” is no question"),
        ([answering(), answering()], "record 2: id: “q1” stands at record 1 already"),
        ([answering({"condition": 3})], r"record 1: conditions\[0\].condition: is a number"),
        ([answering({"answer": [True]})], r"conditions\[0\].answer\[0\]: is a boolean"),
        ([answering("c")], r"conditions\[0\]: is a string; an object is expected"),
        ([answering({"answer": "a", "answers": ["b"]})], r"record 1: conditions\[0\].answers: stands beside “answer”"),
        ([answering(generated_answers=[])], "record 1: generated_answers: stands beside “conditions”"),
        ([answering(properties=[])], "record 1: properties: stands beside “conditions”"),
        ([{"id": "q1", "conditions": None}], "record 1: conditions: is null; a list of objects is expected"),
        ([answering(sample=2**40)], "sample: is 1099511627776; a whole number from 0 to 2147483647"),
        ([answering(cost=10**30)], "record 1: cost: is a number too large to be kept"),
        ([{"question": "Which one?", "conditions": []}], "record 1: question: “Which one\\?” is no question"),
        ([answering(verdict="maybe")], "verdict: is “maybe”"),
        ([answering({"text": "c", "citations": [{"rank": 1, "start": 0, "end": 2, "quote": "no"}]})], "quotes words"),
        ([answering({"text": "c", "citations": [{"rank": 1, "supplementary": True}]})], "supplementary"),
        ([{"id": "q1", "question": "When?"}], "is no answer of a system"),
        ([{"conditions": []}], "id: is missing"),
        (["q1"], "is a string; an object is expected"),
        ([], "holds no record"),
        ({"a": [answering()], "b": [answering()]}, "system: is “sys”, but the file holds what “a”, “b” answered"),
        ({"a": [answering()], "b": 7}, "“\\[” is expected"),
    ],
)
def test_a_bad_file_is_refused_with_its_place_and_nothing_is_written(
    project: Project, question: Question, make_file: MakeFile, records: Any, expected: str
) -> None:
    with pytest.raises(Refused, match=expected):
        import_predictions(make_file(records), run_of(project))
    assert not System.objects.filter(project=project).exists()
    assert not project.imports.exists()


def test_system_names_which_of_several_models_in_one_file(
    project: Project, question: Question, make_file: MakeFile
) -> None:
    path = make_file({"a": [answering({"condition": "of a"})], "sys": [answering({"condition": "of sys"})]})
    import_predictions(path, run_of(project))
    row = Annotation.objects.get(system__name="sys")
    assert (row.conditions.get().text, row.system and row.system.model) == ("of sys", "sys")


def test_a_run_that_was_broken_off_is_not_complete_until_it_is_run_again(
    project: Project, question: Question, make_file: MakeFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make_file([answering(), answering(sample=1)])
    monkeypatch.setattr("annotator.actions.predictions.CHUNK", 1)
    broken = breaking(storing_predicted.store_predicted, after=1)
    with monkeypatch.context() as patch:
        patch.setattr("annotator.actions.predictions.store_predicted", broken)
        with pytest.raises(BrokenOff, match="disk full"):
            import_predictions(path, run_of(project))
    assert not System.objects.get(name="sys").complete
    assert import_predictions(path, run_of(project)).new == 2
    assert System.objects.get(name="sys").complete
    assert list(project.imports.values_list("state", flat=True)) == ["done"]


def test_a_dry_run_writes_nothing(project: Project, question: Question, make_file: MakeFile) -> None:
    report = look_at_predictions(make_file([answering(question="Reworded?")]), run_of(project))
    assert (report.new, +report.remarks) == (1, Counter(other_text=1))
    assert not System.objects.filter(project=project).exists()


def test_the_command_says_what_it_did_and_that_nothing_is_new(
    project: Project, question: Question, make_file: MakeFile, capsys: pytest.CaptureFixture[str]
) -> None:
    path = make_file([answering({"condition": "c", "answer": "a", "citations": ["[9]"]})])
    call = ["import_predictions", str(path), "--project", "clocks", "--system", "sys", "--as", "draft"]
    call_command(*call, "--dry-run")
    call_command(*call)
    call_command(*call)
    said = capsys.readouterr().out
    assert "1 would be written" in said
    assert "1 written" in said
    assert "1 out of the list’s range" in said
    assert "“sys” has all of this file already" in said
    with pytest.raises(CommandError, match="There is no project “none”"):
        call_command("import_predictions", str(path), "--project", "none", "--system", "sys")
    with pytest.raises(CommandError, match="batch: is “x”, but the project has main 1"):
        call_command(*call, "--batch", "x")


def test_the_published_outputs_come_in_whole_and_survive_the_full_round_trip(
    project: Project, shared: Path, make_file: MakeFile
) -> None:
    import_questions(project, shared / "data" / "condambigqa_dev.json")
    for name, *counts, citations in PUBLISHED:
        report = import_predictions(shared / "data" / f"published_{name}_dev.json", Run(project, name))
        assert [report.counts[key] for key in ("questions", "conditions", "citations")] == [*counts, citations]
        assert report.anchors["in_list"] == citations - 1
        assert report.anchors["out_of_range"] == 1
    whole = exported(project, "full")
    path = make_file(whole, "full.jsonl")
    importing_whole.import_whole(path, "again", report_on(path))
    again = exported(Project.objects.get(slug="again"), "full")
    assert again == whole.replace(b'"slug":"clocks"', b'"slug":"again"', 1)
