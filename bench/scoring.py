"""Evaluating systems over the database, beside the pure functions on the same records in memory; and the draws.

    python -m bench.scoring [--questions 2000] [--systems 8]

Prints the ratio in processor time (aim at most 1.5), the peak memory of a tenth of the questions and of all, and what
the statistics of a leaderboard cost beside the bare draws of NumPy (aim at most 2).
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from scoring import resampling
from scoring.leaderboard import columns
from scoring.measures import figures
from scoring.resampling import DRAWS, blocks

CHUNK = 100
SHOWN = ("answer_f1", "citation_f1", "count_exact", "condition_f1")


def seconds(act: Callable[[], object]) -> float:
    """Return how long this process worked on something; what others do on the machine is not in it."""
    began = time.process_time()
    act()
    return time.process_time() - began


def peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def measure(questions: int, systems: int) -> list[float]:
    """Return seconds over the database, seconds in memory, and the megabytes that the first took."""
    command = [sys.executable, "-m", "bench.scoring", "--run", f"--questions={questions}", f"--systems={systems}"]
    environment = os.environ | {"PROVISO_VAR": tempfile.mkdtemp(), "DJANGO_SETTINGS_MODULE": "config.settings"}
    found = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    return [float(number) for number in found.stdout.split()]


def run(questions: int, systems: int) -> None:
    """Seed a database, evaluate, and print what ``measure`` reads."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from bench import seeds
    from scoring.evaluating import Wanted, begin
    from scoring.running import run as run_evaluation

    project = seeds.make_predictions(questions, systems)
    before = peak()
    evaluation: Any = None

    def evaluate() -> None:
        nonlocal evaluation
        evaluation = begin(project, Wanted())
        run_evaluation(evaluation)

    database = seconds(evaluate)
    megabytes = peak() - before
    print(database, in_memory(evaluation), megabytes)


def in_memory(evaluation: Any) -> float:
    """Return how long the pure functions take over all that the evaluation reads, once it is in memory."""
    from annotator import alignment, contrast, similarity

    keys = list(evaluation.systems.values_list("system", flat=True))
    asked, lists = read(evaluation, keys)
    for module in (similarity, contrast, alignment):
        for kept in vars(module).values():
            if hasattr(kept, "cache_clear"):
                kept.cache_clear()
    return seconds(lambda: compute(asked, lists, keys))


def read(evaluation: Any, keys: list[int]) -> tuple[list[list[Any]], list[list[str]]]:
    """Return what is said of each question, gold beside every system, and the texts of the fragments by the chunk."""
    from scoring.beside import beside
    from scoring.scored import Reply, Whole

    asked, lists = [], []
    for start in range(0, evaluation.questions.count(), CHUNK):
        some = list(evaluation.questions.order_by("place").prefetch_related("work")[start : start + CHUNK])
        found = beside(some, keys, evaluation.created)
        for one in some:
            said = [found.predicted.get((one.question_id, key), (0, Whole())) for key in keys]
            asked.append([(found.targets[one.pk], Reply(whole)) for _step, whole in said])
        lists.append([found.targets[some[0].pk].texts[part] for part in found.targets[some[0].pk].texts] * len(some))
    return asked, lists


def compute(asked: list[list[Any]], lists: list[list[str]], keys: list[int]) -> None:
    """Do all that an evaluation does but reading and writing."""
    from scoring.board import Table, board
    from scoring.idf import IdfTable
    from scoring.judges import judges
    from scoring.measures import measured
    from scoring.pairing import PAIRINGS
    from scoring.scored import score

    idf = IdfTable()
    for texts in lists:
        idf.add(texts)
    judge = judges()["overlap"](idf)
    table = Table([str(key) for key in keys], np.ones(len(asked), dtype=bool))
    for start in range(0, len(asked), CHUNK):
        some = [pair for pairs in asked[start : start + CHUNK] for pair in pairs]
        for place, one in enumerate(score(some, judge, PAIRINGS["optimal"], idf)):
            table.put(start + place // len(keys), place % len(keys), measured(one))
    board(table)


def statistics(questions: int, systems: int) -> tuple[float, float]:
    """Return how long a leaderboard's intervals and tests take, and how long NumPy alone takes to draw and average."""
    random = np.random.default_rng(0)
    values = {name: random.random((questions, systems)) for name in SHOWN}
    known = {name: figures()[name] for name in SHOWN}
    names = [f"s{number}" for number in range(systems)]
    ours = seconds(lambda: columns(values, names, known))

    def bare() -> None:
        own, draws = values[SHOWN[0]], np.random.default_rng(resampling.SEED)
        for some in blocks(DRAWS, questions):
            own[draws.integers(0, questions, (some, questions))].mean(axis=1)
        for some in blocks(DRAWS, questions):
            (draws.integers(0, 2, (some, questions)) * 2 - 1) @ own

    return ours, seconds(bare)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=int, default=2000)
    parser.add_argument("--systems", type=int, default=8)
    parser.add_argument("--run", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        run(options.questions, options.systems)
        return
    database, memory, megabytes = measure(options.questions, options.systems)
    _few, _less, fewer = measure(options.questions // 10, options.systems)
    ours, bare = statistics(options.questions, options.systems)
    print(f"evaluation of {options.questions:,} questions × {options.systems} systems")
    print(
        f"  {database:.1f} s over the database, {memory:.1f} s in memory: ratio {database / memory:.2f} (at most 1.5)"
    )
    print(f"  peak memory {megabytes:.0f} MB more than before, of a tenth of the questions {fewer:.0f} MB")
    print(
        f"  statistics of four figures {ours:.2f} s, bare draws and means of one {bare:.2f} s: ratio {ours / bare:.2f}"
    )


if __name__ == "__main__":
    main()
