"""Record ↔ JSON, the form of revisions, of the ``full`` export and of the API. Defaults are left out.

The door of shape: whatever comes in from outside as our own JSON is read here, and refused with the field named.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import StrEnum
from typing import Any, TypeVar

from annotator.reading import BadInput, Node, Problem, kind
from annotator.record import Annotation, Answer, Citation, Condition, Role, Verdict

UID = re.compile(r"[A-Za-z0-9_-]{1,32}\Z")
LONGEST_LIST = 500
Choice = TypeVar("Choice", bound=StrEnum)


def to_json(value: Any) -> Any:
    """Return the JSON form of a record: fields in their order, those at their default left out."""
    if is_dataclass(value) and not isinstance(value, type):
        pairs = ((item, getattr(value, item.name)) for item in fields(value))
        return {item.name: to_json(part) for item, part in pairs if part != default_of(item)}
    if isinstance(value, tuple):
        return [to_json(part) for part in value]
    return value.value if isinstance(value, StrEnum) else value


def default_of(item: Field[Any]) -> Any:
    return item.default if item.default_factory is MISSING else item.default_factory()


def annotation_from_json(data: object) -> Annotation:
    """Return the record that ``to_json`` wrote. Raises BadInput with the path of every misshapen field."""
    if not isinstance(data, dict):
        raise BadInput([Problem("", f"is {kind(data)}; an object is expected")])
    node = Node(data)
    found = read_annotation(node)
    if node.problems:
        raise BadInput(node.problems)
    return found


def annotation_stored(data: Mapping[str, Any]) -> Annotation:
    """Return the record that a step of a history keeps; it came in through the door, so nothing is checked again."""
    found = given(data)
    if "verdict" in found:
        found["verdict"] = Verdict(found["verdict"])
    found["conditions"] = tuple(map(condition_stored, found.get("conditions", ())))
    return Annotation(**found)


def condition_stored(data: Mapping[str, Any]) -> Condition:
    found = given(data)
    found["answers"] = tuple(map(answer_stored, found.get("answers", ())))
    found["citations"] = tuple(map(citation_stored, found.get("citations", ())))
    return Condition(**found)


def answer_stored(data: Mapping[str, Any]) -> Answer:
    found = given(data)
    found["aliases"] = tuple(found.get("aliases", ()))
    return Answer(**found)


def citation_stored(data: Mapping[str, Any]) -> Citation:
    found = given(data)
    found["role"] = Role(found.get("role", Role.UNSTATED))
    return Citation(**found)


def given(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an object says; null stands for the default."""
    return {key: value for key, value in data.items() if value is not None}


def read_annotation(node: Node) -> Annotation:
    conditions = tuple(read_condition(part) for part in node.nodes("conditions", ()))
    limit(node, "conditions", conditions)
    unique(node, "conditions", conditions)
    return Annotation(
        verdict=choice(node, "verdict", Verdict),
        reason=node.string("reason", ""),
        note=node.string("note", ""),
        conditions=conditions,
        extra=extra(node),
    )


def read_condition(node: Node) -> Condition:
    answers = tuple(read_answer(part) for part in node.nodes("answers", ()))
    citations = tuple(read_citation(part) for part in node.nodes("citations", ()))
    for key, parts in (("answers", answers), ("citations", citations)):
        limit(node, key, parts)
        unique(node, key, parts)
    known = {answer.uid for answer in answers}
    for index, citation in enumerate(citations):
        if citation.answer is not None and citation.answer not in known:
            node.complain(f"citations[{index}].answer", "names no answer of this condition")
    return Condition(
        uid=uid(node), text=node.string("text", ""), answers=answers, citations=citations, extra=extra(node)
    )


def read_answer(node: Node) -> Answer:
    aliases = node.strings("aliases")
    limit(node, "aliases", aliases)
    return Answer(uid=uid(node), text=node.string("text", ""), aliases=aliases, extra=extra(node))


def read_citation(node: Node) -> Citation:
    found = Citation(
        uid=uid(node),
        role=choice(node, "role", Role) or Role.UNSTATED,
        rank=node.integer("rank", least=1),
        supplementary=node.boolean("supplementary"),
        answer=node.optional_string("answer"),
        title=node.optional_string("title"),
        text=node.optional_string("text"),
        start=node.integer("start"),
        end=node.integer("end"),
        quote=node.optional_string("quote"),
        extra=extra(node),
    )
    if found.rank is None and found.text is None and found.title is None:
        node.complain("", "names no fragment and cites no text")
    if found.start is not None and (found.rank is None or found.end is None or found.start >= found.end):
        node.complain("start", "needs a rank, and an end behind it")
    return found


def uid(node: Node) -> str:
    """Return the node's stable id; empty where the file has none, and one is given on storing."""
    found = node.string("uid", "")
    if found and not UID.match(found):
        node.complain("uid", "is no id: 1 to 32 letters, digits, - or _ are expected")
    return found


def choice(node: Node, key: str, choices: type[Choice]) -> Choice | None:
    """Return the member of ``choices`` that the text under ``key`` names, None where it is absent."""
    text = node.optional_string(key)
    if text is None:
        return None
    try:
        return choices(text)
    except ValueError:
        node.complain(key, f"is “{text[:40]}”; one of {', '.join(choices)} is expected")
        return None


def limit(node: Node, key: str, parts: tuple[object, ...]) -> None:
    if len(parts) > LONGEST_LIST:
        node.complain(key, f"holds {len(parts)}; at most {LONGEST_LIST} are kept")


def unique(node: Node, key: str, parts: Sequence[Condition | Answer | Citation]) -> None:
    """Complain where two parts carry one id."""
    seen: set[str] = set()
    for index, part in enumerate(parts):
        if part.uid and part.uid in seen:
            node.complain(f"{key}[{index}].uid", f"“{part.uid}” stands twice")
        seen.add(part.uid)


def extra(node: Node) -> dict[str, Any]:
    """Return ``extra``; in our own JSON an unknown key is a mistake, not something to keep."""
    found = node.node("extra", None)
    kept = found.rest() if found else {}
    for key in sorted(node.value.keys() - node.read):
        node.complain(key, "is not a field of this format")
    return kept
