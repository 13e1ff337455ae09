"""How long an import takes beside ``json.loads`` of the same file and a bare ``bulk_create`` of the same rows.

Both run on a fresh database of the kind that DATABASE_URL names. Prints the ratio and the peak memory of our import for
two sizes of file: it must not grow with the file.

    python bench/importing.py [--questions 10000] [--fragments 20]
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WORDS = "river empire season album theory harbour league novel station treaty island reign engine orbit verse".split()


def text(dice: random.Random, words: int) -> str:
    return " ".join(dice.choice(WORDS) + str(dice.randrange(1000)) for _ in range(words)) + " – “ende”"


def question(dice: random.Random, number: int, fragments: int) -> dict[str, object]:
    ctxs = [{"title": text(dice, 3), "text": text(dice, 90), "score": dice.random() * 20} for _ in range(fragments)]
    cited = [dice.randrange(fragments) for _ in range(3)]
    citations = [{"title": f"{rank + 1}. {ctxs[rank]['title']}", "text": ctxs[rank]["text"]} for rank in cited]
    properties = [
        {"condition": text(dice, 30), "groundtruth": text(dice, 30), "citations": citations} for _ in range(2)
    ]
    return {"id": f"q-{number}", "question": text(dice, 9) + "?", "properties": properties, "ctxs": ctxs}


def make_file(path: Path, questions: int, fragments: int) -> None:
    dice = random.Random(7)
    with path.open("w", encoding="utf-8") as file:
        for number in range(questions):
            file.write("[\n" if number == 0 else ",\n")
            json.dump(question(dice, number, fragments), file, ensure_ascii=False, indent=1)
        file.write("\n]")


def ours(path: Path) -> None:
    from annotator.actions.importing import import_questions
    from annotator.actions.projects import create_project

    import_questions(create_project("bench", "Bench"), path)


def bare(path: Path) -> None:
    """Load the file whole and create the very rows that our import made, with ready values."""
    from bench.bare_rows import create

    create(json.loads(path.read_text(encoding="utf-8")))


def measure(which: str, path: Path) -> dict[str, float]:
    """Run one of the two in a process and a database of its own; return its seconds and peak megabytes."""
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"PROVISO_VAR": folder, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, __file__, "--run", which, "--file", str(path)]
        found = subprocess.run(command, env=environment, check=True, capture_output=True, text=True, cwd=ROOT)
    seconds, processor, megabytes = map(float, found.stdout.split()[-3:])
    return {"seconds": seconds, "processor": processor, "megabytes": megabytes}


def best(rounds: list[dict[str, float]]) -> dict[str, float]:
    """Return the least of each figure: whatever else the machine does only adds to it."""
    return {name: min(found[name] for found in rounds) for name in rounds[0]}


def run(which: str, path: Path) -> None:
    import resource

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    start, processor = time.perf_counter(), time.process_time()
    {"ours": ours, "bare": bare}[which](path)
    seconds, processor = time.perf_counter() - start, time.process_time() - processor
    print(seconds, processor, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--questions", type=int, default=10_000)
    parser.add_argument("--fragments", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--run", choices=["ours", "bare"])
    parser.add_argument("--file", type=Path)
    options = parser.parse_args()
    if options.run:
        run(options.run, options.file)
        return
    with tempfile.TemporaryDirectory() as folder:
        path, small = Path(folder, "questions.json"), Path(folder, "small.json")
        make_file(path, options.questions, options.fragments)
        make_file(small, max(1, options.questions // 10), options.fragments)
        rounds = [(measure("ours", path), measure("bare", path)) for _ in range(options.rounds)]
        tenth = measure("ours", small)
    first, base = (best(list(found)) for found in zip(*rounds, strict=True))
    print(f"import of {options.questions:,} questions × {options.fragments} fragments")
    print(f"  ours {first['seconds']:.1f} s, json.loads + bulk_create {base['seconds']:.1f} s")
    print(f"  ratio {first['seconds'] / base['seconds']:.2f} (aim ≤ 2)")
    print(f"  in processor time {first['processor']:.1f} s and {base['processor']:.1f} s")
    print(f"  peak memory {first['megabytes']:.0f} MB, of a tenth of the file {tenth['megabytes']:.0f} MB")


if __name__ == "__main__":
    main()
