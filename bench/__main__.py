"""Run every benchmark, each in a process of its own, and print their ratios.

``python -m bench [NAME …]``; names are workbench, adjudication, cycle, agreement, importing, retrieval, indexing,
elastic, dumps, scoring, api, find.
Against PostgreSQL with ``DATABASE_URL``, which must name a database made for it.
"""

import subprocess
import sys

BENCHES = (
    *("workbench", "adjudication", "cycle", "agreement", "importing", "retrieval", "indexing", "elastic", "dumps"),
    *("scoring", "api", "find"),
)


def main(names: list[str]) -> int:
    """Run the named benchmarks, all of them where none is named; return how many failed."""
    unknown = sorted(set(names) - set(BENCHES))
    if unknown:
        print(f"no benchmark is called {', '.join(unknown)}; there are {', '.join(BENCHES)}", file=sys.stderr)
        return 1
    chosen = names or list(BENCHES)
    return sum(subprocess.run([sys.executable, "-m", f"bench.{name}"], check=False).returncode != 0 for name in chosen)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
