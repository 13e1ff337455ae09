"""Damaged files: each comes back as it went in, or is refused with its place, and then nothing of it is there.

100 mutants by default; ``make faults`` sets PROVISO_MUTANTS to 10,000.
"""

import json
import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from annotator.actions.importing import import_questions, report_on
from annotator.actions.importing_whole import import_whole
from annotator.actions.predictions import import_predictions
from annotator.actions.projects import create_project
from annotator.exchange.reports import Refused
from annotator.exchange.storing_predicted import Run
from annotator.exchange.whole.reader import is_whole
from annotator.models import Annotation, Project, Question
from tests.annotator.exchange.conftest import FILES, exported
from tests.annotator.exchange.mutants import mutant
from tests.annotator.exchange.projects import fill, make_project
from tests.conftest import TEXTS, make_question

MUTANTS = int(os.environ.get("PROVISO_MUTANTS", "100"))
SHARDS = 5


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def same(one: Any, other: Any) -> bool:
    """Return whether two JSON values are the same, types of numbers and order of keys in view of JSON aside."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(part, other[key]) for key, part in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    numbers = {type(one), type(other)} <= {int, float}
    return (numbers or type(one) is type(other)) and one == other


def without_defaults(value: Any) -> Any:
    """Return the value without what a whole export leaves out; 1.0 and 1 are one score."""
    if isinstance(value, dict):
        return {key: without_defaults(part) for key, part in value.items() if part not in (None, "", [], {}, 0)}
    return [without_defaults(part) for part in value] if isinstance(value, list) else value


def check_refusal(refused: Refused, project: Project | None) -> None:
    """A refusal names the file and the matter, and leaves no question behind."""
    for line in str(refused).splitlines():
        assert line.startswith("mutant.json")
        assert line.count(": ") >= 1
    assert not Question.objects.filter(batch__project=project).exists() if project else True


def shuffled(seed: int, count: int) -> Iterator[random.Random]:
    for number in range(count):
        yield random.Random(seed * 100_000 + number)  # noqa: S311 - the same mutants every time


def spaced(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)


def lined(values: Any) -> str:
    return "".join(json.dumps(value, ensure_ascii=False) + "\n" for value in values)


def from_lines(text: str) -> list[Any]:
    return [json.loads(line) for line in text.split("\n") if line.strip()]


@pytest.fixture
def originals(shared: Path) -> list[bytes]:
    """Three real questions at a time, and the file of every wart."""
    real = json.loads((shared / "data" / "condambigqa_dev.json").read_text(encoding="utf-8"))
    for record in real:
        record["ctxs"] = record["ctxs"][:6]
    small = [spaced(real[start : start + 3]).encode() for start in range(0, 60, 3)]
    return [*small, (FILES / "condambigqa.json").read_bytes()]


@pytest.mark.shared
@pytest.mark.parametrize("shard", range(SHARDS))
def test_a_mutant_of_a_real_file_comes_back_or_is_refused(
    shard: int, originals: list[bytes], db: None, tmp_path: Path
) -> None:
    path = tmp_path / "mutant.json"
    for dice in shuffled(shard, MUTANTS * 8 // 10 // SHARDS):
        content = mutant(dice.choice(originals), dice, spaced, json.loads)
        path.write_bytes(content)
        with undone():
            project = create_project("mutants", "Mutants")
            try:
                import_questions(project, path)
            except Refused as refused:
                check_refusal(refused, project)
                continue
            back = json.loads(exported(project))
        assert came_back(json.loads(content.decode("utf-8-sig")), back), content.decode()


def came_back(went: Any, back: Any) -> bool:
    """Return whether a file came back; a record without an id has been given one."""
    for record, found in zip(went, back, strict=True):
        if "id" not in record:
            del found["id"]
    return same(went, back)


@pytest.mark.parametrize("shard", range(SHARDS))
def test_a_mutant_of_a_whole_export_comes_back_or_is_refused(shard: int, db: None, tmp_path: Path) -> None:
    fill(project := make_project())
    original = exported(project, "full")
    Project.objects.filter(pk=project.pk).update(slug="before")
    path = tmp_path / "mutant.jsonl"
    for dice in shuffled(shard + 50, MUTANTS * 2 // 10 // SHARDS):
        content = mutant(original, dice, lined, from_lines)
        path.write_bytes(content)
        if not is_whole(path):
            continue
        with undone():
            try:
                import_whole(path, "whole", report_on(path))
            except Refused as refused:
                check_refusal(refused, Project.objects.filter(slug="whole").first())
                continue
            back = from_lines(exported(Project.objects.get(slug="whole"), "full").decode())
        went = in_order(from_lines(content.decode("utf-8-sig")))
        went[0]["project"]["slug"] = "whole"
        assert same(without_defaults(went), without_defaults(back)), first_difference(went, back)


def in_order(lines: list[Any]) -> list[Any]:
    """Return the lines of a whole export in the order that their numbers give them."""
    header, *questions = lines
    header["batches"].sort(key=lambda batch: batch.get("position", 1))
    header["corpora"].sort(key=lambda corpus: corpus["slug"])
    header["guidelines"].sort(key=lambda version: version["number"])
    for annotation in (one for line in questions for one in line.get("annotations") or ()):
        annotation.get("conditions", []).sort(key=lambda condition: condition.get("order") or 0)
    places = {batch["name"]: place for place, batch in enumerate(header["batches"])}
    return [header, *sorted(questions, key=lambda line: (places[line["batch"]], line["order"]))]


def first_difference(one: Any, other: Any, path: str = "") -> str:
    """Return where two values part."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in [*one, *other]:
            if not same(without_defaults(one.get(key)), without_defaults(other.get(key))):
                return first_difference(one.get(key), other.get(key), f"{path}.{key}")
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for index, (mine, theirs) in enumerate(zip(one, other, strict=True)):
            if not same(without_defaults(mine), without_defaults(theirs)):
                return first_difference(mine, theirs, f"{path}[{index}]")
    return f"{path}: {one!r} came back as {other!r}"


SAID: list[Any] = [
    {
        "id": "q1",
        "question": "When did Spain win the World Cup?",
        "conditions": [
            {"condition": "men", "answer": "2010", "citations": ["Fragment 1", "Fragments 2 and 3", "Fragment 750"]},
            {"condition": "women", "answers": ["2023", {"text": "in 2023", "aliases": ["MMXXIII"]}], "citations": [2]},
            {
                "uid": "c3",
                "text": "ours",
                "answers": [{"uid": "a1", "text": "x"}],
                "citations": [{"rank": 3, "answer": "a1"}],
            },
        ],
        "retrieval": [{"title": title, "text": text, "score": 1.5} for title, text in TEXTS],
        "evaluations": [{"score": 0.5}],
    },
    {"id": "q2", "generated_answers": [{"answer": {"when": 2010}, "citations": ["[4]"]}], "sample": 1},
    {
        "id": "q2",
        "batch": "main 1",
        "properties": [
            {"condition": "c", "groundtruth": "g", "answer_citations": [{"title": "Soup", "text": TEXTS[3][1]}]}
        ],
    },
]


@pytest.mark.parametrize("grouped", [False, True])
def test_a_damaged_file_of_a_system_comes_in_whole_or_not_at_all(
    project: Project, question: Question, tmp_path: Path, grouped: bool
) -> None:
    make_question(question.batch, "q2")
    content = json.dumps({"sys": SAID} if grouped else SAID).encode()
    path, dice = tmp_path / "mutant.json", random.Random(7)  # noqa: S311
    for _number in range(MUTANTS // 4):
        path.write_bytes(mutant(content, dice, json.dumps, json.loads))
        with undone():
            said = Annotation.objects.filter(system__project=project)
            try:
                report = import_predictions(path, Run(project, "sys"))
            except Refused as refused:
                assert not said.exists()
                check_refusal(refused, None)
            else:
                assert said.count() == report.counts["annotations"] == report.new
                assert said.values("question").distinct().count() == report.counts["questions"]
                assert said.filter(conditions__isnull=False).values("conditions").count() == report.counts["conditions"]
