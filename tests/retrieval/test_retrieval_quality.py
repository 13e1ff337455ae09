"""The engines find what the gold conditions of real questions cite, as well as when their settings were chosen."""

import json
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest

from retrieval.engines import Engine, Passage
from retrieval.engines.embedded import EmbeddedEngine
from tests.retrieval.sources import Passages

pytestmark = pytest.mark.shared
# Recall among the first 5 and 20, share of conditions covered among the first 10 and 20.
LEAST = {"elasticsearch": (0.444, 0.942, 0.9, 0.985), "embedded": (0.43, 0.93, 0.885, 0.98)}
Question = dict[str, Any]
Cited = list[set[int]]


@pytest.fixture
def questions(shared: Path) -> list[Question]:
    loaded: list[Question] = json.loads((shared / "data" / "condambigqa_dev.json").read_text())
    return loaded


@pytest.fixture(params=LEAST)
def engine(request, tmp_path) -> Engine:
    return (
        request.getfixturevalue("elastic")("quality")
        if request.param == "elasticsearch"
        else EmbeddedEngine("quality", tmp_path)
    )


@pytest.fixture
def results(questions, engine) -> list[tuple[Cited, list[int]]]:
    """Each question's fragments cited by condition, and the ids of the first 20 hits."""
    numbers: dict[tuple[str, str], int] = {}
    for context in (context for question in questions for context in question["ctxs"]):
        numbers.setdefault((context["title"], context["text"]), len(numbers) + 1)
    engine.rebuild(Passages([Passage(number, *key) for key, number in numbers.items()]))
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


def test_cited_fragments_are_found_and_conditions_covered(engine, results):
    found = (recall(results, 5), recall(results, 20), covered(results, 10), covered(results, 20))
    print(f"{engine.name}: recall@5 {found[0]:.3f}, @20 {found[1]:.3f}; covered@10 {found[2]:.3f}, @20 {found[3]:.3f}")  # noqa: T201
    assert all(figure >= least for figure, least in zip(found, LEAST[engine.name], strict=True))
