"""The embedded engine finds what the gold conditions of real questions cite."""

import json
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest

from retrieval.engines import Passage
from retrieval.engines.embedded import EmbeddedEngine

pytestmark = pytest.mark.shared
Question = dict[str, Any]
Cited = list[set[int]]


@pytest.fixture
def questions(shared: Path) -> list[Question]:
    loaded: list[Question] = json.loads((shared / "data" / "condambigqa_dev.json").read_text())
    return loaded


@pytest.fixture
def results(questions, tmp_path) -> list[tuple[Cited, list[int]]]:
    """Each question's fragments cited by condition, and the ids of the first 20 hits."""
    numbers: dict[tuple[str, str], int] = {}
    for context in (context for question in questions for context in question["ctxs"]):
        numbers.setdefault((context["title"], context["text"]), len(numbers) + 1)
    engine = EmbeddedEngine("condambigqa", tmp_path)
    engine.add(Passage(number, *key) for key, number in numbers.items())
    engine.commit()
    searches = engine.search_many([question["question"] for question in questions], 20)
    return [
        (cited(question, numbers), [hit.fragment_id for hit in hits])
        for question, hits in zip(questions, searches, strict=True)
    ]


def cited(question: Question, numbers: dict[tuple[str, str], int]) -> Cited:
    """Return the fragments that each condition with citations cites, by the rank that the cited title begins with."""
    listed = [numbers[context["title"], context["text"]] for context in question["ctxs"]]
    conditions = [
        {listed[int(citation["title"].split(".")[0]) - 1] for citation in condition["citations"]}
        for condition in question["properties"]
    ]
    return [fragments for fragments in conditions if fragments]


def recall(results, k: int) -> float:
    gold = [(set().union(*conditions), set(hits[:k])) for conditions, hits in results if conditions]
    return fmean(len(fragments & found) / len(fragments) for fragments, found in gold)


def covered(results, k: int) -> float:
    return fmean(fmean(bool(one & set(hits[:k])) for one in conditions) for conditions, hits in results if conditions)


def test_cited_fragments_are_found(results):
    assert recall(results, 5) >= 0.43
    assert recall(results, 20) >= 0.93


def test_conditions_are_covered(results):
    assert covered(results, 10) >= 0.885
    assert covered(results, 20) >= 0.98
