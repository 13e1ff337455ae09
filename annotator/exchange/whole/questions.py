"""The line of a question in a ``full`` export: its lists, who had it, and every annotation with its history."""

from dataclasses import dataclass
from typing import Any

from annotator.codec import read_condition
from annotator.exchange.whole.cells import finish, row_values
from annotator.exchange.whole.entries import Entry, Header, Values, is_known, once
from annotator.exchange.whole.releases import ReleasedEntry, check_released, released_of
from annotator.models import (
    Adoption,
    Annotation,
    Assignment,
    Condition,
    Decision,
    DecisionPart,
    Look,
    Mark,
    Note,
    Question,
    Revision,
    Supplement,
)
from annotator.reading import Node
from annotator.record import Condition as ConditionRecord
from annotator.record import Source
from annotator.released import WHOLE
from retrieval.fragments import NewFragment
from retrieval.freezing import list_digest
from retrieval.models import Fragment, ListedFragment, Retrieval


@dataclass(slots=True)
class LineEntry:
    values: Values
    corpus: str
    fragment: NewFragment
    sha256: str


@dataclass(slots=True)
class ListEntry:
    values: Values
    listed: list[LineEntry]


@dataclass(slots=True)
class AnnotationEntry:
    values: Values
    names: dict[str, Any]
    retrieval: ListEntry | None
    conditions: list[tuple[Values, ConditionRecord]]
    marks: list[tuple[tuple[bool, int], str]]
    revisions: list[Entry]
    notes: list[Entry]
    added: list[Entry]


@dataclass(slots=True)
class QuestionEntry:
    """A question with all that belongs to it; ``raw`` is the line as it was."""

    raw: Values
    batch: str
    imported: int | None
    values: Values
    retrieval: ListEntry | None
    supplementary: ListEntry | None
    assignments: list[Entry]
    looks: list[Entry]
    adjudicator: str | None
    decisions: list[tuple[Values, list[Entry]]]
    adoptions: list[Entry]
    annotations: list[AnnotationEntry]
    releases: list[ReleasedEntry]

    @property
    def key(self) -> tuple[str, str]:
        return self.batch, self.values["external_id"]

    def lists(self) -> list[ListEntry]:
        """Return every list of the question."""
        own = [part.retrieval for part in self.annotations]
        return [part for part in (self.retrieval, self.supplementary, *own) if part]


def read_question(node: Node, header: Header) -> QuestionEntry:
    """Return the question; problems are the node's."""
    values = row_values(node, Question)
    batch, imported = node.string("batch"), node.integer("import", None)
    is_known(node, "batch", batch, header, "batch")
    is_known(node, "import", imported, header, "import")
    retrieval, supplementary = list_of(node, "retrieval", header), list_of(node, "supplementary", header)
    sizes = (len(retrieval.listed) if retrieval else 0, len(supplementary.listed) if supplementary else 0)
    found = QuestionEntry(
        raw=node.value,
        batch=batch,
        imported=imported,
        values=values,
        retrieval=retrieval,
        supplementary=supplementary,
        assignments=[assignment_of(part, header) for part in node.nodes("assignments")],
        looks=[look_of(part, header) for part in node.nodes("looks", ())],
        adjudicator=node.get("adjudicator", None),
        decisions=[decision_of(part) for part in node.nodes("decisions", ())],
        adoptions=[adoption_of(part) for part in node.nodes("adoptions", ())],
        annotations=[annotation_of(part, header, sizes) for part in node.nodes("annotations")],
        releases=[released_of(part, header) for part in node.nodes("releases", ())],
    )
    is_known(node, "adjudicator", found.adjudicator, header, "member")
    finish(node)
    if not node.problems:
        check_question(node, found)
    return found


def list_of(node: Node, key: str, header: Header) -> ListEntry | None:
    """Return a list whose digest is that of its lines, None where there is none."""
    part = node.node(key, None)
    if part is None:
        return None
    found = ListEntry(row_values(part, Retrieval), [line_of(line, header) for line in part.nodes("listed")])
    finish(part)
    if list_digest((rank, line.sha256) for rank, line in enumerate(found.listed, 1)) != found.values["digest"]:
        part.complain("digest", "is not that of the lines: they were changed after they were frozen")
    return found


def line_of(node: Node, header: Header) -> LineEntry:
    values = row_values(node, ListedFragment)
    part = node.node("fragment") or Node({}, node.at("fragment"), [])
    corpus = part.string("corpus", "")
    is_known(part, "corpus", corpus, header, "corpus")
    fragment = NewFragment(**row_values(part, Fragment))
    finish(part)
    finish(node)
    return LineEntry(values, corpus, fragment, fragment.sha256 if not node.problems else "")


def assignment_of(node: Node, header: Header) -> Entry:
    found = Entry(row_values(node, Assignment), {"member": node.string("member"), "begun": node.boolean("begun")})
    is_known(node, "member", found.names["member"], header, "member")
    finish(node)
    return found


def look_of(node: Node, header: Header) -> Entry:
    found = Entry(row_values(node, Look), {"member": node.string("member")})
    is_known(node, "member", found.names["member"], header, "member")
    finish(node)
    return found


def decision_of(node: Node) -> tuple[Values, list[Entry]]:
    values, parts = row_values(node, Decision), [part_of(part) for part in node.nodes("parts")]
    if not values["kind"]:
        node.complain("kind", "is missing")
    if values["until"] is not None and values["until"] <= values["since"]:
        node.complain("until", f"is {values['until']}, not behind the step since which it stood")
    finish(node)
    return values, parts


def part_of(node: Node) -> Entry:
    found = Entry(row_values(node, DecisionPart), {"of": node.integer("of", least=1)})
    finish(node)
    return found


def adoption_of(node: Node) -> Entry:
    names = {name: node.integer(name, least=1) for name in ("in", "of")}
    found = Entry(row_values(node, Adoption), names)
    finish(node)
    return found


def annotation_of(node: Node, header: Header, sizes: tuple[int, int]) -> AnnotationEntry:
    values = row_values(node, Annotation)
    names = {name: node.get(name, None) for name in ("author", "system", "import", "guidelines")}
    for name, what in (("author", "member"), ("system", "system"), ("import", "import"), ("guidelines", "guidelines")):
        is_known(node, name, names[name], header, what)
    own = list_of(node, "retrieval", header)
    reach = (len(own.listed) if own else sizes[0], sizes[1])
    found = AnnotationEntry(
        values,
        names,
        own,
        [condition_of(part, reach) for part in node.nodes("conditions")],
        [mark_of(part, reach) for part in node.nodes("marks")],
        [revision_of(part, header) for part in node.nodes("revisions")],
        [note_of(part, header) for part in node.nodes("notes", ())],
        [supplement_of(part, sizes[1]) for part in node.nodes("added", ())],
    )
    finish(node)
    if not node.problems:
        check_annotation(node, found)
    return found


def condition_of(node: Node, reach: tuple[int, int]) -> tuple[Values, ConditionRecord]:
    values = row_values(node, Condition)
    found = read_condition(node)
    for index, citation in enumerate(found.citations):
        if citation.rank is not None and citation.rank > reach[citation.supplementary]:
            node.complain(f"citations[{index}].rank", f"is {citation.rank}, behind the end of the list")
        if citation.start is not None and citation.quote is None:
            node.complain(f"citations[{index}].quote", "is missing for a span")
        if citation.start is None and citation.end is not None:
            node.complain(f"citations[{index}].start", "is missing for a span")
    named = [("uid", found.uid)]
    named += [(f"answers[{index}].uid", part.uid) for index, part in enumerate(found.answers)]
    named += [(f"citations[{index}].uid", part.uid) for index, part in enumerate(found.citations)]
    for path, uid in named:
        if not uid:
            node.complain(path, "is missing")
    return values, found


def mark_of(node: Node, reach: tuple[int, int]) -> tuple[tuple[bool, int], str]:
    rank, supplementary = node.integer("rank", least=1) or 0, node.boolean("supplementary")
    state = row_values(node, Mark)["state"]
    if not 1 <= rank <= reach[supplementary]:
        node.complain("rank", "names no line of the list")
    if not state:
        node.complain("state", "is missing")
    finish(node)
    return (supplementary, rank), state


def supplement_of(node: Node, size: int) -> Entry:
    found = Entry(row_values(node, Supplement), {"rank": node.integer("rank", least=1)})
    if not 1 <= (found.names["rank"] or 0) <= size:
        node.complain("rank", "names no line of the supplementary list")
    finish(node)
    return found


def revision_of(node: Node, header: Header) -> Entry:
    found = Entry(row_values(node, Revision), {"by": node.get("by", None)})
    is_known(node, "by", found.names["by"], header, "member")
    if not found.values["verb"]:
        node.complain("verb", "is missing")
    finish(node)
    return found


def note_of(node: Node, header: Header) -> Entry:
    names = {"author": node.string("author"), "reply_to": node.integer("reply_to", None)}
    found = Entry(row_values(node, Note), names)
    is_known(node, "author", names["author"], header, "member")
    finish(node)
    return found


def check_question(node: Node, entry: QuestionEntry) -> None:
    """Complain of what the tables' constraints would refuse."""
    values = entry.values
    if values["overlap"] is not None and values["taken"] > values["overlap"]:
        node.complain("taken", f"is {values['taken']}, more than the overlap")
    once(node, "assignments", [part.names["member"] for part in entry.assignments])
    once(node, "looks", [part.names["member"] for part in entry.looks])
    makers = [(part.values["source"], part.names["author"], part) for part in entry.annotations]
    once(node, "annotations", [author if source == Source.HUMAN.value else None for source, author, _part in makers])
    once(node, "annotations", [source if source == Source.GOLD.value else None for source, _author, _part in makers])
    once(node, "annotations", [sample_of(part) for _source, _author, part in makers])
    begun = {author for source, author, _part in makers if source == Source.HUMAN.value}
    for index, part in enumerate(entry.assignments):
        if part.names["begun"] and part.names["member"] not in begun:
            node.complain(f"assignments[{index}].begun", "has no annotation of its member")
        if part.values["state"] == "assigned" and (part.names["begun"] or part.values["lease_until"]):
            node.complain(f"assignments[{index}].state", "is assigned, but it is begun or has a lease")
    check_decisions(node, entry)
    check_adoptions(node, entry)
    histories = [
        {step.values["number"]: step.values["record"] for step in part.revisions if step.values["verb"] in WHOLE}
        for part in entry.annotations
    ]
    check_released(node, entry.releases, histories)


def check_adoptions(node: Node, entry: QuestionEntry) -> None:
    """Complain of adoptions that do not lead from a person's work to a draft, or of one condition's twice."""
    sources = dict(enumerate((part.values["source"] for part in entry.annotations), 1))
    for index, part in enumerate(entry.adoptions):
        for name, source in (("in", Source.HUMAN), ("of", Source.DRAFT)):
            if sources.get(part.names[name]) != source.value:
                node.complain(f"adoptions[{index}].{name}", f"names no {source.value} annotation of the question")
    once(node, "adoptions", [(part.names["in"], part.values["condition"]) for part in entry.adoptions])


def check_decisions(node: Node, entry: QuestionEntry) -> None:
    """Complain of decisions without gold, and of parts that name no annotation, or one twice."""
    if entry.decisions and not any(part.values["source"] == Source.GOLD.value for part in entry.annotations):
        node.complain("decisions", "stand without the gold that they are about")
    for index, (_values, parts) in enumerate(entry.decisions):
        once(node, f"decisions[{index}].parts", [part.names["of"] for part in parts])
        for place, part in enumerate(parts):
            if not part.names["of"] or part.names["of"] > len(entry.annotations):
                node.complain(f"decisions[{index}].parts[{place}].of", "names no annotation of the question")


def sample_of(entry: AnnotationEntry) -> tuple[Any, ...] | None:
    """Return what must be unique among the annotations of machines."""
    system = entry.names["system"]
    return (system, entry.values["source"], entry.values["sample"]) if system else None


def check_annotation(node: Node, entry: AnnotationEntry) -> None:
    made_by = {name for name in ("author", "system", "import") if entry.names[name] is not None}
    makers = {
        Source.HUMAN.value: ({"author"},),
        Source.GOLD.value: ({"author"}, {"import"}),
        Source.DRAFT.value: ({"system"},),
        Source.PREDICTION.value: ({"system"},),
    }[entry.values["source"]]
    if made_by not in makers:
        expected = " or ".join(name for names in makers for name in names)
        node.complain("source", f"is {entry.values['source']}: made by its {expected}, and nobody else")
    once(node, "conditions", [part.uid for _values, part in entry.conditions])
    once(node, "added", [part.names["rank"] for part in entry.added])
    once(node, "marks", [place for place, _state in entry.marks])
    roots: set[int | None] = {None}
    for place, part in enumerate(entry.notes, 1):
        if part.names["reply_to"] not in roots:
            node.complain(f"notes[{place - 1}].reply_to", "names no earlier note that began a thread")
        roots |= {place} if part.names["reply_to"] is None else set()
    once(node, "revisions", [part.values["number"] for part in entry.revisions])
    once(node, "revisions", [part.values["save_id"] for part in entry.revisions])
