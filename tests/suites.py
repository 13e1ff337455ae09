"""Which suite a test belongs to, and what a run says in its last lines of those that it skipped or left out.

``make test`` runs what needs no service, no browser and no process that lasts; each other suite has its target.
"""

from collections import Counter
from typing import Any

import pytest

SUITES = {"browser": "make test-browser", "services": "make test-services", "": "make test"}
# The fixtures by which a test asks for more than a process can give it.
ASKED_FOR = {
    "browser": {"chromium"},
    "services": {"cluster", "crowd", "new_database", "node", "own_postgres", "redis", "site", "worker"},
    "database": {"db", "live_server", "transactional_db"},
}
ENGINES = {"elasticsearch", "on_elasticsearch"}  # as parameters, by which a fixture asks for the cluster
left_out: Counter[str] = Counter()


def asked_for(item: pytest.Item) -> set[str]:
    """Return the names of the fixtures that a test asks for, of which some are chosen by its parameters."""
    parameters: dict[str, object] = getattr(getattr(item, "callspec", None), "params", {})
    chosen = {"cluster" for value in parameters.values() if isinstance(value, str) and value in ENGINES}
    return {*getattr(item, "fixturenames", ()), *chosen}


def suite_of(item: pytest.Item) -> str:
    return next((name for name in SUITES if name and item.get_closest_marker(name)), "")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test by what it asks for, before any is chosen by its marks."""
    for item in items:
        found = asked_for(item)
        if item.get_closest_marker("django_db"):
            found.add("db")
        if item.get_closest_marker("alike"):
            found -= ASKED_FOR["database"]
        for mark, names in ASKED_FOR.items():
            if names & found:
                item.add_marker(mark)


def pytest_deselected(items: list[pytest.Item]) -> None:
    if items[0].config.getoption("markexpr"):
        left_out.update(map(suite_of, items))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Let the process that reports know what this one left out; each of its workers collects the same."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["left_out"] = dict(left_out)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    left_out.clear()
    left_out.update(getattr(node, "workeroutput", {}).get("left_out", {}))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say in one line each how many tests were skipped for want of the same thing, and what the other suites hold."""
    reasons = [report.longrepr[2] for report in terminalreporter.stats.get("skipped", [])]
    for reason in sorted(set(reasons)):
        terminalreporter.write_line(f"skipped {reasons.count(reason)}: {reason.removeprefix('Skipped: ')}")
    for suite, number in left_out.items():
        terminalreporter.write_line(f"left out {number}: {SUITES[suite]}")
