"""The header and the lines of a ``full`` export as values: everything that they name is there, and nothing twice."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from typing import Any

from annotator.exchange.whole.cells import finish, row_values
from annotator.exchange.whole.frozen import check_release
from annotator.models import (
    Batch,
    Consent,
    ConsentVersion,
    GuidelineVersion,
    Import,
    Member,
    Project,
    Release,
    System,
    WorkDay,
)
from annotator.models.projects import LEAST_IDLE, LONGEST_LEASE, MOST_IDLE
from annotator.models.work import LONGEST_DAY
from annotator.reading import Node
from retrieval.models import Corpus

Values = dict[str, Any]
VERSION = 1


@dataclass(slots=True)
class Entry:
    """The columns of a row, and the names of what it leads to."""

    values: Values
    names: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Header:
    """The first line: the project, and what its questions may name."""

    project: Values
    members: list[Entry]
    guidelines: list[Entry]
    batches: list[Entry]
    systems: list[Entry]
    imports: list[Entry]
    corpora: list[Entry]
    consents: list[tuple[Entry, list[Entry]]]
    days: list[Entry]
    releases: list[Entry]
    raw: Values

    def known(self, what: str) -> set[Hashable]:
        """Return the names under which a question may name ``what``."""
        return {
            "member": {entry.values["pseudonym"] for entry in self.members},
            "guidelines": {entry.values["number"] for entry in self.guidelines},
            "batch": {entry.values["name"] for entry in self.batches},
            "system": {entry.values["name"] for entry in self.systems},
            "import": set(range(1, len(self.imports) + 1)),
            "release": {entry.values["tag"] for entry in self.releases},
            "corpus": {entry.values["slug"] for entry in self.corpora},
        }[what]


def read_header(node: Node) -> Header:
    """Return the header; problems are the node's."""
    if node.get("proviso") != VERSION or isinstance(node.value["proviso"], bool):
        node.complain("proviso", f"is not {VERSION}, the version that is read here")
    project = node.node("project") or Node({}, "project", [])
    members = entries(node, "members", Member)
    guidelines = entries(node, "guidelines", GuidelineVersion, "by")
    batches = entries(node, "batches", Batch, "guidelines")
    imports = entries(node, "imports", Import, "batch", "by")
    found = Header(
        row_values(project, Project),
        members,
        guidelines,
        batches,
        entries(node, "systems", System),
        imports,
        entries(node, "corpora", Corpus),
        [consent_of(part) for part in node.nodes("consents", ())],
        entries(node, "days", WorkDay, "member", "batch", needed=False),
        entries(node, "releases", Release, "previous", "by", needed=False),
        node.value,
    )
    finish(project)
    finish(node)
    if not node.problems:
        check_header(node, found)
    return found


def entries(node: Node, key: str, model: Any, *names: str, needed: bool = True) -> list[Entry]:
    """Return the rows under ``key``, with the names of what they lead to."""
    found = []
    for part in node.nodes(key) if needed else node.nodes(key, ()):
        entry = Entry(row_values(part, model), {name: part.get(name, None) for name in names})
        finish(part)
        found.append(entry)
    return found


def consent_of(node: Node) -> tuple[Entry, list[Entry]]:
    """Return a text that members were asked to agree to, and who did."""
    found = Entry(row_values(node, ConsentVersion), {"by": node.get("by", None)})
    agreed = entries(node, "agreed", Consent, "member")
    finish(node)
    return found, agreed


def check_header(node: Node, header: Header) -> None:
    """Complain of what the tables' constraints would refuse, and of names that name nothing."""
    check_project(node, header.project)
    for key, name in (("members", "pseudonym"), ("guidelines", "number"), ("batches", "name"), ("systems", "name")):
        once(node, key, [entry.values[name] for entry in getattr(header, key)])
    once(node, "corpora", [entry.values["slug"] for entry in header.corpora])
    for index, batch in enumerate(header.batches):
        if batch.values["overlap"] == 0:
            node.complain(f"batches[{index}].overlap", "is 0; null stands for no limit")
        if batch.values["cap"] == 0:
            node.complain(f"batches[{index}].cap", "is 0; null stands for no limit")
        if batch.values["share"] > 100:
            node.complain(f"batches[{index}].share", f"is {batch.values['share']}; percents go to 100")
    check_consents(node, header)
    check_days(node, header)
    check_releases(node, header)
    leads = {"by": "member", "guidelines": "guidelines", "batch": "batch"}
    for key in ("guidelines", "batches", "imports"):
        for index, entry in enumerate(getattr(header, key)):
            for name, value in entry.names.items():
                is_known(node, f"{key}[{index}].{name}", value, header, leads[name])


def check_project(node: Node, project: dict[str, Any]) -> None:
    if project["lease_hours"] not in (None, *range(1, LONGEST_LEASE + 1)):
        node.complain("project.lease_hours", f"is no number from 1 to {LONGEST_LEASE}; null stands for no end")
    if not 0 <= project["agreed_from"] <= 1:
        node.complain("project.agreed_from", "is no number from 0 to 1")
    if not LEAST_IDLE <= project["idle_seconds"] <= MOST_IDLE:
        node.complain("project.idle_seconds", f"is no number from {LEAST_IDLE} to {MOST_IDLE}")


def check_days(node: Node, header: Header) -> None:
    once(node, "days", [(*map(str, entry.names.values()), entry.values["day"]) for entry in header.days])
    for index, entry in enumerate(header.days):
        for what, name in entry.names.items():
            is_known(node, f"days[{index}].{what}", name or "", header, what)
        if entry.values["seconds"] > LONGEST_DAY:
            node.complain(f"days[{index}].seconds", f"is {entry.values['seconds']}; a day has at most {LONGEST_DAY}")


def check_consents(node: Node, header: Header) -> None:
    once(node, "consents", [version.values["number"] for version, _agreed in header.consents])
    for index, (version, agreed) in enumerate(header.consents):
        is_known(node, f"consents[{index}].by", version.names["by"], header, "member")
        members = [part.names["member"] for part in agreed]
        once(node, f"consents[{index}].agreed", [str(member) for member in members])
        for place, member in enumerate(members):
            is_known(node, f"consents[{index}].agreed[{place}].member", member or "", header, "member")


def check_releases(node: Node, header: Header) -> None:
    once(node, "releases", [entry.values["tag"] for entry in header.releases])
    earlier: set[Hashable] = {None}
    for index, entry in enumerate(header.releases):
        check_release(Node(entry.values, f"releases[{index}]", node.problems))
        is_known(node, f"releases[{index}].by", entry.names["by"], header, "member")
        if not isinstance(entry.names["previous"], str | None) or entry.names["previous"] not in earlier:
            node.complain(f"releases[{index}].previous", "names no earlier release")
        earlier.add(entry.values["tag"])


def is_known(node: Node, path: str, value: Any, header: Header, what: str) -> bool:
    """Return whether the header has what is named; complain where it has not. None names nothing."""
    if value is None:
        return True
    if isinstance(value, bool | list | dict) or value not in header.known(what):
        node.complain(path, f"names no {what} of this file")
        return False
    return True


def once(node: Node, path: str, values: Iterable[Hashable]) -> None:
    """Complain of each value that stands twice; None may."""
    seen: set[Hashable] = set()
    for index, value in enumerate(values):
        if value is not None and value in seen:
            node.complain(f"{path}[{index}]", f"“{value}” stands twice")
        seen.add(value)
