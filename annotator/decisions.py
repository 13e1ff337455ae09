"""What an adjudicator has said of a question: gold as it is being written, and what was decided of each row.

Pure: every change takes what stands and returns what stands then. A row is known by its parts, the conditions of
several annotations that are one and the same.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from annotator.record import Annotation, Answer, Citation, Condition, Role, new_uid
from annotator.similarity import same_text

Node = tuple[int, str]
"""A condition by the key of its annotation and its uid."""
Gave = tuple[tuple[str, str], ...]


class Kind(StrEnum):
    """What was decided of the parts: that they are one row (the first four), or each in a row of its own."""

    BUILT = "built"
    ACCEPTED = "accepted"
    NONE = "none"
    TOGETHER = "together"
    APART = "apart"

    @property
    def closes(self) -> bool:
        return self in (Kind.ACCEPTED, Kind.NONE)


class What(StrEnum):
    """What is adopted of a card."""

    ALL = "all"
    TEXT = "text"
    ANSWERS = "answers"
    CITATIONS = "citations"


class Union(StrEnum):
    """Which citations of several cards gold takes: all of them, or those of fragments that each card cites."""

    ALL = "union"
    SHARED = "intersection"


class Unfit(ValueError):
    """The row is not in a state for this; the message says why."""


@dataclass(frozen=True, slots=True, order=True)
class Part:
    """A condition as it stood at ``revision``; ``gave`` names parts of gold, each with the part here it came from."""

    annotation: int
    uid: str
    revision: int
    gave: Gave = ()

    @property
    def node(self) -> Node:
        return self.annotation, self.uid


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided of ``parts``; ``condition`` is the uid of the gold condition they became."""

    kind: Kind
    parts: tuple[Part, ...] = ()
    condition: str = ""
    reason: str = ""

    @property
    def nodes(self) -> frozenset[Node]:
        return frozenset(part.node for part in self.parts)


@dataclass(frozen=True, slots=True)
class Card:
    """A condition of somebody's annotation, as the part that it is in a decision."""

    part: Part
    condition: Condition


@dataclass(frozen=True, slots=True)
class Said:
    """Gold as it stands, and every decision."""

    record: Annotation = field(default_factory=Annotation)
    decisions: tuple[Decision, ...] = ()

    def with_decision(self, old: Decision | None, new: Decision | None) -> "Said":
        kept = tuple(one for one in self.decisions if one != old)
        return replace(self, decisions=(*kept, new) if new else kept)

    def with_card(self, card: Condition) -> "Said":
        """Return what stands with a gold condition in its place, a new one behind the others."""
        cards = [card if part.uid == card.uid else part for part in self.record.conditions]
        known = any(part.uid == card.uid for part in self.record.conditions)
        return replace(self, record=replace(self.record, conditions=tuple(cards if known else [*cards, card])))

    def without_card(self, uid: str) -> "Said":
        kept = tuple(part for part in self.record.conditions if part.uid != uid)
        return replace(self, record=replace(self.record, conditions=kept))


# Building gold


def begun(decision: Decision | None, parts: Sequence[Part], uid: str = "") -> Decision:
    """Return the decision under which a row's gold condition is written, with what its parts gave so far.

    A new gold condition has ``uid``, or one of its own.
    """
    if decision and decision.kind is Kind.ACCEPTED:
        raise Unfit("The row is accepted; reopen it first.")
    if decision and decision.kind is Kind.BUILT:
        return replace(decision, parts=kept_parts(decision, parts))
    return Decision(Kind.BUILT, tuple(parts), uid or new_uid())


def kept_parts(decision: Decision, parts: Sequence[Part]) -> tuple[Part, ...]:
    """Return the parts as they are now, each with what it gave; machine's parts of the decision stay."""
    gave = {part.node: part.gave for part in decision.parts}
    now = {part.node for part in parts}
    fresh = (replace(part, gave=gave.get(part.node, ())) for part in parts)
    return (*fresh, *(part for part in decision.parts if part.gave and part.node not in now))


def adopt(said: Said, decision: Decision | None, parts: Sequence[Part], card: Card, what: What) -> Said:
    """Take a card, or a part of it, into the row's gold condition."""
    new = begun(decision, parts if card.part.node in {part.node for part in parts} else (*parts, card.part))
    gold = said.record.condition(new.condition) or Condition(new.condition)
    origins: list[tuple[Node, str, str]] = []
    if what in (What.ALL, What.TEXT):
        gold = replace(gold, text=card.condition.text)
        origins.append((card.part.node, gold.uid, card.condition.uid))
    if what in (What.ALL, What.ANSWERS):
        gold = with_answers(gold, card, origins)
    if what in (What.ALL, What.CITATIONS):
        gold = with_citations(gold, [card], Union.ALL, origins)
    return settled(said, decision, new, gold, origins)


def merge_citations(
    said: Said, decision: Decision | None, parts: Sequence[Part], cards: Sequence[Card], how: Union
) -> Said:
    """Let the row's gold condition cite what its cards cite, all of it or what they share."""
    new = begun(decision, parts)
    gold = said.record.condition(new.condition) or Condition(new.condition)
    origins: list[tuple[Node, str, str]] = []
    return settled(said, decision, new, with_citations(gold, cards, how, origins), origins)


def with_answers(gold: Condition, card: Card, origins: list[tuple[Node, str, str]]) -> Condition:
    answers = tuple(replace(answer, uid=new_uid()) for answer in card.condition.answers)
    for answer, source in zip(answers, card.condition.answers, strict=True):
        origins.append((card.part.node, answer.uid, source.uid))
    citations = tuple(replace(one, answer=same_answer(one.answer, gold.answers, answers)) for one in gold.citations)
    return replace(gold, answers=answers, citations=citations)


def same_answer(uid: str | None, among: Sequence[Answer], wanted: Sequence[Answer]) -> str | None:
    """Return the uid under which the answer ``uid`` of ``among`` stands in ``wanted``, None where it does not."""
    text = next((answer.text for answer in among if answer.uid == uid), None)
    found = (answer.uid for answer in wanted if text is not None and same_text(answer.text, text))
    return next(found, None)


def with_citations(
    gold: Condition, cards: Sequence[Card], how: Union, origins: list[tuple[Node, str, str]]
) -> Condition:
    """Return gold with the citations of the cards, the same place once, its role widened where they differ."""
    taken: dict[tuple[object, ...], Citation] = {}
    for card in cards:
        for source in card.condition.citations:
            if how is Union.SHARED and not all(cites(other.condition, source) for other in cards):
                continue
            answer = same_answer(source.answer, card.condition.answers, gold.answers)
            known = taken.get(place_of(source))
            found = widened(known, source.role, answer) if known else replace(source, uid=new_uid(), answer=answer)
            taken[place_of(source)] = found
            origins.append((card.part.node, found.uid, source.uid))
    return replace(gold, citations=tuple(taken.values()))


def cites(condition: Condition, citation: Citation) -> bool:
    """Return whether a condition cites the fragment, or the unanchored text, of a citation."""
    return any(fragment_of(one) == fragment_of(citation) for one in condition.citations)


def fragment_of(citation: Citation) -> tuple[object, ...]:
    listed = citation.rank is not None
    return (citation.supplementary, citation.rank) if listed else (citation.title, citation.text)


def place_of(citation: Citation) -> tuple[object, ...]:
    return (*fragment_of(citation), citation.start, citation.end)


def widened(citation: Citation, role: Role, answer: str | None) -> Citation:
    """Return a citation that supports also what another one of the same place does."""
    roles = {citation.role, role}
    both = roles.pop() if len(roles) == 1 else Role.BOTH
    return replace(citation, role=both, answer=citation.answer if citation.answer == answer else None)


def settled(
    said: Said, old: Decision | None, new: Decision, gold: Condition, origins: Iterable[tuple[Node, str, str]] = ()
) -> Said:
    """Return what stands with the row's gold condition and where its parts came from, parts that are gone left out."""
    fresh = list(origins)
    given = {uid for _node, uid, _source in fresh}
    live = {gold.uid, *(one.uid for one in gold.answers), *(one.uid for one in gold.citations)}

    def gave(part: Part) -> Gave:
        kept = [(uid, source) for uid, source in part.gave if uid in live and uid not in given]
        return tuple(sorted([*kept, *((uid, source) for node, uid, source in fresh if node == part.node)]))

    parts = tuple(replace(part, gave=gave(part)) for part in new.parts)
    return said.with_card(gold).with_decision(old, replace(new, parts=parts))


def rewrite(
    said: Said,
    decision: Decision | None,
    parts: Sequence[Part],
    change: Callable[[Condition], Condition],
    uid: str = "",
) -> Said:
    """Change the row's gold condition in the adjudicator's own words; a row without one begins one."""
    new = begun(decision, parts, uid)
    gold = said.record.condition(new.condition) or Condition(new.condition)
    changed = change(gold)
    return said if changed == gold else settled(said, decision, new, changed)


# Deciding


def accept(said: Said, decision: Decision | None, parts: Sequence[Part]) -> Said:
    """Accept what gold says for the row."""
    if decision is None or decision.kind is not Kind.BUILT:
        raise Unfit("Nothing is adopted or written for this row yet.")
    return said.with_decision(decision, replace(decision, kind=Kind.ACCEPTED, parts=kept_parts(decision, parts)))


def as_decided(said: Said) -> Said:
    """Return gold with every condition in a row: one that a file brought stands in a row of its own, accepted."""
    known = {decision.condition for decision in said.decisions}
    brought = [card.uid for card in said.record.conditions if card.uid not in known]
    return replace(said, decisions=(*said.decisions, *(Decision(Kind.ACCEPTED, condition=uid) for uid in brought)))


def reject(said: Said, decision: Decision | None, parts: Sequence[Part], reason: str) -> Said:
    """Say that none of the row belongs into gold, and why."""
    if decision and decision.kind is Kind.ACCEPTED:
        raise Unfit("The row is accepted; reopen it first.")
    if not reason.strip():
        raise Unfit("Say why none of these is right.")
    bare = said.without_card(decision.condition) if decision else said
    return bare.with_decision(decision, Decision(Kind.NONE, tuple(parts), reason=reason.strip()))


def confirm(said: Said, decision: Decision | None, parts: Sequence[Part]) -> Said:
    """Say that what was decided of a row is right for its parts as they are now."""
    if decision is None or not decision.kind.closes:
        raise Unfit("The row is not decided yet: accept it, or say why none of it is right.")
    return said.with_decision(decision, replace(decision, parts=kept_parts(decision, parts)))


def reopen(said: Said, decision: Decision | None) -> Said:
    """Take back that a row is decided; what was written for it stays."""
    if decision is None or not decision.kind.closes:
        raise Unfit("The row is not decided.")
    if decision.kind is Kind.ACCEPTED:
        return said.with_decision(decision, replace(decision, kind=Kind.BUILT))
    together = Decision(Kind.TOGETHER, decision.parts) if len(decision.parts) > 1 else None
    return said.with_decision(decision, together)


def split(said: Said, decision: Decision | None, parts: Sequence[Part], node: Node) -> Said:
    """Take one condition out of its row."""
    others = [part for part in parts if part.node != node]
    out = [part for part in parts if part.node == node]
    if not out or not others:
        raise Unfit("Only a row of several conditions can be split.")
    if decision and decision.kind.closes:
        raise Unfit("The row is decided; reopen it first.")
    if decision and any(part.gave for part in decision.parts if part.node == node):
        raise Unfit("Gold was built from that condition. Split the others off, or adopt another in its place first.")
    if decision:
        rest = replace(decision, parts=tuple(part for part in decision.parts if part.node != node))
        keeps = rest if rest.kind is Kind.BUILT or len(rest.parts) > 1 else None
        said = said.with_decision(decision, keeps)
    alone = replace(out[0], gave=())
    for other in others:
        said = said.with_decision(None, Decision(Kind.APART, tuple(sorted([replace(other, gave=()), alone]))))
    return said


def join(
    said: Said, first: tuple[Decision | None, Sequence[Part]], second: tuple[Decision | None, Sequence[Part]]
) -> Said:
    """Make two rows one. At most one of them may have a gold condition, and nobody may stand in both."""
    decisions = [decision for decision, _parts in (first, second) if decision]
    parts = [*first[1], *second[1]]
    if len({part.annotation for part in parts}) < len(parts):
        raise Unfit("Somebody has a condition in both rows; a row holds one of each person.")
    if any(decision.kind.closes for decision in decisions):
        raise Unfit("One of the rows is decided; reopen it first.")
    built = [decision for decision in decisions if decision.kind is Kind.BUILT]
    if len(built) > 1:
        raise Unfit("Gold is being written for both rows.")
    nodes = {part.node for part in parts}
    for old in said.decisions:
        if old in decisions or (old.kind is Kind.APART and old.nodes <= nodes):
            said = said.with_decision(old, None)
    together = replace(built[0], parts=kept_parts(built[0], parts)) if built else Decision(Kind.TOGETHER, tuple(parts))
    return said.with_decision(None, together)
