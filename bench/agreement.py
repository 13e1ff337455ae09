"""Agreement over the database, beside the same figures of what people wrote when it is in memory already.

    python -m bench.agreement [--questions 2000]

Three people wrote on each question. Prints the ratio, which should be 1.5 at most, and the peak memory of a tenth of
the questions and of all: what people wrote must not add up in it.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable
from unittest import mock

ROUNDS = 3


def seconds(act: Callable[[], object]) -> float:
    """Return how long this process worked on something; what others do on the machine is not in it."""
    began = time.process_time()
    act()
    return time.process_time() - began


def measure(questions: int) -> tuple[list[float], int]:
    """Return the ratio of each round, and the peak megabytes that a first report took."""
    found = subprocess.run(
        [sys.executable, "-m", "bench.agreement", "--run", "--questions", str(questions)],
        env=os.environ | {"PROVISO_VAR": tempfile.mkdtemp(), "DJANGO_SETTINGS_MODULE": "config.settings"},
        check=True,
        capture_output=True,
        text=True,
    )
    *ratios, megabytes = found.stdout.split()
    return [float(ratio) for ratio in ratios], int(megabytes)


def run(questions: int) -> None:
    """Seed a database, report once for the memory, and print what ``measure`` reads."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from bench import seeds
    from scoring import reporting
    from scoring.submitted import items, questions_of

    project = seeds.make_work(questions)

    def report() -> None:
        """Work out the figures of each question too, one at a time, as the command writes them."""
        deque(reporting.agreement_report(project)["by_question"], maxlen=0)

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    report()
    megabytes = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024
    known = list(items(questions_of(project)))

    def in_memory() -> None:
        with mock.patch.object(reporting, "items", return_value=known):
            report()

    for _round in range(ROUNDS):
        print(seconds(report) / seconds(in_memory))
    print(megabytes)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=int, default=2000)
    parser.add_argument("--run", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        run(options.questions)
        return
    ratios, megabytes = measure(options.questions)
    _few, fewer = measure(options.questions // 10)
    print(f"agreement of {options.questions:,} questions × 3 people")
    print(f"  ratio {sorted(ratios)[len(ratios) // 2]:.2f} in processor time (aim at most 1.5), {ROUNDS} rounds")
    print(f"  peak memory {megabytes} MB more than before, of a tenth of the questions {fewer} MB")


if __name__ == "__main__":
    main()
