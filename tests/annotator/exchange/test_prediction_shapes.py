"""What systems said, out of files, as records: numbers of fragments, answers, conditions, roles."""

from pathlib import Path
from typing import Any

import pytest

from annotator.exchange.anchoring import numbers_in
from annotator.exchange.predicted import predictions_in
from annotator.exchange.reports import Report
from annotator.record import Citation, Prediction, Role, Verdict
from tests.annotator.exchange.test_predictions import MakeFile, answering


def read(make_file: MakeFile, *records: Any, name: str = "a.json") -> list[Prediction]:
    path = make_file(list(records), name)
    report = Report(file=path.name)
    found = [item.prediction for item in predictions_in(path, "sys", report)]
    assert not report.problems, report.refusal()
    return found


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Fragment 3", [3]),
        ("Fragments 18 and 19", [18, 19]),
        ("fragments 1, 2, and 5", [1, 2, 5]),
        ("Fragment 1, Fragment 4", [1, 4]),
        ("[4]", [4]),
        ("[Fragment 3] and [12, 7]", [3, 12, 7]),
        ("4. Catch 22", [4]),
        ("7", [7]),
        ("(2; 3)", [2, 3]),
        ("Fragment 750", [750]),
        ("Fragment three", []),
        ("Catch 22", []),
        ("The 2010 World Cup", []),
        ("", []),
        ("9" * 5000, []),
    ],
)
def test_numbers_of_fragments_are_read_from_what_systems_write(text: str, numbers: list[int]) -> None:
    assert numbers_in(text) == numbers


def test_answers_may_be_a_text_a_list_an_object_or_nothing(make_file: MakeFile) -> None:
    wanted = {"2010": {"year": 2010, "won": ["men", "twice"]}}
    given: list[Any] = ["a", ["b", "c"], ["d"], wanted, 7, None, {"text": "e", "aliases": ["f"]}]
    (found,) = read(make_file, answering(*({"condition": "c", "answer": answer} for answer in given)))
    texts = [[answer.wordings for answer in part.answers] for part in found.annotation.conditions]
    assert texts == [
        [("a",)],
        [("b",), ("c",)],
        [("d",)],
        [("2010: year: 2010; won: men, twice",)],
        [("7",)],
        [],
        [("e", "f")],
    ]
    assert found.annotation.conditions[3].answers[0].extra == {"shape": {"answer": wanted}}
    assert found.annotation.conditions[2].extra["shape"]["answer"] == "list"


def test_several_answers_verdict_batch_sample_and_unknown_fields_come_along(make_file: MakeFile) -> None:
    record = answering(
        {"condition": "c", "answers": ["2006", "2019"], "citations": [1], "sure": 0.5},
        batch="main 1",
        verdict="unambiguous",
        sample=2,
        cost=3,
    )
    (found,) = read(make_file, record)
    assert (found.batch, found.sample, found.annotation.verdict) == ("main 1", 2, Verdict.UNAMBIGUOUS)
    assert [answer.text for answer in found.annotation.conditions[0].answers] == ["2006", "2019"]
    assert found.annotation.extra["kept"] == {"cost": 3}
    assert found.annotation.conditions[0].extra["kept"] == {"sure": 0.5}


def test_our_own_record_of_a_condition_is_a_condition(make_file: MakeFile) -> None:
    own = {
        "uid": "c1",
        "text": "c",
        "answers": [{"uid": "a1", "text": "a"}],
        "citations": [{"rank": 2, "answer": "a1"}],
    }
    (found,) = read(make_file, answering(own))
    assert found.annotation.conditions[0].citations == (Citation(rank=2, answer="a1"),)


def test_machine_made_annotations_give_the_roles_of_their_citations(files: Path) -> None:
    report = Report(file="m")
    (item,) = predictions_in(files / "machine_made.json", "sys", report)
    assert report.label == "machine-made annotations"
    assert [part.role for part in item.prediction.annotation.conditions[0].citations] == [Role.CONDITION]
    assert item.prediction.annotation.extra["kept"]["metadata"]["rounds"] == 2
