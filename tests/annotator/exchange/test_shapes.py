"""Each shape of file, read from a small file written for these tests."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from annotator.actions.importing import look
from annotator.exchange.reader import items
from annotator.exchange.reports import Report
from annotator.record import Question, Verdict

MakeFile = Callable[..., Path]


def questions(path: Path) -> list[Question]:
    report = Report(file=path.name)
    found = [item.question for item in items(path, report)]
    assert not report.problems, report.refusal()
    return found


def test_condambigqa_gives_answers_citations_and_fragments(files: Path) -> None:
    first, second, third, fourth = questions(files / "condambigqa.json")
    conditions = first.annotations[0].annotation.conditions
    assert [[answer.text for answer in part.answers] for part in conditions] == [
        ["until 1902"],
        ["in 1994", "for nine weeks"],
        [],
        [],
        [],
    ]
    assert [part.rank for part in conditions[0].citations] == [1, 1]
    assert (second.external_id, second.annotations[0].annotation.conditions) == ("17", ())
    assert second.retrieval
    assert [line.score for line in second.retrieval.listed] == [7.5, None, None, 9.5, 9.5]
    assert (third.retrieval, fourth.annotations) == (None, ())


def test_condambigqa_without_properties_is_questions_with_lists(files: Path) -> None:
    assert [(q.external_id, q.retrieval.k if q.retrieval else 0) for q in questions(files / "bare.json")] == [
        ("a", 3),
        ("b", 1),
    ]


def test_the_labeller_gives_verdicts_and_text_citations(files: Path) -> None:
    found = questions(files / "labeller.json")
    assert [q.annotations[0].annotation.verdict for q in found] == [
        Verdict.AMBIGUOUS,
        Verdict.UNAMBIGUOUS,
        Verdict.CANNOT_ANNOTATE,
        Verdict.UNANSWERABLE,
        None,
    ]
    first = found[0].annotations[0].annotation.conditions[0]
    assert [answer.text for answer in first.answers] == ["until 1902", "twice a day"]
    assert (first.citations[0].rank, first.citations[0].title) == (None, "2. Harbour bell")
    assert first.extra == {"kept": {"Reason": "two bells"}}
    assert len(found[0].external_id) == 16


def test_ambignq_makes_people_of_several_annotations_and_gold_of_one(files: Path) -> None:
    single, several = questions(files / "ambignq.json")
    assert [part.author for part in single.annotations] == [None]
    assert single.annotations[0].annotation.conditions[0].answers[0].wordings == ("1871", "the year 1871")
    assert [part.author for part in several.annotations] == ["annotator-1", "annotator-2"]
    assert [part.text for part in several.annotations[0].annotation.conditions] == [
        "When did the harbour bell ring?",
        "When did the song ring?",
    ]
    assert several.extra["kept"] == {"viewed_doc_titles": [], "nq_answer": []}


def test_asqa_cites_its_contexts(files: Path) -> None:
    dev, train = questions(files / "asqa.json")
    assert (dev.external_id, dev.source_split, train.source_split) == ("55", "dev", "train")
    cited, uncited = dev.annotations[0].annotation.conditions
    assert (cited.citations[0].title, uncited.citations) == ("Harbour bell", ())
    assert uncited.extra["kept"] == {"context": "No context provided", "wikipage": None}
    assert set(dev.extra["kept"]) == {"wikipages", "annotations"}


def test_alce_anchors_contexts_in_its_documents(files: Path) -> None:
    (found,) = questions(files / "alce.json")
    citation = found.annotations[0].annotation.conditions[0].citations[0]
    assert found.retrieval
    assert found.retrieval.listed[0].fragment.source_id == "901"
    assert (citation.rank, citation.start, citation.end) == (1, 0, 53)


@pytest.mark.parametrize("name", ["plain.json", "plain.jsonl", "plain.csv", "plain.tsv"])
def test_plain_questions_come_in_every_form(name: str, files: Path) -> None:
    assert all(question.text and question.external_id for question in questions(files / name))


def test_a_table_keeps_other_columns_and_splits_tags(files: Path) -> None:
    first, second = questions(files / "plain.csv")
    assert (first.text, first.tags) == ('Where, by day, is the "bell"?', ("old", "loud"))
    assert (first.extra["kept"], second.text) == ({"colour": "green"}, "Over two\nlines?")


def refusal(path: Path) -> str:
    return "\n".join(look(path).refusal())


def test_machines_work_is_named_with_the_command_that_takes_it(files: Path) -> None:
    assert "import_predictions --as draft takes them" in refusal(files / "machine_made.json")
    assert "import_predictions takes it" in refusal(files / "predictions.json")


def test_published_outputs_are_recognised(shared: Path) -> None:
    for path in (shared / "data").glob("published_*.json"):
        assert "import_predictions takes it" in refusal(path)


def test_an_unknown_shape_says_what_was_seen_and_what_is_expected(make_file: MakeFile) -> None:
    found = refusal(make_file("query,url\na,b\n", "q.csv"))
    assert "line 2: lacks “question”" in found
    assert "Seen: “query”, “url”" in found


def good(**changes: Any) -> dict[str, Any]:
    citation = {"title": "1. T", "text": "x"}
    part = {"condition": "c", "groundtruth": "g", "citations": [citation]}
    return {
        "id": "1",
        "question": "Q?",
        "properties": [part],
        "ctxs": [{"title": "T", "text": "x", "score": 1.0}],
    } | changes


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (good(question="  "), "record 2: question: is blank"),
        (good(question=None), "question: is null; a string is expected"),
        (good(question=["Q"]), "question: is a list"),
        (good(question="x" * 100_001), "question: is 100,001 characters long"),
        (good(id=""), "id: is blank"),
        (good(id=1.5), "id: is a number"),
        (good(id="x" * 201), "id: is 201 characters long"),
        (good(properties={}), "properties: is an object"),
        (good(properties=[1]), "properties[0]: is a number"),
        (good(properties=[{"groundtruth": "g"}]), "properties[0].condition: is missing"),
        (good(properties=[{"condition": "c", "groundtruth": 3}]), "properties[0].groundtruth: is a number"),
        (good(properties=[{"condition": "c", "groundtruth": ["a", 3]}]), "properties[0].groundtruth[1]: is a number"),
        (good(properties=[{"condition": "c", "citations": [{}]}]), "properties[0].citations[0]: cites neither"),
        (good(properties=[{"condition": "c", "citations": [{"title": 1}]}]), "citations[0].title: is a number"),
        (good(properties=[{"condition": "c", "answer_citations": []}]), "import_predictions --as draft"),
        (good(properties=[{"condition": "c"}] * 501), "holds 501; at most 500"),
        (good(ctxs=[{"title": "T"}]), "ctxs[0].text: is missing"),
        (good(ctxs=[{"title": "T", "text": "x", "score": "high"}]), "ctxs[0].score: is a string"),
        (good(ctxs=[{"title": "T", "text": "x", "score": True}]), "ctxs[0].score: is a boolean"),
        (good(other=json.loads("[" * 50 + "]" * 50)), "nested more"),
        (good(id="0"), "record 2: id: the id “0” stands at record 1 already"),
        ([good()], "record 2: is a list; an object is expected"),
    ],
)
def test_a_wrong_field_is_named(record: Any, expected: str, make_file: MakeFile) -> None:
    assert expected in refusal(make_file([good(id="0"), record]))


def test_a_repeated_question_without_id_names_both_places(make_file: MakeFile) -> None:
    path = make_file('{"question": "Q?"}\n{"question": "Q?"}\n', "q.jsonl")
    assert "line 2: question: the id “" in refusal(path)
    assert "stands at line 1 already" in refusal(path)


def test_every_problem_of_a_file_is_found_in_one_look(make_file: MakeFile) -> None:
    report = look(make_file([good(question=""), good(properties=1), *[good(ctxs=1)] * 150]))
    assert (report.problems_in_all, len(report.problems)) == (152, 100)
    assert report.refusal()[-1].endswith("and 52 more")


def test_a_file_without_a_record_is_refused(make_file: MakeFile) -> None:
    assert "holds no record" in refusal(make_file("[]"))
